//! Provisioner files from elsewhere: an address in, files with names that people can read out; and the cache that brings
//! back exactly what was locked without asking the address again.

use std::path::{Path, PathBuf};

use anyhow::{Context, bail};

use super::Desk;
use crate::cli::lock::{self, Locked};
use crate::cli::native::request::PROVISIONERS;
use crate::diag::{Failed, nearest};
use crate::resolve::catalog;
use crate::resolve::contract::read::requires;
use crate::resolve::judge::unless_worse;
use crate::resolve::provisioner::{Body, Provisioner};
use crate::world::{Fetched, World};

/// What an address begins with, unless it is a path.
const SCHEMES: [&str; 6] = ["https", "http", "git-https", "git-ssh", "oci", "file"];

/// A file that came, not yet written anywhere.
pub(super) struct Arrived {
    /// Its name without folders.
    pub(super) name: String,
    /// Its text.
    pub(super) text: String,
    /// What the address stood for.
    pub(super) resolved: Option<String>,
}

/// Fetches the provisioner files at an address; of a folder those that end in `.yaml` or `.yml`.
///
/// # Errors
/// When nothing answers, or there is no such file.
pub(super) fn fetch(uri: &str, world: &dyn World) -> anyhow::Result<Vec<Arrived>> {
    let authority = uri.split_once("://").map(|(_, rest)| rest.split('/').next().unwrap_or_default());
    let login = authority.and_then(|authority| authority.rsplit_once('@'));
    if login.is_some_and(|(login, _)| login.contains(':')) {
        bail!(
            "the address holds a password, which would stand in {}; keep it in Git's or Docker's store of logins",
            lock::FILE
        );
    }
    if let Some(cure) = misread(uri, world) {
        bail!("cannot fetch {uri}: {cure}");
    }
    let files = world.fetch(uri).with_context(|| format!("cannot fetch {uri}"))?;
    let single = files.len() == 1;
    let yaml = |file: &Fetched| single || [".yaml", ".yml"].iter().any(|end| file.name.ends_with(end));
    let arrived = files.into_iter().filter(yaml).map(|file| arrived(uri, file));
    let arrived: Vec<Arrived> = arrived.collect::<anyhow::Result<_>>()?;
    if arrived.is_empty() {
        bail!("there is no `*.yaml` file at {uri}");
    }
    Ok(arrived)
}

/// Why an address cannot be meant as it is written, and the way out.
fn misread(uri: &str, world: &dyn World) -> Option<String> {
    let Some((scheme, rest)) = uri.split_once("://") else {
        let there = uri == "-" || uri.starts_with("~/") || world.entry(Path::new(uri)).is_some();
        // What is escaped (`%20`, `?`) is for the one who fetches to read.
        if there || uri.contains(['%', '?', '#']) {
            return None;
        }
        let host = uri.split_once('/').map(|(first, _)| first);
        let host = host.filter(|first| first.trim_matches('.').contains('.'));
        let help =
            host.map(|_| format!("\nhelp: an address on the web begins with its scheme: `https://{uri}`"));
        return Some(format!("there is no such file or folder{}", help.unwrap_or_default()));
    };
    let lower = scheme.to_lowercase();
    if !SCHEMES.contains(&lower.as_str()) {
        let near = match lower.as_str() {
            "git" | "git+https" | "git+ssh" | "ssh" => {
                Some("a Git repository is `git-https://HOST/REPO.git/PATH`".to_owned())
            }
            _ => nearest(&lower, SCHEMES.iter().copied()).map(|near| format!("did you mean `{near}://`?")),
        };
        let near = near.map(|near| format!("\nhelp: {near}")).unwrap_or_default();
        let known: Vec<String> = SCHEMES.iter().map(|scheme| format!("`{scheme}://`")).collect();
        let known = known.join(", ");
        return Some(format!(
            "nothing fetches from `{scheme}://`{near}\nhelp: an address begins with {known}, or is a path"
        ));
    }
    let path = rest.split(['?', '#']).next().unwrap_or_default().trim_end_matches('/');
    let is_repository = lower != "file" && lower != "oci" && path.strip_suffix(".git").is_some();
    is_repository.then(|| {
        let transport = if lower == "git-ssh" { "git-ssh" } else { "git-https" };
        format!("that is a whole Git repository\nhelp: say which file or folder of it: `{transport}://{path}/PATH`")
    })
}

