//! A case of a provisioner: what is asked, and what is expected to come out.

use serde::Deserialize;
use serde_json::Value;

use crate::diag::codes::lint as codes;
use crate::diag::{At, Diagnostic, Report};
use crate::model::tree::{Map, Tree};
use crate::read::parse;
use crate::resolve::Rules;
use crate::resolve::provisioner::{Made, Provisioner};
use crate::resolve::trial::{self, Question};
use crate::resolve::upstream::Permissions;
use crate::resolve::upstream::promises::Promises;
use crate::world::World;
use crate::write::yaml;

/// A case, ready to be played.
pub(super) struct Case<'a> {
    question: Question,
    /// The provisioner, and where it is asked.
    asked: Vec<(&'static str, &'a Provisioner)>,
    /// What is expected; nothing yet where absent.
    pub(super) expect: Option<Tree>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Written {
    r#type: Option<String>,
    class: Option<String>,
    id: Option<String>,
    params: Value,
    metadata: Value,
    state: Value,
    shared: Value,
    workload: Option<String>,
    name: Option<String>,
    targets: Option<Vec<String>>,
    expect: Option<Value>,
}

/// The folder of a provisioner file's cases: `queue.tests` beside `queue.yaml`.
pub(super) fn folder(file: &str) -> String {
    let bare = file.strip_suffix(".yaml").or_else(|| file.strip_suffix(".yml")).unwrap_or(file);
    format!("{}.tests", bare.strip_suffix(".provisioners").unwrap_or(bare))
}

/// Reads a case. What is wrong with it is reported.
pub(super) fn read<'a>(
    path: &str,
    text: &str,
    provisioners: &'a [Provisioner],
    report: &mut Report,
) -> Option<Case<'a>> {
    let source = report.sources.add(path, text);
    let node = parse::yaml(source, report).ok()?;
    let at = At::Span(node.source, node.span.clone());
    let mut refuse = |why: String| {
        let keys = "a case may have type, class, id, params, metadata, state, shared, workload, name, targets and expect";
        report.push(Diagnostic::new(&codes::BAD_CASE, why, at.clone()).note(keys));
        None
    };
    let written: Written = match node.tree().parse() {
        Ok(written) => written,
        Err(error) => return refuse(format!("`{path}` is not a case: {error}")),
    };
    let Written { r#type, class, id, params, metadata, state, shared, workload, name, targets, expect } =
        written;
    let wanted = r#type.or_else(|| Some(provisioners.first()?.kind.clone())).unwrap_or_default();
    let fits = |one: &&Provisioner| {
        one.kind == wanted
            && (class.is_none() || one.class.is_none() || one.class == class)
            && (id.is_none() || one.id.is_none() || one.id == id)
    };
    let mut asked = Vec::new();
    for target in crate::resolve::contract::read::TARGETS {
        let among = targets.as_ref().is_none_or(|targets| targets.iter().any(|named| named == target));
        let found = provisioners.iter().find(|one| fits(one) && one.targets().contains(target));
        asked.extend(found.filter(|_| among).map(|found| (*target, found)));
    }
    if asked.is_empty() {
        return refuse(format!("no provisioner of the file answers what `{path}` asks for (`{wanted}`)"));
    }
    let base = Question::default();
    let or_map = |value: Value| if value.is_null() { Tree::map() } else { Tree::from(value) };
    let question = Question {
        params: or_map(params),
        metadata: Tree::from(metadata),
        state: or_map(state),
        shared: or_map(shared).as_map().cloned().unwrap_or_default(),
        class,
        id,
        workload: workload.unwrap_or(base.workload),
        name: name.unwrap_or(base.name),
    };
    Some(Case { question, asked, expect: expect.map(Tree::from) })
}

/// Plays a case on each of its targets.
pub(super) fn play(case: &Case<'_>, permissions: &Permissions, world: &dyn World) -> Tree {
    let one = |(target, provisioner): &(&'static str, &Provisioner)| {
        let rules =
            Rules { promises: Promises::Told, permissions: permissions.clone(), ..trial::rules(target) };
        let mut report = Report::default();
        let made = trial::ask(provisioner, &case.question, &rules, world, &mut report);
        let said: Vec<Tree> = report.diagnostics.iter().map(|one| Tree::from(one.message.as_str())).collect();
        let made = made.map_or_else(
            |_| Tree::from_pairs([("error", Tree::List(said.clone()))]),
            |made| shown(made, said.clone()),
        );
        ((*target).to_owned(), made)
    };
    // Through JSON, as what is expected came: secrets are masked, and numbers are alike.
    Tree::from(Tree::Map(case.asked.iter().map(one).collect::<Map>()).to_json())
}

/// What came out, without what is empty.
fn shown(made: Made, said: Vec<Tree>) -> Tree {
    let Made { outputs, state, shared, sections, written: _, patches, logs, open_environment: _ } = made;
    let patches = patches.into_iter().map(|patch| patch.tree).collect();
    let logs = logs.iter().map(|line| Tree::from(line.as_str())).collect();
    let parts = [
        ("outputs", outputs),
        ("state", state),
        ("shared", shared),
        ("patches", Tree::List(patches)),
        ("logs", Tree::List(logs)),
        ("warnings", Tree::List(said)),
    ];
    let parts = parts.into_iter().map(|(name, tree)| (name.to_owned(), tree)).chain(sections);
    Tree::Map(parts.filter(|(_, tree)| !tree.is_blank()).collect::<Map>())
}

/// What is expected, as it is written into a case.
pub(super) fn expectation(made: &Tree) -> String {
    yaml::to_text(&Tree::from_pairs([("expect", made.clone())]), yaml::Style::Friendly)
}

/// A case's text with what came out; what stands before `expect:` stays as it is.
pub(super) fn with(text: &str, made: &Tree) -> String {
    let mut kept: String =
        text.split_inclusive('\n').take_while(|line| !line.starts_with("expect:")).collect();
    if !kept.ends_with('\n') {
        kept.push('\n');
    }
    kept + &expectation(made)
}
