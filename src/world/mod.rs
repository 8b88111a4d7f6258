//! The doors: everything outside the program, as one trait. The real one is [`disk`], tests use [`memory`].

use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

pub mod disk;
pub mod draft;
pub mod fetch;
pub mod memory;
pub mod revision;

/// What a path leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Entry {
    /// A regular file, or a link to one.
    File,
    /// A folder, or a link to one.
    Folder,
}

/// A command to run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Command {
    /// The program: an absolute path, or a name to look up in the search path.
    pub program: PathBuf,
    /// Its arguments.
    pub args: Vec<String>,
    /// What it reads.
    pub stdin: Vec<u8>,
    /// Variables of its environment; `None` hands on ours.
    pub env: Option<Vec<(String, String)>>,
    /// How long it may take.
    pub timeout: Option<Duration>,
    /// How many bytes it may print.
    pub max_output: usize,
    /// What each line of its complaints is headed with as it is shown, while the command runs; none is shown where absent.
    pub label: Option<String>,
}

/// What a command did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ran {
    /// The exit status; `None` when a signal or the timeout ended it.
    pub status: Option<i32>,
    /// What it printed.
    pub stdout: Vec<u8>,
    /// What it complained.
    pub stderr: Vec<u8>,
    /// True when the timeout ended it.
    pub timed_out: bool,
    /// True when what it complained was shown while it ran.
    pub shown: bool,
}

/// A file that was fetched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fetched {
    /// The name that tells it from others of the same address; the address itself for a single file.
    pub name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// What the address stood for at that moment, where it can stand for something else later: `git:COMMIT`, `oci:DIGEST`.
    pub resolved: Option<String>,
}

/// What was found below a folder.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Walked {
    /// The files, sorted.
    pub files: Vec<PathBuf>,
    /// What could not be looked into, each with the reason.
    pub unread: Vec<String>,
}

/// A file that stands in full beside the one that it is to replace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Staged {
    /// Where its bytes are now; [`is_temporary`] knows the name.
    pub temporary: PathBuf,
    /// The file that they are to become, links followed.
    pub path: PathBuf,
    /// Its permission bits.
    pub mode: u32,
    /// What it is there for.
    pub keep: Keep,
    /// True where its bytes are poured into a device or a pipe.
    pub is_stream: bool,
}

/// How long a file must last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keep {
    /// It outlives a failure of the power.
    Lasting,
    /// It can be made again, so that nobody waits for the disk.
    Remade,
}

/// What the name of a staged file begins and ends with.
const TEMPORARY: (&str, &str) = (".sightread-", ".tmp");

/// True for the name of a staged file, which only a killed run leaves behind.
pub fn is_temporary(name: &str) -> bool {
    let (start, end) = TEMPORARY;
    let middle = name.strip_prefix(start).and_then(|rest| rest.strip_suffix(end));
    middle.is_some_and(|middle| middle.len() == 6 && middle.chars().all(|c| c.is_ascii_alphanumeric()))
}

/// Held while a project is being changed; letting go of it ends the lock.
pub trait Lock {}

