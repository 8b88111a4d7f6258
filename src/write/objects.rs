//! Printed documents read back: the objects in them, by the names people know them by.

use std::collections::BTreeMap;

use crate::diag::Report;
use crate::model::tree::{Map, Tree};
use crate::read::parse;
use crate::write::yaml::{Style, to_text};

/// The sections of a Compose file whose entries are objects of their own, and what one of them is called.
const SECTIONS: &[(&str, &str)] = &[
    ("services", "service"),
    ("volumes", "volume"),
    ("networks", "network"),
    ("configs", "config"),
    ("secrets", "secret"),
    ("models", "model"),
];

/// What stands for a secret value.
pub const MASK: &str = "***";

/// What can hold secrets in a `Secret` object.
const VALUES: &[&str] = &["data", "stringData"];

/// Where `kubectl` keeps a copy of all that was applied.
const COPY: &str = "kubectl.kubernetes.io/last-applied-configuration";

/// The documents of a text, each with the line `---` that it begins with.
pub fn documents(text: &str) -> Vec<&str> {
    let mut starts = vec![0];
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let rest =
            line.strip_prefix("---").map(|rest| rest.starts_with([' ', '\t', '\r', '\n']) || rest.is_empty());
        if rest == Some(true) && at > 0 {
            starts.push(at);
        }
        at += line.len();
    }
    let ends = starts.iter().skip(1).copied().chain([text.len()]);
    starts.iter().zip(ends).filter_map(|(start, end)| text.get(*start..end)).collect()
}

/// The value of a document; `None` when it cannot be read.
pub fn parsed(document: &str) -> Option<Tree> {
    // What is wrong with a file on the disk is told by whoever reads it for good.
    let mut report = Report::default();
    let source = report.sources.add("document", document);
    Some(parse::yaml(source, &mut report).ok()?.tree())
}

/// The objects of some documents by name; a name that is there twice is numbered. `None` when one cannot be read.
pub fn objects<'a>(documents: impl IntoIterator<Item = &'a str>) -> Option<BTreeMap<String, Tree>> {
    let mut found = BTreeMap::new();
    for document in documents {
        match parsed(document)? {
            Tree::Null => {}
            Tree::Map(map) => each(map, &mut found),
            other => keep("document".to_owned(), other, &mut found),
        }
    }
    Some(found)
}

fn each(mut map: Map, found: &mut BTreeMap<String, Tree>) {
    if map.contains_key("apiVersion") || map.contains_key("kind") {
        if let (true, Some(Tree::List(items))) = (text(&map, "kind").ends_with("List"), map.get("items")) {
            for item in items.clone() {
                match item {
                    Tree::Map(item) => each(item, found),
                    other => keep("item".to_owned(), other, found),
                }
            }
            return;
        }
        let name = name(&map);
        return keep(name, Tree::Map(map), found);
    }
    for (section, word) in SECTIONS {
        if !matches!(map.get(*section), Some(Tree::Map(_))) {
            continue;
        }
        if let Some(Tree::Map(entries)) = map.remove(*section) {
            for (name, entry) in entries {
                keep(format!("{word} {name}"), entry, found);
            }
        }
    }
    if !map.is_empty() {
        keep("project".to_owned(), Tree::Map(map), found);
    }
}

/// `Deployment web`, or `Deployment shop/web` in a namespace.
fn name(object: &Map) -> String {
    let metadata = object.get("metadata").and_then(Tree::as_map);
    let of = |key: &str| metadata.map(|metadata| text(metadata, key)).unwrap_or_default();
    let (kind, name, namespace) = (text(object, "kind"), of("name"), of("namespace"));
    let kind = if kind.is_empty() { "object" } else { kind };
    let slash = if namespace.is_empty() { "" } else { "/" };
    format!("{kind} {namespace}{slash}{name}").trim_end().to_owned()
}

fn text<'a>(map: &'a Map, key: &str) -> &'a str {
    map.get(key).and_then(Tree::as_str).unwrap_or_default()
}

fn keep(name: String, object: Tree, found: &mut BTreeMap<String, Tree>) {
    let numbered = (2..).map(|n| format!("{name} ({n})"));
    let free = [name.clone()].into_iter().chain(numbered).find(|name| !found.contains_key(name));
    found.insert(free.unwrap_or(name), object);
}

