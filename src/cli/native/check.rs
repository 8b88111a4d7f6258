//! `check`: judges Score files without a target. Nothing is written, nothing is run, nothing is fetched.

use clap::Args;

use super::options::{Format, Reading};
use super::{Usage, request, telling};
use crate::cli::{Exit, Screen};
use crate::diag::Report;
use crate::pipeline;
use crate::world::World;

/// Find everything that is wrong with Score files
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  sightread check
  sightread check --deny-warnings web/score.yaml api/score.yaml
  sightread check --format json -")]
pub(super) struct Typed {
    /// What is read.
    #[command(flatten)]
    reading: Reading,
}

/// Judges and tells.
pub(super) fn run(typed: &Typed, world: &dyn World, screen: &mut Screen<'_>) -> Result<Exit, Usage> {
    let Typed { reading } = typed;
    telling::judge(&reading.telling)?;
    let mut report = Report::default();
    let request = request::reading(reading, None, world, &mut report);
    let judged = pipeline::check(&request, world, &mut report);
    telling::settle(&mut report, &reading.telling);
    telling::print(&report, &reading.telling, screen);
    let (Ok(judged), false) = (judged, report.has_errors()) else { return Ok(Exit::Wrong) };
    if reading.telling.format == Format::Human {
        let (workloads, resources) = (judged.workloads.len(), judged.plan.resources.len());
        let plural = |number: usize| if number == 1 { "" } else { "s" };
        screen.say(format!(
            "checked {workloads} workload{} with {resources} resource{}: no errors\n",
            plural(workloads),
            plural(resources)
        ));
    }
    Ok(Exit::Fine)
}
