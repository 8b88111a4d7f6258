//! The porch: argv in, exit code out.
//!
//! Two doors lead in: the native one and those of the tools it replaces. Both make a [`crate::pipeline::Request`].

use std::ffi::OsString;
use std::io::Write;

use crate::world::World;

mod alias;
mod lock;
pub mod native;
mod upstream;

pub use alias::Door;

/// Where a command prints.
pub struct Screen<'a> {
    /// Standard output.
    pub out: &'a mut dyn Write,
    /// Standard error.
    pub err: &'a mut dyn Write,
    /// True when standard error is a terminal that wants colours.
    pub colours: bool,
}

impl Screen<'_> {
    /// Prints to standard output. Who closes it has read enough, so that is no failure.
    pub fn print(&mut self, text: impl AsRef<[u8]>) {
        self.out.write_all(text.as_ref()).unwrap_or_default();
    }

    /// Prints to standard error.
    pub fn say(&mut self, text: impl AsRef<[u8]>) {
        self.err.write_all(text.as_ref()).unwrap_or_default();
    }
}

/// How a run ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// Everything is fine.
    Fine,
    /// The input is wrong, or a comparison found a difference.
    Wrong,
    /// The command line is wrong.
    Usage,
    /// The machine failed: the disk, the network, a broken world.
    Machine,
}

impl Exit {
    /// The code the system sees.
    pub const fn code(self) -> u8 {
        match self {
            Self::Fine => 0,
            Self::Wrong => 1,
            Self::Usage => 2,
            Self::Machine => 3,
        }
    }
}

/// The words of a command line, when all of them are text.
///
/// # Errors
/// When one is not; that is told.
pub fn words(argv: impl IntoIterator<Item = OsString>, screen: &mut Screen<'_>) -> Result<Vec<String>, Exit> {
    argv.into_iter().map(OsString::into_string).collect::<Result<_, _>>().map_err(|word| {
        let word = word.to_string_lossy();
        screen.say(format!(
            "error: the argument `{word}` is not UTF-8; rename the file, or run in its folder\n"
        ));
        Exit::Usage
    })
}

/// Runs a command line, the program's own name first.
pub fn run(argv: &[String], world: &dyn World, screen: &mut Screen<'_>) -> Exit {
    let (door, arguments) = alias::door(argv);
    match door {
        Door::Native => native::run(arguments, world, screen),
        Door::ScoreCompose => upstream::run(&upstream::COMPOSE, arguments, world, screen),
        Door::ScoreK8s => upstream::run(&upstream::K8S, arguments, world, screen),
    }
}
