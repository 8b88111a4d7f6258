//! `provisioners remove`: takes fetched files away again, from the folder and from the lock.

use std::path::Path;

use anyhow::Context;
use clap::Args;

use super::{Desk, Done, update};
use crate::cli::native::Usage;
use crate::cli::{Exit, lock};

/// Remove fetched provisioners from `./provisioners/` and from sightread.lock
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  sightread provisioners remove provisioners/redis.yaml")]
pub(super) struct Typed {
    /// Files or the addresses they came from
    #[arg(value_name = "FILE|URI", required = true)]
    wanted: Vec<String>,
    /// Remove a file although it was changed here
    #[arg(long)]
    force: bool,
}

/// Removes; nothing when one of them was changed here.
pub(super) fn run(typed: &Typed, desk: &mut Desk<'_, '_>) -> Done {
    let Typed { wanted, force } = typed;
    let mut paths = Vec::new();
    for word in wanted {
        let named = |path: &str| {
            path == word || Path::new(path).file_name().is_some_and(|name| name == word.as_str())
        };
        let found =
            desk.lock.files.iter().filter(|(path, file)| named(path) || file.from.as_ref() == Some(word));
        let found: Vec<String> = found.map(|(path, _)| path.clone()).collect();
        if found.is_empty() {
            return Err(Usage(format!("`{word}` is not in {}{}", lock::FILE, update::list(desk))).into());
        }
        paths.extend(found);
    }
    let changed = |path: &&String| {
        let locked = desk.lock.files.get(*path);
        let fetched = locked.filter(|locked| locked.from.is_some());
        fetched.is_some_and(|locked| desk.text(path).is_ok_and(|text| lock::digest(&text) != locked.digest))
    };
    if let Some(path) = paths.iter().find(changed).filter(|_| !force) {
        desk.screen.say(format!(
            "error: {path} was changed here since it was fetched, and nothing was removed\nhelp: `--force` removes it all \
             the same\n"
        ));
        return Ok(Exit::Wrong);
    }
    for path in paths {
        let Some(locked) = desk.lock.files.remove(&path) else { continue };
        if locked.from.is_some() {
            desk.world.remove(Path::new(&path)).with_context(|| format!("cannot remove {path}"))?;
            desk.screen.say(format!("removed {path}\n"));
        } else {
            desk.screen.say(format!("forgot {path}; it was written here, so the file was left as it is\n"));
        }
    }
    desk.lock.keep(desk.world)?;
    Ok(Exit::Fine)
}
