//! Diagnostics with their places worked out, as machines want them: files relative to the repository, lines and columns.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Component, Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::diag::fix::{self, Change};
use crate::diag::render::sorted;
use crate::diag::source::Sources;
use crate::diag::span::{Position, place, position};
use crate::diag::{At, Diagnostic, Report};

/// Where the run stands: what turns names as typed into paths from the top of the repository.
#[derive(Debug, Clone, Default)]
pub struct Bearings {
    /// The top of the repository, absolute; empty where nobody said.
    pub root: PathBuf,
    /// The current folder, seen from the top.
    pub here: PathBuf,
}

impl Bearings {
    /// A name as typed as a path from the top, with `/` on every system.
    pub fn relative(&self, name: &str) -> String {
        let path = Path::new(name);
        let path = match path.strip_prefix(&self.root) {
            Ok(inside) if path.is_absolute() && !self.root.as_os_str().is_empty() => inside.to_owned(),
            _ => self.here.join(path),
        };
        let mut parts: Vec<String> = Vec::new();
        for part in path.components() {
            match part {
                Component::CurDir => {}
                Component::ParentDir if parts.last().is_some_and(|last| last != "..") => drop(parts.pop()),
                Component::ParentDir | Component::Normal(_) | Component::Prefix(_) => {
                    parts.push(part.as_os_str().to_string_lossy().into_owned());
                }
                Component::RootDir => parts.push(String::new()),
            }
        }
        parts.join("/")
    }
}

/// A piece of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Region {
    /// Where it begins.
    pub start: Position,
    /// Where it has ended.
    pub end: Position,
}

/// Where something is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Spot {
    /// The file, as the user named it.
    pub file: Option<String>,
    /// The flag or other thing without a text.
    pub named: Option<String>,
    /// Where in the file.
    pub region: Option<Region>,
    /// The path in the document.
    pub path: Option<String>,
}

/// A diagnostic and its places.
#[derive(Debug, Clone)]
pub struct Told<'a> {
    /// What was said.
    pub said: &'a Diagnostic,
    /// Where.
    pub spot: Spot,
    /// The other places, each with a few words.
    pub others: Vec<(Spot, &'a str)>,
    /// The line it is about, without white space around it.
    pub line: String,
    /// How to mend it, each change with the place that it replaces.
    pub mend: Vec<(Spot, Change)>,
}

impl Told<'_> {
    /// The first line it is about, counted from 1.
    pub fn first_line(&self) -> usize {
        self.spot.region.map_or(1, |region| region.start.line)
    }

    /// All words about it but the message.
    pub fn details(&self) -> Vec<String> {
        let notes = self.said.notes.iter().map(|note| format!("note: {note}"));
        notes.chain(self.said.helps.iter().map(|help| format!("help: {help}"))).collect()
    }
}

/// Everything that was said in a run of one report, in the order of people.
pub fn told(report: &Report) -> Vec<Told<'_>> {
    sorted(report).into_iter().map(|said| one(said, &report.sources)).collect()
}

