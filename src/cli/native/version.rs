//! `version`: which program this is.

use clap::Args;

use crate::cli::{Exit, Screen};

/// Print the version
#[derive(Debug, Args)]
pub(super) struct Typed {}

/// Prints name and version.
pub(super) fn run(typed: &Typed, screen: &mut Screen<'_>) -> Exit {
    let Typed {} = typed;
    screen.print(concat!("sightread ", env!("CARGO_PKG_VERSION"), "\n"));
    Exit::Fine
}
