//! The doors: everything outside the program, as one trait. The real one is [`disk`], tests use [`memory`].

use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

pub mod disk;
pub mod fetch;
pub mod memory;

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
}

/// A file that was fetched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fetched {
    /// The name that tells it from others of the same address; the address itself for a single file.
    pub name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// What was found below a folder.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Walked {
    /// The files, sorted.
    pub files: Vec<PathBuf>,
    /// What could not be looked into, each with the reason.
    pub unread: Vec<String>,
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
    /// Replaces a file as a whole: the old bytes or the new ones, never a mixture. Its folder must exist.
    ///
    /// # Errors
    /// When it cannot be written.
    fn replace(&self, path: &Path, bytes: &[u8], mode: u32) -> io::Result<()>;
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
    /// Takes the lock of a project, waiting at most `wait`.
    ///
    /// # Errors
    /// When another process keeps it; the message says which.
    fn lock(&self, path: &Path, wait: Duration) -> io::Result<Box<dyn Lock>>;
}