/// True for an object whose values are secret.
pub fn is_secret(object: &Tree) -> bool {
    object.get("kind").and_then(Tree::as_str) == Some("Secret")
}

/// True for what is secret in a `Secret`, by the first steps of its path.
pub fn is_secret_place(steps: &[&str]) -> bool {
    match steps {
        [first, ..] if VALUES.contains(first) => true,
        ["metadata", "annotations", key, ..] => *key == COPY,
        _ => false,
    }
}

/// A text whose `Secret` objects show no values.
pub fn masked(text: &str) -> String {
    documents(text).into_iter().map(masked_document).collect()
}

fn masked_document(document: &str) -> String {
    if !document.contains("Secret") {
        return document.to_owned();
    }
    let Some(mut tree) = parsed(document) else {
        return "# This document cannot be read, and it may hold secrets: it is not shown.\n".to_owned();
    };
    if !mask(&mut tree) {
        return document.to_owned();
    }
    let start = if document.starts_with("---") { "---\n" } else { "" };
    format!("{start}{}", to_text(&tree, Style::Friendly))
}

/// Masks the values of every `Secret` in a tree; true when there was one.
fn mask(tree: &mut Tree) -> bool {
    let secret = is_secret(tree);
    match tree {
        Tree::List(items) => items.iter_mut().map(mask).filter(|found| *found).count() > 0,
        Tree::Map(map) if secret => {
            for key in VALUES {
                match map.get_mut(*key) {
                    Some(Tree::Map(values)) => {
                        for value in values.values_mut() {
                            *value = Tree::from(MASK);
                        }
                    }
                    Some(value) => *value = Tree::from(MASK),
                    None => {}
                }
            }
            let metadata = map.get_mut("metadata").and_then(Tree::as_map_mut);
            let annotations = metadata.and_then(|metadata| metadata.get_mut("annotations")?.as_map_mut());
            if let Some(copy) = annotations.and_then(|annotations| annotations.get_mut(COPY)) {
                *copy = Tree::from(MASK);
            }
            true
        }
        Tree::Map(map) => map.values_mut().map(mask).filter(|found| *found).count() > 0,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::{documents, masked, objects};

    #[test]
    fn documents_are_told_apart() {
        assert_eq!(documents("---\na: 1\n---\nb: 2\n"), ["---\na: 1\n", "---\nb: 2\n"]);
        assert_eq!(documents("a: |\n  ---\n----: 1\n--- b\n"), ["a: |\n  ---\n----: 1\n", "--- b\n"]);
        assert_eq!(documents(""), [""]);
    }

    #[test]
    fn objects_have_names() {
        let text = "apiVersion: v1\nkind: List\nitems:\n  - {kind: Secret, metadata: {name: a}}\n  - {kind: Secret, metadata: \
                    {name: a, namespace: b}}\n---\nname: shop\nservices: {web: {image: x}}\nvolumes: {data: }\n---\n---\nkind: \
                    Secret\nmetadata: {name: a}\n";
        let names: Vec<String> = objects(documents(text)).unwrap().into_keys().collect();
        assert_eq!(
            names,
            ["Secret a", "Secret a (2)", "Secret b/a", "project", "service web", "volume data"]
        );
        assert_eq!(objects(["a: b: c\n"]), None);
    }

    #[test]
    fn secrets_are_masked_however_they_are_written() {
        for text in [
            "kind: Secret\nstringData:\n  a: hunter2\n",
            "kind: 'Secret'\nstringData: {a: hunter2}\n",
            "{\"kind\": \"Secret\", \"data\": {\"a\": \"hunter2\"}}\n",
            "kind: List\nitems:\n  - kind: Secret\n    data: {a: |\n      hunter2}\n",
            "kind: List\nitems:\n  - kind: Secret\n    data:\n      a: |\n        hunter2\n",
            "kind: Secret\nstringData: hunter2\n",
            "kind: Secret\n  stringData: hunter2\n",
            "kind: Secret\nmetadata:\n  annotations:\n    kubectl.kubernetes.io/last-applied-configuration: 'hunter2'\n",
        ] {
            let shown = masked(text);
            assert!(!shown.contains("hunter2"), "{shown}");
        }
        assert_eq!(masked("kind: Secretary\na: b # c\n"), "kind: Secretary\na: b # c\n");
    }
}
