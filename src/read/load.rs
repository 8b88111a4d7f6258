//! Names of Score files in, their texts out.
//!
//! **Invariant:** every kept text is the file byte for byte, so that places in it are places in the file.

use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use crate::diag::codes::read as codes;
use crate::diag::{At, Diagnostic, Failed, Report};
use crate::model::flow::SourceId;
use crate::world::{Entry, World};

/// The name that diagnostics give to standard input.
pub const STDIN: &str = "<stdin>";

/// The largest text that is read.
const MAX_BYTES: usize = 16 << 20;

/// Reads each file once; `-` is standard input. A file that is missing, unreadable, not UTF-8, too large or named twice is
/// an error, and the others are read all the same.
pub fn load(files: &[String], world: &dyn World, report: &mut Report) -> Vec<SourceId> {
    let mut seen = BTreeMap::new();
    let mut sources = Vec::new();
    for file in files {
        match seen.insert(identity(file, world), file) {
            None => sources.extend(kept(file, true, world, report)),
            Some(first) => report.push(twice(first, file)),
        }
    }
    sources
}

/// Reads one text of any kind and keeps it; `-` is standard input.
///
/// # Errors
/// When it is missing, unreadable, not UTF-8 or too large.
pub fn text(file: &str, world: &dyn World, report: &mut Report) -> Result<SourceId, Failed> {
    kept(file, false, world, report)
}

fn kept(file: &str, is_score: bool, world: &dyn World, report: &mut Report) -> Result<SourceId, Failed> {
    let (name, read) = if file == "-" { (STDIN, world.stdin()) } else { (file, world.read(Path::new(file))) };
    let bytes = read.map_err(|failure| report.fail(unread(file, &failure, is_score, world)))?;
    if bytes.len() > MAX_BYTES {
        let message = format!("`{name}` is larger than {} MiB", MAX_BYTES >> 20);
        return Err(report.fail(Diagnostic::new(&codes::FILE_UNREADABLE, message, named(name))));
    }
    match String::from_utf8(bytes) {
        Ok(text) => Ok(report.sources.add(name, text)),
        Err(failure) => Err(report.fail(not_utf8(name, &failure))),
    }
}

/// What two spellings of one file have in common.
fn identity(file: &str, world: &dyn World) -> PathBuf {
    if file == "-" {
        PathBuf::from(STDIN)
    } else {
        world.canonical(Path::new(file)).unwrap_or_else(|_| file.into())
    }
}

fn twice(one: &str, other: &str) -> Diagnostic {
    let (one, other) = if one < other { (one, other) } else { (other, one) };
    let message = if one == other {
        format!("`{one}` is named twice")
    } else {
        format!("`{one}` and `{other}` are one file")
    };
    Diagnostic::new(&codes::FILE_TWICE, message, named(one)).help("name it once")
}

fn named(name: &str) -> At {
    At::Named(name.to_owned())
}

fn unread(file: &str, failure: &std::io::Error, is_score: bool, world: &dyn World) -> Diagnostic {
    let path = Path::new(file);
    if file == "-" {
        return Diagnostic::new(&codes::FILE_UNREADABLE, "standard input cannot be read", named(STDIN))
            .note(failure.to_string())
            .help("pipe a Score file in: `cat score.yaml | sightread generate -t compose -`");
    }
    if failure.kind() == ErrorKind::NotFound {
        let missing =
            Diagnostic::new(&codes::FILE_NOT_FOUND, format!("there is no file `{file}`"), named(file));
        return beside(missing, path, is_score, world);
    }
    if world.entry(path) == Some(Entry::Folder) {
        let folder = Diagnostic::new(
            &codes::FILE_UNREADABLE,
            format!("`{file}` is a folder, not a file"),
            named(file),
        );
        return beside(folder, &path.join("score.yaml"), is_score, world);
    }
    Diagnostic::new(&codes::FILE_UNREADABLE, format!("`{file}` cannot be read"), named(file))
        .note(failure.to_string())
}

/// Adds what lies beside a file that is not there: one of nearly its name, or the one Score file for a Score file.
fn beside(said: Diagnostic, path: &Path, is_score: bool, world: &dyn World) -> Diagnostic {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let Ok(names) = world.list(folder) else { return said };
    let wanted = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let yaml: Vec<&str> = names.iter().map(String::as_str).filter(|name| is_yaml(name)).collect();
    let near = namesake(&wanted, &yaml).or_else(|| {
        let mut scores = yaml.iter().copied().filter(|name| name.contains("score"));
        scores.next().filter(|_| is_score && scores.next().is_none())
    });
    match near {
        Some(name) if folder == Path::new(".") => said.help(format!("did you mean `{name}`?")),
        Some(name) => said.help(format!("did you mean `{}`?", folder.join(name).display())),
        None if wanted == "score.yaml" => said.help("name the Score files, or write a sample with `init`"),
        None => said,
    }
}

/// The file whose name but for its ending is the same or nearly so.
fn namesake<'a>(wanted: &str, names: &[&'a str]) -> Option<&'a str> {
    let stem = |name: &'a str| name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let wanted = wanted.rsplit_once('.').map_or(wanted, |(stem, _)| stem);
    let near = || crate::diag::nearest(wanted, names.iter().copied().map(stem));
    let meant = names.iter().copied().map(stem).find(|name| *name == wanted).or_else(near)?;
    names.iter().copied().find(|name| stem(name) == meant)
}

fn is_yaml(name: &str) -> bool {
    let kind = Path::new(name).extension().map(std::ffi::OsStr::to_ascii_lowercase);
    kind.is_some_and(|kind| kind == "yaml" || kind == "yml")
}

fn not_utf8(name: &str, failure: &std::string::FromUtf8Error) -> Diagnostic {
    let valid = failure.utf8_error().valid_up_to();
    let before = failure.as_bytes().get(..valid).unwrap_or_default();
    let line = before.split(|byte| *byte == b'\n').count();
    let said = Diagnostic::new(&codes::NOT_UTF8, format!("`{name}` is not UTF-8 text"), named(name))
        .note(format!("the first byte that is none stands in line {line}"));
    let wide = failure.as_bytes().starts_with(&[0xFF, 0xFE]) || failure.as_bytes().starts_with(&[0xFE, 0xFF]);
    said.help(if wide {
        "the file is UTF-16, as some Windows editors write it: save it as UTF-8"
    } else {
        "save the file as UTF-8"
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world::memory::Memory;

    #[test]
    fn a_huge_file_is_refused_by_its_size() {
        let mut world = Memory::default();
        world.put("score.yaml", vec![b' '; MAX_BYTES + 1], 0o644);
        let mut report = Report::default();
        assert!(text("score.yaml", &world, &mut report).is_err());
        let said = report.diagnostics.iter().map(|said| said.message.as_str()).collect::<Vec<_>>();
        assert_eq!(said, ["`score.yaml` is larger than 16 MiB"]);
    }
}
