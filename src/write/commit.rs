//! Spends an emission: writes it, compares it, or prints it. The only writing in the program.
//!
//! **Invariant:** all bytes are known before the first one is written; the state is written last.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use anyhow::Context;

use crate::model::flow::{Emission, OutFile};
use crate::world::{Entry, World};
use crate::write::compare::difference;

/// Permissions of a folder that everybody may enter.
const OPEN: u32 = 0o755;
/// Permissions of a folder that only its owner may enter.
const CLOSED: u32 = 0o700;

/// Writes everything: folders, side files and documents, then the state. Returns what was touched.
///
/// # Errors
/// When the disk fails.
pub fn write(emission: &Emission, world: &dyn World) -> anyhow::Result<Vec<PathBuf>> {
    for (folder, make) in &emission.folders {
        let done = if *make { world.make_folder(folder, OPEN) } else { world.remove(folder) };
        done.with_context(|| format!("cannot change {}", folder.display()))?;
    }
    for folder in folders(emission) {
        let mode = if emission.private.contains(&folder) { CLOSED } else { OPEN };
        world.make_folder(&folder, mode).with_context(|| format!("cannot make {}", folder.display()))?;
    }
    let mut written = Vec::new();
    for (path, file) in &emission.files {
        replace(path, file, world)?;
        written.push(path.clone());
    }
    if let Some((path, file)) = &emission.state {
        replace(path, file, world)?;
    }
    Ok(written)
}

/// The folders of all files, those above before those below.
fn folders(emission: &Emission) -> BTreeSet<PathBuf> {
    let above = |path: &PathBuf| -> Vec<PathBuf> {
        path.ancestors().skip(1).filter(|folder| !folder.as_os_str().is_empty()).map(Path::to_owned).collect()
    };
    emission.files.keys().flat_map(above).chain(emission.private.iter().cloned()).collect()
}

/// Replaces a file, unless it is there already as it should be.
fn replace(path: &Path, file: &OutFile, world: &dyn World) -> anyhow::Result<()> {
    let same_mode = world.mode(path).is_none_or(|mode| mode == file.mode);
    if same_mode && world.read(path).is_ok_and(|bytes| bytes == file.bytes) {
        return Ok(());
    }
    world.replace(path, &file.bytes, file.mode).with_context(|| format!("cannot write {}", path.display()))
}

/// What writing would change, as a text; `None` when nothing would.
///
/// # Errors
/// When a file is there but cannot be read.
pub fn compare(emission: &Emission, world: &dyn World) -> anyhow::Result<Option<String>> {
    let mut changes = String::new();
    for (path, file) in &emission.files {
        let name = path.display().to_string();
        let old = match world.entry(path) {
            Some(Entry::File) => world.read(path).with_context(|| format!("cannot read {name}"))?,
            Some(Entry::Folder) | None => Vec::new(),
        };
        let is_new = world.entry(path).is_none();
        let private =
            file.mode | 0o700 == 0o700 || emission.private.iter().any(|folder| path.starts_with(folder));
        if is_new || old != file.bytes {
            changes.push_str(&difference(&name, (!is_new).then_some(&old), &file.bytes, private));
        }
    }
    for (folder, make) in &emission.folders {
        if *make != (world.entry(folder) == Some(Entry::Folder)) {
            let becomes = if *make { "made" } else { "removed" };
            changes.extend([&folder.display().to_string(), " would be ", becomes, "\n"]);
        }
    }
    Ok((!changes.is_empty()).then_some(changes))
}
