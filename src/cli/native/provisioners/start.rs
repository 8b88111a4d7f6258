//! `provisioners new`: a commented start that works on both targets.

use std::path::Path;

use anyhow::Context;
use clap::Args;

use super::{Desk, Done};
use crate::cli::Exit;
use crate::cli::native::Usage;
use crate::cli::native::request::PROVISIONERS;
use crate::resolve::builtin;

/// Begin a provisioner in `./provisioners/`: commented, complete, for every target
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  sightread provisioners new queue")]
pub(super) struct Typed {
    /// The resource type that it will answer for
    #[arg(value_name = "TYPE")]
    kind: String,
    /// Print it instead of writing it
    #[arg(long)]
    stdout: bool,
}

/// The start; `TYPE` stands for the type.
const START: &str = include_str!("start.yaml");

/// Writes the start; never over a file that is there.
pub(super) fn run(typed: &Typed, desk: &mut Desk<'_, '_>) -> Done {
    let Typed { kind, stdout } = typed;
    let is_name = !kind.is_empty()
        && kind.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
        && kind.starts_with(|c: char| c.is_ascii_lowercase());
    if !is_name {
        return Err(Usage(format!(
            "`{kind}` cannot be the name of a resource type here; use lower-case letters, digits and dashes, as in `message-queue`"
        ))
        .into());
    }
    let text = START.replace("TYPE", kind);
    if *stdout {
        desk.screen.print(text);
        return Ok(Exit::Fine);
    }
    let path = format!("{PROVISIONERS}/{kind}.yaml");
    if desk.world.entry(Path::new(&path)).is_some() {
        desk.screen.say(format!("error: {path} is there already and was left as it is\n"));
        return Ok(Exit::Wrong);
    }
    desk.world
        .make_folder(Path::new(PROVISIONERS), 0o755)
        .and_then(|()| desk.world.replace(Path::new(&path), text.as_bytes(), 0o644))
        .with_context(|| format!("cannot write {path}"))?;
    let before = if builtin::types().any(|known| known == kind) {
        format!("\nnote: from now on it answers for `{kind}` in the place of the built-in one\n")
    } else {
        String::new()
    };
    desk.screen.say(format!(
        "wrote {path}\n{before}\nnext: edit it, then\n  sightread provisioners lint {path}\n  sightread provisioners test {path}\n"
    ));
    Ok(Exit::Fine)
}