/// Drops what an earlier report said about the same place in the same words.
pub fn once(reports: &mut [Report]) {
    let mut seen: BTreeSet<(&'static str, Spot, String)> = BTreeSet::new();
    for report in reports {
        let Report { diagnostics, sources } = report;
        diagnostics.retain(|said| seen.insert((said.code.id, spot(&said.at, sources), said.message.clone())));
    }
}

/// What tells each of these from every other, whatever line it moves to.
pub fn fingerprints(all: &[Told<'_>], bearings: &Bearings) -> Vec<String> {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    all.iter()
        .map(|told| {
            let Spot { file, named, region: _, path } = &told.spot;
            let file = file.as_deref().map(|name| bearings.relative(name)).unwrap_or_default();
            let parts = [
                told.said.code.id,
                &file,
                named.as_deref().unwrap_or_default(),
                path.as_deref().unwrap_or_default(),
                &told.line,
            ];
            let all = parts.join("\0");
            let number = seen.entry(all.clone()).or_default();
            let digest = Sha256::digest(format!("{all}\0{number}"));
            *number += 1;
            digest.iter().take(16).flat_map(|byte| [hex(byte >> 4), hex(byte & 15)]).collect()
        })
        .collect()
}

fn hex(digit: u8) -> char {
    char::from_digit(digit.into(), 16).unwrap_or_default()
}

fn one<'a>(said: &'a Diagnostic, sources: &Sources) -> Told<'a> {
    let line = place(&said.at, sources).and_then(|place| {
        let text = &sources.text(place.source)?.text;
        let start = text.get(..place.span.start)?.rfind('\n').map_or(0, |newline| newline + 1);
        Some(text.get(start..)?.lines().next()?.trim().to_owned())
    });
    let changes = said.fix.as_ref().and_then(|fix| fix::changes(fix, sources)).unwrap_or_default();
    let mend = changes.into_iter().filter_map(|change| {
        let source = sources.text(change.source)?;
        let region =
            Region { start: position(&source.text, change.start), end: position(&source.text, change.end) };
        Some((Spot { file: Some(source.name.clone()), region: Some(region), ..Spot::default() }, change))
    });
    Told {
        said,
        spot: spot(&said.at, sources),
        others: said.others.iter().map(|(at, words)| (spot(at, sources), words.as_str())).collect(),
        line: line.unwrap_or_default(),
        mend: mend.collect(),
    }
}

fn spot(at: &At, sources: &Sources) -> Spot {
    let path = match at {
        At::Path(_, path, _) => Some(path.to_string()),
        At::Span(..) | At::Named(_) | At::Nowhere => None,
    };
    if let At::Named(name) = at {
        return named(name);
    }
    let Some(place) = place(at, sources) else { return Spot { path, ..Spot::default() } };
    let Some(source) = sources.text(place.source) else { return Spot { path, ..Spot::default() } };
    let start = position(&source.text, place.span.start);
    let end = position(&source.text, place.span.end);
    let region = Some(Region { start, end });
    if is_file(&source.name) {
        Spot { file: Some(source.name.clone()), named: None, region, path }
    } else {
        Spot { file: None, named: Some(source.name.clone()), region: None, path }
    }
}

/// True when a name can be a file's.
fn is_file(name: &str) -> bool {
    !(name.is_empty() || name.starts_with(['-', '<']) || name.contains("://"))
}

/// A name such as `prod.env:12:1` is a file and a place in it.
fn named(name: &str) -> Spot {
    if !is_file(name) {
        return Spot { named: Some(name.to_owned()), ..Spot::default() };
    }
    let mut parts = name.rsplitn(3, ':');
    let column = parts.next().and_then(|column| column.parse().ok());
    let line = parts.next().and_then(|line| line.parse().ok());
    match (column, line, parts.next()) {
        (Some(column), Some(line), Some(file)) => {
            let at = Position { line, column };
            Spot {
                file: Some(file.to_owned()),
                region: Some(Region { start: at, end: at }),
                ..Spot::default()
            }
        }
        _ => Spot { file: Some(name.to_owned()), ..Spot::default() },
    }
}

#[cfg(test)]
mod tests {
    use super::{Bearings, named};

    #[test]
    fn names_become_paths_from_the_top() {
        let bearings = Bearings { root: "/repo".into(), here: "services".into() };
        for (name, expected) in [
            ("web/score.yaml", "services/web/score.yaml"),
            ("./score.yaml", "services/score.yaml"),
            ("../score.yaml", "score.yaml"),
            ("/repo/a b/score.yaml", "a b/score.yaml"),
            ("/elsewhere/score.yaml", "/elsewhere/score.yaml"),
            ("../../score.yaml", "../score.yaml"),
        ] {
            assert_eq!(bearings.relative(name), expected, "{name}");
        }
        assert_eq!(Bearings::default().relative("./a/score.yaml"), "a/score.yaml");
    }

    #[test]
    fn names_with_places() {
        let spot = named("prod.env:12:1");
        assert_eq!(spot.file.as_deref(), Some("prod.env"));
        assert_eq!(spot.region.map(|region| region.start.line), Some(12));
        assert_eq!(named("--image").named.as_deref(), Some("--image"));
        assert_eq!(named("score.yaml").file.as_deref(), Some("score.yaml"));
    }
}
