//! `provisioners add`: fetches provisioner files into `./provisioners/` and locks them.

use std::path::Path;

use clap::Args;

use super::fetched::{self, Arrived};
use super::{Desk, Done, facts};
use crate::cli::Exit;
use crate::cli::lock::Locked;
use crate::cli::native::Usage;
use crate::diag::Report;
use crate::resolve::catalog::load;

/// Fetch provisioners into `./provisioners/` and pin them in sightread.lock
#[derive(Debug, Args)]
#[command(after_help = "An address is a path, http(s)://…, git-https://HOST/REPO.git/PATH[?ref=REF],
git-ssh://USER@HOST/REPO.git/PATH[?ref=REF] or oci://REGISTRY/REPO[:TAG][#FILE].

Examples:
  sightread provisioners add https://example.com/redis.yaml
  sightread provisioners add 'git-https://example.com/platform.git/provisioners?ref=v3'
  sightread provisioners add oci://registry.example.com/platform/queue:1.2 --as 10-queue.yaml")]
pub(super) struct Typed {
    /// Where it is
    #[arg(value_name = "URI")]
    uri: String,
    /// The name of the file in `./provisioners/`; files are asked in the order of their names
    #[arg(long = "as", value_name = "NAME")]
    name: Option<String>,
}

/// Fetches, judges, writes and locks; nothing of it when anything is wrong.
pub(super) fn run(typed: &Typed, desk: &mut Desk<'_, '_>) -> Done {
    let Typed { uri, name } = typed;
    let mut arrived = fetched::fetch(uri, desk.world)?;
    if let Some(name) = name {
        rename(name, &mut arrived)?;
    }
    let mut taken = Vec::new();
    for one in arrived {
        let path = fetched::path(&one.name);
        let ours = desk.lock.files.get(&path).is_some_and(|locked| locked.from.as_ref() == Some(uri));
        if desk.world.entry(Path::new(&path)).is_some() && !ours {
            desk.screen.say(format!(
                "error: {path} is there already and was left as it is\nhelp: give the new one another name: `--as NAME.yaml`\n"
            ));
            return Ok(Exit::Wrong);
        }
        let found = fetched::judged(&path, &one.text, desk)?;
        let locked = fetched::locked(Some(uri), &one, &found);
        taken.push((path, one, locked));
    }
    for (path, one, locked) in taken {
        fetched::write(&path, &one.text, desk.world)?;
        tell("added", &path, uri, &locked, desk);
        keep(path, locked, desk);
    }
    desk.lock.keep(desk.world)?;
    after(uri, desk);
    Ok(Exit::Fine)
}

fn rename(name: &str, arrived: &mut [Arrived]) -> Result<(), Usage> {
    let plain = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
    let fits = name.chars().all(plain) && !name.starts_with('.');
    if !fits || ![".yaml", ".yml"].iter().any(|end| name.ends_with(end)) {
        return Err(Usage(format!(
            "`--as {name}` is not a file name of letters, digits, dots and dashes that ends in `.yaml`"
        )));
    }
    let [one] = arrived else {
        return Err(Usage(format!(
            "`--as` names one file, and there are {} at the address; add them one by one",
            arrived.len()
        )));
    };
    name.clone_into(&mut one.name);
    Ok(())
}

/// Puts a file into the lock; an approval stays as long as the content does.
pub(super) fn keep(path: String, locked: Locked, desk: &mut Desk<'_, '_>) {
    let before = desk.lock.files.get(&path);
    let commands = before.is_some_and(|before| before.commands && before.digest == locked.digest);
    desk.lock.files.insert(path, Locked { commands, ..locked });
}

/// Says what was done with a file.
pub(super) fn tell(word: &str, path: &str, uri: &str, locked: &Locked, desk: &mut Desk<'_, '_>) {
    let resolved = locked.resolved.as_ref().map(|resolved| format!(", {resolved}")).unwrap_or_default();
    desk.screen.say(format!("{word} {path} from {uri}{resolved}\n  {}\n", locked.digest));
}

/// Says what a person should know about the files of an address now that they are there: who is never asked, who would
/// run programs.
pub(super) fn after(uri: &str, desk: &mut Desk<'_, '_>) {
    desk.origins = super::request::origins(&[], &desk.lock, desk.world);
    let mut report = Report::default();
    let Ok(catalog) = load(&desk.origins, None, "", desk.world, &mut report) else { return };
    let mut lines = Vec::new();
    for one in &catalog.provisioners {
        let Some((file, line)) = facts::file(one, &report.sources) else { continue };
        let Some(locked) = desk.lock.files.get(&file).filter(|locked| locked.from.as_deref() == Some(uri))
        else {
            continue;
        };
        if let Some(winner) = facts::winner(one, &catalog.provisioners) {
            let by = facts::whereabouts(winner, &report.sources);
            lines.push(format!(
                "note: {file}:{line} is never asked: {by} answers for `{}` first",
                facts::pattern(one)
            ));
        }
        if let Some(program) = facts::runs_program(one).filter(|_| !locked.commands) {
            lines.push(format!(
                "note: {file}:{line} would run `{program}`; read it, then allow it: `sightread provisioners approve {file}`"
            ));
        }
    }
    for line in lines {
        desk.screen.say(line + "\n");
    }
}
