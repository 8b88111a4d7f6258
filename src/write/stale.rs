//! What an earlier run wrote and this one does not: found by the list that every run keeps in folders of its own.
//!
//! **Invariant:** only files that such a list names are ever removed, and nothing outside its folder.

use std::collections::BTreeSet;
use std::path::{Component, Path, PathBuf};

use crate::diag::codes::write as codes;
use crate::diag::{At, Diagnostic, Failed, Report};
use crate::model::flow::{Emission, FileList};
use crate::world::{Entry, World};
use crate::write::emit::Output;

/// The name of the list in its folder.
pub const LIST: &str = ".sightread-files";

/// The first line of a list.
const HEAD: &str = "# Written by sightread, which removes these files when it no longer makes them.\n";

/// Files that are the user's, whatever a list says.
const THEIRS: &[&str] = &["kustomization.yaml", "kustomization.yml", "Kustomization"];

/// Finds out what earlier runs left in the folders that this run writes to.
///
/// # Errors
/// When a list names what cannot be ours, or a link leads out of a folder of ours.
pub fn stale(
    mut emission: Emission,
    output: &Output,
    world: &dyn World,
    report: &mut Report,
) -> Result<Emission, Failed> {
    if !output.lists || emission.stdout.is_some() {
        return Ok(emission);
    }
    let beside = PathBuf::from(&output.files);
    let mut lists = vec![list(beside, &emission, world, report)];
    let split = output.path.ends_with('/')
        && !emission.outputs.contains(&Path::new(&output.path).join(&output.single));
    if split {
        lists.push(list(PathBuf::from(&output.path), &emission, world, report));
    }
    for (n, list) in lists.iter().enumerate() {
        // A folder that the user named may be a link; one that we named must stand where we put it.
        judge_links(list, n == 0, world, report);
        judge_kustomization(list, world, report);
    }
    lists.retain(|list| list.before.is_some() || !list.after.is_empty());
    emission.lists = lists;
    report.failed(emission)
}

fn list(folder: PathBuf, emission: &Emission, world: &dyn World, report: &mut Report) -> FileList {
    let name = |path: &PathBuf| {
        let parts =
            path.strip_prefix(&folder).ok()?.components().map(|part| part.as_os_str().to_string_lossy());
        Some(parts.collect::<Vec<_>>().join("/"))
    };
    let made = emission.folders.iter().filter(|(_, make)| **make).map(|(path, _)| path);
    let folders = made.filter_map(name).map(|name| name + "/");
    let after: BTreeSet<String> = emission.files.keys().filter_map(name).chain(folders).collect();
    let path = folder.join(LIST);
    let before = (world.entry(&path) == Some(Entry::File)).then(|| read(&path, world, report));
    FileList { folder, before, after }
}

/// The names in a list. A wrong one is an error: somebody else wrote it.
fn read(path: &Path, world: &dyn World, report: &mut Report) -> BTreeSet<String> {
    let name = path.display().to_string();
    let bytes = match world.read(path) {
        Ok(bytes) => bytes,
        Err(error) => {
            report.push(broken(At::Named(name), &format!("the list cannot be read: {error}")));
            return BTreeSet::new();
        }
    };
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let source = report.sources.add(name, text.clone());
    let mut names = BTreeSet::new();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let bare = line.trim_end_matches(['\n', '\r']);
        let place = At::Span(source, start..start + bare.len());
        start += line.len();
        if bare.is_empty() || bare.starts_with('#') {
            continue;
        }
        match entry(bare) {
            Some(name) if THEIRS.contains(&name.as_str()) => {}
            Some(name) => drop(names.insert(name)),
            None => report.push(broken(place, "this is no path of a file in the folder of the list")),
        }
    }
    names
}

fn broken(at: At, said: &str) -> Diagnostic {
    Diagnostic::new(&codes::BROKEN_FILE_LIST, said, at)
        .note("what the list names is removed when it is no longer made, so nothing else may stand in it")
        .help(
            "bring the list back from Git, or remove it; files of earlier runs are then left where they are",
        )
}

/// The path that a line stands for; `None` when it could lead out of the folder.
fn entry(line: &str) -> Option<String> {
    let name = if line.starts_with('"') { serde_json::from_str(line).ok()? } else { line.to_owned() };
    let bare = name.strip_suffix('/').unwrap_or(&name);
    let steps = !bare.split('/').any(|step| step.is_empty() || step == "." || step == "..");
    let inside = Path::new(bare).components().all(|part| matches!(part, Component::Normal(_)));
    (steps && inside && bare != LIST).then_some(name)
}

