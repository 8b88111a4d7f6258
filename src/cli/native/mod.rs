//! The native door: the tree of commands, one file per command.

use clap::error::ErrorKind;
use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};

use crate::cli::{Exit, Screen};
use crate::world::World;

mod check;
mod completion;
mod diff;
mod env_file;
mod explain;
mod generate;
mod init;
mod man;
mod options;
mod provisioners;
mod request;
mod resources;
mod seed;
mod summary;
mod telling;
mod validate;
mod version;

/// Plays a Score file anywhere: Docker Compose or Kubernetes, nothing to set up.
#[derive(Debug, Parser)]
#[command(
    name = "sightread",
    version,
    term_width = 100,
    disable_help_subcommand = true,
    after_help = "Examples:\n  sightread init\n  sightread generate -t compose\n  sightread generate -t kubernetes -o -"
)]
struct Typed {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Generate(Box<generate::Typed>),
    Check(Box<check::Typed>),
    Diff(Box<diff::Typed>),
    Doctor(check::doctor::Typed),
    Validate(validate::Typed),
    Init(init::Typed),
    Provisioners(provisioners::Typed),
    Resources(resources::Typed),
    Explain(explain::Typed),
    Version(version::Typed),
    Completion(completion::Typed),
    Man(man::Typed),
}

/// Wrong usage: what is wrong, in one sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Usage(String);

/// The tree of commands, for help, completion and tests.
pub fn tree() -> clap::Command {
    Typed::command()
}

/// Runs the arguments that follow the program's name.
pub(super) fn run(arguments: &[String], world: &dyn World, screen: &mut Screen<'_>) -> Exit {
    let argv = std::iter::once("sightread".to_owned()).chain(arguments.iter().cloned());
    let typed = match Typed::try_parse_from(argv) {
        Ok(typed) => typed,
        Err(error) => return refuse(&error, screen),
    };
    let done = match typed.command {
        Command::Generate(typed) => generate::run(&typed, world, screen),
        Command::Check(typed) => check::run(&typed, world, screen),
        Command::Diff(typed) => diff::run(&typed, arguments, world, screen),
        Command::Doctor(typed) => check::doctor::run(&typed, world, screen),
        Command::Validate(typed) => validate::run(&typed, world, screen),
        Command::Init(typed) => Ok(init::run(&typed, world, screen)),
        Command::Provisioners(typed) => provisioners::run(&typed, world, screen),
        Command::Resources(typed) => resources::run(&typed, world, screen),
        Command::Explain(typed) => explain::run(&typed, screen),
        Command::Version(typed) => Ok(version::run(&typed, screen)),
        Command::Completion(typed) => Ok(completion::run(&typed, screen)),
        Command::Man(typed) => man::run(&typed, screen),
    };
    done.unwrap_or_else(|Usage(said)| {
        screen.say(format!("error: {said}\n"));
        Exit::Usage
    })
}

/// Reads a `diff` once more with words behind it, which win over what was said before.
fn again(arguments: &[String], more: &[String]) -> Result<Box<diff::Typed>, Usage> {
    let program = std::iter::once("sightread".to_owned());
    let argv = program.chain(arguments.iter().chain(more).cloned());
    let tree = tree().mut_subcommand("diff", |diff| diff.args_override_self(true));
    let typed = tree.try_get_matches_from(argv).and_then(|matches| Typed::from_arg_matches(&matches));
    let wrong = |error: clap::Error| {
        let text = error.render().to_string();
        Usage(format!("`--with`: {}", text.strip_prefix("error: ").unwrap_or(&text).trim_end()))
    };
    match typed.map_err(wrong)?.command {
        Command::Diff(typed) => Ok(typed),
        _ => Err(Usage("`--with` takes options".to_owned())),
    }
}

/// Help and version were asked for and go to standard output; everything else is wrong usage.
fn refuse(error: &clap::Error, screen: &mut Screen<'_>) -> Exit {
    let text = error.render();
    if matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion) {
        screen.print(text.to_string());
        return Exit::Fine;
    }
    screen.say(if screen.colours { text.ansi().to_string() } else { text.to_string() });
    Exit::Usage
}
