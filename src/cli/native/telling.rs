//! What was said in a run, settled: what is allowed is dropped, what is denied becomes an error, and the rest is printed.

use std::collections::BTreeSet;
use std::path::Path;

use super::Usage;
use super::explain::unknown;
use super::options::{Format, Telling};
use crate::cli::Screen;
use crate::diag::codes::find;
use crate::diag::format::{self, github, gitlab, junit, sarif};
use crate::diag::source::Sources;
use crate::diag::span::place;
use crate::diag::{At, Diagnostic, Report, Severity, json, render, told};
use crate::world::World;

/// What allows a code in a file.
const MARK: &str = "sightread: allow ";

/// Checks the codes that are to be allowed.
pub(super) fn judge(telling: &Telling) -> Result<(), Usage> {
    telling.allow.iter().try_for_each(|id| find(id).map(|_| ()).ok_or_else(|| unknown(id)))
}

/// Drops what is allowed by a flag or beside the place, then turns warnings into errors where they are denied.
pub(super) fn settle(report: &mut Report, telling: &Telling) {
    let flags: BTreeSet<&str> = telling.allow.iter().map(String::as_str).collect();
    let Report { diagnostics, sources } = report;
    diagnostics.retain(|said| {
        said.severity == Severity::Error || !(flags.contains(said.code.id) || allowed(said, sources))
    });
    if telling.deny_warnings {
        let why = "this is a warning, and `--deny-warnings` makes it an error";
        diagnostics.change(|said| match said.severity {
            Severity::Warning => said.severity(Severity::Error).note(why),
            Severity::Error | Severity::Note => said,
        });
    }
}

/// True when a warning is allowed beside its place, or beside every resource that brought it about.
fn allowed(said: &Diagnostic, sources: &Sources) -> bool {
    let beside = |at: &At| allowed_beside(at, said.code.id, sources);
    beside(&said.at) || (!said.others.is_empty() && said.others.iter().all(|(at, _)| beside(at)))
}

/// True when the line of the place, or the comment lines right above it, say `# sightread: allow CODE`.
fn allowed_beside(at: &At, id: &str, sources: &Sources) -> bool {
    let Some(place) = place(at, sources) else { return false };
    let Some(source) = sources.text(place.source) else { return false };
    let before = source.text.get(..place.span.start).unwrap_or_default();
    let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
    let own = source.text.get(line_start..).and_then(|rest| rest.lines().next()).unwrap_or_default();
    let above = before.get(..line_start).unwrap_or_default().lines().rev();
    let comments = above.take_while(|line| line.trim_start().starts_with('#'));
    std::iter::once(own).chain(comments).any(|line| allows(line, id))
}

/// True when a line's comment allows a code; several codes are separated by commas.
fn allows(line: &str, id: &str) -> bool {
    let Some((before, rest)) = line.split_once(MARK) else { return false };
    let is_comment = before.trim_end().ends_with('#');
    is_comment && rest.split([',', ' ']).any(|code| code.trim() == id)
}

/// What a run has to say.
#[derive(Debug, Clone, Copy)]
pub(super) struct Run<'a> {
    /// What was said.
    pub(super) reports: &'a [Report],
    /// The Score files that were read.
    pub(super) files: &'a [String],
    /// The run in one line.
    pub(super) verdict: &'a str,
}

/// What a command does when all is well.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Deed {
    /// It writes; where there are errors, it has not.
    Writes,
    /// It only looks.
    Looks,
}

impl Deed {
    /// Writes where it is true.
    pub(super) const fn of(writes: bool) -> Self {
        if writes { Self::Writes } else { Self::Looks }
    }
}

/// Prints what one report says to standard error.
pub(super) fn print(
    report: &Report,
    files: &[String],
    (telling, deed): (&Telling, Deed),
    world: &dyn World,
    screen: &mut Screen<'_>,
) {
    let verdict = count(report, deed);
    let run = Run { reports: std::slice::from_ref(report), files, verdict: &verdict };
    let mut said = text(&run, telling, world, screen.colours);
    if telling.format == Format::Human {
        said.push_str(&verdict);
    }
    screen.say(said);
    step_summary(&run, telling, world, screen);
}

