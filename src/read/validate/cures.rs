//! Cures that can be carried out: the edits that turn what was written into what was meant, where only one thing can be meant.

use super::shape::Shape;
use super::values::{cpu, memory, mode, pair, short, tame};
use crate::diag::codes::read as codes;
use crate::diag::fix::{Edit, Entry};
use crate::diag::{Diagnostic, nearest};
use crate::model::node::{Kind, Node};
use crate::model::path::Path;

/// Mends a key that its place does not know.
pub(super) fn unknown_key(root: &Node, shape: Shape, path: &Path, key: &str, said: Diagnostic) -> Diagnostic {
    let Some(map) = root.at(path) else { return said };
    let Some(entry) = map.entry(key) else { return said };
    let whole = || Entry::of(entry);
    let is = |code| said.code == code;
    if is(&codes::CONTAINER_ENV) {
        return if map.get("variables").is_none() { variables(entry, key, said) } else { said };
    }
    if is(&codes::CONTAINER_PORTS) {
        return super::ports::lift(root, entry, said);
    }
    if is(&codes::ENVIRONMENT_SECTION) || is(&codes::WORKFLOW_SECTION) || is(&codes::PROBE_TIMING) {
        return said.mend(format!("make `{key}` a comment"), [whole().map(Edit::Comment)]);
    }
    if is(&codes::OTHER_FORMAT) {
        return unwrap(root, entry, key, said);
    }
    match meant(shape, key).filter(|meant| is(&codes::UNKNOWN_KEY) && map.get(meant).is_none()) {
        Some(meant) => said.mend(rename(key, meant), [Edit::replace(&entry.0, meant)]),
        None => said,
    }
}

/// The key that a place knows and that was most likely meant.
fn meant(shape: Shape, key: &str) -> Option<&'static str> {
    match (shape, key) {
        (Shape::Container, "entrypoint") => Some("command"),
        (Shape::Container, "cmd") => Some("args"),
        _ => {
            let keys = shape.keys();
            let same = keys.iter().find(|name| name.eq_ignore_ascii_case(&key.replace(['_', '-'], "")));
            same.copied().or_else(|| nearest(key, keys.iter().copied()))
        }
    }
}

/// True for a missing key that stands there with another spelling, which is told by itself.
pub(super) fn is_misspelt(root: &Node, shape: Shape, path: &Path, missing: &str) -> bool {
    let keys = shape.keys();
    let entries = root.at(path).and_then(Node::as_map).unwrap_or_default();
    entries.iter().map(|(key, _)| key.key_text()).any(|key| {
        let known = keys.contains(&&*key);
        !known && meant(shape, &key) == Some(missing)
    })
}

fn rename(from: &str, to: &str) -> String {
    format!("rename `{from}` to `{to}`")
}

/// `env` becomes `variables`, its list a map.
fn variables((name, value): &(Node, Node), key: &str, said: Diagnostic) -> Diagnostic {
    let rename = Edit::replace(name, "variables");
    match &value.kind {
        Kind::List(items) => {
            let edits = items_of(name, value, items);
            said.mend(format!("make `{key}` the map `variables`"), std::iter::once(rename).chain(edits))
        }
        _ => said.mend(self::rename(key, "variables"), [rename]),
    }
}

/// The items of a list of names and values as entries.
fn items_of(name: &Node, list: &Node, items: &[Node]) -> Vec<Option<Edit>> {
    let whole = Entry::of(&(name.clone(), list.clone()));
    let only_pair = |item: &Node| {
        item.as_map().is_none_or(|all| {
            all.iter().all(|(key, value)| {
                let scalar = !matches!(value.kind, Kind::List(_) | Kind::Map(_) | Kind::Null);
                scalar && matches!(key.key_text().as_str(), "name" | "value")
            }) && item.get("value").is_some()
        })
    };
    let edit = |item: &Node| {
        let line = pair(item).filter(|_| only_pair(item))?;
        Edit::item(whole.as_ref()?, item, line)
    };
    items.iter().map(edit).collect()
}

/// A Score file in the clothes of a Kubernetes object: `kind` goes, what stands under `spec` comes to the top.
fn unwrap(root: &Node, entry: &(Node, Node), key: &str, said: Diagnostic) -> Diagnostic {
    let inner = root.get("spec").and_then(Node::as_map).unwrap_or_default();
    let clash = inner.iter().any(|(name, _)| root.get(&name.key_text()).is_some());
    let is_score = inner.iter().any(|(name, _)| name.key_text() == "containers");
    let (Some((first, _)), true, false) = (inner.first(), is_score, clash) else { return said };
    match (key, Entry::of(entry)) {
        ("kind", Some(kind)) => said.mend("remove `kind`", [Some(Edit::Remove(kind))]),
        ("spec", Some(outer)) => {
            let lift = Edit::Lift { outer, inner: first.span.clone() };
            said.mend("lift what stands under `spec` to the top", [Some(lift)])
        }
        _ => said,
    }
}

/// Adds a key that can have only one value.
pub(super) fn missing_key(root: &Node, shape: Shape, path: &Path, key: &str, said: Diagnostic) -> Diagnostic {
    let entries = root.at(path).and_then(Node::as_map).unwrap_or_default();
    let (Some(first), Some(last)) = (entries.first(), entries.last()) else { return said };
    let edit = match (shape, key) {
        (Shape::Top, "apiVersion") => Some(Edit::Replace {
            source: first.0.source,
            span: first.0.span.start..first.0.span.start,
            text: "apiVersion: score.dev/v1b1\n".to_owned(),
        }),
        (Shape::Container, "image") => {
            Entry::of(first).map(|entry| Edit::Before(entry, vec!["image: .".to_owned()]))
        }
        (Shape::HttpGet, "path") => {
            Entry::of(last).map(|entry| Edit::After(entry, vec!["path: /".to_owned()]))
        }
        _ => return said,
    };
    said.mend(format!("add `{key}`"), [edit])
}

