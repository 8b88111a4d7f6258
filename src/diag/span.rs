//! Places on demand: a path and a focus in, bytes of a text out, and the line and column that people count.

use std::ops::Range;

use crate::diag::source::Sources;
use crate::diag::{At, Focus};
use crate::model::flow::SourceId;
use crate::model::node::{Kind, Node, Style};
use crate::model::path::Path;

/// Bytes of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The text.
    pub source: SourceId,
    /// Its bytes; never more than one line.
    pub span: Range<usize>,
}

/// A line and a column, both counted from 1, columns in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// The line.
    pub line: usize,
    /// The column.
    pub column: usize,
}

/// Finds what a diagnostic points at.
pub fn place(at: &At, sources: &Sources) -> Option<Place> {
    let (source, span) = match at {
        At::Span(source, span) => (*source, span.clone()),
        At::Path(doc, path, focus) => find(sources.document(*doc)?, path, focus, sources)?,
        At::Named(_) | At::Nowhere => return None,
    };
    let text = &sources.text(source)?.text;
    Some(Place { source, span: first_line(text, &span) })
}

/// The line and column of a byte.
pub fn position(text: &str, byte: usize) -> Position {
    let before = text.get(..byte).unwrap_or(text);
    let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
    let line = before.matches('\n').count() + 1;
    let column = before.get(line_start..).map_or(0, |line| line.chars().count()) + 1;
    Position { line, column }
}

/// The place of a path, or of the nearest thing above it that was written.
fn find(root: &Node, path: &Path, focus: &Focus, sources: &Sources) -> Option<(SourceId, Range<usize>)> {
    let Some(value) = root.at(path) else {
        return find(root, &path.parent()?, &Focus::Key, sources);
    };
    let node = match focus {
        Focus::Key => root.key_at(path).unwrap_or(value),
        // A map or a list goes over many lines; its key says better where it is.
        Focus::Value if matches!(value.kind, Kind::Map(_) | Kind::List(_)) => {
            root.key_at(path).filter(|key| !matches!(key.kind, Kind::Map(_) | Kind::List(_))).unwrap_or(value)
        }
        Focus::Value | Focus::Text(_) | Focus::Bytes(_) => value,
    };
    let text = &sources.text(node.source)?.text;
    let whole = top_key(node).span.clone();
    let inner = match focus {
        Focus::Key | Focus::Value => None,
        Focus::Text(wanted) => nth_in(text, value, wanted, 0),
        Focus::Bytes(bytes) => bytes_in(text, value, bytes),
    };
    Some((node.source, inner.unwrap_or(whole)))
}

/// What stands for a whole map or list: its first key or item.
fn top_key(node: &Node) -> &Node {
    match &node.kind {
        Kind::Map(entries) => entries.first().map_or(node, |(key, _)| key),
        Kind::List(items) => items.first().map_or(node, top_key),
        _ => node,
    }
}

/// The place of the `nth` occurrence of some text in the source of a scalar.
fn nth_in(text: &str, scalar: &Node, wanted: &str, nth: usize) -> Option<Range<usize>> {
    let written = text.get(scalar.span.clone())?;
    let (offset, found) = written.match_indices(wanted).nth(nth)?;
    let start = scalar.span.start + offset;
    (!found.is_empty()).then(|| start..start + found.len())
}

/// The place of bytes of a scalar's value. Quotes and indentation make offsets differ, so in them the text is looked for.
fn bytes_in(text: &str, scalar: &Node, bytes: &Range<usize>) -> Option<Range<usize>> {
    let value = scalar.as_str()?;
    if scalar.style == Style::Plain && text.get(scalar.span.clone()) == Some(value) {
        return Some(scalar.span.start + bytes.start..scalar.span.start + bytes.end);
    }
    let wanted = value.get(bytes.clone())?;
    let before = value.match_indices(wanted).take_while(|(offset, _)| *offset < bytes.start).count();
    nth_in(text, scalar, wanted, before)
}

/// The part of a span that is on its first line, without white space at its end; at least a character where there is one.
fn first_line(text: &str, span: &Range<usize>) -> Range<usize> {
    let start = span.start.min(text.len());
    let start = (0..=start).rev().find(|byte| text.is_char_boundary(*byte)).unwrap_or(0);
    let rest = text.get(start..span.end.clamp(start, text.len())).unwrap_or_default();
    let line = rest.split(['\n', '\r']).next().unwrap_or_default().trim_end();
    let width = text.get(start..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
    start..start + if line.is_empty() { width } else { line.len() }
}

#[cfg(test)]
mod tests {
    use super::{Position, first_line, position};

    #[test]
    fn positions_count_characters_from_one() {
        let table =
            [("a: b", 3, (1, 4)), ("a: b\nc: d", 5, (2, 1)), ("\u{1f600}é: x", 8, (1, 5)), ("a", 99, (1, 2))];
        for (text, byte, (line, column)) in table {
            assert_eq!(position(text, byte), Position { line, column }, "{text:?} at {byte}");
        }
    }

    #[test]
    fn spans_end_with_their_line() {
        let table =
            [("a: b\nc: d", 3..9, 3..4), ("a: |\r\n  x", 3..8, 3..4), ("ab", 1..1, 1..2), ("", 0..0, 0..0)];
        for (text, span, cut) in table {
            assert_eq!(first_line(text, &span), cut, "{text:?}");
        }
    }
}
