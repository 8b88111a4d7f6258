//! A short run of the fuzz targets that every machine can do: each reader gets its seeds, and the seeds after a few
//! changes that nobody would make. The long run is by hand, see `fuzz/README.md`.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "a test that cannot go on should stop"
)]

use std::fs;
use std::path::Path;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

#[path = "../fuzz/readers/mod.rs"]
mod readers;

/// Pieces that readers stumble over: marks of YAML, templates and placeholders, names of fields, and ends of ranges.
const PIECES: [&str; 36] = [
    "",
    "\n",
    "\r\n",
    "\t",
    " ",
    "  ",
    ":",
    ": ",
    "- ",
    "#",
    "'",
    "\"",
    "|\n",
    ">-\n",
    "&a ",
    "*a",
    "<<: ",
    "!!str ",
    "---\n",
    "{",
    "}",
    "[",
    "]",
    "${",
    "$",
    "{{",
    "}}",
    "{{- end -}}",
    ".",
    "..",
    "*",
    "\\",
    "\u{feff}",
    "é",
    "-9223372036854775809",
    "null",
];

/// One change: from where to where, and what stands there instead.
type Change = (Index, usize, &'static str);

fn seeds(reader: &str) -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/seeds").join(reader);
    let mut paths: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths.iter().map(|path| fs::read_to_string(path).unwrap()).collect()
}

/// The text after a change, whole characters at a time.
fn changed(text: &str, (at, many, piece): &Change) -> String {
    let letters: Vec<char> = text.chars().collect();
    let from = at.index(letters.len() + 1);
    let to = letters.len().min(from + many);
    letters[..from].iter().copied().chain(piece.chars()).chain(letters[to..].iter().copied()).collect()
}

fn run(reader: &str, hold: fn(&str), cases: u32) {
    let seeds = seeds(reader);
    assert!(!seeds.is_empty(), "no seeds for {reader}");
    for seed in &seeds {
        hold(seed);
    }
    let config = Config { cases, failure_persistence: None, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    let changes = vec((any::<Index>(), 0_usize..12, select(&PIECES[..])), 1..5);
    let done = runner.run(&(select(seeds), changes), |(seed, changes)| {
        hold(&changes.iter().fold(seed, |text, change| changed(&text, change)));
        Ok(())
    });
    if let Err(failure) = done {
        panic!("{reader}: {failure}");
    }
}

#[test]
fn yaml() {
    run("yaml", readers::yaml::hold, 2000);
}

#[test]
fn placeholder() {
    run("placeholder", readers::placeholder::hold, 2000);
}

#[test]
fn gotmpl() {
    run("gotmpl", readers::gotmpl::hold, 2000);
}

#[test]
fn patch() {
    run("patch", readers::patch::hold, 1000);
}

#[test]
fn merge() {
    run("merge", readers::merge::hold, 1000);
}

#[test]
fn state() {
    run("state", readers::state::hold, 1000);
}

#[test]
fn pipeline() {
    run("pipeline", readers::pipeline::hold, 60);
}
