//! What provisioners change in a lowered object, on any platform: the two forms of a patch and how they are applied.
//!
//! **Invariant:** a patch that leads nowhere is an error in the provisioner's file, never nothing.

use json_patch::{PatchErrorKind, PatchOperation};

use crate::diag::codes::target as codes;
use crate::diag::{At, Diagnostic, Report};
use crate::model::flow::{Patch, Provisioned};
use crate::model::path::Path;
use crate::model::tree::{Map, Tree};

/// A patch as its target reads it.
#[derive(Debug)]
pub(super) struct Change {
    /// What it is meant for: the target's own words.
    pub(super) chosen: Map,
    /// What it does.
    pub(super) form: Form,
}

/// What a patch does.
#[derive(Debug)]
pub(super) enum Form {
    /// Laid over the object: maps merge, null removes, lists of things with a key merge by it, all else replaces.
    Merge(Tree),
    /// Operations of RFC 6902, one after the other.
    Steps(Vec<Tree>),
}

/// The key by which the items of a list are told apart, by the name of the list.
pub(super) type Keys = fn(&str) -> &'static [&'static str];

const FORMS: [&str; 2] = ["merge", "json"];
const STEP: [&str; 4] = ["op", "path", "from", "value"];

/// Reads a patch whose target is chosen by some of `words`. What is wrong with it is reported.
pub(super) fn read(
    resource: &Provisioned,
    patch: &Patch,
    words: &[&'static str],
    report: &mut Report,
) -> Option<Change> {
    let mut wrong = |message: String| report.push(complaint(&codes::PATCH_SHAPE, message, resource, patch));
    let Tree::Map(map) = &patch.tree else {
        wrong(format!("a patch must be a map, not {}", patch.tree.kind()));
        return None;
    };
    let mut chosen = map.clone();
    let (merge, json) = (chosen.remove("merge"), chosen.remove("json"));
    if let Some(key) = chosen.keys().find(|key| !words.contains(&key.as_str())) {
        let known: Vec<String> = words.iter().chain(&FORMS).map(|word| format!("`{word}`")).collect();
        wrong(format!("a patch has no key `{key}`, it may have {}", known.join(", ")));
        return None;
    }
    let form = match (merge, json) {
        (Some(tree @ Tree::Map(_)), None) => Form::Merge(tree),
        (None, Some(Tree::List(steps))) => Form::Steps(steps),
        (Some(other), None) => {
            wrong(format!("`merge` must be a map, not {}", other.kind()));
            return None;
        }
        (None, Some(other)) => {
            wrong(format!("`json` must be a list of operations, not {}", other.kind()));
            return None;
        }
        (None, None) | (Some(_), Some(_)) => {
            wrong("a patch needs one of `merge` and `json`".to_owned());
            return None;
        }
    };
    Some(Change { chosen, form })
}

/// Changes one object, called `name`.
pub(super) fn apply(
    form: &Form,
    tree: &mut Tree,
    keys: Keys,
    name: &str,
    resource: &Provisioned,
    patch: &Patch,
    report: &mut Report,
) {
    match form {
        Form::Merge(changes) => merge(tree, changes, keys),
        Form::Steps(steps) => {
            for (index, written) in steps.iter().enumerate() {
                if let Err((code, words)) = step(tree, written, name) {
                    let place = patch.path.then("json").then(index);
                    let said = complaint(code, words, resource, &Patch { path: place, ..patch.clone() });
                    report.push(said);
                    return;
                }
            }
        }
    }
}

/// A patch that is meant for nothing that is there. `has` names what is there.
pub(super) fn unmatched(words: String, has: &[String], resource: &Provisioned, patch: &Patch) -> Diagnostic {
    let said = complaint(&codes::PATCH_UNMATCHED, words, resource, patch);
    said.note(format!("the workload `{}` has {}", patch.declared.workload, has.join(", ")))
}

/// Where a patch stands among the sections of its target.
pub(super) fn within(patch: &Patch) -> Path {
    Path::of(patch.path.steps().iter().skip(1).cloned())
}

/// A complaint about a patch, shown in the provisioner's file.
pub(super) fn complaint(
    code: &'static crate::diag::codes::Code,
    message: String,
    resource: &Provisioned,
    patch: &Patch,
) -> Diagnostic {
    let asked = At::key(patch.declared.doc, Path::of(["resources", &patch.declared.name]));
    match resource.provisioner.doc {
        Some(doc) => Diagnostic::new(code, message, At::value(doc, patch.path.clone()))
            .also(asked, "for this resource"),
        None => Diagnostic::new(code, message, asked),
    }
}

fn merge(tree: &mut Tree, changes: &Tree, keys: Keys) {
    let Tree::Map(changes) = changes else {
        *tree = changes.clone();
        return;
    };
    if tree.as_map().is_none() {
        *tree = Tree::map();
    }
    let Some(map) = tree.as_map_mut() else { return };
    for (name, change) in changes {
        if *change == Tree::Null {
            map.remove(name);
            continue;
        }
        let there = map.entry(name.clone()).or_default();
        match (&mut *there, change) {
            (Tree::List(items), Tree::List(more)) if key(items, more, keys(name)).is_some() => {
                let key = key(items, more, keys(name)).unwrap_or_default();
                for item in more {
                    match items.iter_mut().find(|there| there.get(key) == item.get(key)) {
                        Some(there) => merge(there, item, keys),
                        None => items.push(item.clone()),
                    }
                }
            }
            _ => merge(there, change, keys),
        }
    }
}

/// The first key that all items of two lists have, none of them twice in one list.
fn key<'k>(items: &[Tree], more: &[Tree], keys: &[&'k str]) -> Option<&'k str> {
    let apart = |list: &[Tree], key: &str| {
        list.iter().enumerate().all(|(n, item)| {
            item.get(key).is_some() && !list.iter().take(n).any(|other| other.get(key) == item.get(key))
        })
    };
    keys.iter().copied().find(|key| apart(items, key) && apart(more, key))
}

type Trouble = (&'static crate::diag::codes::Code, String);

fn step(tree: &mut Tree, written: &Tree, name: &str) -> Result<(), Trouble> {
    let wrong = |words: String| (&codes::PATCH_SHAPE, words);
    let Tree::Map(map) = written else {
        return Err(wrong(format!("an operation must be a map, not {}", written.kind())));
    };
    if let Some(key) = map.keys().find(|key| !STEP.contains(&key.as_str())) {
        return Err(wrong(format!(
            "an operation has no key `{key}`, it may have `op`, `path`, `from`, `value`"
        )));
    }
    let operation: PatchOperation =
        written.parse().map_err(|error| wrong(format!("this is no operation of RFC 6902: {error}")))?;
    let mut whole = tree.to_json();
    json_patch::patch(&mut whole, &[operation]).map_err(|error| {
        let path = error.path.to_string();
        let words = match error.kind {
            PatchErrorKind::TestFailed => {
                format!("`{path}` of {name} does not hold the value that `test` asks for")
            }
            PatchErrorKind::CannotMoveInsideItself => {
                format!("`{path}` of {name} cannot be moved inside itself")
            }
            PatchErrorKind::InvalidFromPointer => {
                format!("`from` leads nowhere in {name}")
            }
            _ => format!("`{path}` leads nowhere in {name}"),
        };
        (&codes::PATCH_UNMATCHED, words)
    })?;
    *tree = Tree::from(whole);
    Ok(())
}