/// Gives a value the type that its place asks for.
pub(super) fn wrong_type(
    root: &Node,
    path: &Path,
    node: &Node,
    wanted: &str,
    said: Diagnostic,
) -> Diagnostic {
    let key = path.last_key().unwrap_or_default();
    let above = root.at(&path.parent().unwrap_or_default());
    let entry = above.and_then(|above| above.entry(key));
    let quoted = || Edit::Quote { source: node.source, span: node.span.clone() };
    match (wanted, &node.kind) {
        (_, Kind::Null) if said.code == &codes::NO_IMAGE => {
            let fill = entry.and_then(Entry::of).map(|entry| Edit::Fill(entry, ".".to_owned()));
            said.mend("write `image: .`", [fill])
        }
        ("a string", Kind::Int(_)) if key == "mode" => {
            said.mend("put the mode in quotes", [Edit::replace(node, format!("\"{}\"", mode(node)))])
        }
        ("a string", Kind::Bool(_) | Kind::Int(_) | Kind::Uint(_) | Kind::Float(_) | Kind::Time(_)) => {
            said.mend("put the value in quotes", [Some(quoted())])
        }
        ("an integer", Kind::Str(text)) if text.parse::<i64>().is_ok() => {
            said.mend("take the quotes off", [Edit::replace(node, text.as_str())])
        }
        ("`true` or `false`", Kind::Str(text)) => {
            let flag = match text.to_ascii_lowercase().as_str() {
                "true" | "yes" | "on" => "true",
                "false" | "no" | "off" => "false",
                _ => return said,
            };
            said.mend(format!("write `{flag}`"), [Edit::replace(node, flag)])
        }
        ("a list", Kind::Str(text)) => match words(text) {
            Some(list) => said.mend("make it a list", [Edit::replace(node, list)]),
            None => said,
        },
        ("a map", Kind::Int(_) | Kind::Str(_)) => match short(path, node) {
            Some(map) => said.mend("make it a map", [Edit::replace(node, map)]),
            None => said,
        },
        ("a map", Kind::List(items)) => match (entry, key) {
            (Some((name, list)), "variables") => said.mend("make it a map", items_of(name, list, items)),
            (Some((name, list)), "ports") if path.steps().len() == 2 => {
                said.mend("make it a map", super::ports::items(name, list, items))
            }
            _ => said,
        },
        _ => said,
    }
}

/// Words that no shell would read otherwise, as a list.
fn words(text: &str) -> Option<String> {
    let plain = |letter: char| letter.is_alphanumeric() || " -_./:=,@%+".contains(letter);
    let words: Vec<String> = text.split_whitespace().map(|word| format!("{word:?}")).collect();
    (!words.is_empty() && text.chars().all(plain)).then(|| format!("[{}]", words.join(", ")))
}

/// Spells a value as its place wants it.
pub(super) fn bad_value(root: &Node, path: &Path, node: &Node, said: Diagnostic) -> Diagnostic {
    let text = node.key_text();
    let key = path.last_key().unwrap_or_default();
    let shape = Shape::at(&path.parent().unwrap_or_default());
    let choice = |choices: &[&'static str]| {
        let same = choices.iter().find(|choice| choice.eq_ignore_ascii_case(&text)).copied();
        same.or_else(|| nearest(&text, choices.iter().copied())).map(str::to_owned)
    };
    let meant = match (shape, key) {
        (Shape::Top, "apiVersion")
            if text.contains("score") || text.contains("v1") && root.get("kind").is_none() =>
        {
            Some("score.dev/v1b1".to_owned())
        }
        (Shape::Container, "image") if text.is_empty() => Some(".".to_owned()),
        (Shape::Metadata, "name") => tame(&text),
        (Shape::Amounts, "cpu") => cpu(&text).map(|right| format!("{right:?}")),
        (Shape::Amounts, "memory") => memory(&text),
        (_, "protocol") => choice(&["TCP", "UDP"]),
        (_, "scheme") => choice(&["HTTP", "HTTPS"]),
        (_, "ready") => choice(&["started", "healthy", "complete"]),
        _ => None,
    };
    match meant.filter(|_| !text.contains("${") && !text.contains("{{")) {
        Some(meant) => said.mend(format!("write `{key}: {meant}`"), [Edit::replace(node, meant)]),
        None => said,
    }
}

/// Makes a name legal that nothing else in the file speaks of.
pub(super) fn bad_name(root: &Node, path: &Path, name: &str, said: Diagnostic) -> Diagnostic {
    let section = path.last_key().unwrap_or_default();
    if !matches!(section, "containers" | "ports" | "resources") || path.steps().len() > 2 {
        return said;
    }
    let Some(map) = root.at(path) else { return said };
    let (Some((key, _)), Some(meant)) = (map.entry(name), tame(name)) else { return said };
    if map.get(&meant).is_some() || mentions(root, name) {
        return said;
    }
    said.mend(rename(name, &meant), [Edit::replace(key, meant.as_str())])
}

/// True when a text of the file, or a key of `before`, holds a name.
fn mentions(node: &Node, name: &str) -> bool {
    match &node.kind {
        Kind::Str(text) => text.contains(name),
        Kind::List(items) => items.iter().any(|item| mentions(item, name)),
        Kind::Map(entries) => entries.iter().any(|(key, value)| {
            let waits = key.key_text() == "before" && value.entry(name).is_some();
            waits || mentions(value, name)
        }),
        Kind::Null | Kind::Bool(_) | Kind::Int(_) | Kind::Uint(_) | Kind::Float(_) | Kind::Time(_) => false,
    }
}
