//! The seed of all secrets: from the environment, from `.sightread/seed`, or drawn when one is needed first.

use std::path::Path;
use std::time::Duration;

use anyhow::{Context, bail};

use crate::diag::codes::machine as codes;
use crate::diag::{At, Diagnostic, Report};
use crate::model::text::Hidden;
use crate::world::{Entry, World};

/// The folder of what we keep.
const FOLDER: &str = ".sightread";
/// The file of the seed.
const FILE: &str = ".sightread/seed";
/// The variable that gives the seed.
const VARIABLE: &str = "SIGHTREAD_SEED";

/// A seed, and whether it must be kept once it was used.
#[derive(Debug, Default)]
pub(super) struct Seed {
    /// The seed; `None` makes a needed secret an error.
    pub(super) value: Option<Hidden>,
    /// True when it was drawn just now.
    pub(super) fresh: bool,
}

/// Finds the seed; draws one where `may_draw` and this is no CI.
///
/// # Errors
/// When the file is there but cannot be read, or the system has no dice.
pub(super) fn find(may_draw: bool, world: &dyn World) -> anyhow::Result<Seed> {
    let given = world.env(VARIABLE).filter(|value| !value.trim().is_empty());
    if let Some(value) = given {
        return Ok(Seed { value: Some(Hidden::new(value.trim())), fresh: false });
    }
    if world.entry(Path::new(FILE)) == Some(Entry::File) {
        let bytes = world.read(Path::new(FILE)).with_context(|| format!("cannot read {FILE}"))?;
        let text = String::from_utf8(bytes).with_context(|| format!("cannot read {FILE}"))?;
        if text.trim().is_empty() {
            bail!("{FILE} is empty: bring it back from a copy, or remove it to have new secrets");
        }
        return Ok(Seed { value: Some(Hidden::new(text.trim())), fresh: false });
    }
    let ci = world.env("CI").is_some_and(|value| !value.is_empty() && value != "false");
    if ci || !may_draw {
        return Ok(Seed::default());
    }
    let mut bytes = [0_u8; 32];
    world.dice(&mut bytes).context("cannot draw a seed")?;
    let text: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().concat();
    Ok(Seed { value: Some(Hidden::new(text)), fresh: true })
}

/// Keeps a seed that was drawn, where only its owner can read it and Git ignores it.
///
/// # Errors
/// When it cannot be written, or another run kept its own meanwhile.
pub(super) fn keep(seed: &Seed, world: &dyn World, report: &mut Report) -> anyhow::Result<()> {
    let (Some(value), true) = (&seed.value, seed.fresh) else { return Ok(()) };
    world.make_folder(Path::new(FOLDER), 0o700).with_context(|| format!("cannot make {FOLDER}"))?;
    let lock = Path::new(FOLDER).join("lock");
    let _held = world.lock(&lock, Duration::from_secs(10)).context("cannot keep the seed")?;
    if world.entry(Path::new(FILE)).is_some() {
        bail!("another run made {FILE} at the same moment: run the command again");
    }
    let ignore = Path::new(FOLDER).join(".gitignore");
    world.replace(&ignore, b"*\n", 0o644).with_context(|| format!("cannot write {}", ignore.display()))?;
    let line = format!("{}\n", value.reveal());
    world.replace(Path::new(FILE), line.as_bytes(), 0o600).with_context(|| format!("cannot write {FILE}"))?;
    report.push(
        Diagnostic::new(
            &codes::SEED_MADE,
            "a seed for secrets was made and kept",
            At::Named(FILE.to_owned()),
        )
        .note("the same seed gives the same passwords; Git ignores the file")
        .help(format!("keep a copy in a safe place; in CI, give it as `{VARIABLE}`")),
    );
    Ok(())
}
