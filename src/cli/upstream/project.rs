//! A project of the Go tools: its state folder, read and written under a lock.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Context;

use crate::cli::lock;
use crate::cli::upstream::{Call, Tool, Trouble, commands};
use crate::model::text::Hidden;
use crate::model::tree::Tree;
use crate::read;
use crate::read::state::Remembered;
use crate::resolve::Rules;
use crate::resolve::catalog::Origins;
use crate::resolve::upstream::Permissions;
use crate::target;
use crate::world::{Entry, Lock, World};
use crate::write;

/// How long a second process waits for the first.
const WAIT: Duration = Duration::from_secs(120);

/// What a file of the state folder may be read by.
const PRIVATE: u32 = 0o600;

/// What keeps the state folder's private files out of a repository.
const IGNORED: &str = "# What must not be shared: it holds passwords, or is made anew.\n/state.yaml*\n/seed\n/.lock\n/mounts/\n";

/// The folder of side files when the state names none.
pub(super) const MOUNTS: &str = ".score-compose/mounts";

/// Takes the lock of the project; its folder must exist.
pub(super) fn lock(call: &Call<'_, '_>) -> Result<Box<dyn Lock>, Trouble> {
    let path = PathBuf::from(call.tool.path(".lock"));
    let lock =
        call.world.lock(&path, WAIT).with_context(|| format!("the project {} is busy", call.tool.folder))?;
    Ok(lock)
}

/// True when `init` ran here.
pub(super) fn exists(call: &Call<'_, '_>) -> bool {
    call.world.entry(Path::new(&call.tool.path("state.yaml"))) == Some(Entry::File)
}

/// Reads the state.
pub(super) fn load(call: &mut Call<'_, '_>) -> Result<Remembered, Trouble> {
    let path = call.tool.path("state.yaml");
    let bytes = call.world.read(Path::new(&path)).with_context(|| format!("failed to read {path}"))?;
    let text = String::from_utf8(bytes).map_err(|_| format!("{path} is not UTF-8"))?;
    let source = call.report.sources.add(path, text);
    Ok(read::state::state(source, &mut call.report)?)
}

/// Reads the state, or says that there is no project.
pub(super) fn open(call: &mut Call<'_, '_>) -> Result<Remembered, Trouble> {
    if !exists(call) {
        return Err(missing(call.tool).into());
    }
    load(call)
}

/// What is said where there is no project.
pub(super) fn missing(tool: &Tool) -> String {
    format!("state directory does not exist, please run \"{} init\" first", tool.name)
}

/// Writes the state by itself; a run that generates writes it with its files.
pub(super) fn save(call: &Call<'_, '_>, remembered: &Remembered) -> Result<(), Trouble> {
    let path = call.tool.path("state.yaml");
    let bytes = write::state::to_bytes(&remembered.state);
    call.world
        .replace(Path::new(&path), &bytes, PRIVATE)
        .with_context(|| format!("failed to write {path}"))?;
    Ok(())
}

/// The text that a state keeps under a key of its top.
pub(super) fn text<'a>(remembered: &'a Remembered, key: &str) -> Option<&'a str> {
    remembered.state.extra.get(key).and_then(Tree::as_str)
}

/// The patch templates that a state keeps.
pub(super) fn patches(remembered: &Remembered) -> Vec<String> {
    let kept = remembered.state.extra.get("patching_templates").and_then(Tree::as_list);
    kept.into_iter().flatten().filter_map(Tree::as_str).map(str::to_owned).collect()
}

/// The seed of what is random: `SIGHTREAD_SEED`, else the one that the project keeps, else a new one to keep.
pub(super) fn seed(call: &Call<'_, '_>) -> Result<Hidden, Trouble> {
    if let Some(seed) = call.world.env("SIGHTREAD_SEED").filter(|seed| !seed.is_empty()) {
        return Ok(Hidden::new(seed));
    }
    let path = call.tool.path("seed");
    if let Some(kept) = call.world.read(Path::new(&path)).ok().and_then(|bytes| String::from_utf8(bytes).ok())
    {
        return Ok(Hidden::new(kept.trim()));
    }
    let mut bytes = [0_u8; 32];
    call.world.dice(&mut bytes).context("the system has no dice")?;
    let mut seed = String::new();
    for byte in bytes {
        let _ = write!(seed, "{byte:02x}");
    }
    let line = format!("{seed}\n");
    // A project that upstream began ignores nothing yet, and whoever has the seed has the passwords.
    ignore(call)?;
    call.world
        .replace(Path::new(&path), line.as_bytes(), PRIVATE)
        .with_context(|| format!("failed to write {path}"))?;
    Ok(Hidden::new(seed))
}

/// Sees that the state folder ignores what is private, the seed above all.
pub(super) fn ignore(call: &Call<'_, '_>) -> Result<(), Trouble> {
    let path = call.tool.path(".gitignore");
    let kept = call.world.read(Path::new(&path)).ok().and_then(|bytes| String::from_utf8(bytes).ok());
    let covers = |line: &str| matches!(line.trim(), "*" | "/*" | "seed" | "/seed");
    let text = match kept {
        Some(text) if text.lines().any(covers) => return Ok(()),
        Some(text) if text.is_empty() || text.ends_with('\n') => text + "/seed\n",
        Some(text) => text + "\n/seed\n",
        None if call.world.entry(Path::new(&path)).is_some() => return Ok(()),
        None => IGNORED.to_owned(),
    };
    call.world.replace(Path::new(&path), text.as_bytes(), 0o644).context(".gitignore cannot be written")?;
    Ok(())
}

/// The files whose commands the user approved, by digest: in the state folder, or in `sightread.lock`.
pub(super) fn approved(tool: &Tool, world: &dyn World) -> BTreeSet<String> {
    let bytes = world.read(Path::new(&tool.path("approved"))).unwrap_or_default();
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let kept = text.lines().filter_map(|line| line.split_whitespace().next()).map(str::to_owned);
    kept.chain(lock::approved(world)).collect()
}

/// Where the provisioners of the project are: the `*.provisioners.yaml` of its folder, in the order of their names.
pub(super) fn origins(tool: &Tool, world: &dyn World) -> Origins {
    let names = world.list(Path::new(tool.folder)).unwrap_or_default();
    let paths = names.iter().filter(|name| name.ends_with(".provisioners.yaml")).map(|name| tool.path(name));
    let paths = paths.filter(|path| world.entry(Path::new(path)) == Some(Entry::File));
    Origins { paths: paths.collect(), first_only: true, ..Origins::default() }
}

/// How the project is resolved.
pub(super) fn rules(call: &Call<'_, '_>, remembered: &Remembered) -> Rules {
    let tool = call.tool;
    let compose = tool.is_compose();
    let mounts = text(remembered, "mounts_directory").unwrap_or(MOUNTS);
    Rules {
        target: tool.target.to_owned(),
        sections: target::find(tool.target).map_or(&[], |target| target.sections()),
        project: text(remembered, "compose_project").unwrap_or_default().to_owned(),
        namespace: call.given.text(&commands::NAMESPACE).to_owned(),
        keep_dollars: compose,
        moments: true,
        mounts: if compose { mounts.to_owned() } else { String::new() },
        mounts_here: if compose { mounts.to_owned() } else { String::new() },
        permissions: Permissions {
            commands: !call.given.on("no-exec"),
            approved: approved(tool, call.world),
            environment: call.given.on("allow-env"),
            mode: (!compose).then(|| "provision".to_owned()),
            live: true,
            approve: format!("{} provisioners approve", tool.name),
            ..Permissions::default()
        },
        ..Rules::default()
    }
}
