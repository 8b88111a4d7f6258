//! Two versions of an object in, the fields that differ out.

use std::collections::{BTreeMap, BTreeSet};

use similar::DiffOp;

use crate::model::path::{Path, Step};
use crate::model::tree::{Map, Tree};
use crate::write::lines::steps;
use crate::write::objects::{MASK, is_secret, is_secret_place};

/// How something changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    /// It is new.
    Added,
    /// It is gone.
    Removed,
    /// It is another.
    Changed,
    /// It has the same items in another order.
    Reordered,
}

impl Turn {
    /// The word for it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Removed => "removed",
            Self::Changed => "changed",
            Self::Reordered => "reordered",
        }
    }
}

/// A field that differs.
#[derive(Debug, Clone, PartialEq)]
pub struct Edit {
    /// Where; items of lists are counted as they are after the change.
    pub path: Path,
    /// How.
    pub turn: Turn,
    /// What was there.
    pub from: Option<Tree>,
    /// What comes.
    pub to: Option<Tree>,
}

/// An object that differs.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// Its name.
    pub object: String,
    /// How it changes as a whole.
    pub turn: Turn,
    /// The fields of one that is there before and after.
    pub edits: Vec<Edit>,
    /// What there is to say when fields cannot be told.
    pub reason: Option<&'static str>,
}

impl Change {
    /// A change of which no more can be told.
    pub const fn whole(object: String, turn: Turn, reason: Option<&'static str>) -> Self {
        Self { object, turn, edits: Vec::new(), reason }
    }
}

/// Fields by which the items of a list are known, the first that fits.
const NAMES: &[&str] = &["name", "mountPath", "target", "containerPort", "port", "path", "key", "source"];

/// What differs between two sets of objects, by name.
pub fn changes(before: &BTreeMap<String, Tree>, after: &BTreeMap<String, Tree>) -> Vec<Change> {
    let names: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    let change = |name: &String| match (before.get(name), after.get(name)) {
        (Some(old), Some(new)) if old != new => {
            let change =
                Change { edits: edits(old, new), ..Change::whole(name.clone(), Turn::Changed, None) };
            Some(change)
        }
        (Some(_), None) => Some(Change::whole(name.clone(), Turn::Removed, None)),
        (None, Some(_)) => Some(Change::whole(name.clone(), Turn::Added, None)),
        (Some(_), Some(_)) | (None, None) => None,
    };
    names.into_iter().filter_map(change).collect()
}

/// The fields that differ between two versions of an object; secret values are masked.
pub fn edits(before: &Tree, after: &Tree) -> Vec<Edit> {
    let mut found = Vec::new();
    value(&mut Path::default(), before, after, &mut found);
    if is_secret(before) || is_secret(after) {
        found.iter_mut().for_each(hide);
    }
    found
}

/// Masks a field of a `Secret`.
fn hide(edit: &mut Edit) {
    let keys = edit.path.steps().iter().map(|step| match step {
        Step::Key(key) => key.as_str(),
        Step::Index(_) => "",
    });
    let keys: Vec<&str> = keys.collect();
    // A value as a whole holds all that is below it.
    let above = ["metadata", "annotations"].starts_with(&keys);
    if is_secret_place(&keys) || above {
        for value in [&mut edit.from, &mut edit.to].into_iter().flatten() {
            *value = Tree::from(MASK);
        }
    }
}

fn value(path: &mut Path, before: &Tree, after: &Tree, found: &mut Vec<Edit>) {
    match (before, after) {
        (Tree::Map(old), Tree::Map(new)) => map(path, old, new, found),
        (Tree::List(old), Tree::List(new)) => list(path, old, new, found),
        (old, new) if old == new => {}
        (old, new) => found.push(edit(path, Turn::Changed, Some(old), Some(new))),
    }
}

fn edit(path: &Path, turn: Turn, from: Option<&Tree>, to: Option<&Tree>) -> Edit {
    Edit { path: path.clone(), turn, from: from.cloned(), to: to.cloned() }
}

