//! `check`: judges Score files without a target. Nothing is run, nothing is fetched, and nothing is written unless asked.

use clap::Args;

use super::options::{Format, Reading};
use super::telling::{self, Run};
use super::{Usage, generate};
use crate::cli::{Exit, Screen};
use crate::diag::{Report, told};
use crate::world::World;

pub(super) mod doctor;
mod fix;
mod judge;
mod projects;
mod verdict;

/// Find everything that is wrong with Score files
#[derive(Debug, Args)]
#[command(mut_arg("files", |files| files.help("Score files, or folders of them; `-` is standard input [default: all below this folder]")))]
#[command(after_help = "Examples:
  sightread check
  sightread check --deny-warnings web/score.yaml api/score.yaml
  sightread check --fix
  sightread check --format sarif . > sightread.sarif
  sightread check --format json -

Files that are named belong together, as with `generate`. Without a file, and for a folder, each
`score.yaml` and `*.score.yaml` below it is judged by itself; what `.gitignore` names is left out.")]
pub(super) struct Typed {
    /// What is read.
    #[command(flatten)]
    reading: Reading,
    /// Judge each named file by itself, as if no other were named
    #[arg(long)]
    each: bool,
    /// Change the files where there is one clear cure; comments and layout stay
    #[arg(long)]
    fix: bool,
    /// With `--fix`: write nothing, show what would change and exit with 1 if anything would
    #[arg(long, visible_alias = "diff", requires = "fix")]
    dry_run: bool,
}

/// Judges and tells.
pub(super) fn run(typed: &Typed, world: &dyn World, screen: &mut Screen<'_>) -> Result<Exit, Usage> {
    let Typed { reading, each, fix, dry_run } = typed;
    let telling = &reading.telling;
    telling::judge(telling)?;
    let mut found = Report::default();
    let projects = projects::find(reading, *each, world, &mut found)?;
    if *fix && projects.iter().any(|project| project.files.iter().any(|file| file == "-")) {
        return Err(Usage("`--fix` changes files, and standard input is none".to_owned()));
    }
    let (checked, changed) = if *fix {
        fix::mend(&projects, reading, world)
    } else {
        (judge::all(&projects, reading, world), Vec::new())
    };
    if !dry_run && let Err(error) = fix::write(&changed, world) {
        return Ok(generate::broken(&error, screen));
    }
    let wrong = verdict::wrong(&checked);
    let files: Vec<String> = checked.iter().flat_map(|one| one.files.clone()).collect();
    let numbers = judge::Numbers::of(&checked);
    let mut reports: Vec<Report> =
        std::iter::once(found).chain(checked.into_iter().map(|one| one.report)).collect();
    told::once(&mut reports);
    let verdict = verdict::words(&reports, files.len(), wrong, &numbers, *fix);
    let run = Run { reports: &reports, files: &files, verdict: &verdict };
    let said = telling::text(&run, telling, world, screen.colours);
    if telling.format == Format::Human {
        if *dry_run {
            screen.print(fix::difference(&changed));
        }
        screen.say(fix::summary(&changed, *dry_run) + &said + &verdict);
    } else {
        screen.print(said);
    }
    telling::step_summary(&run, telling, world, screen);
    let would_change = *dry_run && !changed.is_empty();
    let wrong = would_change || reports.iter().any(Report::has_errors);
    Ok(if wrong { Exit::Wrong } else { Exit::Fine })
}
