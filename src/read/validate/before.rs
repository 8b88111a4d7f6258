//! The order of containers: `before` names other containers of the workload and makes no circle.

use std::collections::BTreeSet;

use super::Judge;
use crate::diag::Diagnostic;
use crate::diag::codes::read as codes;
use crate::diag::fix::Edit;
use crate::model::node::Node;
use crate::model::path::Path;

/// Says what is wrong with the order of containers.
pub(super) fn judge(judge: &mut Judge<'_>) {
    let names = judge.names("containers");
    for name in &names {
        for later in followers(judge.root, name) {
            let at = judge.key(path(name, &later));
            if later == *name {
                let message = format!("container `{name}` cannot come before itself");
                judge.say(
                    Diagnostic::new(&codes::BEFORE_CIRCLE, message, at)
                        .help("remove the entry, or name another container"),
                );
            } else if !names.contains(&later) {
                let said = Diagnostic::new(
                    &codes::UNKNOWN_CONTAINER,
                    format!("there is no container named `{later}`"),
                    at,
                );
                let said = said.note(format!("this workload has: {}", names.join(", ")));
                let at = said.at.clone();
                let near = crate::diag::nearest(&later, names.iter().map(String::as_str));
                let said = said.suggest(&later, names.iter().map(String::as_str));
                judge.say(match near {
                    Some(near) => said.mend(format!("write `{near}`"), [Some(Edit::At(at, near.to_owned()))]),
                    None => said,
                });
            }
        }
    }
    let mut done = BTreeSet::new();
    for name in &names {
        if let Some(circle) = circle(judge.root, name, &mut Vec::new(), &mut done) {
            judge.say(drawn(judge, &circle));
        }
    }
}

fn path(container: &str, later: &str) -> Path {
    Path::of(["containers", container, "before", later])
}

/// The containers that wait for one.
fn followers(root: &Node, container: &str) -> Vec<String> {
    let before = root.at(&Path::of(["containers", container, "before"])).and_then(Node::as_map);
    before.into_iter().flatten().map(|(key, _)| key.key_text()).collect()
}

/// The first circle of two or more that can be reached from a container and was not seen before.
fn circle(
    root: &Node,
    name: &str,
    trail: &mut Vec<String>,
    done: &mut BTreeSet<String>,
) -> Option<Vec<String>> {
    if let Some(start) = trail.iter().position(|there| there == name) {
        let round = trail.get(start..).unwrap_or_default().to_vec();
        return (round.len() > 1).then_some(round);
    }
    if !done.insert(name.to_owned()) {
        return None;
    }
    trail.push(name.to_owned());
    let found = followers(root, name).iter().find_map(|later| circle(root, later, trail, done));
    trail.pop();
    found
}

fn drawn(judge: &Judge<'_>, circle: &[String]) -> Diagnostic {
    let next = circle.iter().skip(1).chain(circle.first());
    let mut steps = circle.iter().zip(next).map(|(name, later)| judge.key(path(name, later)));
    let round: Vec<&str> = circle.iter().chain(circle.first()).map(String::as_str).collect();
    let message = format!("containers wait for each other in a circle: {}", round.join(" → "));
    let first = steps.next().unwrap_or(crate::diag::At::Nowhere);
    let said = Diagnostic::new(&codes::BEFORE_CIRCLE, message, first).help("remove one of these entries");
    steps.fold(said, |said, at| said.also(at, "and this one waits in turn"))
}
