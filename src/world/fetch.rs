//! Addresses in, files out: paths, standard input, HTTP, Git repositories, OCI registries.
//! Everything has a limit: time, size, redirects.

mod git;
mod oci;
mod web;

use std::path::Path;

use anyhow::{Context, bail};

use crate::world::{Entry, Fetched, World};

/// No fetched file may be larger.
pub const MAX_BYTES: u64 = 64 << 20;

/// The name of what standard input brings.
const STDIN: &str = "from-stdin.provisioners.yaml";

/// Fetches the files at an address.
///
/// # Errors
/// When the address is wrong, nothing answers, or an answer is too large.
pub fn fetch(address: &str, world: &dyn World) -> anyhow::Result<Vec<Fetched>> {
    if address == "-" {
        let bytes = world.stdin().context("no stdin data provided")?;
        if bytes.is_empty() {
            bail!("stdin is empty");
        }
        return Ok(vec![Fetched { name: STDIN.to_owned(), bytes, resolved: None }]);
    }
    match address.split_once("://").map(|(scheme, rest)| (scheme.to_lowercase(), rest)) {
        None => local(address, world),
        Some((scheme, rest)) => match scheme.as_str() {
            "file" => local(rest, world),
            "http" | "https" => {
                let bytes = web::get(address, world)?;
                Ok(vec![Fetched { name: address.to_owned(), bytes, resolved: None }])
            }
            "git-https" => git::fetch("https", rest, world),
            "git-ssh" => git::fetch("ssh", rest, world),
            "oci" => oci::fetch(address, rest, world),
            _ => bail!("unsupported scheme '{scheme}'"),
        },
    }
}

/// Reads a file, or every file of a folder.
fn local(address: &str, world: &dyn World) -> anyhow::Result<Vec<Fetched>> {
    let bare = address.split(['?', '#']).next().unwrap_or_default();
    let decoded = decoded(bare);
    let home = decoded.strip_prefix("~/").and_then(|rest| Some(format!("{}/{rest}", world.env("HOME")?)));
    let path = home.unwrap_or(decoded);
    folder_or_file(Path::new(&path), &cleaned(&path), world)
}

/// The files at a path; `name` is what they are known by.
fn folder_or_file(path: &Path, name: &str, world: &dyn World) -> anyhow::Result<Vec<Fetched>> {
    let one = |path: &Path, name: String| -> anyhow::Result<Fetched> {
        let bytes = world.read(path).with_context(|| format!("{} cannot be read", path.display()))?;
        if bytes.len() as u64 > MAX_BYTES {
            bail!("{} is larger than {} MiB", path.display(), MAX_BYTES >> 20);
        }
        Ok(Fetched { name, bytes, resolved: None })
    };
    match world.entry(path) {
        None => bail!("stat {}: no such file or directory", path.display()),
        Some(Entry::File) => Ok(vec![one(path, name.to_owned())?]),
        Some(Entry::Folder) => {
            let files: Vec<_> = world
                .list(path)
                .with_context(|| format!("{} cannot be read", path.display()))?
                .into_iter()
                .filter(|file| world.entry(&path.join(file)) == Some(Entry::File))
                .collect();
            if files.is_empty() {
                bail!("directory {} contains no files", path.display());
            }
            files.iter().map(|file| one(&path.join(file), format!("{name}/{file}"))).collect()
        }
    }
}

/// Undoes `%20` and its like.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let escape = after.get(..2).filter(|_| *first == b'%');
        let escape = escape.and_then(|two| u8::from_str_radix(std::str::from_utf8(two).ok()?, 16).ok());
        bytes.push(escape.unwrap_or(*first));
        rest = if escape.is_some() { after.get(2..).unwrap_or_default() } else { after };
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// A path without `.`, doubled slashes and what `..` undoes.
fn cleaned(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            ".." if path.starts_with('/') => {}
            _ => parts.push(part),
        }
    }
    let joined = parts.join("/");
    match (path.starts_with('/'), joined.is_empty()) {
        (true, _) => format!("/{joined}"),
        (false, true) => ".".to_owned(),
        (false, false) => joined,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_cleaned_and_decoded() {
        let rows = [
            ("./provs/x.yaml", "provs/x.yaml"),
            ("a//b/../c", "a/c"),
            ("../x", "../x"),
            ("/../x", "/x"),
            (".", "."),
            ("a/..", "."),
        ];
        for (given, wanted) in rows {
            assert_eq!(cleaned(given), wanted, "{given}");
        }
        assert_eq!(decoded("a%20b%2"), "a b%2");
        assert_eq!(decoded("%E2%82%AC%zz"), "\u{20ac}%zz");
    }
}
