//! The program: arguments in, exit code out.

use std::io::{self, IsTerminal};
use std::process::ExitCode;

use sightread::cli::{self, Screen};
use sightread::world::World;
use sightread::world::disk::Disk;

/// A run makes a great many small values; this allocator makes them in half the time.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    // Standard error stays open to others: what a command complains is shown while it runs.
    let (mut out, mut err) = (io::stdout().lock(), io::stderr());
    let wants_none = Disk.env("NO_COLOR").is_some_and(|value| !value.is_empty());
    let colours = err.is_terminal() && !wants_none;
    let mut screen = Screen { out: &mut out, err: &mut err, colours };
    let exit = match cli::words(std::env::args_os(), &mut screen) {
        Ok(argv) => cli::run(&argv, &Disk, &mut screen),
        Err(exit) => exit,
    };
    ExitCode::from(exit.code())
}
