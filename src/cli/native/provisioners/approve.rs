//! `provisioners approve`: the programs of a file may run from now on, as long as the file is exactly what it is now.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use clap::Args;

use super::fetched::{self, Arrived};
use super::{Desk, Done, facts};
use crate::cli::Exit;
use crate::cli::lock::{self, Locked};
use crate::cli::native::Usage;
use crate::cli::native::request::PROVISIONERS;
use crate::world::Entry;

/// Let the programs of `cmd://` provisioners run, by the exact content of their file
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  sightread provisioners approve provisioners/terraform.provisioners.yaml")]
pub(super) struct Typed {
    /// Files with `cmd://` provisioners [default: all]
    #[arg(value_name = "FILE")]
    wanted: Vec<String>,
}

/// True for a file that a run would only find where `--provisioners` names it.
fn is_elsewhere(word: &str, desk: &Desk<'_, '_>) -> bool {
    let path = Path::new(word);
    let is_ours =
        path.parent() == Some(Path::new(PROVISIONERS)) || desk.origins.paths.iter().any(|one| one == word);
    !is_ours && desk.world.entry(path) == Some(Entry::File)
}

/// Approves, and says what was approved.
pub(super) fn run(typed: &Typed, desk: &mut Desk<'_, '_>) -> Done {
    let Typed { wanted } = typed;
    let elsewhere = wanted.iter().filter(|word| is_elsewhere(word, desk)).cloned().collect::<Vec<_>>();
    desk.origins.paths.extend(elsewhere);
    let catalog = desk.catalog()?;
    let mut programs: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for one in &catalog.provisioners {
        let file = facts::file(one, &desk.report.sources);
        if let (Some((file, line)), Some(program)) = (file, facts::runs_program(one)) {
            programs
                .entry(file)
                .or_default()
                .push(format!("  line {line}, `{}`: {program}\n", facts::pattern(one)));
        }
    }
    let known: BTreeSet<String> = programs.keys().cloned().collect();
    // The name alone will do, where no file has exactly that path.
    let is_named = |word: &str, path: &str| {
        path == word || !known.contains(word) && Path::new(path).file_name().is_some_and(|name| name == word)
    };
    if let Some(word) = wanted.iter().find(|word| !programs.keys().any(|path| is_named(word, path))) {
        let known: Vec<&str> = programs.keys().map(String::as_str).collect();
        let known = if known.is_empty() {
            "no file here has".to_owned()
        } else {
            format!("those that do: {}", known.join(", "))
        };
        return Err(Usage(format!(
            "`{word}` is not a file here with provisioners that run programs; {known}"
        ))
        .into());
    }
    programs.retain(|path, _| wanted.is_empty() || wanted.iter().any(|word| is_named(word, path)));
    if programs.is_empty() {
        desk.screen.say("no provisioner here runs a program, so there is nothing to approve\n");
        return Ok(Exit::Fine);
    }
    for (path, lines) in programs {
        let text = desk.text(&path)?;
        let known = desk.lock.files.get(&path).cloned();
        if known.as_ref().is_some_and(|known| known.from.is_some() && known.digest != lock::digest(&text)) {
            desk.screen.say(format!(
                "error: {path} was fetched and is not what was locked, so it was not approved\nhelp: bring it back as it \
                 was: `sightread provisioners update --locked {path}`\n"
            ));
            return Ok(Exit::Wrong);
        }
        let arrived = Arrived {
            name: path.clone(),
            text,
            resolved: known.as_ref().and_then(|known| known.resolved.clone()),
        };
        let locked = fetched::locked(known.and_then(|known| known.from).as_deref(), &arrived, &[]);
        desk.screen.say(format!("approved {path}, {}\n{}", locked.digest, lines.concat()));
        desk.lock.files.insert(path, Locked { commands: true, ..locked });
    }
    desk.lock.keep(desk.world)?;
    Ok(Exit::Fine)
}
