//! Two versions of the files of a run in, what differs out: by object and field, and as a unified difference. Shows no secret.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use crate::write::lines;
use crate::write::objects::{documents, masked, objects};
use crate::write::semantic::{Change, Turn, changes};

/// What a file is to whoever compares it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Documents of objects.
    Documents,
    /// A file that the documents refer to.
    Beside,
    /// One that only its owner may read: its content is never shown.
    Private,
    /// The list of our files, which is told only when nothing else differs.
    List,
    /// A folder.
    Folder,
}

/// A file as it is or as it would be.
#[derive(Clone, PartialEq, Eq)]
pub struct Side {
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// What it is.
    pub kind: Kind,
}

/// One version of all files.
pub type Files = BTreeMap<PathBuf, Side>;

/// A file that differs.
#[derive(Debug, Clone, PartialEq)]
pub struct Difference {
    /// Its path.
    pub path: PathBuf,
    /// How it changes as a whole.
    pub turn: Turn,
    /// What changes in it, by object.
    pub changes: Vec<Change>,
    /// The unified difference, or a line that says why there is none.
    pub unified: String,
}

/// What differs between two versions, by path.
pub fn compare(before: &Files, after: &Files) -> Vec<Difference> {
    let paths: BTreeSet<&PathBuf> = before.keys().chain(after.keys()).collect();
    let mut found: Vec<(Kind, Difference)> = Vec::new();
    for path in paths {
        let (old, new) = (before.get(path), after.get(path));
        if old.map(|side| &side.bytes) == new.map(|side| &side.bytes) {
            continue;
        }
        let kinds = [old, new].into_iter().flatten().map(|side| side.kind);
        // A file that is private on one side is so on both.
        let Some(kind) = kinds.max_by_key(|kind| *kind == Kind::Private) else { continue };
        found.push((kind, difference(path, kind, old.map(|side| &side.bytes), new.map(|side| &side.bytes))));
    }
    if found.iter().any(|(kind, _)| *kind != Kind::List) {
        found.retain(|(kind, _)| *kind != Kind::List);
    }
    found.into_iter().map(|(_, difference)| difference).collect()
}

fn difference(path: &Path, kind: Kind, old: Option<&Vec<u8>>, new: Option<&Vec<u8>>) -> Difference {
    let turn = match (old, new) {
        (None, _) => Turn::Added,
        (_, None) => Turn::Removed,
        (Some(_), Some(_)) => Turn::Changed,
    };
    let text = |bytes: Option<&Vec<u8>>| String::from_utf8(bytes.cloned().unwrap_or_default()).ok();
    let texts = text(old).zip(text(new));
    let name = path.display().to_string();
    let (changes, unified) = match (kind, &texts) {
        (Kind::Folder, _) => {
            (vec![Change::whole(format!("folder {name}"), turn, None)], spoken(&name, turn, "folder"))
        }
        (Kind::Private, _) => {
            (vec![whole(&name, turn, "private, not shown")], spoken(&name, turn, "private, not shown"))
        }
        (_, None) => (vec![whole(&name, turn, "not text")], spoken(&name, turn, "not text, not shown")),
        (Kind::Documents, Some((before, after))) => {
            (told(&name, turn, before, after), unified(&name, turn, &masked(before), &masked(after)))
        }
        // What is gone needs no showing, and may be private without looking so.
        (_, Some(_)) if turn == Turn::Removed => {
            (vec![Change::whole(format!("file {name}"), turn, None)], spoken(&name, turn, "no longer made"))
        }
        (_, Some((before, after))) => {
            (vec![Change::whole(format!("file {name}"), turn, None)], unified(&name, turn, before, after))
        }
    };
    Difference { path: path.to_owned(), turn, changes, unified }
}

fn whole(name: &str, turn: Turn, reason: &'static str) -> Change {
    Change::whole(format!("file {name}"), turn, Some(reason))
}

fn spoken(name: &str, turn: Turn, reason: &str) -> String {
    let word = match turn {
        Turn::Added => "is new",
        Turn::Removed => "goes away",
        Turn::Changed | Turn::Reordered => "changes",
    };
    format!("{name} {word} ({reason})\n")
}

/// What changes in documents, by object.
fn told(name: &str, turn: Turn, before: &str, after: &str) -> Vec<Change> {
    let (mut old, mut new) = (documents(before), documents(after));
    // Most documents are the same on both sides, and need no reading.
    let (in_old, in_new): (BTreeSet<&str>, BTreeSet<&str>) =
        (old.iter().copied().collect(), new.iter().copied().collect());
    old.retain(|document| !in_new.contains(document));
    new.retain(|document| !in_old.contains(document));
    let (Some(old), Some(new)) = (objects(old), objects(new)) else {
        return vec![whole(name, turn, "it is not YAML, so its objects are not told")];
    };
    let found = changes(&old, &new);
    if found.is_empty() {
        return vec![whole(name, turn, "the same objects, written or ordered differently")];
    }
    found
}

fn unified(name: &str, turn: Turn, before: &str, after: &str) -> String {
    if before == after {
        return spoken(name, turn, "only secret values or how they are written, not shown");
    }
    let from = if turn == Turn::Added { "/dev/null" } else { name };
    let to = if turn == Turn::Removed { "/dev/null" } else { name };
    lines::unified(before, after, from, to)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(kind: Kind, text: Option<&str>) -> Files {
        text.map(|text| (PathBuf::from("a"), Side { bytes: text.as_bytes().to_owned(), kind }))
            .into_iter()
            .collect()
    }

    fn shown(kind: Kind, before: Option<&str>, after: Option<&str>) -> String {
        let found = compare(&files(kind, before), &files(kind, after));
        found.into_iter().map(|difference| difference.unified).collect()
    }

    #[test]
    fn secrets_stay_hidden() {
        let object = |value: &str, kind: &str| {
            format!(
                "---\nkind: {kind}\nstringData:\n  password: {value}\n  text: |\n    {value}\n    b\ntype: Opaque\n"
            )
        };
        let (one, two) = (object("one", "ConfigMap"), object("two", "ConfigMap"));
        let open = shown(Kind::Documents, Some(&one), Some(&two));
        assert!(open.contains("-  password: one"), "{open}");
        let (one, two) = (object("one", "Secret"), object("two", "Secret"));
        assert_eq!(
            shown(Kind::Documents, Some(&one), Some(&two)),
            "a changes (only secret values or how they are written, not shown)\n"
        );
        let new = shown(Kind::Documents, None, Some(&two));
        assert!(
            new.contains("+  password: \"***\"") && !new.contains("two") && new.contains("+type: Opaque"),
            "{new}"
        );
        assert_eq!(shown(Kind::Private, None, Some("A=b\n")), "a is new (private, not shown)\n");
        assert_eq!(shown(Kind::Beside, Some("A=b\n"), None), "a goes away (no longer made)\n");
        assert_eq!(shown(Kind::Beside, Some("A=b\n"), Some("A=b\n")), "");
    }
}
