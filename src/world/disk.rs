//! The real world. Files are replaced whole: a temporary file beside the old one, synced, then renamed over it.
#![expect(
    clippy::disallowed_methods,
    reason = "this is the room where the disk, the clock and the dice live"
)]

mod command;

use std::fs::{self, File, TryLockError};
use std::io::{self, IsTerminal, Read, Seek, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use crate::world::{Command, Entry, Fetched, Keep, Lock, Ran, Staged, TEMPORARY, Walked, World};

/// The disk, the environment, the clock and the dice of this machine.
#[derive(Debug)]
pub struct Disk;

/// No file that a person writes is larger.
const MAX_BYTES: u64 = 256 << 20;

/// How many bytes are asked for where nobody knows how many there are.
const SOME: usize = 8 << 10;

/// How often a lock or a command is asked whether it is free or done.
const TICK: Duration = Duration::from_millis(5);

struct Locked(File);

impl Lock for Locked {}

impl Drop for Locked {
    fn drop(&mut self) {
        // Who holds the lock is told only while it is held; an old name would be a lie.
        if self.0.set_len(0).is_err() {
            return;
        }
        self.0.unlock().unwrap_or_default();
    }
}

/// The lock of a folder, which closing it ends.
#[cfg(unix)]
struct LockedFolder {
    _file: File,
}

#[cfg(unix)]
impl Lock for LockedFolder {}

/// Reads to the end, but never without end. `size` is what there seems to be; it may be wrong. When it is right, one call reads
/// all and another finds the end.
fn read_all(mut from: impl Read, size: u64) -> io::Result<Vec<u8>> {
    let size = usize::try_from(size.min(MAX_BYTES)).unwrap_or_default();
    let mut bytes = vec![0; if size == 0 { SOME } else { size + 1 }];
    let mut filled = 0;
    loop {
        match from.read(bytes.get_mut(filled..).unwrap_or_default()) {
            Ok(0) => break,
            Ok(more) => filled += more,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
        if filled as u64 > MAX_BYTES {
            return Err(io::Error::new(io::ErrorKind::FileTooLarge, "it is larger than 256 MiB"));
        }
        if filled == bytes.len() {
            bytes.resize(bytes.len() + bytes.len().max(SOME), 0);
        }
    }
    bytes.truncate(filled);
    Ok(bytes)
}

/// Sets the permission bits where the system has them.
#[cfg(unix)]
fn set_mode(path: &Path, mode: u32) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(mode))
}

#[cfg(not(unix))]
fn set_mode(_path: &Path, _mode: u32) -> io::Result<()> {
    Ok(())
}

/// The folder of a file.
fn folder(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// True for what bytes are poured into: a device, a pipe, a socket.
fn is_stream(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|about| pours(&about))
}

fn pours(about: &fs::Metadata) -> bool {
    !about.is_file() && !about.is_dir()
}

/// True where a file has these permission bits, or the system has none.
#[cfg(unix)]
fn has_mode(about: &fs::Metadata, mode: u32) -> bool {
    use std::os::unix::fs::PermissionsExt;
    about.permissions().mode() & 0o7777 == mode
}

#[cfg(not(unix))]
fn has_mode(_about: &fs::Metadata, _mode: u32) -> bool {
    true
}

/// A rename is on the disk only once its folder is.
#[cfg(unix)]
fn sync_folder(folder: &Path) -> io::Result<()> {
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let done = File::open(folder).and_then(|file| file.sync_all());
    // Some systems cannot do this for a folder, and some folders may be changed but not read.
    let refused = |error: &io::Error| {
        use io::ErrorKind::{InvalidInput, PermissionDenied, Unsupported};
        matches!(error.kind(), InvalidInput | PermissionDenied | Unsupported)
    };
    done.or_else(|error| if refused(&error) { Ok(()) } else { Err(error) })
}

#[cfg(not(unix))]
fn sync_folder(_folder: &Path) -> io::Result<()> {
    Ok(())
}

/// How many threads wait for the disk at the same time.
const WAITING: usize = 16;

/// Does the same to all things, at the same time: a file system brings down together what is asked for together.
fn at_once<T: Sync>(things: &[T], work: impl Fn(&T) -> io::Result<()> + Sync) -> io::Result<()> {
    let next = AtomicUsize::new(0);
    let some = || {
        while let Some(thing) = things.get(next.fetch_add(1, Ordering::Relaxed)) {
            work(thing)?;
        }
        Ok(())
    };
    thread::scope(|scope| {
        // Where no thread is to be had, this one does it all.
        let start = |_| thread::Builder::new().spawn_scoped(scope, some).ok();
        let others: Vec<_> = (1..things.len().min(WAITING)).filter_map(start).collect();
        let mine = some();
        let join = |thread: thread::ScopedJoinHandle<'_, io::Result<()>>| {
            thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
        };
        others.into_iter().map(join).fold(mine, io::Result::and)
    })
}

