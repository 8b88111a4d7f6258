//! Spends an emission: writes it, compares it, or prints it. The only writing in the program.
//!
//! **Invariant:** all bytes are known before the first one is written, and every new file stands in full beside the old one
//! before the first is replaced; state, lists and output are down on the disk by then, too.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Context;

use crate::model::flow::{Emission, FileList, OutFile};
use crate::model::share;
use crate::world::{Entry, Keep, Lock, Staged, World, is_temporary};
use crate::write::compare::{self, Difference, Files, Kind, Side};
use crate::write::stale;

/// Permissions of a folder that everybody may enter.
const OPEN: u32 = 0o755;
/// Permissions of a folder that only its owner may enter.
const CLOSED: u32 = 0o700;

/// How long a run waits for another that writes to the same folder.
const WAIT: Duration = Duration::from_secs(60);

/// What was done.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Spent {
    /// Files that are now as they should be.
    pub written: Vec<PathBuf>,
    /// Files of an earlier run that are gone.
    pub removed: Vec<PathBuf>,
}

/// Writes everything. The order is such that a run that is killed at any moment is mended by the next one:
///
/// 1. every new file in full beside the old one, so that a disk that is full stops the run before anything changed;
/// 2. the state, because what it holds may be known to nobody else, while all the rest can be made again from it;
/// 3. lists of our files, with the old names and the new ones, so that no file of ours is ever off its list;
/// 4. files beside the output, then the output that refers to them;
/// 5. away with what is no longer made, and its names off the lists.
///
/// # Errors
/// When the disk fails.
pub fn write(emission: &Emission, world: &dyn World) -> anyhow::Result<Spent> {
    let (late, mut removed) = clear_the_way(emission, world)?;
    for folder in folders(emission) {
        let mode = if emission.private.contains(&folder) { CLOSED } else { OPEN };
        world.make_folder(&folder, mode).with_context(|| format!("cannot make {}", folder.display()))?;
    }
    let _held = hold(emission, world)?;
    let state = emission.state.iter().map(|(path, file)| (Step::State, path.as_path(), file));
    let list = |list: &FileList| {
        let names: BTreeSet<&String> = list.before.iter().flatten().chain(&list.after).collect();
        (list.folder.join(stale::LIST), public(stale::text(names)))
    };
    let lists: Vec<(PathBuf, OutFile)> = emission.lists.iter().map(list).collect();
    let lists = lists.iter().map(|(path, file)| (Step::List, path.as_path(), file));
    let files = emission.files.iter().map(|(path, file)| {
        let step = if emission.outputs.contains(path) { Step::Output } else { Step::Beside };
        (step, path.as_path(), file)
    });
    Staging::of(state.chain(lists).chain(files).collect(), world)?.settle()?;
    for folder in late {
        world.remove(&folder).with_context(|| format!("cannot remove {}", folder.display()))?;
    }
    for list in &emission.lists {
        removed.extend(forget(list, world)?);
    }
    Ok(Spent { written: emission.files.keys().cloned().collect(), removed })
}

fn public(text: String) -> OutFile {
    OutFile { bytes: text.into_bytes(), mode: 0o644 }
}

/// Removes what stands where something else is to be, and makes folders. Returns the folders that can go later, and the
/// files that are gone.
fn clear_the_way(emission: &Emission, world: &dyn World) -> anyhow::Result<(Vec<PathBuf>, Vec<PathBuf>)> {
    let (mut late, mut removed) = (Vec::new(), Vec::new());
    for (folder, make) in &emission.folders {
        let done = if *make {
            world.make_folder(folder, OPEN)
        } else if emission
            .files
            .range(folder.clone()..)
            .next()
            .is_some_and(|(path, _)| path.starts_with(folder))
        {
            world.remove(folder)
        } else {
            late.push(folder.clone());
            Ok(())
        };
        done.with_context(|| format!("cannot change {}", folder.display()))?;
    }
    for list in &emission.lists {
        for name in list.stale() {
            let path = list.folder.join(name);
            let below = format!("{name}/");
            let is_above =
                list.after.range(below.clone()..).next().is_some_and(|made| made.starts_with(&below));
            let mut above = name.match_indices('/').filter_map(|(at, _)| name.get(..at));
            // A file where a folder is to be, or a file in a folder where a file is to be.
            if is_above || above.any(|above| list.after.contains(above)) {
                let gone = away(&path, &list.folder, world)?;
                removed.extend(gone.then_some(path));
            }
        }
    }
    Ok((late, removed))
}

