//! `--fix`: makes the changes that diagnostics suggest, judges again, and goes on until nothing more can be mended.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::Context;

use super::judge::{self, Checked};
use super::projects::Project;
use crate::cli::native::options::Reading;
use crate::diag::Report;
use crate::diag::fix::{Change, apply, changes, join};
use crate::diag::span::position;
use crate::diag::told::told;
use crate::read;
use crate::world::World;
use crate::world::draft::Draft;
use crate::write::lines;

/// A file that was changed.
#[derive(Debug)]
pub(super) struct Changed {
    /// Its name.
    file: String,
    /// What it held.
    before: String,
    /// What it holds now.
    after: String,
    /// What was done, and at which line of the text as it was; a cure that another one made room for has no line there.
    done: Vec<(Option<usize>, String)>,
}

/// A cure may bring to light what another can mend; none needs more rounds than this.
const ROUNDS: usize = 12;

/// Judges and mends in memory.
pub(super) fn mend(
    projects: &[Project],
    reading: &Reading,
    world: &dyn World,
) -> (Vec<Checked>, Vec<Changed>) {
    let mut draft = Draft::new(world);
    let mut all: BTreeMap<String, Changed> = BTreeMap::new();
    let mut checked = judge::all(projects, reading, &draft);
    for _ in 0..ROUNDS {
        let mut new: Vec<Changed> = checked.iter().flat_map(round).collect();
        // A file that two projects read is changed once.
        new.sort_by(|one, other| one.file.cmp(&other.file));
        new.dedup_by(|one, other| one.file == other.file);
        if new.is_empty() {
            break;
        }
        for changed in new {
            draft.put(PathBuf::from(&changed.file), changed.after.clone().into_bytes());
            match all.get_mut(&changed.file) {
                Some(earlier) => {
                    earlier.after = changed.after;
                    earlier.done.extend(changed.done.into_iter().map(|(_, what)| (None, what)));
                }
                None => drop(all.insert(changed.file.clone(), changed)),
            }
        }
        checked = judge::all(projects, reading, &draft);
    }
    (checked, all.into_values().filter(|changed| changed.before != changed.after).collect())
}

/// What can be mended in the files of a project at once.
fn round(checked: &Checked) -> Vec<Changed> {
    checked.files.iter().filter_map(|file| mend_one(file, &checked.report)).collect()
}

fn mend_one(file: &str, report: &Report) -> Option<Changed> {
    let mut taken: Vec<Change> = Vec::new();
    let mut done = Vec::new();
    let mut text = None;
    for told in told(report) {
        let Some(fix) = &told.said.fix else { continue };
        let Some(more) = changes(fix, &report.sources) else { continue };
        let source = report.sources.text(more.first()?.source)?;
        let here = more.iter().all(|change| more.first().is_some_and(|first| first.source == change.source));
        if !here || source.name != file {
            continue;
        }
        let line = position(&source.text, more.iter().map(|change| change.start).min()?).line;
        let before = text.get_or_insert_with(|| source.text.to_string());
        let mut tried = taken.clone();
        if join(&mut tried, more) && readable(&apply(before, &tried)) {
            taken = tried;
            let line = told.spot.region.map_or(line, |region| region.start.line);
            done.push((Some(line), fix.what.clone()));
        }
    }
    let before = text.filter(|_| !done.is_empty())?;
    let after = apply(&before, &taken);
    Some(Changed { file: file.to_owned(), before, after, done })
}

/// True when the text can be read as YAML: a cure that would break a file is not carried out.
fn readable(text: &str) -> bool {
    let mut report = Report::default();
    let source = report.sources.add("fixed", text);
    read::parse::yaml(source, &mut report).is_ok()
}

/// Writes the changed files, each as a whole.
pub(super) fn write(changed: &[Changed], world: &dyn World) -> anyhow::Result<()> {
    for one in changed {
        let path = Path::new(&one.file);
        let mode = world.mode(path).unwrap_or(0o644);
        world
            .replace(path, one.after.as_bytes(), mode)
            .with_context(|| format!("cannot write {}", one.file))?;
    }
    Ok(())
}

/// The changes as a unified difference.
pub(super) fn difference(changed: &[Changed]) -> String {
    let one = |Changed { file, before, after, done: _ }: &Changed| lines::unified(before, after, file, file);
    changed.iter().map(one).collect()
}

/// What was done, file by file.
pub(super) fn summary(changed: &[Changed], dry_run: bool) -> String {
    let mut out = String::new();
    for Changed { file, before: _, after: _, done } in changed {
        out.push_str(if dry_run { "would change " } else { "changed " });
        out.extend([file.as_str(), ":\n"]);
        let lines: Vec<String> = done
            .iter()
            .map(|(line, _)| line.map_or_else(|| "then".to_owned(), |line| format!("line {line}")))
            .collect();
        let width = lines.iter().map(String::len).max().unwrap_or_default();
        for (line, (_, what)) in lines.iter().zip(done) {
            out.extend(["  ", &format!("{line:width$}"), "  ", what, "\n"]);
        }
    }
    if !changed.is_empty() {
        out.push('\n');
    }
    out
}
