//! `provisioners …`: who answers for which resource type and how; writing, judging, fetching and pinning provisioner files.

use std::path::Path;

use clap::{Args, Subcommand, ValueEnum};

use super::options::Telling;
use super::telling::{self, Deed};
use super::{Usage, request};
use crate::cli::lock::{self, Lock};
use crate::cli::{Exit, Screen};
use crate::diag::{Failed, Report};
use crate::resolve::catalog::{self, Catalog, Origins, load};
use crate::world::World;

mod add;
mod approve;
mod cases;
mod explain;
pub(super) mod facts;
mod fetched;
mod lint;
mod list;
mod remove;
mod start;
mod test;
mod update;

/// List, explain, write, test, fetch and pin provisioners
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  sightread provisioners list\n  sightread provisioners show postgres\n  sightread provisioners explain redis"
)]
pub(super) struct Typed {
    /// A provisioner file or a folder of them, before the built-in ones (repeatable)
    #[arg(long, value_name = "FILE|DIR", global = true)]
    provisioners: Vec<String>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    List(list::Typed),
    Show(list::Show),
    Explain(explain::Typed),
    New(start::Typed),
    Lint(lint::Typed),
    Test(test::Typed),
    Add(add::Typed),
    Update(update::Typed),
    Remove(remove::Typed),
    Approve(approve::Typed),
}

/// How lists and answers are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
enum Format {
    // For people.
    #[default]
    Human,
    // For machines.
    Json,
}

/// What the commands need: where provisioners come from, what is locked, and the room to talk in.
struct Desk<'a, 's> {
    /// `--provisioners`, then `./provisioners/`, then the built-in ones.
    origins: Origins,
    lock: Lock,
    world: &'a dyn World,
    screen: &'a mut Screen<'s>,
    report: Report,
}

/// How a command ends: with an exit code, wrong usage, or a failure that the report or the machine explains.
enum Trouble {
    Usage(Usage),
    Machine(anyhow::Error),
    Said,
}

impl From<Usage> for Trouble {
    fn from(usage: Usage) -> Self {
        Self::Usage(usage)
    }
}

impl From<anyhow::Error> for Trouble {
    fn from(error: anyhow::Error) -> Self {
        Self::Machine(error)
    }
}

impl From<Failed> for Trouble {
    fn from(_: Failed) -> Self {
        Self::Said
    }
}

type Done = Result<Exit, Trouble>;

/// Runs one of the commands.
pub(super) fn run(typed: &Typed, world: &dyn World, screen: &mut Screen<'_>) -> Result<Exit, Usage> {
    let Typed { provisioners, command } = typed;
    let mut report = Report::default();
    let writes = matches!(
        command,
        Command::New(_) | Command::Add(_) | Command::Update(_) | Command::Remove(_) | Command::Approve(_)
    );
    let how = (&Telling::default(), Deed::of(writes));
    let lock = lock::read(world, &mut report);
    let Ok(lock) = lock else {
        telling::print(&report, &[], how, world, screen);
        return Ok(Exit::Wrong);
    };
    let origins = request::origins(provisioners, &lock, world);
    let mut desk = Desk { origins, lock, world, screen, report };
    let done = match command {
        Command::List(typed) => list::run(typed, &mut desk),
        Command::Show(typed) => list::show(typed, &mut desk),
        Command::Explain(typed) => explain::run(typed, &mut desk),
        Command::New(typed) => start::run(typed, &mut desk),
        Command::Lint(typed) => lint::run(typed, &mut desk),
        Command::Test(typed) => test::run(typed, &mut desk),
        Command::Add(typed) => add::run(typed, &mut desk),
        Command::Update(typed) => update::run(typed, &mut desk),
        Command::Remove(typed) => remove::run(typed, &mut desk),
        Command::Approve(typed) => approve::run(typed, &mut desk),
    };
    if !matches!(done, Err(Trouble::Usage(_))) {
        telling::print(&desk.report, &[], how, world, desk.screen);
    }
    match done {
        Ok(exit) => Ok(exit),
        Err(Trouble::Usage(usage)) => Err(usage),
        Err(Trouble::Machine(error)) => Ok(super::generate::broken(&error, desk.screen)),
        Err(Trouble::Said) => Ok(Exit::Wrong),
    }
}

impl Desk<'_, '_> {
    /// All provisioners there are, for any target.
    fn catalog(&mut self) -> Result<Catalog, Failed> {
        load(&self.origins, None, "", self.world, &mut self.report)
    }

    /// The provisioner files that are named, or else the project's; `what` is to be done with them.
    fn files(&mut self, named: &[String], what: &str) -> Result<Vec<String>, Usage> {
        let paths = if named.is_empty() { self.origins.paths.as_slice() } else { named };
        if paths.is_empty() {
            return Err(Usage(format!(
                "there is nothing to {what}: no file was named, and there is no folder `provisioners`\n\n\
                 `sightread provisioners new TYPE` begins a provisioner"
            )));
        }
        let mut found = Vec::new();
        for path in paths {
            // What a state folder holds beside provisioners is its state.
            let is_state = self.world.entry(&Path::new(path).join("state.yaml")).is_some();
            let mut files = catalog::files(path, self.world, &mut self.report);
            files.retain(|file| !is_state || file.ends_with(".provisioners.yaml"));
            found.extend(files);
        }
        Ok(found)
    }

    /// A file's text.
    fn text(&self, path: &str) -> anyhow::Result<String> {
        use anyhow::Context;
        let bytes = self.world.read(Path::new(path)).with_context(|| format!("cannot read {path}"))?;
        String::from_utf8(bytes).with_context(|| format!("{path} is not UTF-8 text"))
    }
}
