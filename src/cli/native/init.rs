//! `init`: a sample that runs. It never overwrites.

use std::path::Path;

use anyhow::Context;
use clap::Args;

use super::generate::broken;
use crate::cli::{Exit, Screen};
use crate::world::World;

/// Write a sample score.yaml that runs
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  sightread init && sightread generate -t compose")]
pub(super) struct Typed {}

/// The file that is written.
const FILE: &str = "score.yaml";

/// The sample.
const SAMPLE: &str = include_str!("sample.score.yaml");

/// Writes the sample, unless there is a file of that name.
pub(super) fn run(typed: &Typed, world: &dyn World, screen: &mut Screen<'_>) -> Exit {
    let Typed {} = typed;
    if world.entry(Path::new(FILE)).is_some() {
        screen.say(format!("error: {FILE} is there already and was left as it is\n"));
        return Exit::Wrong;
    }
    let written = world.replace(Path::new(FILE), SAMPLE.as_bytes(), 0o644);
    if let Err(error) = written.with_context(|| format!("cannot write {FILE}")) {
        return broken(&error, screen);
    }
    screen.say(format!(
        "wrote {FILE}\n\nnext: sightread generate -t compose\n  or: sightread generate -t kubernetes\n"
    ));
    Exit::Fine
}