/// Keeps others from writing to the folder of the output at the same time, and sweeps away what a killed run left.
fn hold(emission: &Emission, world: &dyn World) -> anyhow::Result<Option<Box<dyn Lock>>> {
    let written = emission.outputs.iter().chain(emission.state.iter().map(|(path, _)| path));
    let folders: BTreeSet<&Path> =
        written.chain(emission.files.keys()).filter_map(|path| path.parent()).collect();
    let lists = emission.lists.iter().map(|list| list.folder.as_path());
    let anchor = emission.outputs.first().and_then(|path| path.parent());
    let Some(anchor) = anchor.or_else(|| folders.first().copied()) else { return Ok(None) };
    let held = world.lock_folder(anchor, WAIT).context("cannot write")?;
    if held.is_none() {
        // What looks left behind may be another run's.
        return Ok(None);
    }
    let stale = emission.lists.iter().flat_map(|list| list.stale().map(|name| list.folder.join(name)));
    let stale: BTreeSet<PathBuf> = stale.filter_map(|path| path.parent().map(Path::to_owned)).collect();
    for folder in folders.into_iter().chain(lists).chain(stale.iter().map(PathBuf::as_path)) {
        for name in world
            .list(if folder.as_os_str().is_empty() { Path::new(".") } else { folder })
            .unwrap_or_default()
        {
            let path = folder.join(&name);
            if is_temporary(&name) && world.entry(&path) == Some(Entry::File) {
                world.remove(&path).with_context(|| format!("cannot remove {}", path.display()))?;
            }
        }
    }
    Ok(held)
}

/// What is put in its place together, one step after the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Step {
    State,
    List,
    Beside,
    Output,
}

impl Step {
    /// Files beside the output may be thousands, and the next run makes those again that a failure of the power has
    /// spoilt: nobody waits for them.
    const fn keep(self) -> Keep {
        match self {
            Self::State | Self::List | Self::Output => Keep::Lasting,
            Self::Beside => Keep::Remade,
        }
    }
}

/// Files that stand beside those they are to replace. Whatever goes wrong, none of them stays.
struct Staging<'a> {
    world: &'a dyn World,
    staged: Vec<(Step, PathBuf, Staged)>,
}

impl<'a> Staging<'a> {
    /// Stages files, but for those that are there already as they should be.
    fn of(files: Vec<(Step, &Path, &OutFile)>, world: &'a dyn World) -> anyhow::Result<Self> {
        let mut staging = Self { world, staged: Vec::new() };
        let mut failed = None;
        for (staged, error) in share::pieces(files, |files| stage(files, world)) {
            staging.staged.extend(staged);
            failed = failed.or(error);
        }
        failed.map_or(Ok(staging), Err)
    }

    /// Puts all of them in their places, step by step.
    fn settle(mut self) -> anyhow::Result<()> {
        let all: Vec<&Staged> = self.staged.iter().map(|(_, _, staged)| staged).collect();
        self.world.flush(&all).context("cannot bring the new files to the disk")?;
        for step in [Step::State, Step::List, Step::Beside, Step::Output] {
            let (here, later) =
                std::mem::take(&mut self.staged).into_iter().partition(|(at, _, _)| *at == step);
            self.staged = later;
            self.put(here)?;
        }
        Ok(())
    }

    /// Puts the files of one step in their places.
    fn put(&mut self, files: Vec<(Step, PathBuf, Staged)>) -> anyhow::Result<()> {
        let lasting = files.iter().filter(|(_, _, one)| one.keep == Keep::Lasting);
        let folder =
            |(_, _, one): &(Step, PathBuf, Staged)| one.path.parent().unwrap_or(Path::new("")).to_owned();
        let folders: BTreeSet<PathBuf> = lasting.map(folder).collect();
        let mut failed = None;
        for (left, error) in share::pieces(files, |files| put(files, self.world)) {
            self.staged.extend(left);
            failed = failed.or(error);
        }
        failed.map_or(Ok(()), Err)?;
        let folders: Vec<&Path> = folders.iter().map(PathBuf::as_path).collect();
        self.world.sync(&folders).context("cannot bring the new files to the disk")
    }
}

/// Puts files in their places up to the first that cannot be; those that are not there come back.
fn put(
    mut files: Vec<(Step, PathBuf, Staged)>,
    world: &dyn World,
) -> (Vec<(Step, PathBuf, Staged)>, Option<anyhow::Error>) {
    files.reverse();
    while let Some((_, path, next)) = files.last() {
        if let Err(error) = world.settle(next) {
            let error = anyhow::Error::new(error).context(format!("cannot write {}", path.display()));
            return (files, Some(error));
        }
        files.pop();
    }
    (files, None)
}

/// Stages files up to the first that cannot be.
fn stage(
    files: Vec<(Step, &Path, &OutFile)>,
    world: &dyn World,
) -> (Vec<(Step, PathBuf, Staged)>, Option<anyhow::Error>) {
    let mut staged = Vec::new();
    for (step, path, file) in files {
        if world.holds(path, &file.bytes, file.mode) {
            continue;
        }
        match world.stage(path, &file.bytes, file.mode, step.keep()) {
            Ok(one) => staged.push((step, path.to_owned(), one)),
            Err(error) => {
                let error = anyhow::Error::new(error).context(format!("cannot write {}", path.display()));
                return (staged, Some(error));
            }
        }
    }
    (staged, None)
}

impl Drop for Staging<'_> {
    fn drop(&mut self) {
        for (_, _, staged) in &self.staged {
            // The run fails already, and the next one sweeps.
            self.world.remove(&staged.temporary).unwrap_or_default();
        }
    }
}