fn arrived(uri: &str, file: Fetched) -> anyhow::Result<Arrived> {
    let Fetched { name, bytes, resolved } = file;
    let text = String::from_utf8(bytes).with_context(|| format!("{name} is not UTF-8 text"))?;
    Ok(Arrived { name: readable(uri, &name), text, resolved })
}

/// A file's name that says what it is: the last part of its address.
fn readable(uri: &str, name: &str) -> String {
    let is_yaml = |name: &str| [".yaml", ".yml"].iter().any(|end| name.ends_with(end));
    let (bare, fragment) = uri.split_once('#').unwrap_or((uri, ""));
    let last = name.rsplit('/').next().unwrap_or_default();
    let from_address = bare.split('?').next().unwrap_or_default().trim_end_matches('/').rsplit('/').next();
    let from_address = from_address.unwrap_or_default();
    let chosen = if is_yaml(last) && !last.contains(['?', '#']) {
        last.to_owned()
    } else if is_yaml(fragment) {
        fragment.rsplit('/').next().unwrap_or_default().to_owned()
    } else if is_yaml(from_address) {
        from_address.to_owned()
    } else {
        let untagged = from_address.split(['@', ':']).next().unwrap_or_default();
        format!("{}.yaml", if untagged.is_empty() { "provisioners" } else { untagged })
    };
    let plain = |c: char| if c.is_ascii_alphanumeric() || "._-".contains(c) { c } else { '-' };
    chosen.trim_start_matches('.').chars().map(plain).collect()
}

/// Where a fetched file of a name is kept.
pub(super) fn path(name: &str) -> String {
    format!("{PROVISIONERS}/{name}")
}

/// Reads a file's provisioners; one that is wrong is not taken in.
///
/// # Errors
/// When it is not a provisioner file.
pub(super) fn judged(path: &str, text: &str, desk: &mut Desk<'_, '_>) -> Result<Vec<Provisioner>, Failed> {
    let said = desk.report.diagnostics.len();
    let uri = format!("file://{path}");
    let found = catalog::parsed(path, text, uri, &desk.origins, "", &mut desk.report);
    unless_worse(&desk.report, said, found)
}

/// What the lock says of a file.
pub(super) fn locked(from: Option<&str>, arrived: &Arrived, found: &[Provisioner]) -> Locked {
    let needed = found.iter().find_map(|one| match &one.body {
        Body::Contract(contract) => requires(&contract.root),
        Body::Template(_) | Body::Command(_) | Body::LocalEnv(_) => None,
    });
    Locked {
        digest: lock::digest(&arrived.text),
        from: from.map(str::to_owned),
        resolved: arrived.resolved.clone(),
        requires: needed.map(|needed| needed.to_string()),
        commands: false,
    }
}

/// Writes a file of the project, and a copy into the cache.
///
/// # Errors
/// When the project's file cannot be written.
pub(super) fn write(path: &str, text: &str, world: &dyn World) -> anyhow::Result<()> {
    let folder = Path::new(path).parent().unwrap_or(Path::new(""));
    world
        .make_folder(folder, 0o755)
        .and_then(|()| world.replace(Path::new(path), text.as_bytes(), 0o644))
        .with_context(|| format!("cannot write {path}"))?;
    // The cache only saves a way: what it cannot keep is fetched again.
    if let Some(copy) = cached(&lock::digest(text), world) {
        let folder = copy.parent().unwrap_or(Path::new(""));
        let kept =
            world.make_folder(folder, 0o755).and_then(|()| world.replace(&copy, text.as_bytes(), 0o644));
        kept.unwrap_or_default();
    }
    Ok(())
}

