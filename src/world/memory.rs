//! A world in memory: files, links, environment, a clock that ticks and dice that always fall the same way.
//! Tests run in it, and so can an editor or a web page.

use std::collections::BTreeMap;
use std::io;
use std::path::{Component, Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::world::{Command, Entry, Fetched, Keep, Lock, Ran, Staged, TEMPORARY, Walked, World};

/// A file in memory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MemoryFile {
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// Its permissions.
    pub mode: u32,
}

/// The world.
#[derive(Debug, Default)]
pub struct Memory {
    files: Mutex<BTreeMap<PathBuf, MemoryFile>>,
    folders: Mutex<BTreeMap<PathBuf, u32>>,
    links: BTreeMap<PathBuf, PathBuf>,
    variables: BTreeMap<String, String>,
    input: Option<Vec<u8>>,
    answers: BTreeMap<String, Ran>,
    remote: BTreeMap<String, Vec<Fetched>>,
    throws: Mutex<u64>,
}

/// The current folder.
const HERE: &str = "/project";

/// Files that say what a walk leaves out.
const IGNORES: &[&str] = &[".ignore", ".gitignore"];

/// How many links a path may go through.
const MAX_LINKS: usize = 40;

struct Unlocked;

impl Lock for Unlocked {}

impl Memory {
    /// Puts a file there.
    pub fn put(&mut self, path: impl AsRef<Path>, bytes: impl Into<Vec<u8>>, mode: u32) {
        let file = MemoryFile { bytes: bytes.into(), mode };
        held(&self.files).insert(clean(path.as_ref()), file);
    }

    /// Puts a link there.
    pub fn link(&mut self, path: impl AsRef<Path>, to: impl Into<PathBuf>) {
        self.links.insert(clean(path.as_ref()), to.into());
    }

    /// Sets the variables of the environment.
    pub fn set_variables(&mut self, variables: BTreeMap<String, String>) {
        self.variables = variables;
    }

    /// Sets standard input; `None` is a terminal.
    pub fn set_input(&mut self, input: Option<Vec<u8>>) {
        self.input = input;
    }

    /// Says what a command answers, by the last part of its program's path, or by that and all its arguments.
    pub fn answer(&mut self, program: impl Into<String>, ran: Ran) {
        self.answers.insert(program.into(), ran);
    }

    /// Says what is found at an address.
    pub fn publish(&mut self, address: impl Into<String>, files: Vec<Fetched>) {
        self.remote.insert(address.into(), files);
    }

    /// Every file there is, by its path from the current folder where it is below it.
    pub fn files(&self) -> BTreeMap<PathBuf, MemoryFile> {
        let shorten = |path: &PathBuf| path.strip_prefix(HERE).unwrap_or(path).to_owned();
        held(&self.files).iter().map(|(path, file)| (shorten(path), file.clone())).collect()
    }

    /// Every folder that was made, with its permissions.
    pub fn folders(&self) -> BTreeMap<PathBuf, u32> {
        let shorten = |path: &PathBuf| path.strip_prefix(HERE).unwrap_or(path).to_owned();
        held(&self.folders).iter().map(|(path, mode)| (shorten(path), *mode)).collect()
    }

    /// The path with every link on the way followed.
    fn follow(&self, path: &Path) -> io::Result<PathBuf> {
        let mut path = clean(path);
        for _ in 0..MAX_LINKS {
            let Some((link, to)) = path.ancestors().find_map(|above| self.links.get_key_value(above)) else {
                return Ok(path);
            };
            let rest = path.strip_prefix(link).map_err(io::Error::other)?.to_owned();
            let folder = link.parent().unwrap_or(Path::new("/"));
            path = clean(&folder.join(to).join(rest));
        }
        Err(io::Error::other("too many levels of symbolic links"))
    }

