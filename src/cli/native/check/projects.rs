//! What is to be checked: the files that were named, or every Score file of a folder.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crate::cli::native::Usage;
use crate::cli::native::options::Reading;
use crate::diag::codes::read as codes;
use crate::diag::{At, Diagnostic, Report};
use crate::world::{Entry, World};

/// Score files that belong together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Project {
    /// Its files.
    pub(super) files: Vec<String>,
    /// True when other workloads may exist that it does not know of.
    pub(super) alone: bool,
}

impl Project {
    fn alone(file: String) -> Self {
        Self { files: vec![file], alone: true }
    }
}

/// The file that is meant when none is found.
const DEFAULT: &str = "score.yaml";

/// Finds out what is meant.
///
/// # Errors
/// When changes that are meant for one project meet a folder.
pub(super) fn find(
    reading: &Reading,
    each: bool,
    world: &dyn World,
    report: &mut Report,
) -> Result<Vec<Project>, Usage> {
    let is_folder = |name: &String| name != "-" && world.entry(Path::new(name)) == Some(Entry::Folder);
    let named = reading.files.as_slice();
    let changed = change(reading);
    if named.is_empty() && changed.is_none() {
        let below = walk(".", world, report);
        if below.is_empty() && !report.has_errors() {
            return Ok(vec![Project { files: vec![DEFAULT.to_owned()], alone: false }]);
        }
        return Ok(below.into_iter().map(Project::alone).collect());
    }
    if named.is_empty() {
        return Ok(vec![Project { files: vec![DEFAULT.to_owned()], alone: false }]);
    }
    if !each && !named.iter().any(is_folder) {
        return Ok(vec![Project { files: named.to_vec(), alone: false }]);
    }
    if let Some(flag) = changed {
        return Err(Usage(format!(
            "`{flag}` changes the files of one project, and here each file is judged by itself: name the files"
        )));
    }
    let mut seen: BTreeSet<PathBuf> = BTreeSet::new();
    let mut files = Vec::new();
    for name in named {
        if is_folder(name) {
            let below = walk(name, world, report);
            if below.is_empty() {
                report.push(nothing_in(name));
            }
            files.extend(below);
        } else {
            files.push(name.clone());
        }
    }
    let identity = |file: &String| world.canonical(Path::new(file)).unwrap_or_else(|_| file.into());
    files.sort();
    files.retain(|file| seen.insert(identity(file)));
    Ok(files.into_iter().map(Project::alone).collect())
}

/// The first flag that changes Score files.
fn change(reading: &Reading) -> Option<&'static str> {
    [
        ("--overrides-file", &reading.overrides_file),
        ("--override-property", &reading.override_property),
        ("--image", &reading.image),
    ]
    .into_iter()
    .find(|(_, values)| !values.is_empty())
    .map(|(flag, _)| flag)
}

/// True for the name of a Score file.
pub(super) fn is_score(name: &str) -> bool {
    let stem = name.strip_suffix(".yaml").or_else(|| name.strip_suffix(".yml"));
    stem.is_some_and(|stem| stem.rsplit('.').next() == Some("score"))
}

/// The Score files below a folder.
fn walk(folder: &str, world: &dyn World, report: &mut Report) -> Vec<String> {
    let unread = |why: String| {
        let message = format!("not all of `{folder}` can be read");
        Diagnostic::new(&codes::FILE_UNREADABLE, message, At::Named(folder.to_owned())).note(why)
    };
    match world.walk(Path::new(folder), &is_score) {
        Ok(walked) => {
            for why in walked.unread {
                report.push(unread(why));
            }
            walked.files.into_iter().map(|file| file.display().to_string()).collect()
        }
        Err(error) => {
            report.push(unread(error.to_string()));
            Vec::new()
        }
    }
}

fn nothing_in(folder: &str) -> Diagnostic {
    let message = format!("there is no Score file in `{folder}`");
    Diagnostic::new(&codes::FILE_NOT_FOUND, message, At::Named(folder.to_owned()))
        .note("Score files of a folder are those named `score.yaml` or `NAME.score.yaml` that no ignore file names")
        .help("name a file of another name itself")
}

#[cfg(test)]
mod tests {
    use super::is_score;

    #[test]
    fn score_files_are_told_by_name() {
        for (name, expected) in [
            ("score.yaml", true),
            ("web.score.yaml", true),
            ("score.yml", true),
            ("web-score.yaml", false),
            ("scores.yaml", false),
            ("score.json", false),
        ] {
            assert_eq!(is_score(name), expected, "{name}");
        }
    }
}
