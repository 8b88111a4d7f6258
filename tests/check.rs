//! `generate --check` against what `generate` wrote: quiet where nothing changed, exact where one byte did.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on should stop")]

mod runner;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use serde_json::Value;
use sightread::world::World;
use sightread::world::memory::Memory;
use sightread::write::objects;
use sightread::write::yaml::{Style, to_text};

/// Every folder of cases and examples with its script.
fn scripts() -> Vec<(PathBuf, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = Vec::new();
    for below in ["tests/cases", "examples"] {
        for folder in runner::list(&root.join(below)).into_iter().filter(|path| path.is_dir()) {
            let own = folder.join("cmd");
            let script = if own.exists() { runner::read(&own) } else { example(&folder) };
            found.push((folder, script));
        }
    }
    found
}

/// What is typed for an example that has no script.
fn example(folder: &Path) -> String {
    let mut scores = String::new();
    runner::each_file(folder, &mut |path| {
        if path.to_string_lossy().ends_with("score.yaml") {
            scores.extend([" ", &path.to_string_lossy()]);
        }
    });
    let line = |target: &str| format!("sightread generate -t {target}{scores}\n");
    line("compose") + &line("kubernetes")
}

/// Runs a command line and gives its exit code and all it said.
fn call(world: &Memory, words: &[String], more: &[&str]) -> (u8, String) {
    let words: Vec<&str> = words.iter().map(String::as_str).chain(more.iter().copied()).collect();
    runner::call(world, &words)
}

/// True for a line that writes files and did.
fn wrote(world: &Memory, words: &[String]) -> bool {
    let is = |word: &str| words.iter().any(|found| found == word);
    let generates = words.len() > 1 && words[0] == "sightread" && words[1] == "generate";
    generates && !is("--check") && !is("--help") && !is("-") && call(world, words, &[]).0 == 0
}