    /// True when an ignore file of a folder above says so; the nearest that has a word about the path wins.
    fn ignored(&self, path: &Path) -> bool {
        let above =
            path.ancestors().skip(1).flat_map(|folder| IGNORES.iter().map(move |name| (folder, name)));
        for (folder, name) in above {
            let Ok(bytes) = self.read(&folder.join(name)) else { continue };
            let mut rules = ignore::gitignore::GitignoreBuilder::new(folder);
            for line in String::from_utf8_lossy(&bytes).lines() {
                // A line that is no pattern ignores nothing, as in Git.
                rules.add_line(None, line).map(drop).unwrap_or_default();
            }
            let Ok(rules) = rules.build() else { continue };
            match rules.matched_path_or_any_parents(path, false) {
                ignore::Match::Ignore(_) => return true,
                ignore::Match::Whitelist(_) => return false,
                ignore::Match::None => {}
            }
        }
        false
    }

    fn is_folder(&self, path: &Path) -> bool {
        let below = |other: &PathBuf| other != path && other.starts_with(path);
        path == Path::new(HERE)
            || path == Path::new("/")
            || held(&self.folders).contains_key(path)
            || held(&self.files).keys().any(below)
    }
}

/// What a lock keeps. A thread that died while it held one left whole values behind.
fn held<T>(lock: &Mutex<T>) -> MutexGuard<'_, T> {
    lock.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The absolute path without `.` and `..`.
fn clean(path: &Path) -> PathBuf {
    let mut cleaned = PathBuf::new();
    for part in Path::new(HERE).join(path).components() {
        match part {
            Component::ParentDir => {
                cleaned.pop();
            }
            Component::CurDir => {}
            Component::Normal(_) | Component::RootDir | Component::Prefix(_) => cleaned.push(part),
        }
    }
    cleaned
}

fn missing() -> io::Error {
    io::Error::new(io::ErrorKind::NotFound, "no such file or folder")
}

