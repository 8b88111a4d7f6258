//! Files of a Git repository, through the `git` program: a shallow, sparse copy in a temporary folder.

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, bail};

use crate::world::fetch::folder_or_file;
use crate::world::{Command, Entry, Fetched, World};

const TIMEOUT: Duration = Duration::from_secs(300);

/// What an address such as `host/group/repo.git/folder?ref=v1` means.
#[derive(Debug, PartialEq, Eq)]
struct Wanted {
    repository: String,
    path: String,
    reference: String,
}

/// Fetches the file or the folder that an address names.
///
/// # Errors
/// When the address has no `.git/`, or Git fails.
pub(super) fn fetch(scheme: &str, rest: &str, world: &dyn World) -> anyhow::Result<Vec<Fetched>> {
    let Wanted { repository, path, reference } = read(scheme, rest)?;
    let folder = tempfile::Builder::new().prefix("sightread-git-").tempdir()?;
    let git = |args: &[&str]| git(folder.path(), args, world);
    git(&["init", "--quiet"])?;
    git(&["remote", "add", "origin", &repository])?;
    git(&["sparse-checkout", "set", "--no-cone", "--end-of-options", &path])?;
    git(&["pull", "--quiet", "--depth=1", "origin", &reference])?;
    let below: PathBuf = folder.path().join(&path);
    let top = world.canonical(folder.path())?;
    if !world.canonical(&below).is_ok_and(|real| real.starts_with(&top)) {
        bail!("{repository} has no `{path}`");
    }
    if world.entry(&below) == Some(Entry::Folder) {
        // A link in a folder may lead to any file of this machine; one that leads nowhere is no file.
        let leaves =
            |name: &String| world.canonical(&below.join(name)).is_ok_and(|real| !real.starts_with(&top));
        if let Some(name) = world.list(&below)?.into_iter().find(leaves) {
            bail!("`{name}` in `{path}` of {repository} is a link that leads out of the repository");
        }
    }
    // compat(score-compose, score-k8s): a single file is known by its address, so that importing it again replaces it.
    let mut files = folder_or_file(&below, &format!("git-{scheme}://{rest}"), world)?;
    let commit = git(&["rev-parse", "HEAD"])?;
    for file in &mut files {
        file.resolved = Some(format!("git:{}", commit.trim()));
    }
    Ok(files)
}

fn read(scheme: &str, rest: &str) -> anyhow::Result<Wanted> {
    let (bare, query) = rest.split_once('?').unwrap_or((rest, ""));
    let query = query.split('#').next().unwrap_or_default();
    let bare = bare.split('#').next().unwrap_or_default();
    let reference = query.split('&').find_map(|pair| pair.strip_prefix("ref=")).unwrap_or("HEAD");
    let wrong = "invalid git url, expected a path with ../<REPO>.git/<PATH>";
    let (front, path) = bare.split_once(".git/").context(wrong)?;
    let path = path.trim_matches('/');
    if path.is_empty() || !front.contains('/') || front.starts_with('-') || reference.starts_with('-') {
        bail!(wrong);
    }
    Ok(Wanted {
        repository: format!("{scheme}://{front}.git"),
        path: path.to_owned(),
        reference: reference.to_owned(),
    })
}

/// Runs Git and gives what it prints.
fn git(folder: &Path, args: &[&str], world: &dyn World) -> anyhow::Result<String> {
    let safe = ["-c", "protocol.ext.allow=never", "-c", "credential.interactive=false"];
    let place = folder.to_string_lossy().into_owned();
    let before = ["-C", place.as_str()];
    let all = before.iter().chain(&safe).chain(args);
    let ran = world
        .run(&Command {
            program: PathBuf::from("git"),
            args: all.map(|arg| (*arg).to_owned()).collect(),
            stdin: Vec::new(),
            env: None,
            timeout: Some(TIMEOUT),
            max_output: 1 << 20,
            label: None,
        })
        .context("the program `git` cannot be run")?;
    if ran.status == Some(0) {
        return Ok(String::from_utf8_lossy(&ran.stdout).into_owned());
    }
    let said = String::from_utf8_lossy(&ran.stderr).trim().to_owned();
    bail!(
        "git {} failed: {}",
        args.first().unwrap_or(&""),
        if ran.timed_out { "it took too long" } else { &said }
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_name_repository_path_and_reference() {
        let rows = [
            ("host/g/r.git/a/b.yaml", Some(("https://host/g/r.git", "a/b.yaml", "HEAD"))),
            ("host/r.git/a?ref=v1.2", Some(("https://host/r.git", "a", "v1.2"))),
            ("host/r.git/a?x=1&ref=main#f", Some(("https://host/r.git", "a", "main"))),
            ("host/r.git", None),
            ("host/r.git/", None),
            ("host/r/a.yaml", None),
            ("host/r.git/a?ref=--upload-pack=x", None),
        ];
        for (given, wanted) in rows {
            let read = read("https", given).ok();
            let read = read.as_ref().map(|w| (w.repository.as_str(), w.path.as_str(), w.reference.as_str()));
            assert_eq!(read, wanted, "{given}");
        }
    }
}
