//! Puts documents and side files into files by path.
//!
//! **Invariant:** no side file leaves its folder.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Component, Path, PathBuf};

use crate::diag::codes::write as codes;
use crate::diag::{At, Diagnostic, Failed, Report};
use crate::model::flow::{Doc, Emission, Lowered, OutFile, SideFile};
use crate::model::state::State;
use crate::model::tree::Tree;
use crate::write::format::{Format, documents};
use crate::write::state::to_bytes;

/// Where the result goes.
#[derive(Debug, Clone, Default)]
pub struct Output {
    /// A file, `-`, or a folder when it ends in `/`.
    pub path: String,
    /// The folder of side files on disk.
    pub files: String,
    /// The file that a Compose document becomes when the output is a folder.
    pub single: String,
    /// How documents are printed.
    pub format: Format,
    /// True to keep a list of the files in folders of ours, and to remove those that are no longer made.
    pub lists: bool,
    /// True when side files belong to the project, wherever its output goes.
    pub files_apart: bool,
    /// Where the state goes, where one is kept.
    pub state: Option<String>,
}

/// Permissions of a file that everybody may read.
const PUBLIC: u32 = 0o644;
/// Permissions of a file that only its owner may read.
const PRIVATE: u32 = 0o600;

/// Makes the whole effect of a run.
///
/// # Errors
/// When the output cannot hold the result, such as `-` with side files.
pub fn emit(
    lowered: Lowered,
    state: Option<&State>,
    output: &Output,
    report: &mut Report,
) -> Result<Emission, Failed> {
    let Lowered { docs, files, folders, private, reachable, makers: _ } = lowered;
    let mut emission = Emission { reachable, ..Emission::default() };
    for SideFile { path, bytes, mode, from: _ } in files {
        emission.files.insert(inside(&output.files, &path), OutFile { bytes, mode });
    }
    for (path, make) in folders {
        emission.folders.insert(inside(&output.files, &path), make);
    }
    emission.private = private.iter().map(|path| inside(&output.files, path)).collect();
    if output.path == "-" {
        if !output.files_apart {
            refuse_side_files(&emission, report);
        }
        let separate = is_many(&docs);
        emission.stdout = Some(documents(docs, output.format, separate).into_bytes());
    } else if output.path.ends_with('/') {
        let files = split(docs, output);
        emission.outputs.extend(files.keys().cloned());
        emission.files.extend(files);
    } else {
        let separate = is_many(&docs);
        let bytes = documents(docs, output.format, separate).into_bytes();
        emission.files.insert(PathBuf::from(&output.path), OutFile { bytes, mode: PUBLIC });
        emission.outputs.insert(PathBuf::from(&output.path));
    }
    if let (Some(state), Some(path)) = (state, &output.state) {
        emission.state = Some((PathBuf::from(path), OutFile { bytes: to_bytes(state), mode: PRIVATE }));
    }
    report.failed(emission)
}

/// True for a stream of objects; one Compose document is a file by itself.
fn is_many(docs: &[Doc]) -> bool {
    docs.iter().any(|doc| doc.tree.get("apiVersion").is_some())
}

/// The path of a side file on disk.
fn inside(folder: &str, path: &str) -> PathBuf {
    let stays = |part: Component<'_>| matches!(part, Component::Normal(_) | Component::CurDir);
    assert!(
        Path::new(path).components().all(stays),
        "targets refuse paths that leave the folder, such as `{path}`"
    );
    Path::new(folder).join(path)
}

fn refuse_side_files(emission: &Emission, report: &mut Report) {
    if emission.files.is_empty() && !emission.folders.values().any(|make| *make) {
        return;
    }
    let names: Vec<String> = emission
        .files
        .keys()
        .filter_map(|path| Some(path.file_name()?.to_string_lossy().into_owned()))
        .collect();
    let said = Diagnostic::new(
        &codes::SIDE_FILES_NEED_FOLDER,
        "standard output cannot hold the files that the result refers to",
        At::Named("-o -".to_owned()),
    );
    let said =
        if names.is_empty() { said } else { said.note(format!("the files are: {}", names.join(", "))) };
    report.push(said.help("write to a file with `-o compose.yaml`, or to a folder with `-o out/`"));
}

/// One object per file. The names follow from kind and name; where two are alike, from the namespace too, then from a number.
fn split(docs: Vec<Doc>, output: &Output) -> BTreeMap<PathBuf, OutFile> {
    let folder = Path::new(&output.path);
    let mut taken = BTreeSet::new();
    let mut files = BTreeMap::new();
    for doc in docs {
        let name = if is_many(std::slice::from_ref(&doc)) {
            free_name(&doc.tree, &taken)
        } else {
            output.single.clone()
        };
        let bytes = documents(vec![doc], output.format, false).into_bytes();
        files.insert(folder.join(&name), OutFile { bytes, mode: PUBLIC });
        taken.insert(name);
    }
    files
}

fn free_name(object: &Tree, taken: &BTreeSet<String>) -> String {
    let metadata =
        |key: &str| object.get("metadata").and_then(|metadata| metadata.get(key)).and_then(Tree::as_str);
    let kind = object.get("kind").and_then(Tree::as_str).unwrap_or("object");
    let (name, namespace) =
        (metadata("name").unwrap_or("unnamed"), metadata("namespace").unwrap_or("default"));
    let plain = file_name(&format!("{kind}-{name}"));
    let long = file_name(&format!("{kind}-{namespace}-{name}"));
    let numbered = (2..).map(|n| file_name(&format!("{kind}-{namespace}-{name}-{n}")));
    [plain, long].into_iter().chain(numbered).find(|name| !taken.contains(name)).unwrap_or_default()
}

/// A file name that every system takes.
fn file_name(text: &str) -> String {
    let safe = |c: char| {
        if c.is_ascii_alphanumeric() || c == '-' || c == '.' { c.to_ascii_lowercase() } else { '-' }
    };
    let name: String = text.chars().map(safe).collect();
    format!("{name}.yaml")
}