fn map(path: &mut Path, old: &Map, new: &Map, found: &mut Vec<Edit>) {
    let keys: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    for key in keys {
        path.push(Step::Key(key.clone()));
        either(path, old.get(key), new.get(key), found);
        path.pop();
    }
}

fn either(path: &mut Path, old: Option<&Tree>, new: Option<&Tree>, found: &mut Vec<Edit>) {
    match (old, new) {
        (Some(old), Some(new)) => value(path, old, new, found),
        (Some(old), None) => found.push(edit(path, Turn::Removed, Some(old), None)),
        (None, Some(new)) => found.push(edit(path, Turn::Added, None, Some(new))),
        (None, None) => {}
    }
}

fn list(path: &mut Path, old: &[Tree], new: &[Tree], found: &mut Vec<Edit>) {
    let named = NAMES.iter().find_map(|name| Some((names(old, name)?, names(new, name)?)));
    match named {
        Some((before, after)) => by_name(path, (old, &before), (new, &after), found),
        None => by_place(path, old, new, found),
    }
}

/// The names of all items, when every item has one of its own.
fn names(items: &[Tree], name: &str) -> Option<Vec<String>> {
    let one = |item: &Tree| match item.get(name)? {
        Tree::Map(_) | Tree::List(_) | Tree::Null => None,
        scalar => Some(scalar.to_json().to_string()),
    };
    let names = items.iter().map(one).collect::<Option<Vec<String>>>()?;
    let single: BTreeSet<&String> = names.iter().collect();
    (single.len() == names.len()).then_some(names)
}

/// Items that have names are the same item wherever they stand.
fn by_name(
    path: &mut Path,
    (old, before): (&[Tree], &[String]),
    (new, after): (&[Tree], &[String]),
    found: &mut Vec<Edit>,
) {
    let old_places: BTreeMap<&String, usize> = before.iter().enumerate().map(|(n, name)| (name, n)).collect();
    let new_names: BTreeSet<&String> = after.iter().collect();
    for (n, (name, item)) in after.iter().zip(new).enumerate() {
        let was = old_places.get(name).and_then(|n| old.get(*n));
        path.push(Step::Index(n));
        either(path, was, Some(item), found);
        path.pop();
    }
    for (n, (_, item)) in
        before.iter().zip(old).enumerate().filter(|(_, (name, _))| !new_names.contains(name))
    {
        path.push(Step::Index(n));
        either(path, Some(item), None, found);
        path.pop();
    }
    let stayed = |names: &[String], other: &dyn Fn(&String) -> bool| -> Vec<String> {
        names.iter().filter(|name| other(name)).cloned().collect()
    };
    let was = stayed(before, &|name| new_names.contains(name));
    let is = stayed(after, &|name| old_places.contains_key(name));
    if was != is {
        let list = |names: Vec<String>| {
            Tree::from(names.into_iter().map(|name| unquoted(&name)).collect::<Vec<_>>())
        };
        found.push(edit(path, Turn::Reordered, Some(&list(was)), Some(&list(is))));
    }
}

fn unquoted(name: &str) -> String {
    name.trim_matches('"').to_owned()
}

fn words(texts: &[String]) -> Vec<&str> {
    texts.iter().map(String::as_str).collect()
}

