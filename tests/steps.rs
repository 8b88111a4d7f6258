//! Every step of writing, failed once: first as a disk that refuses, then as a run that ends there. In memory, so that no
//! step is missed; `faults.rs` does it to real runs at moments that chance picks.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on should stop")]

mod runner;

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use sightread::cli::{self, Screen};
use sightread::world::memory::{Memory, MemoryFile};
use sightread::world::{Command, Entry, Fetched, Keep, Lock, Ran, Staged, Walked, World, is_temporary};

type Files = BTreeMap<PathBuf, MemoryFile>;

/// How a step fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fault {
    /// It is refused, and the run may still tidy up.
    Refused,
    /// It is the last that the run would have done.
    Killed,
}

/// A world whose writing fails at one step, and whose clock nobody may look at.
struct Faulty {
    memory: Memory,
    done: AtomicUsize,
    at: usize,
    fault: Fault,
}

impl Faulty {
    fn step(&self) -> io::Result<()> {
        let done = self.done.fetch_add(1, Ordering::SeqCst);
        if done == self.at || (self.fault == Fault::Killed && done > self.at) {
            return Err(io::Error::new(io::ErrorKind::StorageFull, "no space left on device"));
        }
        Ok(())
    }

    fn failed(&self) -> bool {
        self.done.load(Ordering::SeqCst) > self.at
    }
}

impl World for Faulty {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        self.memory.read(path)
    }
    fn stdin(&self) -> io::Result<Vec<u8>> {
        self.memory.stdin()
    }
    fn entry(&self, path: &Path) -> Option<Entry> {
        self.memory.entry(path)
    }
    fn mode(&self, path: &Path) -> Option<u32> {
        self.memory.mode(path)
    }
    fn list(&self, folder: &Path) -> io::Result<Vec<String>> {
        self.memory.list(folder)
    }
    fn walk(&self, folder: &Path, wanted: &dyn Fn(&str) -> bool) -> io::Result<Walked> {
        self.memory.walk(folder, wanted)
    }
    fn canonical(&self, path: &Path) -> io::Result<PathBuf> {
        self.memory.canonical(path)
    }
    fn env(&self, name: &str) -> Option<String> {
        self.memory.env(name)
    }
    fn now(&self) -> u64 {
        panic!("a clock that jumps would change the result")
    }
    fn dice(&self, into: &mut [u8]) -> io::Result<()> {
        self.memory.dice(into)
    }
    fn run(&self, command: &Command) -> io::Result<Ran> {
        self.memory.run(command)
    }
    fn fetch(&self, address: &str) -> anyhow::Result<Vec<Fetched>> {
        self.memory.fetch(address)
    }
    fn stage(&self, path: &Path, bytes: &[u8], mode: u32, keep: Keep) -> io::Result<Staged> {
        self.step()?;
        self.memory.stage(path, bytes, mode, keep)
    }
    fn flush(&self, staged: &[&Staged]) -> io::Result<()> {
        self.step()?;
        self.memory.flush(staged)
    }
    fn settle(&self, staged: &Staged) -> io::Result<()> {
        self.step()?;
        self.memory.settle(staged)
    }
    fn sync(&self, folders: &[&Path]) -> io::Result<()> {
        self.step()?;
        self.memory.sync(folders)
    }
    fn make_folder(&self, path: &Path, mode: u32) -> io::Result<()> {
        self.step()?;
        self.memory.make_folder(path, mode)
    }
    fn remove(&self, path: &Path) -> io::Result<()> {
        self.step()?;
        self.memory.remove(path)
    }
    fn remove_empty(&self, folder: &Path) -> io::Result<bool> {
        self.step()?;
        self.memory.remove_empty(folder)
    }
    fn lock_folder(&self, folder: &Path, wait: Duration) -> io::Result<Option<Box<dyn Lock>>> {
        self.memory.lock_folder(folder, wait)
    }
    fn lock(&self, path: &Path, wait: Duration) -> io::Result<Box<dyn Lock>> {
        self.memory.lock(path, wait)
    }
}

fn score(name: &str, image: &str, files: &[&str]) -> Vec<u8> {
    let file = |file: &&str| format!("      /etc/{file}: {{content: \"{image}\"}}\n");
    let files: String = files.iter().map(file).collect();
    let text = format!(
        "apiVersion: score.dev/v1b1\nmetadata: {{name: {name}}}\ncontainers:\n  main:\n    image: {image}\n    files:\n{files}"
    );
    text.into_bytes()
}

fn memory(files: &Files) -> Memory {
    let mut memory = Memory::default();
    memory.set_variables(BTreeMap::from([("SIGHTREAD_SEED".to_owned(), "seed".to_owned())]));
    for (path, file) in files {
        memory.put(path, file.bytes.clone(), file.mode);
    }
    memory
}