impl World for Memory {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        let path = self.follow(path)?;
        if self.is_folder(&path) && !held(&self.files).contains_key(&path) {
            return Err(io::Error::new(io::ErrorKind::IsADirectory, "it is a folder"));
        }
        held(&self.files).get(&path).map(|file| file.bytes.clone()).ok_or_else(missing)
    }

    fn stdin(&self) -> io::Result<Vec<u8>> {
        self.input.clone().ok_or_else(|| io::Error::other("standard input is a terminal"))
    }

    fn entry(&self, path: &Path) -> Option<Entry> {
        let path = self.follow(path).ok()?;
        if held(&self.files).contains_key(&path) {
            return Some(Entry::File);
        }
        self.is_folder(&path).then_some(Entry::Folder)
    }

    fn mode(&self, path: &Path) -> Option<u32> {
        let path = self.follow(path).ok()?;
        let file = held(&self.files).get(&path).map(|file| file.mode);
        file.or_else(|| held(&self.folders).get(&path).copied())
    }

    fn list(&self, folder: &Path) -> io::Result<Vec<String>> {
        let folder = self.follow(folder)?;
        if !self.is_folder(&folder) {
            return Err(missing());
        }
        let (files, folders) = (held(&self.files), held(&self.folders));
        let below = files.keys().chain(folders.keys()).chain(self.links.keys());
        let first = |path: &PathBuf| {
            let rest = path.strip_prefix(&folder).ok()?;
            Some(rest.components().next()?.as_os_str().to_string_lossy().into_owned())
        };
        let names: std::collections::BTreeSet<String> = below.filter_map(first).collect();
        Ok(names.into_iter().collect())
    }

    fn walk(&self, folder: &Path, wanted: &dyn Fn(&str) -> bool) -> io::Result<Walked> {
        let top = self.follow(folder)?;
        if !self.is_folder(&top) {
            return Err(missing());
        }
        let all = held(&self.files).keys().cloned().collect::<Vec<_>>();
        let below = all.iter().filter_map(|path| Some((path, path.strip_prefix(&top).ok()?)));
        let found = below.filter(|(path, short)| {
            let hidden = short.iter().any(|part| part.to_string_lossy().starts_with('.'));
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            !hidden && wanted(&name) && !self.ignored(path)
        });
        let named = |short: &Path| {
            if folder == Path::new(".") { short.to_owned() } else { folder.join(short) }
        };
        Ok(Walked { files: found.map(|(_, short)| named(short)).collect(), unread: Vec::new() })
    }

    fn canonical(&self, path: &Path) -> io::Result<PathBuf> {
        let path = self.follow(path)?;
        if self.entry(&path).is_none() {
            return Err(missing());
        }
        Ok(path)
    }

    fn env(&self, name: &str) -> Option<String> {
        self.variables.get(name).cloned()
    }

    fn now(&self) -> u64 {
        1_767_225_600_000_000_000
    }

    fn dice(&self, into: &mut [u8]) -> io::Result<()> {
        let mut throws = held(&self.throws);
        for byte in into {
            let throw = *throws;
            *throws = throw.wrapping_add(1);
            *byte =
                throw.wrapping_mul(0x9e37_79b9_7f4a_7c15).to_be_bytes().first().copied().unwrap_or_default();
        }
        Ok(())
    }

    fn run(&self, command: &Command) -> io::Result<Ran> {
        let name = command.program.file_name().unwrap_or_default().to_string_lossy();
        let line = format!("{name} {}", command.args.join(" "));
        let answer = self.answers.get(line.trim_end()).or_else(|| self.answers.get(name.as_ref()));
        answer.cloned().ok_or_else(missing)
    }

    fn fetch(&self, address: &str) -> anyhow::Result<Vec<Fetched>> {
        let published = self.remote.get(address).cloned();
        match published {
            Some(files) => Ok(files),
            None if address.contains("://") => Err(anyhow::anyhow!("nothing answers at {address}")),
            None => crate::world::fetch::fetch(address, self),
        }
    }

    fn stage(&self, path: &Path, bytes: &[u8], mode: u32, keep: Keep) -> io::Result<Staged> {
        let path = self.follow(path)?;
        let folder = path.parent().filter(|folder| self.is_folder(folder)).ok_or_else(missing)?;
        let (start, end) = TEMPORARY;
        let mut files = held(&self.files);
        let mut names = (files.len()..).map(|n| folder.join(format!("{start}{n:06}{end}")));
        let temporary = names.find(|name| !files.contains_key(name)).ok_or_else(missing)?;
        files.insert(temporary.clone(), MemoryFile { bytes: bytes.to_owned(), mode });
        Ok(Staged { temporary, path, mode, keep, is_stream: false })
    }

    fn flush(&self, _staged: &[&Staged]) -> io::Result<()> {
        Ok(())
    }

    fn settle(&self, staged: &Staged) -> io::Result<()> {
        let Staged { temporary, path, mode: _, keep: _, is_stream: _ } = staged;
        if self.is_folder(path) {
            return Err(io::Error::new(io::ErrorKind::IsADirectory, "it is a folder"));
        }
        let file = held(&self.files).remove(temporary).ok_or_else(missing)?;
        held(&self.files).insert(path.clone(), file);
        Ok(())
    }

    fn sync(&self, _folders: &[&Path]) -> io::Result<()> {
        Ok(())
    }

    fn make_folder(&self, path: &Path, mode: u32) -> io::Result<()> {
        let path = self.follow(path)?;
        if held(&self.files).contains_key(&path) {
            return Err(io::Error::new(io::ErrorKind::AlreadyExists, "a file is in the way"));
        }
        if !self.is_folder(&path) || mode | 0o700 == 0o700 {
            held(&self.folders).insert(path, mode);
        }
        Ok(())
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        let path = self.follow(path)?;
        held(&self.files).retain(|file, _| !file.starts_with(&path));
        held(&self.folders).retain(|folder, _| !folder.starts_with(&path));
        Ok(())
    }

    fn remove_empty(&self, folder: &Path) -> io::Result<bool> {
        let folder = self.follow(folder)?;
        let inside = |path: &PathBuf| path != &folder && path.starts_with(&folder);
        let links = self.links.keys().any(inside);
        if links || held(&self.files).keys().any(inside) || held(&self.folders).keys().any(inside) {
            return Ok(false);
        }
        Ok(held(&self.folders).remove(&folder).is_some())
    }

    fn lock_folder(&self, _folder: &Path, _wait: Duration) -> io::Result<Option<Box<dyn Lock>>> {
        Ok(Some(Box::new(Unlocked)))
    }

    fn lock(&self, _path: &Path, _wait: Duration) -> io::Result<Box<dyn Lock>> {
        Ok(Box::new(Unlocked))
    }
}
