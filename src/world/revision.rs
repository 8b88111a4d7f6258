//! The files of a Git revision, seen as if they lay in the current folder; all else is as in the world behind.
//!
//! **Invariant:** nothing is checked out and nothing is written: Git is only asked what it has.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::{Component, Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, bail};

use crate::world::{Command, Entry, Fetched, Keep, Lock, Ran, Staged, Walked, World};

/// How long Git may take.
const TIMEOUT: Duration = Duration::from_secs(60);
/// How much Git may print.
const MAX_OUTPUT: usize = 256 << 20;
/// How many links a path may go through.
const MAX_LINKS: usize = 40;

/// A file of a revision.
#[derive(Debug, Clone)]
struct Blob {
    mode: String,
    id: String,
}

/// A revision.
pub struct Revision<'a> {
    world: &'a dyn World,
    top: PathBuf,
    here: PathBuf,
    blobs: BTreeMap<PathBuf, Blob>,
    folders: BTreeSet<PathBuf>,
    submodules: BTreeSet<PathBuf>,
    keep: Vec<PathBuf>,
}

/// Where a path leads.
enum Place {
    /// To a path in the revision.
    Inside(PathBuf),
    /// To one that the revision knows nothing of.
    Behind(PathBuf),
}

impl<'a> Revision<'a> {
    /// Opens a revision by any name that Git knows; `None` when it knows none. What `keep` names is read from the world
    /// behind: files that are not for Git.
    ///
    /// # Errors
    /// When there is no Git, or no repository around the current folder.
    pub fn open(name: &str, keep: Vec<PathBuf>, world: &'a dyn World) -> anyhow::Result<Option<Self>> {
        let prefix = git(&["rev-parse", "--show-prefix"], world)
            .with_context(|| format!("`{name}` is not a file, and there are no revisions here"))?;
        let prefix = String::from_utf8(prefix).context("the path in the repository is not UTF-8")?;
        let here = world.canonical(Path::new(".")).context("the current folder cannot be read")?;
        let depth = Path::new(prefix.trim_end_matches('\n')).components().count();
        let top = here.ancestors().nth(depth).unwrap_or(&here).to_owned();
        let wanted = format!("{name}^{{commit}}");
        let args = ["rev-parse", "--verify", "--quiet", "--end-of-options", &wanted];
        let Ok(commit) = git(&args, world) else { return Ok(None) };
        let commit = String::from_utf8_lossy(&commit).trim().to_owned();
        let listed = git(&["ls-tree", "-r", "-z", "--full-tree", &commit], world)?;
        let (mut blobs, mut submodules) = (BTreeMap::new(), BTreeSet::new());
        for line in String::from_utf8_lossy(&listed).split('\0') {
            let Some((facts, path)) = line.split_once('\t') else { continue };
            let mut facts = facts.split(' ');
            match (facts.next(), facts.next(), facts.next()) {
                (Some(mode), Some("blob"), Some(id)) => {
                    let blob = Blob { mode: mode.to_owned(), id: id.to_owned() };
                    blobs.insert(PathBuf::from(path), blob);
                }
                (_, Some("commit"), _) => drop(submodules.insert(PathBuf::from(path))),
                _ => {}
            }
        }
        let folders = blobs.keys().flat_map(|path| path.ancestors().skip(1)).map(Path::to_owned).collect();
        Ok(Some(Self { world, top, here, blobs, folders, submodules, keep }))
    }

    /// The submodule that a path lies in; the revision does not hold its files.
    pub fn submodule(&self, path: &Path) -> Option<&Path> {
        let Ok(Place::Inside(path)) = self.follow(path) else { return None };
        path.ancestors().find_map(|above| self.submodules.get(above)).map(PathBuf::as_path)
    }

    /// Where a path leads, links followed.
    fn follow(&self, path: &Path) -> io::Result<Place> {
        if self.keep.iter().any(|kept| kept == path) {
            return Ok(Place::Behind(path.to_owned()));
        }
        let mut path = clean(&self.here.join(path));
        for _ in 0..MAX_LINKS {
            let Ok(below) = path.strip_prefix(&self.top) else { return Ok(Place::Behind(path)) };
            let is_link = |above: &&Path| self.blobs.get(*above).is_some_and(|blob| blob.mode == "120000");
            let Some(link) = below.ancestors().find(is_link) else {
                return Ok(Place::Inside(below.to_owned()));
            };
            let to = String::from_utf8(self.blob(link)?).map_err(io::Error::other)?;
            let rest = below.strip_prefix(link).map_err(io::Error::other)?;
            let folder = self.top.join(link.parent().unwrap_or(Path::new("")));
            path = clean(&folder.join(to).join(rest));
        }
        Err(io::Error::other("too many levels of symbolic links"))
    }

    fn blob(&self, path: &Path) -> io::Result<Vec<u8>> {
        let blob = self.blobs.get(path).ok_or_else(missing)?;
        git(&["cat-file", "blob", &blob.id], self.world).map_err(io::Error::other)
    }
}

/// True for a clone that has only its newest commits.
pub fn is_shallow(world: &dyn World) -> bool {
    git(&["rev-parse", "--is-shallow-repository"], world).is_ok_and(|said| said.starts_with(b"true"))
}

