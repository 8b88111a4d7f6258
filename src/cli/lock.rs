//! `sightread.lock`: which provisioner files belong to a project, where they came from, exactly what is in them, and which
//! of them may run programs. Both kinds of doors read it; the native door writes it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anyhow::Context;
use semver::Version;
use serde::{Deserialize, Serialize};

use crate::diag::codes::lock as codes;
use crate::diag::{At, Diagnostic, Failed, Report, Severity};
use crate::model::tree::Tree;
use crate::read::parse;
use crate::resolve::catalog::{self, Origins};
use crate::resolve::contract::read::VERSION;
use crate::resolve::upstream::record;
use crate::world::{Entry, World};
use crate::write::yaml;

/// The file.
pub(super) const FILE: &str = "sightread.lock";

const HEAD: &str =
    "# Kept by `sightread provisioners add`, `update`, `approve` and `remove`. It belongs into Git.\n";

/// How the file is written; a newer program may write it otherwise.
const FORMAT: u32 = 1;

/// What is locked.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Lock {
    version: u32,
    /// The files, by path.
    #[serde(default)]
    pub(super) files: BTreeMap<String, Locked>,
}

/// What is known about a file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Locked {
    /// `sha256:` and the digest of its content.
    pub(super) digest: String,
    /// The address it was fetched from; none for a file that was written here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) from: Option<String>,
    /// What that address stood for: `git:COMMIT`, `oci:DIGEST`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) resolved: Option<String>,
    /// The oldest version of this program that understands it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) requires: Option<String>,
    /// Whether its programs may run, as long as the digest is this one.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(super) commands: bool,
}

impl Lock {
    /// The digests of the files that may run programs.
    pub(super) fn approved(&self) -> BTreeSet<String> {
        let approved = self.files.values().filter(|file| file.commands);
        approved.filter_map(|file| file.digest.strip_prefix("sha256:").map(str::to_owned)).collect()
    }

    /// The files that were fetched, with their addresses.
    pub(super) fn fetched(&self) -> BTreeMap<String, String> {
        let from = |(path, file): (&String, &Locked)| Some((path.clone(), file.from.clone()?));
        self.files.iter().filter_map(from).collect()
    }

    /// Writes the file.
    ///
    /// # Errors
    /// When it cannot be written.
    pub(super) fn keep(&self, world: &dyn World) -> anyhow::Result<()> {
        let whole = Self { version: FORMAT, files: self.files.clone() };
        let tree = Tree::of(&whole).with_context(|| format!("cannot write {FILE}"))?;
        let text = HEAD.to_owned() + &yaml::to_text(&tree, yaml::Style::Friendly);
        world.replace(Path::new(FILE), text.as_bytes(), 0o644).with_context(|| format!("cannot write {FILE}"))
    }
}

/// The digest of a file's content, without the line that says where it came from.
pub(super) fn digest(text: &str) -> String {
    format!("sha256:{}", record::origin(text).digest)
}