/// Items without names: those that are equal are the same, and what stands between is matched in order.
fn by_place(path: &mut Path, old: &[Tree], new: &[Tree], found: &mut Vec<Edit>) {
    let texts = |items: &[Tree]| items.iter().map(|item| item.to_json().to_string()).collect::<Vec<_>>();
    let (was, is) = (texts(old), texts(new));
    for op in steps(&words(&was), &words(&is)) {
        if matches!(op, DiffOp::Equal { .. }) {
            continue;
        }
        let (was, is) = (op.old_range(), op.new_range());
        for n in 0..was.len().max(is.len()) {
            let from = was.clone().nth(n);
            let to = is.clone().nth(n);
            path.push(Step::Index(to.or(from).unwrap_or_default()));
            either(path, from.and_then(|n| old.get(n)), to.and_then(|n| new.get(n)), found);
            path.pop();
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{changes, edits};
    use crate::model::tree::Tree;
    use crate::write::objects::{documents, objects, parsed};

    fn told(before: &str, after: &str) -> Vec<String> {
        let (before, after) = (parsed(before).unwrap(), parsed(after).unwrap());
        let show = |value: Option<Tree>| value.map_or("-".to_owned(), |value| value.to_json().to_string());
        let line = |edit: super::Edit| {
            format!("{} {} {} {}", edit.turn.word(), edit.path, show(edit.from), show(edit.to))
        };
        edits(&before, &after).into_iter().map(line).collect()
    }

    #[test]
    fn fields_are_named() {
        let rows: &[(&str, &str, &[&str])] = &[
            ("a: 1", "a: 1", &[]),
            ("a: 1", "a: \"1\"", &["changed a 1 \"1\""]),
            ("a: 1\nb: 2", "b: 3\nc: 4", &["removed a 1 -", "changed b 2 3", "added c - 4"]),
            ("a: [x, y, z]", "a: [x, z]", &["removed a[1] \"y\" -"]),
            ("a: [x, z]", "a: [x, y, q]", &["changed a[1] \"z\" \"y\"", "added a[2] - \"q\""]),
            (
                "a: [{name: x, v: 1}, {name: y, v: 1}]",
                "a: [{name: z}, {name: y, v: 2}]",
                &[
                    "added a[0] - {\"name\":\"z\"}",
                    "changed a[1].v 1 2",
                    "removed a[0] {\"name\":\"x\",\"v\":1} -",
                ],
            ),
            (
                "a: [{name: x}, {name: y}]",
                "a: [{name: y}, {name: x}]",
                &["reordered a [\"x\",\"y\"] [\"y\",\"x\"]"],
            ),
            ("a: {b: 1}", "a: [1]", &["changed a {\"b\":1} [1]"]),
            (
                "{kind: Secret, type: a, stringData: {x: one}}",
                "{kind: Secret, type: b, stringData: {x: two, y: three}}",
                &[
                    "changed stringData.x \"***\" \"***\"",
                    "added stringData.y - \"***\"",
                    "changed type \"a\" \"b\"",
                ],
            ),
            (
                "{kind: Secret, stringData: {x: one}}",
                "{kind: ConfigMap, data: {x: one}}",
                &[
                    "added data - \"***\"",
                    "changed kind \"Secret\" \"ConfigMap\"",
                    "removed stringData \"***\" -",
                ],
            ),
        ];
        for (before, after, wanted) in rows {
            assert_eq!(told(before, after), *wanted, "{before} / {after}");
        }
    }

    #[test]
    fn objects_come_and_go() {
        let of = |text: &str| objects(documents(text)).unwrap();
        let found = changes(&of("services: {a: {image: x}, b: }"), &of("services: {a: {image: y}, c: }"));
        let words: Vec<String> =
            found.iter().map(|change| format!("{} {}", change.object, change.turn.word())).collect();
        assert_eq!(words, ["service a changed", "service b removed", "service c added"]);
    }

    proptest! {
        #[test]
        fn two_values_differ_exactly_when_a_field_does(
            a in prop::collection::vec(0_i64..4, 0..6), b in prop::collection::vec(0_i64..4, 0..6)
        ) {
            let tree = |items: &[i64]| Tree::from_pairs([("a", Tree::from(items.to_vec()))]);
            prop_assert_eq!(edits(&tree(&a), &tree(&b)).is_empty(), a == b);
            let named = |items: &[i64]| {
                let mut seen = items.to_vec();
                seen.dedup();
                let item = |n: i64| Tree::from_pairs([("name", Tree::Int(n))]);
                Tree::from_pairs([("a", Tree::List(seen.into_iter().map(item).collect()))])
            };
            prop_assert_eq!(edits(&named(&a), &named(&b)).is_empty(), named(&a) == named(&b));
        }
    }
}
