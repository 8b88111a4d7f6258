//! `provisioners update`: fetches anew what was fetched and locks what is there; with `--locked`, brings back what was
//! locked.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use clap::Args;

use super::fetched::{self, Arrived};
use super::{Desk, Done, add};
use crate::cli::Exit;
use crate::cli::lock::{self, Locked};
use crate::cli::native::Usage;
use crate::cli::native::request::PROVISIONERS;
use crate::diag::Report;
use crate::resolve::catalog;

/// Fetch provisioners anew and bring sightread.lock up to date
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  sightread provisioners update
  sightread provisioners update provisioners/redis.yaml
  sightread provisioners update --locked --offline")]
pub(super) struct Typed {
    /// Files or addresses [default: all]
    #[arg(value_name = "FILE|URI")]
    wanted: Vec<String>,
    /// Bring fetched files back exactly as they were locked, instead of fetching newer ones
    #[arg(long)]
    locked: bool,
    /// Ask nobody: take what was locked from the cache
    #[arg(long, requires = "locked")]
    offline: bool,
}

/// A file that is about to be written and locked.
struct Next {
    path: String,
    from: Option<String>,
    arrived: Arrived,
}

/// Updates or brings back.
pub(super) fn run(typed: &Typed, desk: &mut Desk<'_, '_>) -> Done {
    let Typed { wanted, locked, offline } = typed;
    let own = own(desk);
    for word in wanted {
        let known =
            desk.lock.files.iter().any(|(path, file)| path == word || file.from.as_ref() == Some(word));
        if !known && !own.contains(word) {
            return Err(Usage(format!("`{word}` is not in {}{}", lock::FILE, list(desk))).into());
        }
    }
    let asked = |path: &str, from: Option<&str>| {
        wanted.is_empty() || wanted.iter().any(|word| word == path || Some(word.as_str()) == from)
    };
    if *locked {
        return bring_back(&asked, *offline, desk);
    }
    let mut next = newer(&asked, desk)?;
    for path in own.into_iter().filter(|path| asked(path, None)) {
        let text = desk.text(&path)?;
        let name = path.clone();
        next.push(Next { path, from: None, arrived: Arrived { name, text, resolved: None } });
    }
    if !untouched(&next, desk) {
        return Ok(Exit::Wrong);
    }
    let mut addresses = BTreeSet::new();
    let mut ready = Vec::new();
    for one in next {
        let found = fetched::judged(&one.path, &one.arrived.text, desk)?;
        ready.push((fetched::locked(one.from.as_deref(), &one.arrived, &found), one));
    }
    for (locked, one) in ready {
        settle(locked, &one, desk)?;
        addresses.extend(one.from);
    }
    desk.lock.keep(desk.world)?;
    for uri in &addresses {
        add::after(uri, desk);
    }
    Ok(Exit::Fine)
}

/// The addresses' files as they are now.
fn newer(
    asked: &dyn Fn(&str, Option<&str>) -> bool,
    desk: &mut Desk<'_, '_>,
) -> Result<Vec<Next>, super::Trouble> {
    let mut addresses: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (path, file) in &desk.lock.files {
        if let Some(from) = file.from.clone().filter(|from| asked(path, Some(from))) {
            addresses.entry(from).or_default().push(path.clone());
        }
    }
    let mut next = Vec::new();
    for (from, paths) in addresses {
        let arrived = fetched::fetch(&from, desk.world)?;
        let single = arrived.len() == 1 && paths.len() == 1;
        let mut gone: BTreeSet<String> = paths.iter().cloned().collect();
        for one in arrived {
            // A file that was given another name keeps it.
            let renamed = paths.first().filter(|_| single).cloned();
            let path = renamed.unwrap_or_else(|| fetched::path(&one.name));
            gone.remove(&path);
            next.push(Next { path, from: Some(from.clone()), arrived: one });
        }
        for path in gone {
            desk.screen.say(format!(
                "note: {from} has no longer what was fetched as {path}; `sightread provisioners remove {path}` removes it\n"
            ));
        }
    }
    Ok(next)
}

