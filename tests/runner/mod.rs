//! Plays the script of a case in memory and writes down what came out.
#![allow(clippy::disallowed_methods, reason = "tests read their inputs from the disk")]
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::expect_used,
    reason = "a test that cannot go on should stop"
)]
#![allow(dead_code, reason = "each test binary uses its part")]

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use sightread::cli::{self, Screen};
use sightread::world::memory::{Memory, MemoryFile};
use sightread::world::{Fetched, Ran, World};

/// What is in a case folder but no input.
const OURS: &[&str] = &["cmd", "expected.snap", "expected.snap.new", "README.md"];

/// What a run in the folder of an example leaves there, none of it an input.
const LEFT: &[&str] = &[".sightread", "compose.yaml", "compose.d", "manifests.yaml", "manifests.d"];

/// Variables that every command has; without a seed no secret is the same twice.
const VARIABLES: &[(&str, &str)] = &[("HOME", "/home/user"), ("PATH", "/usr/bin:/bin")];

/// Reads a text file.
pub(crate) fn read(path: &Path) -> String {
    let bytes = fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Writes a text file, its folder too.
pub(crate) fn write(path: &Path, text: &str) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
}

/// A variable of the environment of the tests.
pub(crate) fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

/// What is in a folder, sorted.
pub(crate) fn list(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).map(|entries| entries.flatten().map(|entry| entry.path()).collect());
    let mut entries: Vec<PathBuf> = entries.unwrap_or_default();
    entries.sort();
    entries
}

/// Visits every file below a folder by its relative path, sorted.
pub(crate) fn each_file(root: &Path, visit: &mut dyn FnMut(&Path)) {
    fn walk(root: &Path, folder: &Path, visit: &mut dyn FnMut(&Path)) {
        for path in list(folder) {
            if path.is_dir() {
                walk(root, &path, visit);
            } else {
                visit(path.strip_prefix(root).unwrap());
            }
        }
    }
    walk(root, root, visit);
}

#[cfg(unix)]
fn mode(path: &Path) -> u32 {
    use std::os::unix::fs::PermissionsExt;
    // Checkouts differ in what the group may do, so only the owner's right to run a file is kept.
    if fs::metadata(path).unwrap().permissions().mode() & 0o100 == 0 { 0o644 } else { 0o755 }
}

#[cfg(not(unix))]
fn mode(_path: &Path) -> u32 {
    0o644
}

/// The folder's files in memory.
fn load(folder: &Path) -> Memory {
    let mut world = Memory::default();
    let example = folder.parent().is_some_and(|parent| parent.ends_with("examples"));
    each_file(folder, &mut |path| {
        let left = example && LEFT.iter().any(|name| path.starts_with(name));
        if !left && !OURS.contains(&path.to_string_lossy().as_ref()) {
            let full = folder.join(path);
            world.put(path, fs::read(&full).unwrap(), mode(&full));
        }
    });
    world
}

/// Plays all lines of a script; `reversed` turns the order of Score files round.
pub(crate) fn play(folder: &Path, script: &str, reversed: bool) -> String {
    play_and(folder, script, reversed, &mut |_, _| {})
}

/// Plays all lines, and calls `after` with each command line and the world that it left.
pub(crate) fn play_and(
    folder: &Path,
    script: &str,
    reversed: bool,
    after: &mut dyn FnMut(&mut Memory, &[String]),
) -> String {
    let mut world = load(folder);
    let mut out = String::new();
    for line in script.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let mut words = words(line);
        let (before, closed) = (world.files(), world.folders());
        if words.first().is_some_and(|word| word == "$") {
            change(&mut world, &words);
            continue;
        }
        writeln!(out, "$ {line}").unwrap();
        environment(&mut world, &mut words);
        if reversed && !line.ends_with("# in this order") {
            reverse(&mut words);
        }
        step(&world, &words, &mut out);
        for (path, mode) in world.folders().into_iter().filter(|(path, _)| !closed.contains_key(path)) {
            if mode != 0o755 {
                writeln!(out, "--- made {}/ ({mode:04o})", path.display()).unwrap();
            }
        }
        changes(&before, &world.files(), &mut out);
        after(&mut world, &words);
    }
    out
}

