//! `explain`: prints a code's page.

use clap::Args;

use super::Usage;
use crate::cli::{Exit, Screen};
use crate::diag::codes::{Code, all, find};
use crate::diag::{Severity, nearest};

/// Explain an error or warning, by its code
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  sightread explain\n  sightread explain seed-made")]
pub(super) struct Typed {
    /// The code, as it stands in brackets; without one, all codes are listed
    #[arg(value_name = "CODE")]
    code: Option<String>,
}

/// How wide a page is printed.
const WIDTH: usize = 90;

/// Prints one page, or the list of all codes.
pub(super) fn run(typed: &Typed, screen: &mut Screen<'_>) -> Result<Exit, Usage> {
    let Typed { code } = typed;
    let Some(id) = code else {
        screen.print(list());
        return Ok(Exit::Fine);
    };
    let code = find(id).ok_or_else(|| unknown(id))?;
    screen.print(format!("{}[{}]: {}\n\n{}\n", word(code.severity), code.id, code.title, wrapped(code.page)));
    Ok(Exit::Fine)
}

/// The complaint about a code that does not exist.
pub(super) fn unknown(id: &str) -> Usage {
    let near = nearest(id, all().map(|code| code.id));
    let near = near.map_or_else(String::new, |near| format!(", did you mean `{near}`?"));
    Usage(format!("there is no code `{id}`{near}\n\n`sightread explain` lists all codes"))
}

fn list() -> String {
    let mut codes: Vec<&Code> = all().collect();
    codes.sort_by_key(|code| code.id);
    let width = codes.iter().map(|code| code.id.len()).max().unwrap_or_default();
    codes
        .iter()
        .map(|code| format!("{:width$}  {:7}  {}\n", code.id, word(code.severity), code.title))
        .collect::<Vec<_>>()
        .concat()
}

const fn word(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    }
}

/// The page with its paragraphs wrapped; lines that begin with white space are examples and stay as they are.
fn wrapped(page: &str) -> String {
    let mut out = String::new();
    for line in page.lines() {
        let mut column = 0;
        if line.starts_with(' ') {
            out.push_str(line);
        } else {
            for word in line.split(' ') {
                let width = word.chars().count();
                let gap = usize::from(column > 0);
                if column + gap + width > WIDTH {
                    out.push('\n');
                    column = 0;
                } else if gap > 0 {
                    out.push(' ');
                    column += 1;
                }
                out.push_str(word);
                column += width;
            }
        }
        out.push('\n');
    }
    out.trim_end().to_owned()
}