/// Removes what is no longer made, and the list itself when nothing of ours is left.
fn forget(list: &FileList, world: &dyn World) -> anyhow::Result<Vec<PathBuf>> {
    let mut removed = Vec::new();
    for name in list.stale() {
        let path = list.folder.join(name);
        if away(&path, &list.folder, world)? && !name.ends_with('/') {
            removed.push(path);
        }
    }
    let path = list.folder.join(stale::LIST);
    if list.after.is_empty() {
        away(&path, &list.folder, world)?;
        world
            .remove_empty(&list.folder)
            .with_context(|| format!("cannot remove {}", list.folder.display()))?;
    } else if list.stale().next().is_some() {
        let file = public(stale::text(&list.after));
        world
            .replace(&path, &file.bytes, file.mode)
            .with_context(|| format!("cannot write {}", path.display()))?;
    }
    Ok(removed)
}

/// Removes a file, and the folders above it that are empty then; true when it was there.
fn away(path: &Path, top: &Path, world: &dyn World) -> anyhow::Result<bool> {
    let there = world.entry(path);
    let done = match there {
        Some(Entry::File) => world.remove(path),
        // A folder may hold what is not ours, such as the data of a service.
        Some(Entry::Folder) => world.remove_empty(path).map(|_| ()),
        None => Ok(()),
    };
    done.with_context(|| format!("cannot remove {}", path.display()))?;
    for above in path.ancestors().skip(1).take_while(|above| *above != top && above.starts_with(top)) {
        if !world.remove_empty(above).with_context(|| format!("cannot remove {}", above.display()))? {
            break;
        }
    }
    Ok(there == Some(Entry::File))
}

/// The folders of all files, those above before those below.
fn folders(emission: &Emission) -> BTreeSet<PathBuf> {
    let above = |path: &PathBuf| -> Vec<PathBuf> {
        path.ancestors().skip(1).filter(|folder| !folder.as_os_str().is_empty()).map(Path::to_owned).collect()
    };
    emission.files.keys().flat_map(above).chain(emission.private.iter().cloned()).collect()
}

/// What writing would change.
///
/// # Errors
/// When a file is there but cannot be read.
pub fn compare(emission: &Emission, world: &dyn World) -> anyhow::Result<Vec<Difference>> {
    let after = files(emission);
    let mut before = Files::new();
    for (path, side) in &after {
        if let Some(found) = found(path, side.kind, world)? {
            before.insert(path.clone(), found);
        }
    }
    for (list, name) in emission.lists.iter().flat_map(|list| list.stale().map(move |name| (list, name))) {
        let path = list.folder.join(name);
        let above = path.parent();
        let shown = emission.outputs.iter().any(|output| output.parent() == above);
        let kind = if shown { Kind::Documents } else { Kind::Beside };
        if let Some(found) = found(&path, kind, world)? {
            before.insert(path, found);
        }
    }
    for path in
        emission.lists.iter().filter(|list| list.after.is_empty()).map(|list| list.folder.join(stale::LIST))
    {
        if let Some(found) = found(&path, Kind::List, world)? {
            before.insert(path, found);
        }
    }
    for path in emission.folders.iter().filter(|(_, make)| !**make).map(|(path, _)| path) {
        if world.entry(path).is_some() {
            before.insert(path.clone(), Side { bytes: Vec::new(), kind: Kind::Folder });
        }
    }
    Ok(compare::compare(&before, &after))
}

/// What a path leads to now, when it is what is looked for.
fn found(path: &Path, kind: Kind, world: &dyn World) -> anyhow::Result<Option<Side>> {
    let wanted = if kind == Kind::Folder { Entry::Folder } else { Entry::File };
    if world.entry(path) != Some(wanted) || world.is_stream(path) {
        return Ok(None);
    }
    let read = if wanted == Entry::Folder { Ok(Vec::new()) } else { world.read(path) };
    let bytes = read.with_context(|| format!("cannot read {}", path.display()))?;
    Ok(Some(Side { bytes, kind }))
}

/// The files of a run as one side of a comparison.
pub fn files(emission: &Emission) -> Files {
    let private = |path: &Path, file: &OutFile| {
        file.mode | 0o700 == 0o700 || path.ancestors().any(|folder| emission.private.contains(folder))
    };
    let kind = |path: &PathBuf, file: &OutFile| {
        if emission.outputs.contains(path) {
            Kind::Documents
        } else if private(path, file) {
            Kind::Private
        } else {
            Kind::Beside
        }
    };
    let files = emission.files.iter();
    let files =
        files.map(|(path, file)| (path.clone(), Side { bytes: file.bytes.clone(), kind: kind(path, file) }));
    let lists = emission.lists.iter().filter(|list| !list.after.is_empty()).map(|list| {
        let bytes = stale::text(&list.after).into_bytes();
        (list.folder.join(stale::LIST), Side { bytes, kind: Kind::List })
    });
    let made = emission.folders.iter().filter(|(_, make)| **make).map(|(path, _)| path.clone());
    let folders = made.map(|path| (path, Side { bytes: Vec::new(), kind: Kind::Folder }));
    files.chain(lists).chain(folders).collect()
}