fn call(world: &dyn World, line: &str) -> (u8, String) {
    let words: Vec<String> = format!("sightread {line}").split(' ').map(str::to_owned).collect();
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let exit = cli::run(&words, world, &mut Screen { out: &mut out, err: &mut err, colours: false });
    (exit.code(), String::from_utf8(err).unwrap())
}

fn after(files: &Files, line: &str) -> Files {
    let memory = memory(files);
    let (exit, said) = call(&memory, line);
    assert_eq!(exit, 0, "{line}: {said}");
    memory.files()
}

fn temporary(path: &Path) -> bool {
    is_temporary(&path.file_name().unwrap().to_string_lossy())
}

/// Fails every step of a line once; returns how many there are.
fn fail(before: &Files, line: &str, exit: u8, together: &dyn Fn(&Files, &Files)) -> usize {
    let whole = after(before, line);
    let mut steps = 0;
    for fault in [Fault::Refused, Fault::Killed] {
        for at in 0.. {
            let world = Faulty { memory: memory(before), done: AtomicUsize::new(0), at, fault };
            let (ended, said) = call(&world, line);
            if !world.failed() {
                assert_eq!(ended, 0, "{said}");
                assert!(world.memory.files() == whole);
                steps += at;
                break;
            }
            assert!(
                ended == exit && said.to_lowercase().contains("error: "),
                "{fault:?} at {at}: {ended} {said}"
            );
            assert!(said.contains("no space left on device"), "{fault:?} at {at}: {said}");
            let mut left = world.memory.files();
            let staged = left.keys().filter(|path| temporary(path)).count();
            assert!(fault == Fault::Killed || staged == 0, "at {at}: {:?}", left.keys());
            left.retain(|path, _| !temporary(path));
            for (path, file) in left.iter().filter(|(path, _)| !path.ends_with(".sightread-files")) {
                let known = [before.get(path), whole.get(path)].contains(&Some(file));
                assert!(known, "{fault:?} at {at}: {} is torn", path.display());
            }
            for path in before.keys().filter(|path| whole.contains_key(*path)) {
                assert!(left.contains_key(path), "{fault:?} at {at}: {} is lost", path.display());
            }
            together(&left, &whole);
            let mended = after(&world.memory.files(), line);
            assert!(mended == whole, "{fault:?} at {at}: {:?} {:?}", mended.keys(), whole.keys());
        }
    }
    steps
}

fn named(name: &str, bytes: Vec<u8>) -> (PathBuf, MemoryFile) {
    (PathBuf::from(name), MemoryFile { bytes, mode: 0o644 })
}

#[test]
fn generated_files_stay_whole_at_every_step() {
    for (line, main) in [
        ("generate -t compose", "compose.yaml"),
        ("generate -t kubernetes -o k8s/", "k8s/deployment-web.yaml"),
        ("generate -t kubernetes", "manifests.yaml"),
    ] {
        let mut before =
            after(&Files::from([named("score.yaml", score("web", "web:1", &["one", "two"]))]), line);
        before.extend([named("score.yaml", score("web", "web:2", &["two", "three"]))]);
        let steps = fail(&before, line, 3, &|left, whole| {
            let main = Path::new(main);
            for path in whole.keys().filter(|path| path.starts_with("compose.d/files")) {
                let first = left.get(path) == whole.get(path) || left[main] != whole[main];
                assert!(first, "the output went before {}", path.display());
            }
            for path in left.keys().filter(|path| path.starts_with("compose.d/files")) {
                let list =
                    String::from_utf8(left[Path::new("compose.d/.sightread-files")].bytes.clone()).unwrap();
                let name = path.strip_prefix("compose.d").unwrap().to_string_lossy().into_owned();
                assert!(list.lines().any(|line| line == name), "{name} is on no list");
            }
        });
        assert!(steps > 4, "{line}: only {steps} steps");
    }
}

#[test]
fn a_project_of_the_go_tools_stays_whole_at_every_step() {
    for (tool, output) in [("score-compose", "compose.yaml"), ("score-k8s", "manifests.yaml")] {
        let started = after(&Files::new(), &format!("{tool} init --no-sample"));
        let first = [
            named("one.yaml", score("one", "one:1", &["a"])),
            named("two.yaml", score("two", "two:1", &["b"])),
        ];
        let before: Files = started.into_iter().chain(first).collect();
        let before = after(&before, &format!("{tool} generate one.yaml"));
        let state = PathBuf::from(format!(".{tool}/state.yaml"));
        let steps = fail(&before, &format!("{tool} generate two.yaml"), 1, &|left, whole| {
            let first = left[&state] == whole[&state] || left[Path::new(output)] != whole[Path::new(output)];
            assert!(first, "the output went before the state");
        });
        assert!(steps > 4, "{tool}: only {steps} steps");
    }
}
