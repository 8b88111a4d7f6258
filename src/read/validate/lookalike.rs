//! Text that was most likely meant as a placeholder and is none: not closed, or in the clothes of another tool.

use std::ops::Range;

use crate::diag::codes::read as codes;
use crate::diag::{At, Diagnostic};
use crate::model::placeholder::{PieceKind, scan};

/// What opens a reference in other tools and shells, the longer before what it ends with.
const OPENINGS: [&str; 5] = ["{{", "$(", "#{", "%{", "$"];

/// What stands in a text.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Lookalike {
    /// The bytes of it.
    pub(super) range: Range<usize>,
    /// The placeholder that was meant.
    meant: String,
    is_open: bool,
}

impl Lookalike {
    /// The warning about it.
    pub(super) fn said(&self, text: &str, at: At) -> Diagnostic {
        let written = text.get(self.range.clone()).unwrap_or_default();
        let why = if self.is_open { "is not closed" } else { "is no placeholder of Score" };
        let message = format!("`{written}` {why}, so it stays as it is");
        Diagnostic::new(&codes::NEAR_PLACEHOLDER, message, at).help(format!("write `{}`", self.meant))
    }
}

/// Finds what looks like a placeholder of something that this workload has.
pub(super) fn find(text: &str, resources: &[String]) -> Vec<Lookalike> {
    let pieces = scan(text).into_iter().filter(|piece| piece.kind == PieceKind::Literal);
    pieces.filter_map(|piece| first(text, piece.range, resources)).collect()
}

/// The first one in a literal piece.
fn first(text: &str, piece: Range<usize>, resources: &[String]) -> Option<Lookalike> {
    let literal = text.get(piece.clone())?;
    let mut starts: Vec<usize> = literal.match_indices("resources.").map(|(start, _)| start).collect();
    starts.extend(literal.match_indices("metadata.").map(|(start, _)| start));
    starts.sort_unstable();
    starts.into_iter().find_map(|start| {
        let (before, rest) = literal.split_at_checked(start)?;
        let body = body(rest);
        let is_open = before.ends_with("${");
        let opened = if is_open { start.checked_sub(2)? } else { opening(before)? };
        let known = body.split('.').nth(1).is_some_and(|name| {
            body.starts_with("metadata.") && is_open || resources.iter().any(|there| there == name)
        });
        let end = if is_open { start + body.len() } else { closed(rest, body.len()) + start };
        let range = piece.start + opened..piece.start + end;
        known.then(|| Lookalike { range, meant: format!("${{{body}}}"), is_open })
    })
}

/// The path that a text begins with.
fn body(text: &str) -> &str {
    let inside = |letter: char| letter.is_ascii_alphanumeric() || "._-\\/".contains(letter);
    let end = text.find(|letter| !inside(letter)).unwrap_or(text.len());
    text.get(..end).unwrap_or_default().trim_end_matches(['.', '/', '\\', '-'])
}

/// Where the mark of another tool begins, when one stands before a path.
fn opening(before: &str) -> Option<usize> {
    let bare = before.trim_end_matches(' ');
    let bare = bare.strip_suffix('.').unwrap_or(bare).trim_end_matches(' ');
    OPENINGS.iter().find(|mark| bare.ends_with(**mark)).map(|mark| bare.len() - mark.len())
}

/// Where the mark of another tool ends, behind a path of this length.
fn closed(rest: &str, length: usize) -> usize {
    let after = rest.get(length..).unwrap_or_default();
    let bare = after.trim_start_matches(' ');
    let mark = ["}}", ")", "}"].into_iter().find(|mark| bare.starts_with(mark));
    mark.map_or(length, |mark| length + after.len() - bare.len() + mark.len())
}

#[cfg(test)]
mod tests {
    use super::find;

    #[test]
    fn what_looks_like_a_placeholder() {
        let resources = ["db".to_owned()];
        for (text, expected) in [
            ("${resources.db.host", "${resources.db.host => ${resources.db.host}"),
            ("x ${resources.db.host:5432", "${resources.db.host => ${resources.db.host}"),
            ("${metadata.name", "${metadata.name => ${metadata.name}"),
            ("a {{ .resources.db.host }} b", "{{ .resources.db.host }} => ${resources.db.host}"),
            ("$(resources.db.host)", "$(resources.db.host) => ${resources.db.host}"),
            ("$resources.db.host", "$resources.db.host => ${resources.db.host}"),
            ("${resources.db.host}", ""),
            ("$${resources.db.host}", ""),
            ("see resources.db.host", ""),
            ("{{ resources.other.host }}", ""),
            ("{{ metadata.name }}", ""),
            ("${resources.", ""),
        ] {
            let found = find(text, &resources);
            let shown: Vec<String> =
                found.iter().map(|one| format!("{} => {}", &text[one.range.clone()], one.meant)).collect();
            assert_eq!(shown.join("; "), expected, "{text}");
        }
    }
}