/// Words of a line; quotes group, a `#` at the start of a word ends the line.
fn words(line: &str) -> Vec<String> {
    let (mut words, mut word, mut quote, mut open) = (Vec::new(), String::new(), None, false);
    for c in line.chars() {
        match (quote, c) {
            (Some(q), c) if c == q => quote = None,
            (None, '\'' | '"') => (quote, open) = (Some(c), true),
            (None, '#') if word.is_empty() && !open => break,
            (None, ' ') => {
                if open || !word.is_empty() {
                    words.push(std::mem::take(&mut word));
                }
                open = false;
            }
            (_, c) => word.push(c),
        }
    }
    if open || !word.is_empty() {
        words.push(word);
    }
    words
}

/// Takes `NAME=value` in front and `< FILE` at the end off the words.
fn environment(world: &mut Memory, words: &mut Vec<String>) {
    let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
    let mut variables: BTreeMap<String, String> = VARIABLES.iter().map(owned).collect();
    let is_name = |name: &str| name.chars().all(|c| c.is_ascii_uppercase() || c == '_' || c.is_ascii_digit());
    while let Some((name, value)) =
        words.first().and_then(|word| word.split_once('=')).filter(|(name, _)| is_name(name))
    {
        variables.insert(name.to_owned(), value.to_owned());
        words.remove(0);
    }
    world.set_variables(variables);
    let input = words.iter().position(|word| word == "<").map(|at| {
        let name = words.get(at + 1).expect("a file after `<`").clone();
        words.truncate(at);
        world.read(Path::new(&name)).unwrap()
    });
    world.set_input(input);
}

/// Turns the order of the Score files of a command line round.
fn reverse(words: &mut [String]) {
    let is_score = |n: usize, words: &[String]| {
        let named = Path::new(&words[n]).extension().is_some_and(|end| end == "yaml")
            && words[n].contains("score")
            && !words[n].starts_with('-');
        named && !words[n - 1].starts_with('-')
    };
    let places: Vec<usize> = (1..words.len()).filter(|n| is_score(*n, words)).collect();
    let mut names: Vec<String> = places.iter().map(|n| words[*n].clone()).collect();
    names.reverse();
    for (place, name) in places.into_iter().zip(names) {
        words[place] = name;
    }
}

/// A change that the script makes itself.
fn change(world: &mut Memory, words: &[String]) {
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["$", "rm", path] => world.remove(Path::new(path)).unwrap(),
        ["$", "cp", from, to] => {
            let bytes = world.read(Path::new(from)).unwrap();
            world.put(to, bytes, 0o644);
        }
        ["$", "chmod", mode, path] => {
            let bytes = world.read(Path::new(path)).unwrap();
            world.put(path, bytes, u32::from_str_radix(mode, 8).unwrap());
        }
        ["$", "link", link, to] => world.link(link, *to),
        ["$", "answer", program, file] => {
            let stdout = world.read(Path::new(file)).unwrap();
            world.answer(
                *program,
                Ran { status: Some(0), stdout, stderr: Vec::new(), timed_out: false, shown: false },
            );
        }
        ["$", "publish", address, file] => {
            let bytes = world.read(Path::new(file)).unwrap();
            world.publish(*address, vec![Fetched { name: (*address).to_owned(), bytes, resolved: None }]);
        }
        // What the address stands for, such as `git:0a1b`.
        ["$", "publish", address, file, resolved] => {
            let (name, resolved) = ((*address).to_owned(), Some((*resolved).to_owned()));
            let bytes = world.read(Path::new(file)).unwrap();
            world.publish(*address, vec![Fetched { name, bytes, resolved }]);
        }
        other => panic!("the script does not know {other:?}"),
    }
}

