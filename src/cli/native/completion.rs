//! `completion`: a script that teaches a shell our commands.

use clap::Args;
use clap_complete::Shell;

use crate::cli::{Exit, Screen};

/// Print a completion script for a shell
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  sightread completion bash > /etc/bash_completion.d/sightread")]
pub(super) struct Typed {
    /// The shell
    #[arg(value_name = "SHELL")]
    shell: Shell,
}

/// Prints the script.
pub(super) fn run(typed: &Typed, screen: &mut Screen<'_>) -> Exit {
    let Typed { shell } = typed;
    let mut script = Vec::new();
    clap_complete::generate(*shell, &mut super::tree(), "sightread", &mut script);
    screen.print(script);
    Exit::Fine
}
