//! `generate`: Score files in, files of a platform out.

use anyhow::Context;
use clap::Args;

use super::options::{Format, Making, Reading};
use super::telling::{self, Deed};
use super::{Usage, request, seed, summary};
use crate::cli::{Exit, Screen};
use crate::diag::Report;
use crate::model::flow::Emission;
use crate::pipeline::{self, Request};
use crate::world::World;
use crate::write::{commit, inputs, tell};

/// Write Docker Compose or Kubernetes files from Score files
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  sightread generate -t compose
  sightread generate -t kubernetes -o manifests.yaml score.yaml
  sightread generate -t kubernetes -o - --image ghcr.io/acme/web:1.4 score.yaml
  sightread generate -t compose --publish 8080:web:80 web/score.yaml api/score.yaml
  sightread generate -t compose --check")]
pub(super) struct Typed {
    /// What is made.
    #[command(flatten)]
    making: Making,
    /// What is read.
    #[command(flatten)]
    reading: Reading,
}

/// Runs everything, then writes it or compares it.
pub(super) fn run(typed: &Typed, world: &dyn World, screen: &mut Screen<'_>) -> Result<Exit, Usage> {
    let Typed { making, reading } = typed;
    telling::judge(&reading.telling)?;
    request::target(making.target.as_deref(), "generate")?;
    let how = (&reading.telling, Deed::of(!making.check));
    let seed = match seed::find(!making.check, world) {
        Ok(seed) => seed,
        Err(error) => return Ok(broken(&error, screen)),
    };
    let mut report = Report::default();
    let request = request::making(making, reading, seed.value.clone(), world, &mut report)?;
    let made = pipeline::generate(&request, world, &mut report);
    let made = made.and_then(|made| inputs::spare(&made, world, &mut report).map(|()| made));
    telling::settle(&mut report, &reading.telling);
    let (Ok(emission), false) = (made, report.has_errors()) else {
        telling::print(&report, &request.scores, how, world, screen);
        return Ok(Exit::Wrong);
    };
    if making.check {
        telling::print(&report, &request.scores, how, world, screen);
        return Ok(compare(&emission, world, screen));
    }
    let kept = if emission.seeded { seed::keep(&seed, world, &mut report) } else { Ok(()) };
    let written = kept.and_then(|()| commit::write(&emission, world));
    telling::settle(&mut report, &reading.telling);
    telling::print(&report, &request.scores, how, world, screen);
    match written {
        Ok(spent) => {
            finish(&emission, &spent, &request, reading.telling.format, screen);
            Ok(Exit::Fine)
        }
        Err(error) => Ok(broken(&error, screen)),
    }
}

fn finish(
    emission: &Emission,
    spent: &commit::Spent,
    request: &Request,
    format: Format,
    screen: &mut Screen<'_>,
) {
    if let Some(bytes) = &emission.stdout {
        screen.print(bytes);
    }
    if format == Format::Human {
        screen.say(summary::summary(emission, spent, request));
    }
}

/// Shows what writing would change.
fn compare(emission: &Emission, world: &dyn World, screen: &mut Screen<'_>) -> Exit {
    match commit::compare(emission, world).context("cannot compare") {
        Ok(differences) if differences.is_empty() => {
            screen.say("nothing would change\n");
            Exit::Fine
        }
        Ok(differences) => {
            screen.print(tell::unified(&differences));
            screen.print(format!("\n{}", tell::summary(&differences)));
            screen.say("the files differ; run the command without `--check` to write them\n");
            Exit::Wrong
        }
        Err(error) => broken(&error, screen),
    }
}

/// Tells what the machine could not do.
pub(super) fn broken(error: &anyhow::Error, screen: &mut Screen<'_>) -> Exit {
    screen.say(format!("error: {error:#}\n"));
    Exit::Machine
}