/// Everything that was said, in the format that is asked for.
pub(super) fn text(run: &Run<'_>, telling: &Telling, world: &dyn World, colours: bool) -> String {
    match telling.format {
        Format::Human => run.reports.iter().map(|report| render::render(report, colours)).collect(),
        Format::Json => json::render(run.reports),
        Format::Sarif => sarif::render(&formatted(run, world)),
        Format::Github => github::render(&formatted(run, world)),
        Format::Gitlab => gitlab::render(&formatted(run, world)),
        // A report that cannot be put together says why in the report's stead.
        Format::Junit => junit::render(&formatted(run, world)).unwrap_or_else(|error| format!("{error}\n")),
    }
}

/// Adds to the summary of a step of GitHub Actions, where that format is asked for and the variable names a file.
pub(super) fn step_summary(run: &Run<'_>, telling: &Telling, world: &dyn World, screen: &mut Screen<'_>) {
    let named = world.env("GITHUB_STEP_SUMMARY").filter(|name| !name.is_empty());
    let (Format::Github, Some(name)) = (telling.format, named) else { return };
    let path = Path::new(&name);
    let mut summary = world.read(path).unwrap_or_default();
    summary.extend(github::summary(&formatted(run, world), run.verdict.trim_end()).into_bytes());
    let mode = world.mode(path).unwrap_or(0o644);
    if let Err(error) = world.replace(path, &summary, mode) {
        screen
            .say(format!("::warning title=sightread::the step summary {name} cannot be written: {error}\n"));
    }
}

/// A run as the formats of machines want it. CI says where the repository is; without it the current folder is its top.
fn formatted<'a>(run: &Run<'a>, world: &dyn World) -> format::Run<'a> {
    let here = world.canonical(Path::new(".")).unwrap_or_default();
    let tops = ["GITHUB_WORKSPACE", "CI_PROJECT_DIR"].into_iter().filter_map(|name| world.env(name));
    let mut tops = tops.filter_map(|top| world.canonical(Path::new(&top)).ok());
    let root = tops.find(|top| here.starts_with(top)).unwrap_or_else(|| here.clone());
    let here = here.strip_prefix(&root).map(Path::to_owned).unwrap_or_default();
    format::Run {
        told: run.reports.iter().flat_map(told::told).collect(),
        files: run.files.to_vec(),
        bearings: told::Bearings { root, here },
    }
}

/// How many errors there are, when there are any; with them nothing is written by what would have written.
fn count(report: &Report, deed: Deed) -> String {
    let number = |severity| report.diagnostics.iter().filter(|said| said.severity == severity).count();
    let words = |number: usize, word: &str| format!("{number} {word}{}", if number == 1 { "" } else { "s" });
    let said = match (number(Severity::Error), number(Severity::Warning)) {
        (0, _) => return String::new(),
        (errors, 0) => words(errors, "error"),
        (errors, warnings) => format!("{} and {}", words(errors, "error"), words(warnings, "warning")),
    };
    match deed {
        Deed::Writes => format!("{said}; nothing was written\n"),
        Deed::Looks => format!("{said}\n"),
    }
}

#[cfg(test)]
mod tests {
    use super::allows;

    #[test]
    fn comments_allow_codes() {
        let table = [
            ("a: b # sightread: allow old-spelling", true),
            ("# sightread: allow x, old-spelling", true),
            ("  #sightread: allow old-spelling because", true),
            ("a: b # sightread: allow old-spellings", false),
            ("a: sightread: allow old-spelling", false),
        ];
        for (line, wanted) in table {
            assert_eq!(allows(line, "old-spelling"), wanted, "{line}");
        }
    }
}