/// True when no file that would be replaced was changed here; those that were are named.
fn untouched(next: &[Next], desk: &mut Desk<'_, '_>) -> bool {
    let mut fine = true;
    for one in next.iter().filter(|one| one.from.is_some()) {
        let Ok(text) = desk.text(&one.path) else { continue };
        let before = desk.lock.files.get(&one.path);
        let now = lock::digest(&text);
        if before.is_none_or(|before| before.digest != now) && now != lock::digest(&one.arrived.text) {
            fine = false;
            desk.screen.say(format!(
                "error: {path} was changed here, and an update would lose that\nhelp: rename it to keep it, or bring it \
                 back as it was: `sightread provisioners update --locked {path}`\n",
                path = one.path
            ));
        }
    }
    fine
}

/// Writes and locks one file and says what became of it.
fn settle(locked: Locked, one: &Next, desk: &mut Desk<'_, '_>) -> anyhow::Result<()> {
    let Next { path, from, arrived } = one;
    let before = desk.lock.files.get(path).cloned();
    let same = before.as_ref().is_some_and(|before| before.digest == locked.digest);
    if from.is_some() && desk.text(path).ok().as_ref() != Some(&arrived.text) {
        fetched::write(path, &arrived.text, desk.world)?;
    }
    let word = match (&before, same) {
        (None, _) => "locked",
        (Some(_), true) => "unchanged",
        (Some(_), false) => "updated",
    };
    desk.screen.say(format!("{word} {path}, {}\n", locked.digest));
    if before.is_some_and(|before| before.commands) && !same {
        desk.screen.say(format!(
            "note: its programs may not run any more: read it, then `sightread provisioners approve {path}`\n"
        ));
    }
    add::keep(path.clone(), locked, desk);
    Ok(())
}

/// The files of `./provisioners/` that were written here.
fn own(desk: &Desk<'_, '_>) -> BTreeSet<String> {
    let mut report = Report::default();
    let beside = desk.world.entry(Path::new(PROVISIONERS)).map(|_| PROVISIONERS);
    let here = beside.into_iter().flat_map(|folder| catalog::files(folder, desk.world, &mut report));
    let locked = desk.lock.files.iter().filter(|(path, _)| desk.world.entry(Path::new(path)).is_some());
    here.chain(locked.map(|(path, _)| path.clone()))
        .filter(|path| desk.lock.files.get(path).is_none_or(|file| file.from.is_none()))
        .collect()
}

fn bring_back(asked: &dyn Fn(&str, Option<&str>) -> bool, offline: bool, desk: &mut Desk<'_, '_>) -> Done {
    let mut fine = true;
    for (path, file) in desk.lock.files.clone() {
        if !asked(&path, file.from.as_deref()) {
            continue;
        }
        if desk.text(&path).is_ok_and(|text| lock::digest(&text) == file.digest) {
            continue;
        }
        if file.from.is_none() {
            fine = false;
            desk.screen.say(format!(
                "error: {path} is not what was locked, and it was written here\nhelp: take it from Git, or lock it as \
                 it is now: `sightread provisioners update {path}`\n"
            ));
            continue;
        }
        let text = fetched::again(&path, &file, offline, desk.world)?;
        fetched::write(&path, &text, desk.world)?;
        desk.screen.say(format!("brought back {path}, {}\n", file.digest));
    }
    if fine {
        desk.screen.say(format!("everything is as {} says\n", lock::FILE));
    }
    Ok(if fine { Exit::Fine } else { Exit::Wrong })
}

/// What the lock holds, for a complaint.
pub(super) fn list(desk: &Desk<'_, '_>) -> String {
    let files: Vec<&str> = desk.lock.files.keys().map(String::as_str).collect();
    if files.is_empty() {
        ", which holds nothing".to_owned()
    } else {
        format!("\n\nit holds: {}", files.join(", "))
    }
}