/// Reads the lock; a project without one has locked nothing.
///
/// # Errors
/// When it cannot be understood, or names a file that needs a newer program.
pub(super) fn read(world: &dyn World, report: &mut Report) -> Result<Lock, Failed> {
    if world.entry(Path::new(FILE)) != Some(Entry::File) {
        return Ok(Lock::default());
    }
    let broken = |why: String, at: At| Diagnostic::new(&codes::BROKEN_LOCK, why, at);
    let text = world
        .read(Path::new(FILE))
        .map_err(|error| error.to_string())
        .and_then(|bytes| String::from_utf8(bytes).map_err(|_| "it is not UTF-8 text".to_owned()))
        .map_err(|why| {
            report.fail(broken(format!("`{FILE}` cannot be read: {why}"), At::Named(FILE.to_owned())))
        })?;
    let source = report.sources.add(FILE, text);
    let node = parse::yaml(source, report)?;
    let lock: Lock = node.tree().parse().map_err(|error| {
        let at = At::Span(node.source, node.span.clone());
        report.fail(broken(format!("`{FILE}` is not what this program writes: {error}"), at))
    })?;
    if lock.version != FORMAT {
        let at = At::Span(node.source, node.span.clone());
        let said = format!("`{FILE}` has the format {}, and this program knows {FORMAT}", lock.version);
        return Err(report.fail(broken(said, at).help("bring the program up to date")));
    }
    let said = report.diagnostics.len();
    for (path, file) in &lock.files {
        let needed = file.requires.as_deref().and_then(|wanted| Version::parse(wanted).ok());
        if let Some(needed) = needed.filter(|needed| *needed > VERSION) {
            let words = format!("`{path}` needs sightread {needed} or newer, and this is {VERSION}");
            let at = At::Named(FILE.to_owned());
            report.push(Diagnostic::new(&codes::NEEDS_NEWER, words, at).help("bring the program up to date"));
        }
    }
    if report.diagnostics.len() > said { report.failed(lock) } else { Ok(lock) }
}

/// The digests that the lock approves, for doors that have their own way to complain.
pub(super) fn approved(world: &dyn World) -> BTreeSet<String> {
    read(world, &mut Report::default()).map(|lock| lock.approved()).unwrap_or_default()
}

/// Holds the files of a run against the lock: what was fetched must be as it was locked; with `strict`, everything must
/// be locked, and what is locked must be there.
pub(super) fn hold(lock: &Lock, origins: &Origins, strict: bool, world: &dyn World, report: &mut Report) {
    if lock.files.is_empty() && !strict {
        return;
    }
    let mut seen = BTreeSet::new();
    for path in &origins.paths {
        // What cannot be read is said when it is loaded.
        for file in catalog::files(path, world, &mut Report::default()) {
            let Ok(text) =
                world.read(Path::new(&file)).map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
            else {
                continue;
            };
            compare(&file, &text, lock.files.get(&file), strict, report);
            seen.insert(file);
        }
    }
    let gone = lock.files.iter().filter(|(path, _)| world.entry(Path::new(path)).is_none());
    // One's own file that is gone was taken away; one that was fetched may never have been brought here.
    let matters =
        |(path, locked): &(&String, &Locked)| !seen.contains(*path) && (strict || locked.from.is_some());
    for (path, _) in gone.filter(matters) {
        let said = format!("`{path}` is locked and is not there");
        let said = Diagnostic::new(&codes::LOCK_CHANGED, said, At::Named(FILE.to_owned()))
            .help("bring it back as it was locked: `sightread provisioners update --locked`")
            .help(format!("or forget it: `sightread provisioners remove {path}`"));
        report.push(if strict { said.severity(Severity::Error) } else { said });
    }
}

fn compare(file: &str, text: &str, locked: Option<&Locked>, strict: bool, report: &mut Report) {
    let at = At::Named(file.to_owned());
    let Some(locked) = locked else {
        if strict {
            let said = format!("`{file}` is not in {FILE}");
            let help = "lock it as it is now: `sightread provisioners update`";
            report.push(Diagnostic::new(&codes::NOT_LOCKED, said, at).help(help));
        }
        return;
    };
    let now = digest(text);
    if now == locked.digest || !(strict || locked.from.is_some()) {
        return;
    }
    let said = format!("`{file}` is not what {FILE} says it is");
    let diagnostic = Diagnostic::new(&codes::LOCK_CHANGED, said, at)
        .severity(if strict { Severity::Error } else { Severity::Warning })
        .note(format!("locked is {}, and it is {now}", locked.digest));
    report.push(match &locked.from {
        Some(from) => diagnostic
            .note(format!("it was fetched from {from}"))
            .help("bring it back as it was locked: `sightread provisioners update --locked`")
            .help("or, to change it, copy it to a name of its own and remove this one"),
        None => diagnostic.help("lock it as it is now: `sightread provisioners update`"),
    });
}