/// Everything outside the program. Relative paths are relative to the current folder.
///
/// Several threads may ask at the same time.
pub trait World: Sync {
    /// Reads a file.
    ///
    /// # Errors
    /// When it is not there or cannot be read.
    fn read(&self, path: &Path) -> io::Result<Vec<u8>>;
    /// Reads standard input to its end.
    ///
    /// # Errors
    /// When there is none (a terminal) or it cannot be read.
    fn stdin(&self) -> io::Result<Vec<u8>>;
    /// What a path leads to, links followed.
    fn entry(&self, path: &Path) -> Option<Entry>;
    /// The permission bits of a file, where the system has them.
    fn mode(&self, path: &Path) -> Option<u32>;
    /// True for what takes bytes and keeps none: a device, a pipe, a socket.
    fn is_stream(&self, _path: &Path) -> bool {
        false
    }
    /// True when a file is there with these bytes and these permission bits.
    fn holds(&self, path: &Path, bytes: &[u8], mode: u32) -> bool {
        !self.is_stream(path)
            && self.mode(path).is_none_or(|there| there == mode)
            && self.read(path).is_ok_and(|there| there == bytes)
    }
    /// The names in a folder, sorted.
    ///
    /// # Errors
    /// When it is not there or cannot be read.
    fn list(&self, folder: &Path) -> io::Result<Vec<String>>;
    /// The files below a folder whose names are wanted. Ignore files are respected; hidden files and folders are left
    /// out and links are not followed.
    ///
    /// # Errors
    /// When the folder is not there.
    fn walk(&self, folder: &Path, wanted: &dyn Fn(&str) -> bool) -> io::Result<Walked>;
    /// The absolute path without links.
    ///
    /// # Errors
    /// When it is not there.
    fn canonical(&self, path: &Path) -> io::Result<PathBuf>;
    /// A variable of the environment.
    fn env(&self, name: &str) -> Option<String>;
    /// Nanoseconds since 1970.
    fn now(&self) -> u64;
    /// Throws dice.
    ///
    /// # Errors
    /// When the system has none.
    fn dice(&self, into: &mut [u8]) -> io::Result<()>;
    /// Runs a command in the current folder.
    ///
    /// # Errors
    /// When it cannot be started.
    fn run(&self, command: &Command) -> io::Result<Ran>;
    /// Fetches the files at an address: `http(s)://`, `git-https://`, `git-ssh://`, `oci://`, a path, or `-`.
    ///
    /// # Errors
    /// When the address is wrong or nothing answers.
    fn fetch(&self, address: &str) -> anyhow::Result<Vec<Fetched>>;
    /// Writes the next bytes of a file beside it, where its folder exists. They are not safe before [`World::flush`].
    ///
    /// # Errors
    /// When they cannot be written; nothing is left then.
    fn stage(&self, path: &Path, bytes: &[u8], mode: u32, keep: Keep) -> io::Result<Staged>;
    /// Gives staged files their permission bits and brings those that are to last down to the disk, all at once: a disk
    /// that writes several together is waited for once.
    ///
    /// # Errors
    /// When the disk refuses one.
    fn flush(&self, staged: &[&Staged]) -> io::Result<()>;
    /// Puts a staged file in its place: who reads sees the old bytes or the new ones, never a mixture.
    ///
    /// # Errors
    /// When the file cannot be replaced; it is then as it was.
    fn settle(&self, staged: &Staged) -> io::Result<()>;
    /// Makes sure that what was settled in these folders outlives a failure of the power.
    ///
    /// # Errors
    /// When the disk refuses.
    fn sync(&self, folders: &[&Path]) -> io::Result<()>;
    /// Replaces one file as a whole.
    ///
    /// # Errors
    /// When it cannot be written.
    fn replace(&self, path: &Path, bytes: &[u8], mode: u32) -> io::Result<()> {
        let staged = self.stage(path, bytes, mode, Keep::Lasting)?;
        if let Err(error) = self.flush(&[&staged]).and_then(|()| self.settle(&staged)) {
            self.remove(&staged.temporary)?;
            return Err(error);
        }
        self.sync(&[staged.path.parent().unwrap_or(Path::new(""))])
    }
    /// Makes a folder and those above it.
    ///
    /// # Errors
    /// When it cannot be made.
    fn make_folder(&self, path: &Path, mode: u32) -> io::Result<()>;
    /// Removes a file or a folder with all that is in it; fine when there is none.
    ///
    /// # Errors
    /// When it cannot be removed.
    fn remove(&self, path: &Path) -> io::Result<()>;
    /// Removes a folder when nothing is in it; true when it did.
    ///
    /// # Errors
    /// When an empty folder cannot be removed.
    fn remove_empty(&self, folder: &Path) -> io::Result<bool>;
    /// Takes the lock of a folder, waiting at most `wait`; `None` where folders cannot be locked. No file is made for it.
    ///
    /// # Errors
    /// When another process keeps it.
    fn lock_folder(&self, folder: &Path, wait: Duration) -> io::Result<Option<Box<dyn Lock>>>;
    /// Takes the lock of a project, waiting at most `wait`.
    ///
    /// # Errors
    /// When another process keeps it; the message says which.
    fn lock(&self, path: &Path, wait: Duration) -> io::Result<Box<dyn Lock>>;
}
