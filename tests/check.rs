//! `generate --check` against what `generate` wrote: quiet where nothing changed, exact where one byte did.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on should stop")]

mod runner;

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
        let of_name = path.starts_with("kind") || path == "metadata" || path == "metadata.name";
        return (!of_name).then(|| (format!("{kind} {name}: "), format!("{word} {path}: ")));
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

#[test]
fn one_byte_is_named_by_its_field() {
    let (mut wrong, mut checked) = (Vec::new(), 0);
    for (folder, script) in
        scripts().into_iter().filter(|(folder, _)| folder.parent().unwrap().ends_with("examples"))
    {
        runner::play_and(&folder, &script, false, &mut |world, words| {
            if !wrote(world, words) {
                return;
            }
            let kubernetes = words.iter().any(|word| word == "kubernetes");
            let name = if kubernetes { "manifests.yaml" } else { "compose.yaml" };
            if let Ok(bytes) = world.read(Path::new(name)) {
                for at in (0..bytes.len()).filter(|at| bytes[*at].is_ascii_lowercase() && at % 97 == 0) {
                    let mut changed = bytes.clone();
                    changed[at] = if bytes[at] == b'z' { b'y' } else { b'z' };
                    let texts = [&changed, &bytes].map(|bytes| String::from_utf8(bytes.clone()).unwrap());
                    let [old, new] = texts.map(|text| documents(&text));
                    let mut found = Vec::new();
                    for (old, new) in old.iter().zip(&new) {
                        let mut paths = Vec::new();
                        fields(old, new, "", &mut paths);
                        found.extend(
                            paths.into_iter().map(|(word, path)| (is_name(&path), named(new, word, &path))),
                        );
                    }
                    let wanted: Option<Vec<_>> =
                        found.into_iter().map(|(is_name, field)| field.filter(|_| !is_name)).collect();
                    let Some(wanted) = wanted.filter(|wanted| !wanted.is_empty()) else { continue };
                    world.put(name, changed, 0o644);
                    let (exit, said) = call(world, words, &["--check"]);
                    world.put(name, bytes.clone(), 0o644);
                    checked += 1;
                    for (object, field) in wanted {
                        if exit != 1
                            || !said.lines().any(|line| line.starts_with(&object) && line.contains(&field))
                        {
                            wrong.push(format!(
                                "{}: {name} at {at}: no `{object}{field}` in\n{said}",
                                folder.display()
                            ));
                        }
                    }
                }
            }
        });
    }
    assert!(checked > 40, "only {checked} bytes were changed");
    assert!(wrong.is_empty(), "{} of {checked}\n{}", wrong.len(), wrong.join("\n"));
}
