//! `resources …`: what Score files need and who makes it; the outputs of a resource; and what a state no longer needs.
//!
//! The native door keeps no state, so the first two work from the Score files. States are those of the drop-in doors.

use clap::{Args, Subcommand};

use super::Usage;
use crate::cli::{Exit, Screen};
use crate::world::World;

mod list;
mod outputs;
mod prune;

/// List the resources of Score files, read their outputs, and remove what a state no longer needs
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  sightread resources list\n  sightread resources list web/score.yaml api/score.yaml\n  sightread resources prune --dry-run"
)]
pub(super) struct Typed {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    List(Box<list::Typed>),
    GetOutputs(Box<outputs::Typed>),
    Prune(prune::Typed),
}

/// Runs one of the commands.
pub(super) fn run(typed: &Typed, world: &dyn World, screen: &mut Screen<'_>) -> Result<Exit, Usage> {
    let Typed { command } = typed;
    match command {
        Command::List(typed) => list::run(typed, world, screen),
        Command::GetOutputs(typed) => outputs::run(typed, world, screen),
        Command::Prune(typed) => Ok(prune::run(typed, world, screen)),
    }
}