/// Where the cache keeps what has a digest; `None` where there is no folder for caches.
fn cached(digest: &str, world: &dyn World) -> Option<PathBuf> {
    let given = |name: &str| world.env(name).filter(|folder| !folder.is_empty()).map(PathBuf::from);
    let home = || given("HOME").map(|home| home.join(".cache"));
    let folder = given("XDG_CACHE_HOME").or_else(|| given("LOCALAPPDATA")).or_else(home)?;
    let hex = digest.strip_prefix("sha256:").filter(|hex| hex.bytes().all(|b| b.is_ascii_hexdigit()))?;
    Some(folder.join("sightread/provisioners").join(format!("{hex}.yaml")))
}

/// The text that was locked: from the cache, else (unless `offline`) from its address, pinned to what it stood for.
///
/// # Errors
/// When neither has it.
pub(super) fn again(path: &str, file: &Locked, offline: bool, world: &dyn World) -> anyhow::Result<String> {
    let kept = cached(&file.digest, world).and_then(|copy| world.read(&copy).ok());
    let kept = kept.and_then(|bytes| String::from_utf8(bytes).ok());
    if let Some(text) = kept.filter(|text| lock::digest(text) == file.digest) {
        return Ok(text);
    }
    let from = file.from.as_deref().context("it was not fetched")?;
    if offline {
        bail!(
            "the cache does not hold {path} as it was locked ({}), and `--offline` asks nobody",
            file.digest
        );
    }
    let pinned = pinned(from, file.resolved.as_deref());
    let arrived = fetch(&pinned, world)?;
    let found = arrived.into_iter().find(|one| lock::digest(&one.text) == file.digest);
    Ok(found
        .with_context(|| {
            format!("{path} cannot be brought back: {pinned} has nothing with the digest {}", file.digest)
        })?
        .text)
}

/// An address that can stand for nothing else than what it stood for when it was locked.
fn pinned(from: &str, resolved: Option<&str>) -> String {
    match resolved.and_then(|resolved| resolved.split_once(':')) {
        Some(("git", commit)) => {
            let bare = from.split(['?', '#']).next().unwrap_or_default();
            format!("{bare}?ref={commit}")
        }
        Some(("oci", digest)) => {
            let (bare, fragment) =
                from.split_once('#').map_or((from, String::new()), |(bare, file)| (bare, format!("#{file}")));
            let (front, last) = bare.rsplit_once('/').unwrap_or(("", bare));
            let name = last.split(['@', ':']).next().unwrap_or_default();
            format!("{front}/{name}@{digest}{fragment}")
        }
        _ => from.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::{pinned, readable};

    #[test]
    fn names_are_readable_and_harmless() {
        let table = [
            ("https://h/a/redis.yaml?raw=1", "https://h/a/redis.yaml?raw=1", "redis.yaml"),
            ("https://h/a/redis", "https://h/a/redis", "redis.yaml"),
            ("oci://h/acme/redis:1.0", "oci://h/acme/redis:1.0", "redis.yaml"),
            ("oci://h/acme/all@sha256:00#p/db.yaml", "oci://h/acme/all@sha256:00#p/db.yaml", "db.yaml"),
            ("git-https://h/r.git/p?ref=a/b", "git-https://h/r.git/p?ref=a/b/x.yaml", "x.yaml"),
            ("git-https://h/r.git/p/x.yaml?ref=a/b", "git-https://h/r.git/p/x.yaml?ref=a/b", "x.yaml"),
            ("https://h/..%2Fevil name.yaml", "https://h/..%2Fevil name.yaml", "-2Fevil-name.yaml"),
            ("https://h/", "https://h/", "h.yaml"),
            ("-", "from-stdin.provisioners.yaml", "from-stdin.provisioners.yaml"),
        ];
        for (uri, name, wanted) in table {
            assert_eq!(readable(uri, name), wanted, "{uri}");
        }
    }

    #[test]
    fn addresses_are_pinned_to_what_they_stood_for() {
        let table = [
            ("git-https://h/r.git/p?ref=main", Some("git:0a"), "git-https://h/r.git/p?ref=0a"),
            ("oci://h:5000/a/b:1#x.yaml", Some("oci:sha256:0a"), "oci://h:5000/a/b@sha256:0a#x.yaml"),
            ("https://h/x.yaml", None, "https://h/x.yaml"),
        ];
        for (from, resolved, wanted) in table {
            assert_eq!(pinned(from, resolved), wanted);
        }
    }
}
