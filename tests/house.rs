//! The rules of the house, held by a machine.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on should stop")]

mod runner;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use sightread::diag::codes;

/// What each room may use besides itself, `model` and `diag`.
const ROOMS: &[(&str, &[&str])] = &[
    ("cli", &["pipeline", "read", "resolve", "target", "write", "world"]),
    ("pipeline", &["read", "resolve", "target", "write", "world"]),
    ("read", &["world"]),
    ("resolve", &["world"]),
    ("target", &[]),
    ("write", &["world"]),
    ("diag", &[]),
    ("model", &[]),
    ("world", &[]),
];

/// What single files may use beyond their room, and why.
const EXCEPTIONS: &[(&str, &str)] = &[
    // Patch templates are written in the language of provisioners.
    ("src/write/patch.rs", "resolve"),
    // One reader of YAML, for printed documents too.
    ("src/write/objects.rs", "read"),
    // One reader of YAML, for provisioner files too.
    ("src/resolve/catalog.rs", "read"),
    ("src/resolve/contract/tree.rs", "read"),
    ("src/resolve/images.rs", "read"),
    ("src/resolve/upstream/decode.rs", "read"),
];

/// The rooms that may be used by all but the furniture.
const EVERYWHERE: &[&str] = &["model", "diag"];

/// The longest a file may be.
const MAX_LINES: usize = 400;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every Rust file of the program with its text.
fn sources() -> BTreeMap<PathBuf, String> {
    let mut found = BTreeMap::new();
    runner::each_file(&root().join("src"), &mut |path| {
        if path.extension().is_some_and(|end| end == "rs") {
            let path = Path::new("src").join(path);
            let text = runner::read(&root().join(&path));
            found.insert(path, text);
        }
    });
    found
}

/// The room that a file belongs to.
fn room(path: &Path) -> String {
    let first = path.components().nth(1).unwrap();
    Path::new(first.as_os_str()).file_stem().unwrap().to_string_lossy().into_owned()
}

/// The rooms that a line uses: `crate::room::…` and `use crate::{room, …}`, nested or not.
fn used(text: &str) -> BTreeSet<String> {
    let code: String =
        text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n");
    let mut rooms = BTreeSet::new();
    let word = |text: &str| -> String {
        text.trim_start().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()
    };
    for (at, _) in code.match_indices("crate::") {
        let rest = &code[at + "crate::".len()..];
        match rest.strip_prefix('{') {
            None => {
                rooms.insert(word(rest));
            }
            Some(list) => {
                let list = list.split(';').next().unwrap();
                let mut depth = 0;
                for part in list.split_inclusive(['{', '}', ',']) {
                    if depth == 0 {
                        rooms.insert(word(part));
                    }
                    depth += i32::from(part.ends_with('{')) - i32::from(part.ends_with('}'));
                }
            }
        }
    }
    rooms.retain(|room| ROOMS.iter().any(|(name, _)| name == room));
    rooms
}