impl World for Disk {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        let file = File::open(path)?;
        let about = file.metadata()?;
        if about.is_dir() {
            return Err(io::Error::new(io::ErrorKind::IsADirectory, "it is a folder"));
        }
        read_all(file, about.len())
    }

    fn stdin(&self) -> io::Result<Vec<u8>> {
        let stdin = io::stdin();
        if stdin.is_terminal() {
            return Err(io::Error::other("standard input is a terminal"));
        }
        read_all(stdin.lock(), 0)
    }

    fn entry(&self, path: &Path) -> Option<Entry> {
        let found = fs::metadata(path).ok()?;
        Some(if found.is_dir() { Entry::Folder } else { Entry::File })
    }

    fn is_stream(&self, path: &Path) -> bool {
        is_stream(path)
    }

    #[cfg(unix)]
    fn mode(&self, path: &Path) -> Option<u32> {
        use std::os::unix::fs::PermissionsExt;
        Some(fs::metadata(path).ok()?.permissions().mode() & 0o7777)
    }

    #[cfg(not(unix))]
    fn mode(&self, _path: &Path) -> Option<u32> {
        None
    }

    fn holds(&self, path: &Path, bytes: &[u8], mode: u32) -> bool {
        let Ok(about) = fs::metadata(path) else { return false };
        about.is_file()
            && about.len() == bytes.len() as u64
            && has_mode(&about, mode)
            && File::open(path).and_then(|file| read_all(file, about.len())).is_ok_and(|there| there == bytes)
    }

    fn list(&self, folder: &Path) -> io::Result<Vec<String>> {
        let mut names = Vec::new();
        for entry in fs::read_dir(folder)? {
            names.push(entry?.file_name().to_string_lossy().into_owned());
        }
        names.sort();
        Ok(names)
    }

    fn walk(&self, folder: &Path, wanted: &dyn Fn(&str) -> bool) -> io::Result<Walked> {
        fs::read_dir(folder)?;
        // What a person keeps for all repositories of one machine would make two machines differ.
        let walk = ignore::WalkBuilder::new(folder).git_global(false).require_git(false).build();
        let mut walked = Walked::default();
        for entry in walk {
            match entry {
                Ok(entry) if entry.file_type().is_some_and(|kind| kind.is_file()) => {
                    if wanted(&entry.file_name().to_string_lossy()) {
                        let path = entry.into_path();
                        walked.files.push(path.strip_prefix("./").map(Path::to_owned).unwrap_or(path));
                    }
                }
                Ok(_) => {}
                Err(error) => walked.unread.push(error.to_string()),
            }
        }
        walked.files.sort();
        Ok(walked)
    }

    fn canonical(&self, path: &Path) -> io::Result<PathBuf> {
        fs::canonicalize(path)
    }

    fn env(&self, name: &str) -> Option<String> {
        std::env::var(name).ok()
    }

    fn now(&self) -> u64 {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        u64::try_from(since.as_nanos()).unwrap_or(u64::MAX)
    }

    fn dice(&self, into: &mut [u8]) -> io::Result<()> {
        getrandom::fill(into).map_err(io::Error::other)
    }

    fn run(&self, command: &Command) -> io::Result<Ran> {
        command::run(command)
    }

    fn fetch(&self, address: &str) -> anyhow::Result<Vec<Fetched>> {
        crate::world::fetch::fetch(address, self)
    }

    fn stage(&self, path: &Path, bytes: &[u8], mode: u32, keep: Keep) -> io::Result<Staged> {
        let mut about = fs::symlink_metadata(path).ok();
        let mut path = path.to_owned();
        // A link stays a link: what it leads to is replaced.
        if about.as_ref().is_some_and(fs::Metadata::is_symlink) {
            path = fs::canonicalize(&path).unwrap_or(path);
            about = fs::metadata(&path).ok();
        }
        // Nothing can be renamed over a device or a pipe: their bytes wait elsewhere.
        let is_stream = about.is_some_and(|about| pours(&about));
        let folder = if is_stream { std::env::temp_dir() } else { folder(&path).to_owned() };
        let (start, end) = TEMPORARY;
        let mut file = tempfile::Builder::new().prefix(start).suffix(end).tempfile_in(folder)?;
        file.write_all(bytes)?;
        let (_, temporary) = file.keep().map_err(|failed| failed.error)?;
        Ok(Staged { temporary, path, mode, keep, is_stream })
    }

    fn flush(&self, staged: &[&Staged]) -> io::Result<()> {
        let (lasting, remade): (Vec<&Staged>, Vec<&Staged>) =
            staged.iter().partition(|one| one.keep == Keep::Lasting);
        for one in remade {
            set_mode(&one.temporary, one.mode)?;
        }
        at_once(&lasting, |one| {
            // It is opened first, because its bits may keep its owner out. Windows flushes only what may be written.
            let file = File::options().read(true).write(cfg!(windows)).open(&one.temporary)?;
            set_mode(&one.temporary, one.mode)?;
            file.sync_all()
        })
    }

    fn settle(&self, staged: &Staged) -> io::Result<()> {
        let Staged { temporary, path, mode: _, keep: _, is_stream } = staged;
        if !is_stream {
            return fs::rename(temporary, path);
        }
        let bytes = fs::read(temporary)?;
        File::options().write(true).open(path)?.write_all(&bytes)?;
        fs::remove_file(temporary)
    }

    fn sync(&self, folders: &[&Path]) -> io::Result<()> {
        at_once(folders, |folder| sync_folder(folder))
    }

    fn make_folder(&self, path: &Path, mode: u32) -> io::Result<()> {
        // A folder that is there keeps its permissions, unless they would show what is to be private.
        let open = path.is_dir() && mode | 0o700 != 0o700;
        if open {
            return Ok(());
        }
        fs::create_dir_all(path)?;
        set_mode(path, mode)
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        let removed = match fs::symlink_metadata(path) {
            Ok(found) if found.is_dir() => fs::remove_dir_all(path),
            Ok(_) => fs::remove_file(path),
            Err(error) => Err(error),
        };
        removed.or_else(|error| if error.kind() == io::ErrorKind::NotFound { Ok(()) } else { Err(error) })
    }

    fn remove_empty(&self, folder: &Path) -> io::Result<bool> {
        match fs::remove_dir(folder) {
            Ok(()) => Ok(true),
            Err(error) => match error.kind() {
                io::ErrorKind::NotFound | io::ErrorKind::DirectoryNotEmpty | io::ErrorKind::NotADirectory => {
                    Ok(false)
                }
                _ => Err(error),
            },
        }
    }

    #[cfg(unix)]
    fn lock_folder(&self, folder: &Path, wait: Duration) -> io::Result<Option<Box<dyn Lock>>> {
        let Ok(file) = File::open(if folder.as_os_str().is_empty() { Path::new(".") } else { folder }) else {
            return Ok(None);
        };
        let end = Instant::now() + wait;
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(Some(Box::new(LockedFolder { _file: file }))),
                // Some network disks lock files only.
                Err(TryLockError::Error(_)) => return Ok(None),
                Err(TryLockError::WouldBlock) if Instant::now() < end => thread::sleep(TICK),
                Err(TryLockError::WouldBlock) => {
                    let said = format!("another process is writing to {}", folder.display());
                    return Err(io::Error::new(io::ErrorKind::WouldBlock, said));
                }
            }
        }
    }

    #[cfg(not(unix))]
    fn lock_folder(&self, _folder: &Path, _wait: Duration) -> io::Result<Option<Box<dyn Lock>>> {
        Ok(None)
    }

    fn lock(&self, path: &Path, wait: Duration) -> io::Result<Box<dyn Lock>> {
        let mut file = File::options().read(true).write(true).create(true).truncate(false).open(path)?;
        let end = Instant::now() + wait;
        loop {
            match file.try_lock() {
                Ok(()) => break,
                Err(TryLockError::Error(error)) => return Err(error),
                Err(TryLockError::WouldBlock) if Instant::now() < end => thread::sleep(TICK),
                Err(TryLockError::WouldBlock) => return Err(held(path)),
            }
        }
        file.set_len(0)?;
        file.rewind()?;
        write!(file, "process {}", std::process::id())?;
        file.flush()?;
        Ok(Box::new(Locked(file)))
    }
}

/// The error that says who keeps a lock.
fn held(path: &Path) -> io::Error {
    let holder = fs::read_to_string(path).unwrap_or_default();
    let holder = if holder.is_empty() { "another process" } else { holder.as_str() };
    io::Error::new(io::ErrorKind::WouldBlock, format!("{} is held by {holder}", path.display()))
}