/// Runs one command line and writes down what it said.
fn step(world: &Memory, words: &[String], out: &mut String) {
    let (mut stdout, mut stderr) = (Vec::new(), Vec::new());
    let exit = cli::run(words, world, &mut Screen { out: &mut stdout, err: &mut stderr, colours: false });
    writeln!(out, "exit: {}", exit.code()).unwrap();
    for (name, bytes) in [("stdout", stdout), ("stderr", stderr)] {
        if !bytes.is_empty() {
            section(name, &bytes, out);
        }
    }
}

/// Writes down each file that is new, differs or is gone.
fn changes(before: &BTreeMap<PathBuf, MemoryFile>, after: &BTreeMap<PathBuf, MemoryFile>, out: &mut String) {
    for (path, file) in after.iter().filter(|(path, file)| before.get(*path) != Some(*file)) {
        let word = if before.contains_key(path) { "changed" } else { "wrote" };
        section(&format!("{word} {} ({:04o})", path.display(), file.mode), &file.bytes, out);
    }
    for path in before.keys().filter(|path| !after.contains_key(*path)) {
        writeln!(out, "--- removed {}", path.display()).unwrap();
    }
    out.push('\n');
}

fn section(name: &str, bytes: &[u8], out: &mut String) {
    writeln!(out, "--- {name}").unwrap();
    match std::str::from_utf8(bytes) {
        Ok(text) => out.push_str(text),
        Err(_) => writeln!(out, "{} bytes that are no text", bytes.len()).unwrap(),
    }
    if !out.ends_with('\n') {
        out.push_str("\n(no newline at the end)\n");
    }
}

/// Runs one command line; the exit code and everything that was said.
pub(crate) fn call(world: &Memory, words: &[&str]) -> (u8, String) {
    let words: Vec<String> = words.iter().map(ToString::to_string).collect();
    let (mut stdout, mut stderr) = (Vec::new(), Vec::new());
    let exit = cli::run(&words, world, &mut Screen { out: &mut stdout, err: &mut stderr, colours: false });
    (exit.code(), String::from_utf8_lossy(&[stderr, stdout].concat()).into_owned())
}

/// A world with the Score files that help texts speak of, on standard input too.
pub(crate) fn sample() -> Memory {
    let score = |name: &str| {
        format!(
            "apiVersion: score.dev/v1b1\nmetadata:\n  name: {name}\nservice:\n  ports:\n    web:\n      port: 80\n\
             containers:\n  main:\n    image: nginx:1.29-alpine\n"
        )
    };
    let mut world = Memory::default();
    for (path, name) in [("score.yaml", "web"), ("web/score.yaml", "web"), ("api/score.yaml", "api")] {
        world.put(path, score(name), 0o644);
    }
    let manifest = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: web}\n";
    let crd = "kind: CustomResourceDefinition\nspec: {group: a.b, names: {kind: A}, versions: [{name: v1, schema: \
               {openAPIV3Schema: {type: object}}}]}\n";
    for (path, text) in [("manifests.yaml", manifest), ("deploy/web.yaml", manifest), ("crds/a.yaml", crd)] {
        world.put(path, text, 0o644);
    }
    world.set_input(Some(score("web").into_bytes()));
    let mut git = |line: &str, stdout: &str| {
        let stdout = stdout.as_bytes().to_owned();
        world.answer(
            line,
            Ran { status: Some(0), stdout, stderr: Vec::new(), timed_out: false, shown: false },
        );
    };
    git("git rev-parse --show-prefix", "\n");
    for name in ["main", "v1"] {
        git(&format!("git rev-parse --verify --quiet --end-of-options {name}^{{commit}}"), name);
        git(&format!("git ls-tree -r -z --full-tree {name}"), "100644 blob 1\tscore.yaml\0");
    }
    git("git cat-file blob 1", &score("web"));
    world
}
