//! The world as it would be once some files were written: what is read is the draft, everything else is the real thing.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::world::{Command, Entry, Fetched, Keep, Lock, Ran, Staged, Walked, World};

/// A world with drafts of files laid over it.
pub struct Draft<'a> {
    under: &'a dyn World,
    files: BTreeMap<PathBuf, Vec<u8>>,
}

impl<'a> Draft<'a> {
    /// Nothing is drafted yet.
    pub fn new(under: &'a dyn World) -> Self {
        Self { under, files: BTreeMap::new() }
    }

    /// Drafts a file that is there; it is read by the same name.
    pub fn put(&mut self, path: PathBuf, bytes: Vec<u8>) {
        self.files.insert(path, bytes);
    }
}

impl World for Draft<'_> {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        match self.files.get(path) {
            Some(bytes) => Ok(bytes.clone()),
            None => self.under.read(path),
        }
    }

    fn stdin(&self) -> io::Result<Vec<u8>> {
        self.under.stdin()
    }

    fn entry(&self, path: &Path) -> Option<Entry> {
        self.under.entry(path)
    }

    fn mode(&self, path: &Path) -> Option<u32> {
        self.under.mode(path)
    }

    fn list(&self, folder: &Path) -> io::Result<Vec<String>> {
        self.under.list(folder)
    }

    fn walk(&self, folder: &Path, wanted: &dyn Fn(&str) -> bool) -> io::Result<Walked> {
        self.under.walk(folder, wanted)
    }

    fn canonical(&self, path: &Path) -> io::Result<PathBuf> {
        self.under.canonical(path)
    }

    fn env(&self, name: &str) -> Option<String> {
        self.under.env(name)
    }

    fn now(&self) -> u64 {
        self.under.now()
    }

    fn dice(&self, into: &mut [u8]) -> io::Result<()> {
        self.under.dice(into)
    }

    fn run(&self, command: &Command) -> io::Result<Ran> {
        self.under.run(command)
    }

    fn fetch(&self, address: &str) -> anyhow::Result<Vec<Fetched>> {
        self.under.fetch(address)
    }

    fn stage(&self, path: &Path, bytes: &[u8], mode: u32, keep: Keep) -> io::Result<Staged> {
        self.under.stage(path, bytes, mode, keep)
    }

    fn flush(&self, staged: &[&Staged]) -> io::Result<()> {
        self.under.flush(staged)
    }

    fn settle(&self, staged: &Staged) -> io::Result<()> {
        self.under.settle(staged)
    }

    fn sync(&self, folders: &[&Path]) -> io::Result<()> {
        self.under.sync(folders)
    }

    fn make_folder(&self, path: &Path, mode: u32) -> io::Result<()> {
        self.under.make_folder(path, mode)
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        self.under.remove(path)
    }

    fn remove_empty(&self, folder: &Path) -> io::Result<bool> {
        self.under.remove_empty(folder)
    }

    fn lock_folder(&self, folder: &Path, wait: Duration) -> io::Result<Option<Box<dyn Lock>>> {
        self.under.lock_folder(folder, wait)
    }

    fn lock(&self, path: &Path, wait: Duration) -> io::Result<Box<dyn Lock>> {
        self.under.lock(path, wait)
    }
}