#[test]
fn rooms_use_each_other_one_way() {
    let mut wrong = Vec::new();
    for (path, text) in sources() {
        let room = room(&path);
        let Some((_, allowed)) = ROOMS.iter().find(|(name, _)| *name == room) else { continue };
        for other in used(&text) {
            let name = path.to_string_lossy();
            let furniture =
                EVERYWHERE.contains(&other.as_str()) && !matches!(room.as_str(), "model" | "world");
            let excepted = EXCEPTIONS.contains(&(name.as_ref(), other.as_str()));
            // Diagnostics are about documents, whose identity is furniture.
            if other != room && !allowed.contains(&other.as_str()) && !furniture && !excepted {
                wrong.push(format!("{name} uses {other}"));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn only_the_disk_and_main_touch_the_real_world() {
    for (path, text) in sources() {
        let name = path.to_string_lossy();
        let real = name.starts_with("src/world/disk")
            || name.starts_with("src/world/fetch")
            || name == "src/main.rs";
        assert!(real || !text.contains("world::disk"), "{name} names the real world");
        assert!(real || !text.contains("disallowed_methods"), "{name} switches the guard off");
    }
}

#[test]
fn files_are_short_and_say_what_they_are() {
    let mut wrong = Vec::new();
    for (path, text) in sources() {
        let lines = text.lines().count();
        if lines > MAX_LINES {
            wrong.push(format!("{} has {lines} lines", path.display()));
        }
        if !text.starts_with("//! ") {
            wrong.push(format!("{} does not say what it is", path.display()));
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn nothing_is_left_for_later() {
    let words = ["TODO", "FIXME", "XXX", "HACK", "dbg!", "unimplemented!", "todo!", "#[ignore"];
    let wrong: Vec<String> = sources()
        .into_iter()
        .flat_map(|(path, text)| {
            let found = words
                .iter()
                .filter(|word| text.contains(*word))
                .map(|word| format!("{}: {word}", path.display()));
            found.collect::<Vec<_>>()
        })
        .collect();
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

/// All texts of snapshots together.
fn snapshots() -> String {
    let mut all = String::new();
    for below in ["tests/cases", "examples"] {
        runner::each_file(&root().join(below), &mut |path| {
            if path.ends_with("expected.snap") {
                all.push_str(&runner::read(&root().join(below).join(path)));
            }
        });
    }
    all
}

#[test]
fn every_code_is_unique_explained_and_shown_by_a_case() {
    let shown = snapshots();
    let mut seen = BTreeSet::new();
    let mut wrong = Vec::new();
    for code in codes::all() {
        let id = code.id;
        if !seen.insert(id) {
            wrong.push(format!("{id} is there twice"));
        }
        if !id.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-') {
            wrong.push(format!("{id} is not written in lower case with dashes"));
        }
        if code.page.len() < 60
            || !code.page.trim_end().ends_with(['.', '`', '}', ']', ')']) && !code.page.contains('\n')
        {
            wrong.push(format!("{id} has no page that explains it"));
        }
        if !shown.contains(&format!("[{id}]")) {
            wrong.push(format!("{id} is not shown by any case"));
        }
    }
    assert!(wrong.is_empty(), "{} faults\n{}", wrong.len(), wrong.join("\n"));
}

/// The files of the built-in provisioners.
fn contracts() -> impl Iterator<Item = PathBuf> {
    let files = runner::list(&root().join("provisioners")).into_iter();
    files.filter(|path| path.is_file())
}

#[test]
fn images_of_built_ins_stand_in_the_table() {
    let table = sightread::resolve::images::table();
    let mut wrong = Vec::new();
    let mut called = BTreeSet::new();
    for path in contracts() {
        for line in runner::read(&path).lines().filter(|line| !line.trim_start().starts_with('#')) {
            for call in line.split("image('").skip(1) {
                let name = call.split('\'').next().unwrap();
                called.insert(name.to_owned());
                if !table.contains_key(name) {
                    wrong.push(format!("{}: `{name}` is not in the table", path.display()));
                }
            }
            let written = line.split_once("image: ").map(|(_, image)| image.trim_start());
            if written
                .is_some_and(|image| !image.starts_with("\"{{ image('") && !image.starts_with("\"{{ values."))
            {
                wrong.push(format!("{}: an image is written out: {}", path.display(), line.trim()));
            }
        }
    }
    wrong.extend(
        table.keys().filter(|name| !called.contains(*name)).map(|name| format!("nobody uses `{name}`")),
    );
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn every_provisioner_is_used_by_a_case_on_both_targets() {
    let mut texts = String::new();
    for below in ["tests/cases", "examples"] {
        runner::each_file(&root().join(below), &mut |path| {
            if path.extension().is_some_and(|end| end == "yaml") {
                texts.push_str(&runner::read(&root().join(below).join(path)));
            }
        });
    }
    let mut wrong = Vec::new();
    for path in contracts() {
        // `volume.ephemeral.yaml` answers for one class of `volume`, `sns-topic+sqs.yaml` for two types.
        let stem = path.file_stem().unwrap().to_string_lossy().into_owned();
        let text = runner::read(&path);
        let is_one = !stem.contains('+');
        for kind in stem.split('+').map(|one| one.split('.').next().unwrap()) {
            let begin = if is_one { format!("type: {kind}") } else { format!("  {kind}:") };
            for line in [begin.as_str(), "outputs:"] {
                if !text.lines().any(|found| found.starts_with(line)) {
                    wrong.push(format!("{} has no `{line}`", path.display()));
                }
            }
            let used = |line: &str| {
                line.trim() == format!("type: {kind}")
                    || line.contains(&format!("type: {kind}}}"))
                    || line.contains(&format!("type: {kind},"))
            };
            if !texts.lines().any(used) {
                wrong.push(format!("no case uses `{kind}`"));
            }
        }
        if !text.contains("description: ") {
            wrong.push(format!("{} has no `description`", path.display()));
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn score_files_of_the_readme_are_right() {
    let readme = runner::read(&root().join("README.md"));
    let mut blocks = 0;
    for block in readme.split("```yaml\n").skip(1) {
        let text = block.split("```").next().unwrap();
        if !text.contains("apiVersion: score.dev/v1b1") {
            continue;
        }
        blocks += 1;
        let mut world = sightread::world::memory::Memory::default();
        world.put("score.yaml", text, 0o644);
        let (exit, said) = runner::call(&world, &["sightread", "check"]);
        assert_eq!(exit, 0, "{text}\n{said}");
    }
    assert!(blocks > 0, "the README shows no Score file");
}

#[test]
fn examples_in_help_texts_run() {
    let mut wrong = Vec::new();
    let tree = sightread::cli::native::tree();
    let helps = tree.get_subcommands().chain([&tree]).filter_map(|command| command.get_after_help());
    for help in helps.map(ToString::to_string) {
        for line in help.lines().map(str::trim).filter(|line| line.starts_with("sightread ")) {
            let line = line.split(" > ").next().unwrap();
            for command in line.split(" && ") {
                let words: Vec<&str> = command.split(' ').collect();
                let mut world = runner::sample();
                if command.contains("init") {
                    world = sightread::world::memory::Memory::default();
                }
                let (exit, said) = runner::call(&world, &words);
                // An example of `--check` shows a difference, as it should in a fresh folder.
                let compares = command.contains("generate") && command.contains("--check")
                    || command.starts_with("sightread diff ");
                let fine = exit == 0 || (exit == 1 && compares);
                if !fine && !line.contains("&&") {
                    wrong.push(format!("{command}: exit {exit}\n{said}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}
