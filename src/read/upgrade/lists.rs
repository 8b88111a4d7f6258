//! `files` and `volumes` as lists, each item with its `target`: today they are maps by target.

use std::collections::BTreeMap;

use super::{Said, entries, place, value};
use crate::diag::codes::read as codes;
use crate::diag::fix::Edit;
use crate::diag::{Diagnostic, Severity};
use crate::model::node::{Kind, Node, Style};

/// Rewrites the lists of one container.
pub(super) fn rewrite(container: &str, node: &mut Node, drops: bool, said: &mut Said) {
    for key in ["files", "volumes"] {
        let Some((name, list)) =
            entries(node).and_then(|all| all.iter_mut().find(|(name, _)| name.key_text() == key))
        else {
            continue;
        };
        let Kind::List(items) = &mut list.kind else { continue };
        let items = std::mem::take(items);
        if let Some(target) = items.iter().find_map(|item| item.get("target")?.as_str()) {
            let message = format!("`{key}` of container `{container}` is a list, the form of an older draft");
            let today = format!("today it is a map by target: `{key}: {{{target}: {{…}}}}`");
            said.push(Diagnostic::new(&codes::LIST_FORM, message, place(name)).help(today));
        }
        list.kind = Kind::Map(by_target(key, items, drops, said));
    }
}

fn by_target(section: &str, items: Vec<Node>, drops: bool, said: &mut Said) -> Vec<(Node, Node)> {
    let mut made: Vec<(Node, Node)> = Vec::new();
    let mut seen = BTreeMap::new();
    for mut item in items {
        modernise(section, &mut item, said);
        let Some(target) = take_target(section, &mut item, drops, said) else { continue };
        let path = target.key_text();
        if let Some(first) = seen.insert(path.clone(), place(&target)) {
            let twice = format!("two items of `{section}` have the target `{path}`");
            let said_here = Diagnostic::new(&codes::TARGET_TWICE, twice, place(&target))
                .also(first, "first used here")
                .help("keep one of the two, or give one another target");
            if drops {
                said.push(said_here.severity(Severity::Warning).note("the first is left out"));
                made.retain(|(name, _): &(Node, Node)| name.key_text() != path);
                made.push((target, item));
            } else {
                said.push(said_here);
            }
        } else {
            made.push((target, item));
        }
    }
    made
}

/// The target of an item, taken out of it.
fn take_target(section: &str, item: &mut Node, drops: bool, said: &mut Said) -> Option<Node> {
    let at = place(item);
    let kind = item.tree().kind();
    let example = "`target: /etc/app/config.yaml`";
    let Some(all) = entries(item) else {
        let message = format!("an item of `{section}` must be a map, and this is {kind}");
        let here =
            Diagnostic::new(&codes::ITEM_NOT_A_MAP, message, at).help(format!("write a map with {example}"));
        said.push(if drops { here.severity(Severity::Warning).note("it is left out") } else { here });
        return None;
    };
    let found = all.iter().position(|(name, _)| name.key_text() == "target");
    match found.map(|index| all.remove(index).1) {
        Some(target) if target.as_str().is_some() => Some(target),
        other => {
            let message = format!("an item of `{section}` needs a `target` that is text");
            let at = other.as_ref().map_or(at, place);
            said.push(
                Diagnostic::new(&codes::ITEM_WITHOUT_TARGET, message, at)
                    .help(format!("say where it goes: {example}")),
            );
            None
        }
    }
}

/// Rewrites old fields of an item.
fn modernise(section: &str, item: &mut Node, said: &mut Said) {
    if section == "files" {
        if let Some(content) = value(item, "content") {
            join_lines(content, said);
        }
        return;
    }
    let old = entries(item).and_then(|all| all.iter_mut().find(|(name, _)| name.key_text() == "read_only"));
    if let Some((name, _)) = old.filter(|(_, value)| matches!(value.kind, Kind::Bool(_))) {
        let message = "`read_only` is called `readOnly` today";
        let mend = [Edit::replace(name, "readOnly")];
        let said_here = Diagnostic::new(&codes::READ_ONLY, message, place(name)).help("write `readOnly`");
        said.push(said_here.mend("rename `read_only` to `readOnly`", mend));
        name.kind = Kind::Str("readOnly".to_owned());
    }
}

/// A list of lines becomes one text.
fn join_lines(content: &mut Node, said: &mut Said) {
    let Kind::List(lines) = &content.kind else { return };
    let text: Vec<String> = lines.iter().map(Node::key_text).collect();
    let message = "`content` is a list of lines, the form of an older draft";
    said.push(
        Diagnostic::new(&codes::CONTENT_LINES, message, place(content))
            .help("today it is one text, begun by `content: |`"),
    );
    content.kind = Kind::Str(text.join("\n"));
    content.style = Style::Block;
}