/// Asks Git.
fn git(args: &[&str], world: &dyn World) -> anyhow::Result<Vec<u8>> {
    let command = Command {
        program: PathBuf::from("git"),
        args: args.iter().map(|arg| (*arg).to_owned()).collect(),
        stdin: Vec::new(),
        env: None,
        timeout: Some(TIMEOUT),
        max_output: MAX_OUTPUT,
        label: None,
    };
    let ran = world.run(&command).context("the program `git` cannot be run")?;
    if ran.status != Some(0) {
        let said = String::from_utf8_lossy(&ran.stderr).trim().to_owned();
        bail!("git {} failed: {said}", args.first().copied().unwrap_or_default());
    }
    Ok(ran.stdout)
}

/// A path without `.` and what `..` undoes.
fn clean(path: &Path) -> PathBuf {
    let mut cleaned = PathBuf::new();
    for part in path.components() {
        match part {
            Component::ParentDir => drop(cleaned.pop()),
            Component::CurDir => {}
            Component::Normal(_) | Component::RootDir | Component::Prefix(_) => cleaned.push(part),
        }
    }
    cleaned
}

fn missing() -> io::Error {
    io::Error::new(io::ErrorKind::NotFound, "no such file or folder in the revision")
}

fn past() -> io::Error {
    io::Error::new(io::ErrorKind::ReadOnlyFilesystem, "a revision cannot be changed")
}

impl World for Revision<'_> {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        match self.follow(path)? {
            Place::Behind(path) => self.world.read(&path),
            Place::Inside(path) if self.folders.contains(&path) => {
                Err(io::Error::new(io::ErrorKind::IsADirectory, "it is a folder"))
            }
            Place::Inside(path) => self.blob(&path),
        }
    }

    fn stdin(&self) -> io::Result<Vec<u8>> {
        self.world.stdin()
    }

    fn entry(&self, path: &Path) -> Option<Entry> {
        match self.follow(path).ok()? {
            Place::Behind(path) => self.world.entry(&path),
            Place::Inside(path) if self.blobs.contains_key(&path) => Some(Entry::File),
            Place::Inside(path) => self.folders.contains(&path).then_some(Entry::Folder),
        }
    }

    fn mode(&self, path: &Path) -> Option<u32> {
        match self.follow(path).ok()? {
            Place::Behind(path) => self.world.mode(&path),
            Place::Inside(path) => {
                let blob = self.blobs.get(&path)?;
                Some(if blob.mode == "100755" { 0o755 } else { 0o644 })
            }
        }
    }

    fn list(&self, folder: &Path) -> io::Result<Vec<String>> {
        let folder = match self.follow(folder)? {
            Place::Behind(folder) => return self.world.list(&folder),
            Place::Inside(folder) => folder,
        };
        if !self.folders.contains(&folder) {
            return Err(missing());
        }
        let first = |path: &PathBuf| {
            let step = path.strip_prefix(&folder).ok()?.components().next()?;
            Some(step.as_os_str().to_string_lossy().into_owned())
        };
        let names: BTreeSet<String> = self.blobs.keys().filter_map(first).collect();
        Ok(names.into_iter().collect())
    }

    fn walk(&self, folder: &Path, wanted: &dyn Fn(&str) -> bool) -> io::Result<Walked> {
        let top = match self.follow(folder)? {
            Place::Behind(folder) => return self.world.walk(&folder, wanted),
            Place::Inside(folder) => folder,
        };
        let hidden = |path: &Path| path.iter().any(|part| part.to_string_lossy().starts_with('.'));
        let below = self.blobs.keys().filter_map(|path| path.strip_prefix(&top).ok());
        let files = below
            .filter(|path| !hidden(path) && wanted(&path.file_name().unwrap_or_default().to_string_lossy()));
        Ok(Walked { files: files.map(|path| folder.join(path)).collect(), unread: Vec::new() })
    }

    fn canonical(&self, path: &Path) -> io::Result<PathBuf> {
        match self.follow(path)? {
            Place::Behind(path) => self.world.canonical(&path),
            Place::Inside(path) if self.blobs.contains_key(&path) || self.folders.contains(&path) => {
                Ok(self.top.join(path))
            }
            Place::Inside(_) => Err(missing()),
        }
    }

    fn env(&self, name: &str) -> Option<String> {
        self.world.env(name)
    }

    fn now(&self) -> u64 {
        self.world.now()
    }

    fn dice(&self, into: &mut [u8]) -> io::Result<()> {
        self.world.dice(into)
    }

    fn run(&self, command: &Command) -> io::Result<Ran> {
        self.world.run(command)
    }

    fn fetch(&self, address: &str) -> anyhow::Result<Vec<Fetched>> {
        if address.contains("://") {
            self.world.fetch(address)
        } else {
            crate::world::fetch::fetch(address, self)
        }
    }

    fn stage(&self, _path: &Path, _bytes: &[u8], _mode: u32, _keep: Keep) -> io::Result<Staged> {
        Err(past())
    }

    fn flush(&self, _staged: &[&Staged]) -> io::Result<()> {
        Err(past())
    }

    fn settle(&self, _staged: &Staged) -> io::Result<()> {
        Err(past())
    }

    fn sync(&self, _folders: &[&Path]) -> io::Result<()> {
        Err(past())
    }

    fn make_folder(&self, _path: &Path, _mode: u32) -> io::Result<()> {
        Err(past())
    }

    fn remove(&self, _path: &Path) -> io::Result<()> {
        Err(past())
    }

    fn remove_empty(&self, _folder: &Path) -> io::Result<bool> {
        Err(past())
    }

    fn lock_folder(&self, _folder: &Path, _wait: Duration) -> io::Result<Option<Box<dyn Lock>>> {
        Err(past())
    }

    fn lock(&self, _path: &Path, _wait: Duration) -> io::Result<Box<dyn Lock>> {
        Err(past())
    }
}
