//! What people write that the specification refuses though it has one clear meaning: done, with a warning.

use super::{Said, each_value, entries, place, value};
use crate::diag::Diagnostic;
use crate::diag::codes::read as codes;
use crate::diag::fix::{Edit, Entry};
use crate::model::node::{Kind, Node};

const TOP: &[&str] = &["service", "resources"];
const CONTAINER: &[&str] = &[
    "args",
    "before",
    "command",
    "files",
    "livenessProbe",
    "readinessProbe",
    "resources",
    "variables",
    "volumes",
];
const RESOURCE: &[&str] = &["class", "id", "metadata", "params", "properties"];

/// Takes empty sections and retired ones out of a document.
pub(super) fn forgive(root: &mut Node, said: &mut Said) {
    drop_empty(root, TOP, said);
    for (section, keys) in [("metadata", &["annotations"][..]), ("service", &["ports"])] {
        if let Some(node) = value(root, section) {
            drop_empty(node, keys, said);
        }
    }
    if let Some(service) = value(root, "service") {
        each_value(service, "ports", &mut |_, port| drop_empty(port, &["protocol", "targetPort"], said));
    }
    each_value(root, "containers", &mut |_, container| {
        drop_empty(container, CONTAINER, said);
        if let Some(amounts) = value(container, "resources") {
            drop_empty(amounts, &["limits", "requests"], said);
        }
    });
    each_value(root, "resources", &mut |name, resource| {
        drop_empty(resource, RESOURCE, said);
        retire_properties(name, resource, said);
    });
}

fn drop_empty(node: &mut Node, keys: &[&str], said: &mut Said) {
    let Some(all) = entries(node) else { return };
    all.retain(|entry| {
        let (name, value) = entry;
        let key = name.key_text();
        let empty = value.kind == Kind::Null && keys.contains(&key.as_str());
        if empty {
            let message = format!("`{key}` is empty, so it is taken as absent");
            said.push(
                Diagnostic::new(&codes::EMPTY_SECTION, message, place(name))
                    .help("remove the line, or fill it")
                    .mend(format!("remove the empty `{key}`"), [Entry::of(entry).map(Edit::Remove)]),
            );
        }
        !empty
    });
}

/// `properties` told of outputs in an older draft; the type of a resource decides them today.
fn retire_properties(resource: &str, node: &mut Node, said: &mut Said) {
    let Some(all) = entries(node) else { return };
    let Some(index) = all.iter().position(|(name, _)| name.key_text() == "properties") else { return };
    let entry = all.remove(index);
    let (name, old) = &entry;
    let inputs: Vec<String> = old.as_map().into_iter().flatten().filter_map(input).collect();
    let message =
        format!("`properties` of resource `{resource}` has no effect: Score v1b1 has no such section");
    let warning = Diagnostic::new(&codes::PROPERTIES_RETIRED, message, place(name));
    said.push(if inputs.is_empty() {
        warning
            .note("in an older draft it named the outputs of the resource; today its type decides them")
            .help(format!(
                "remove the section; placeholders such as `${{resources.{resource}.NAME}}` keep working"
            ))
            .mend("remove `properties`, which named outputs", [Entry::of(&entry).map(Edit::Remove)])
    } else {
        warning.help(format!("if these are inputs, write them as `params: {{{}}}`", inputs.join(", ")))
    });
}

/// An entry that reads like an input, in flow style.
fn input((name, value): &(Node, Node)) -> Option<String> {
    let key = name.key_text();
    match &value.kind {
        Kind::Str(text) => Some(format!("{key}: {text:?}")),
        Kind::Bool(_) | Kind::Int(_) | Kind::Uint(_) | Kind::Float(_) => {
            Some(format!("{key}: {}", value.key_text()))
        }
        Kind::Null | Kind::Time(_) | Kind::List(_) | Kind::Map(_) => None,
    }
}