/// The text of a list; names that a line cannot hold stand in quotes.
pub fn text<'a>(names: impl IntoIterator<Item = &'a String>) -> String {
    let plain = |name: &str| {
        !name.starts_with(['#', '"']) && name == name.trim() && !name.contains(|c: char| c.is_control())
    };
    let line = |name: &String| {
        if plain(name) {
            format!("{name}\n")
        } else {
            format!("{}\n", serde_json::Value::from(name.as_str()))
        }
    };
    let lines: String = names.into_iter().map(line).collect();
    format!("{HEAD}{lines}")
}

/// Refuses to write or remove through links that lead out of a folder.
fn judge_links(list: &FileList, beside: bool, world: &dyn World, report: &mut Report) {
    let above = list.folder.parent().filter(|above| !above.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let root = if beside {
        let Ok(above) = world.canonical(above) else { return };
        above.join(list.folder.file_name().unwrap_or_default())
    } else {
        let Ok(folder) = world.canonical(&list.folder) else { return };
        folder
    };
    let names = list.after.iter().chain(list.stale()).map(|name| list.folder.join(name));
    let mut paths = BTreeSet::from([list.folder.join(LIST)]);
    for path in names {
        let inside = |above: &&Path| above.starts_with(&list.folder);
        let fresh = path.ancestors().take_while(inside).take_while(|above| !paths.contains(*above));
        let fresh: Vec<PathBuf> = fresh.map(Path::to_owned).collect();
        paths.extend(fresh);
    }
    for path in paths {
        let Ok(real) = world.canonical(&path) else { continue };
        if !real.starts_with(&root) {
            let said =
                format!("`{}` is a link that leads elsewhere, to `{}`", path.display(), real.display());
            report.push(
                Diagnostic::new(&codes::LINK_OUT_OF_FOLDER, said, At::Named(path.display().to_string()))
                    .note("files are written there and removed again without asking, so no link may lead elsewhere")
                    .help("remove the link and run the command again"),
            );
            return;
        }
    }
}

/// Tells when the user's own `kustomization.yaml` and the objects beside it no longer fit.
fn judge_kustomization(list: &FileList, world: &dyn World, report: &mut Report) {
    let found = THEIRS.iter().map(|name| list.folder.join(name));
    let Some(path) = found.into_iter().find(|path| world.entry(path) == Some(Entry::File)) else { return };
    // One that cannot be read is a matter of the tool that needs it.
    let text =
        world.read(&path).map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default();
    let words: BTreeSet<&str> = text
        .split(|c: char| c.is_whitespace() || "\"',[]{}".contains(c))
        .map(|word| word.strip_prefix("./").unwrap_or(word))
        .collect();
    let gone: Vec<&str> = list.stale().map(String::as_str).filter(|name| words.contains(name)).collect();
    let is_object =
        |name: &&str| !name.contains('/') && Path::new(name).extension().is_some_and(|end| end == "yaml");
    let objects = list.after.iter().map(String::as_str).filter(is_object);
    let (named, mut unnamed): (Vec<&str>, Vec<&str>) = objects.partition(|name| words.contains(name));
    if named.is_empty() {
        // It is about something else.
        unnamed.clear();
    }
    for (names, said, cure) in [
        (gone, "names files that are no longer made", "take them out of its `resources`"),
        (unnamed, "does not name all files beside it", "add them to its `resources`"),
    ] {
        if !names.is_empty() {
            let name = path.display().to_string();
            let said = format!("`{name}` {said}");
            report.push(
                Diagnostic::new(&codes::KUSTOMIZATION_BEHIND, said, At::Named(name))
                    .note(format!("these are: {}", names.join(", ")))
                    .help(cure),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{entry, text};

    #[test]
    fn only_paths_inside_the_folder_are_entries() {
        for line in [
            "../x",
            "/etc/passwd",
            "a/../b",
            "a//b",
            ".",
            "..",
            "",
            "/",
            "./a",
            "\"../x\"",
            "\"",
            ".sightread-files",
        ] {
            assert_eq!(entry(line), None, "{line}");
        }
        for line in ["a", "a/b.yaml", "a/", "a b", "...", "a/..b"] {
            assert_eq!(entry(line).as_deref(), Some(line));
        }
    }

    #[test]
    fn every_name_is_read_back() {
        for name in ["a/b", " a", "a\nb", "#a", "\"a\"", "é", "a\u{7f}"] {
            let name = name.to_owned();
            let text = text([&name]);
            assert_eq!(text.lines().count(), 2, "{text}");
            assert_eq!(text.lines().nth(1).and_then(entry), Some(name));
        }
    }
}