#[test]
fn a_clean_tree_is_quiet() {
    let (mut wrong, mut checked) = (Vec::new(), 0);
    for (folder, script) in scripts() {
        runner::play_and(&folder, &script, false, &mut |world, words| {
            if !wrote(world, words) {
                return;
            }
            checked += 1;
            let (exit, said) = call(world, words, &["--check"]);
            if exit != 0 || !said.ends_with("nothing would change\n") {
                wrong.push(format!("{}: {}: exit {exit}\n{said}", folder.display(), words.join(" ")));
            }
        });
    }
    assert!(checked > 60, "only {checked} lines were checked");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_is_read_back_is_written_the_same() {
    let (mut wrong, mut read) = (Vec::new(), 0);
    for (folder, script) in scripts() {
        runner::play_and(&folder, &script, false, &mut |world, words| {
            if !wrote(world, words) {
                return;
            }
            for (path, file) in world.files() {
                let printed = ["compose.yaml", "manifests.yaml"].iter().any(|name| path.ends_with(name));
                if !printed || path.components().count() > 1 {
                    continue;
                }
                let text = String::from_utf8(file.bytes).unwrap();
                for document in objects::documents(&text) {
                    read += 1;
                    let start = if document.starts_with("---\n") { "---\n" } else { "" };
                    let again = objects::parsed(document).map(|tree| to_text(&tree, Style::Friendly));
                    if again.as_ref().map(|again| format!("{start}{again}")).as_deref() != Some(document) {
                        wrong.push(format!(
                            "{}: {}\n{document}\n{again:?}",
                            folder.display(),
                            words.join(" ")
                        ));
                    }
                }
            }
        });
    }
    assert!(read > 100, "only {read} documents were read");
    assert!(wrong.is_empty(), "{} of {read}\n{}", wrong.len(), wrong.join("\n"));
}

/// The documents of a printed file by the name of what they are, `project` for a Compose file.
fn documents(text: &str) -> Vec<Value> {
    let parts = text.split("---\n").filter(|part| !part.trim().is_empty());
    parts.map(|part| serde_yaml::from_str(part).unwrap_or(Value::Null)).collect()
}

/// A step below a path, as it is printed.
fn below(path: &str, key: &str) -> String {
    let dotted = key.contains(['.', '[', ' ']) || key.is_empty();
    let dot = if path.is_empty() { "" } else { "." };
    if dotted { format!("{path}[{key:?}]") } else { format!("{path}{dot}{key}") }
}

/// The fields that differ, each with the word for how.
fn fields(before: &Value, after: &Value, path: &str, found: &mut Vec<(&'static str, String)>) {
    match (before, after) {
        (Value::Object(old), Value::Object(new)) => {
            for (key, value) in old {
                match new.get(key) {
                    Some(other) => fields(value, other, &below(path, key), found),
                    None => found.push(("removed", below(path, key))),
                }
            }
            let fresh = new.keys().filter(|key| !old.contains_key(*key));
            found.extend(fresh.map(|key| ("added", below(path, key))));
        }
        (Value::Array(old), Value::Array(new)) if old.len() == new.len() => {
            for (n, (old, new)) in old.iter().zip(new).enumerate() {
                fields(old, new, &format!("{path}[{n}]"), found);
            }
        }
        (old, new) if old == new => {}
        _ => found.push(("changed", path.to_owned())),
    }
}

/// The object of a field, and how the summary names the field; `None` for what is no field of an object.
fn named(document: &Value, word: &str, path: &str) -> Option<(String, String)> {
    if let (Some(kind), Some(name)) = (document["kind"].as_str(), document["metadata"]["name"].as_str()) {
        let of_name = ["metadata", "metadata.name", "metadata.namespace"].contains(&path);
        let space =
            document["metadata"]["namespace"].as_str().map_or(String::new(), |space| format!("{space}/"));
        let field = || (format!("{kind} {space}{name}: "), format!("{word} {path}: "));
        return (!of_name && !path.starts_with("kind")).then(field);
    }
    let mut steps = path.splitn(3, '.');
    let (section, object, rest) = (steps.next()?.trim_end_matches('s'), steps.next()?, steps.next()?);
    Some((format!("{section} {object}: "), format!("{word} {rest}: ")))
}

/// True for a field whose value is a name: with another value it is another item.
fn is_name(path: &str) -> bool {
    let names = ["name", "mountPath", "target", "path", "key", "source"];
    path.contains(']') && names.contains(&path.rsplit(['.', ']']).next().unwrap_or(path))
}

/// What a line writes: its output files, and the side files that a list of ours names.
fn written(world: &Memory, words: &[String]) -> (Vec<PathBuf>, Vec<PathBuf>) {
    let after = |flag: &str| words.iter().position(|word| word == flag).and_then(|at| words.get(at + 1));
    let kubernetes = words.iter().any(|word| word == "kubernetes");
    let usual = if kubernetes { "manifests.yaml" } else { "compose.yaml" };
    let output = after("-o").or_else(|| after("--output")).map_or(usual, String::as_str);
    let files = world.files();
    let below = |folder: &str| files.keys().filter(|path| path.starts_with(folder)).cloned().collect();
    let outputs_one = !output.ends_with('/');
    let outputs: Vec<PathBuf> =
        if output.ends_with('/') { below(output) } else { vec![PathBuf::from(output)] };
    let is_side = |path: &Path| path.iter().any(|step| step.to_string_lossy().ends_with(".d"));
    let (sides, mut outputs): (Vec<PathBuf>, Vec<PathBuf>) =
        outputs.into_iter().partition(|path| is_side(path));
    // What lies there of another target is none of this line's.
    let ours = |path: &PathBuf| {
        kubernetes != path.ends_with("compose.yaml")
            && path.parent() == Some(Path::new(output.trim_end_matches('/')))
    };
    outputs.retain(|path| path.extension().is_some_and(|end| end == "yaml") && (outputs_one || ours(path)));
    let mut listed = sides;
    for (list, file) in files.iter().filter(|(path, _)| path.ends_with(".sightread-files")) {
        let folder = list.parent().unwrap();
        let text = String::from_utf8(file.bytes.clone()).unwrap();
        listed.extend(text.lines().map(|line| folder.join(line)).filter(|path| is_side(path)));
    }
    listed.retain(|path| files.contains_key(path) && !path.ends_with(".sightread-files"));
    (outputs, listed)
}

/// The fields that a changed byte changes, each with its object as the summary names them; `None` for what is no field.
fn changed(old: &str, new: &str) -> Option<Vec<(String, String)>> {
    let mut found = Vec::new();
    for (old, new) in documents(old).iter().zip(&documents(new)) {
        let mut paths = Vec::new();
        fields(old, new, "", &mut paths);
        found.extend(paths.into_iter().map(|(word, path)| (is_name(&path), named(new, word, &path))));
    }
    let wanted: Option<Vec<_>> =
        found.into_iter().map(|(is_name, field)| field.filter(|_| !is_name)).collect();
    wanted.filter(|wanted| !wanted.is_empty())
}

/// Changes bytes of one file of a clean tree, one at a time, and asks `--check`; in an example many, else one of each
/// kind of object.
fn flip(
    world: &mut Memory,
    words: &[String],
    path: &Path,
    many: bool,
    wrong: &mut Vec<String>,
    kinds: &mut BTreeMap<String, usize>,
) {
    let bytes = world.read(path).unwrap();
    let name = path.to_string_lossy().into_owned();
    let (step, mut here) = (if many { 149 } else { (bytes.len() / 40).max(1) | 1 }, BTreeSet::new());
    for at in (0..bytes.len()).filter(|at| at % step == 0) {
        let Some(at) = (at..bytes.len().min(at + step)).find(|at| bytes[*at].is_ascii_lowercase()) else {
            continue;
        };
        let mut changed_bytes = bytes.clone();
        changed_bytes[at] = if bytes[at] == b'z' { b'y' } else { b'z' };
        let texts = [&changed_bytes, &bytes].map(|bytes| String::from_utf8(bytes.clone()).unwrap());
        let Some(wanted) = changed(&texts[0], &texts[1]) else { continue };
        let kind = wanted[0].0.split(' ').next().unwrap_or_default().to_owned();
        if !here.insert(kind.clone()) && !many {
            continue;
        }
        world.put(path, changed_bytes, 0o644);
        let (exit, said) = call(world, words, &["--check"]);
        world.put(path, bytes.clone(), 0o644);
        *kinds.entry(kind).or_default() += 1;
        for (object, field) in wanted {
            let told = said.lines().any(|line| line.starts_with(&object) && line.contains(&field));
            if exit != 1 || !told {
                wrong.push(format!("{}: {name} at {at}: no `{object}{field}` in\n{said}", words.join(" ")));
            }
        }
    }
}

#[test]
fn one_byte_is_named_by_its_field() {
    let (mut wrong, mut kinds, mut sides, mut cases) = (Vec::new(), BTreeMap::new(), 0, BTreeSet::new());
    for (folder, script) in scripts() {
        let many = folder.parent().unwrap().ends_with("examples");
        let mut seen = BTreeSet::new();
        runner::play_and(&folder, &script, false, &mut |world, words| {
            if !wrote(world, words) {
                return;
            }
            cases.insert(folder.clone());
            let (outputs, listed) = written(world, words);
            for path in outputs {
                flip(world, words, &path, many, &mut wrong, &mut kinds);
            }
            // A side file is no tree of fields: its path is named.
            for path in listed.into_iter().filter(|path| seen.insert(path.clone())) {
                let file = world.files().remove(&path).unwrap();
                world.put(&path, [&file.bytes[..], b"!"].concat(), file.mode);
                let (exit, said) = call(world, words, &["--check"]);
                world.put(&path, file.bytes, file.mode);
                sides += 1;
                if exit != 1 || !said.contains(&*path.to_string_lossy()) {
                    wrong.push(format!("{}: {} is not named in\n{said}", words.join(" "), path.display()));
                }
            }
        });
    }
    let checked: usize = kinds.values().sum();
    assert!(wrong.is_empty(), "{} of {checked}\n{}", wrong.len(), wrong.join("\n"));
    assert!(
        checked > 300 && sides > 20 && cases.len() > 40,
        "{checked} bytes, {sides} files, {} cases",
        cases.len()
    );
    for kind in ["service", "Deployment", "StatefulSet", "Service", "ConfigMap", "Secret", "HTTPRoute"] {
        assert!(kinds.contains_key(kind), "no {kind} among {kinds:?}");
    }
}
