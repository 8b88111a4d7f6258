//! The values of `type: environment`: a file of `NAME=value` lines, read as Docker Compose reads its `.env`.

use std::collections::{BTreeMap, BTreeSet};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use crate::diag::codes::machine as codes;
use crate::diag::{At, Diagnostic, Failed, Report};
use crate::model::text::Hidden;
use crate::resolve::EnvFile;
use crate::world::{Entry, World};

/// Reads the named file, or the `.env` beside each Score file where there is one.
///
/// # Errors
/// When the named file is not there, or a line says nothing.
pub(super) fn read(
    named: Option<&str>,
    scores: &[String],
    world: &dyn World,
    report: &mut Report,
) -> Result<Option<EnvFile>, Failed> {
    if let Some(name) = named {
        let values = values(Path::new(name), world, report)?;
        return Ok(Some(EnvFile { name: name.to_owned(), values }));
    }
    let folder = |score: &String| Path::new(score).parent().map(|folder| folder.join(".env"));
    let beside: BTreeSet<PathBuf> = scores.iter().filter_map(folder).collect();
    let mut found: Option<EnvFile> = None;
    for path in beside.iter().filter(|path| world.entry(path) == Some(Entry::File)) {
        let more = values(path, world, report)?;
        let file = found.get_or_insert_with(EnvFile::default);
        let gap = if file.name.is_empty() { "" } else { ", " };
        file.name.extend([gap, &path.display().to_string()]);
        for (name, value) in more {
            file.values.entry(name).or_insert(value);
        }
    }
    Ok(found)
}

fn values(path: &Path, world: &dyn World, report: &mut Report) -> Result<BTreeMap<String, Hidden>, Failed> {
    let name = path.display().to_string();
    let read = world.read(path).map_err(|error| match error.kind() {
        ErrorKind::NotFound => "there is no such file".to_owned(),
        _ => error.to_string(),
    });
    let text = read.and_then(|bytes| String::from_utf8(bytes).map_err(|_| "it is not UTF-8".to_owned()));
    let text = text.map_err(|why| {
        let said = format!("the env file `{name}` cannot be read");
        report.fail(Diagnostic::new(&codes::BROKEN_ENV_FILE, said, At::Named(name.clone())).note(why))
    })?;
    let mut values = BTreeMap::new();
    for (n, line) in text.lines().enumerate() {
        match entry(line) {
            Line::Entry(key, value) => {
                values.insert(key, Hidden::new(value));
            }
            Line::Blank => {}
            Line::Wrong(why) => {
                // The line may hold a secret, so only its number is shown.
                let at = At::Named(format!("{name}:{}:1", n + 1));
                report.push(
                    Diagnostic::new(&codes::BROKEN_ENV_FILE, why, at)
                        .help("write one `NAME=value` to a line"),
                );
            }
        }
    }
    report.failed(values)
}

enum Line {
    Entry(String, String),
    Blank,
    Wrong(&'static str),
}

fn entry(line: &str) -> Line {
    let line = line.trim();
    let line = line.strip_prefix("export ").unwrap_or(line).trim_start();
    if line.is_empty() || line.starts_with('#') {
        return Line::Blank;
    }
    let Some((name, value)) = line.split_once('=') else {
        return Line::Wrong("this line has no `=`");
    };
    let name = name.trim_end();
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-');
    if name.is_empty() || !name.chars().all(fits) {
        return Line::Wrong("this line does not begin with a variable's name");
    }
    unquoted(value.trim_start()).map_or(Line::Wrong("a quote is not closed on this line"), |value| {
        Line::Entry(name.to_owned(), value)
    })
}

/// The value without its quotes. Outside quotes ` #` begins a comment; in double quotes `\n` and the like are escapes.
fn unquoted(text: &str) -> Option<String> {
    if let Some(rest) = text.strip_prefix('\'') {
        return rest.split_once('\'').map(|(value, _)| value.to_owned());
    }
    let Some(rest) = text.strip_prefix('"') else {
        let comment = text.find(" #").or_else(|| text.starts_with('#').then_some(0));
        return Some(text.get(..comment.unwrap_or(text.len()))?.trim_end().to_owned());
    };
    let mut value = String::new();
    let mut chars = rest.chars();
    loop {
        match chars.next()? {
            '"' => return Some(value),
            '\\' => match chars.next()? {
                'n' => value.push('\n'),
                'r' => value.push('\r'),
                't' => value.push('\t'),
                c @ ('"' | '\\' | '$') => value.push(c),
                other => value.extend(['\\', other]),
            },
            c => value.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Line, entry};

    #[test]
    fn lines_are_read_as_compose_reads_them() {
        let table = [
            ("A=b", Some(("A", "b"))),
            (" export A = b c ", Some(("A", "b c"))),
            ("A='b # c'", Some(("A", "b # c"))),
            ("A=\"b\\nc\" # d", Some(("A", "b\nc"))),
            ("A=b # c", Some(("A", "b"))),
            ("A=b#c", Some(("A", "b#c"))),
            ("A=", Some(("A", ""))),
            ("A=b=c", Some(("A", "b=c"))),
            ("A", None),
            ("A='b", None),
            ("=b", None),
        ];
        for (line, wanted) in table {
            let read = match entry(line) {
                Line::Entry(name, value) => Some((name, value)),
                Line::Blank | Line::Wrong(_) => None,
            };
            let read = read.as_ref().map(|(name, value)| (name.as_str(), value.as_str()));
            assert_eq!(read, wanted, "{line}");
        }
        assert!(matches!(entry("  # A=b"), Line::Blank));
    }
}
