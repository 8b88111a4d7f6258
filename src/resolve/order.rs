//! Orders resources in layers: those that need nothing, then those that need only these, and so on. Within a layer the
//! uid decides. What is left over waits in a circle.

use std::collections::{BTreeMap, BTreeSet};

use crate::diag::codes::resolve as codes;
use crate::diag::{At, Diagnostic, Report};
use crate::model::flow::Planned;
use crate::model::path::Path;

/// The resources in order. Circles are reported and left out.
pub fn order(mut waiting: BTreeMap<String, Planned>, report: &mut Report) -> Vec<Planned> {
    let mut done: BTreeSet<String> = BTreeSet::new();
    let mut ordered = Vec::with_capacity(waiting.len());
    loop {
        let ready = |planned: &Planned| planned.needs.iter().all(|uid| done.contains(&uid.to_string()));
        let layer: Vec<String> =
            waiting.iter().filter(|(_, p)| ready(p)).map(|(uid, _)| uid.clone()).collect();
        if layer.is_empty() {
            break;
        }
        ordered.extend(layer.iter().filter_map(|uid| waiting.remove(uid)));
        done.extend(layer);
    }
    let mut seen = BTreeSet::new();
    for start in waiting.keys() {
        if let Some(circle) = circle(start, &waiting, &mut seen) {
            report.push(drawn(&circle, &waiting));
        }
    }
    ordered
}

/// Walks along needs until a resource comes again; everything from its first coming on is the circle.
fn circle(
    start: &str,
    waiting: &BTreeMap<String, Planned>,
    seen: &mut BTreeSet<String>,
) -> Option<Vec<String>> {
    let mut walked: Vec<String> = Vec::new();
    let mut here = start.to_owned();
    loop {
        if let Some(first) = walked.iter().position(|uid| *uid == here) {
            return Some(walked.split_off(first));
        }
        if !seen.insert(here.clone()) {
            return None;
        }
        let next =
            waiting.get(&here)?.needs.iter().map(ToString::to_string).find(|uid| waiting.contains_key(uid));
        walked.push(std::mem::replace(&mut here, next?));
    }
}

fn drawn(circle: &[String], waiting: &BTreeMap<String, Planned>) -> Diagnostic {
    let place = |uid: &String| {
        let source = waiting.get(uid).map(|planned| &planned.source);
        source.map_or(At::Nowhere, |source| {
            At::key(source.doc, Path::of(["resources", &source.name, "params"]))
        })
    };
    let mut names: Vec<String> = circle.iter().map(|uid| format!("`{uid}`")).collect();
    names.extend(names.first().cloned());
    let message = match circle {
        [only] => format!("the params of `{only}` refer to itself"),
        _ => format!("the params of these resources refer to each other in a circle: {}", names.join(" → ")),
    };
    let at = circle.first().map_or(At::Nowhere, place);
    let mut said = Diagnostic::new(&codes::RESOURCE_CYCLE, message, at);
    for (uid, next) in circle.iter().zip(circle.iter().skip(1).chain(circle.first())).skip(1) {
        said = said.also(place(uid), format!("`{uid}` needs `{next}`"));
    }
    said.help("replace one of the placeholders by a value that is known beforehand")
}

#[cfg(test)]
mod tests {
    use super::order;
    use crate::diag::Report;
    use crate::model::flow::{Declared, DocId, Planned};
    use crate::model::tree::Tree;
    use crate::model::uid::Uid;

    fn planned(id: &str, needs: &str) -> (String, Planned) {
        let uid = |id: &str| Uid::of("w", id, "t", None, Some(id));
        let declared = Declared { doc: DocId(0), workload: "w".into(), name: id.into() };
        let planned = Planned {
            uid: uid(id),
            guid: String::new(),
            params: Tree::Null,
            metadata: Tree::Null,
            source_workload: "w".into(),
            source: declared.clone(),
            declared: vec![declared],
            contents: std::collections::BTreeMap::new(),
            needs: needs.split_whitespace().map(uid).collect(),
        };
        (planned.uid.to_string(), planned)
    }

    #[test]
    fn layers_then_uids_and_circles_are_named() {
        type Row = (&'static [(&'static str, &'static str)], &'static str, &'static [&'static str]);
        let table: [Row; 5] = [
            (&[("c", ""), ("a", ""), ("b", "")], "a b c", &[]),
            (&[("a", "z"), ("m", ""), ("z", "")], "m z a", &[]),
            (&[("a", "b"), ("b", "c"), ("c", ""), ("d", "c")], "c b d a", &[]),
            (&[("a", "a")], "", &["the params of `t.default#a` refer to itself"]),
            (
                &[("a", "b"), ("b", "c"), ("c", "b"), ("d", "")],
                "d",
                &["the params of these resources refer to each other in a circle: \
                   `t.default#b` → `t.default#c` → `t.default#b`"],
            ),
        ];
        for (given, wanted, said) in table {
            let mut report = Report::default();
            let ordered = order(given.iter().map(|(id, needs)| planned(id, needs)).collect(), &mut report);
            let ids: Vec<&str> = ordered.iter().map(|planned| planned.uid.id.as_str()).collect();
            assert_eq!(ids.join(" "), wanted);
            assert_eq!(report.diagnostics.iter().map(|d| d.message.as_str()).collect::<Vec<_>>(), said);
        }
    }
}
