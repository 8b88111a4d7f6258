//! The grammar of `${…}`, as a pure function: text in, literal pieces, escapes and references out.
//!
//! **Invariant:** the pieces stand side by side and cover the text from its first byte to its last.

use std::ops::Range;

/// A piece of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// The bytes of the text it was written in.
    pub range: Range<usize>,
    /// What it means.
    pub kind: PieceKind,
}

/// What a piece of a text means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PieceKind {
    /// Characters as they are.
    Literal,
    /// `$$`, which stands for `$`, or `$${body}`, which stands for `${body}`. The text is what it stands for.
    Escape(String),
    /// `${body}`.
    Reference(Reference),
}

/// What stands between `${` and `}`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    /// The body as written.
    pub body: String,
    /// Its elements, split at dots; `\.` is a dot inside an element. At least one, any of them may be empty.
    pub elements: Vec<Element>,
}

/// An element of a reference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Element {
    /// What it says, backslash escapes undone.
    pub text: String,
    /// The bytes of the whole text it was written in.
    pub range: Range<usize>,
}

impl Reference {
    /// What the elements say, in order.
    pub fn path(&self) -> Vec<&str> {
        self.elements.iter().map(|element| element.text.as_str()).collect()
    }
}

/// Cuts a text into pieces, greedily from the left.
///
/// ```
/// use sightread::model::placeholder::{scan, PieceKind};
/// let pieces = scan("http://${resources.db.host}/$$");
/// assert_eq!(pieces.len(), 4);
/// let PieceKind::Reference(reference) = &pieces[1].kind else { panic!() };
/// assert_eq!(reference.path(), ["resources", "db", "host"]);
/// assert_eq!(pieces[1].range, 7..27);
/// ```
pub fn scan(text: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut done = 0;
    let mut at = 0;
    while let Some(found) = text.get(at..).and_then(|rest| rest.find('$')) {
        let start = at + found;
        let rest = text.get(start..).unwrap_or_default();
        let Some((length, kind)) = special(rest, start) else {
            at = start + 1;
            continue;
        };
        literal(&mut pieces, done..start);
        pieces.push(Piece { range: start..start + length, kind });
        done = start + length;
        at = done;
    }
    literal(&mut pieces, done..text.len());
    pieces
}

/// The references of a text, with their places.
pub fn references(text: &str) -> impl Iterator<Item = (Range<usize>, Reference)> {
    scan(text).into_iter().filter_map(|piece| match piece.kind {
        PieceKind::Reference(reference) => Some((piece.range, reference)),
        PieceKind::Literal | PieceKind::Escape(_) => None,
    })
}

fn literal(pieces: &mut Vec<Piece>, range: Range<usize>) {
    if !range.is_empty() {
        pieces.push(Piece { range, kind: PieceKind::Literal });
    }
}

/// The escape or reference that `rest` begins with, and its length. `rest` begins with a dollar at byte `start`.
fn special(rest: &str, start: usize) -> Option<(usize, PieceKind)> {
    if let Some(after) = rest.strip_prefix("$$") {
        return Some(match braced(after) {
            Some(body) => (body.len() + 4, PieceKind::Escape(format!("${{{body}}}"))),
            None => (2, PieceKind::Escape("$".to_owned())),
        });
    }
    let body = braced(rest.strip_prefix('$')?)?;
    let reference = Reference { body: body.to_owned(), elements: elements(body, start + 2) };
    Some((body.len() + 3, PieceKind::Reference(reference)))
}

/// What stands between `{` at the beginning and the first `}`.
fn braced(text: &str) -> Option<&str> {
    Some(text.strip_prefix('{')?.split_once('}')?.0)
}

/// Splits a body that begins at byte `start` of the whole text.
fn elements(body: &str, start: usize) -> Vec<Element> {
    let mut found = Vec::new();
    let mut text = String::new();
    let mut from = 0;
    let mut letters = body.char_indices().peekable();
    while let Some((at, letter)) = letters.next() {
        match letter {
            '\\' if letters.next_if(|(_, next)| *next == '.').is_some() => text.push('.'),
            '.' => {
                found.push(Element { text: std::mem::take(&mut text), range: start + from..start + at });
                from = at + 1;
            }
            other => text.push(other),
        }
    }
    found.push(Element { text, range: start + from..start + body.len() });
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Literals as `'text'`, escapes as `~text`, references as `<element|element>`.
    fn show(text: &str) -> String {
        let mut end = 0;
        let mut shown = Vec::new();
        for piece in scan(text) {
            assert_eq!(piece.range.start, end, "pieces of {text:?} stand side by side");
            end = piece.range.end;
            shown.push(match piece.kind {
                PieceKind::Literal => format!("'{}'", &text[piece.range]),
                PieceKind::Escape(means) => format!("~{means}"),
                PieceKind::Reference(reference) => format!("<{}>", reference.path().join("|")),
            });
        }
        assert_eq!(end, text.len(), "pieces cover {text:?}");
        shown.join(" ")
    }

    #[test]
    fn pieces() {
        for (text, expected) in [
            ("", ""),
            ("plain", "'plain'"),
            ("a $ b", "'a $ b'"),
            ("$", "'$'"),
            ("a$b", "'a$b'"),
            ("$$", "~$"),
            ("$$$", "~$ '$'"),
            ("$$x", "~$ 'x'"),
            ("$${x.y}", "~${x.y}"),
            ("$${x", "~$ '{x'"),
            ("${x", "'${x'"),
            ("${x ${a.b}", "<x ${a|b>"),
            ("${}", "<>"),
            ("${metadata.name}", "<metadata|name>"),
            ("${ metadata.name }", "< metadata|name >"),
            ("$$${metadata.name}", "~$ <metadata|name>"),
            ("$$$${metadata.name}", "~$ ~${metadata.name}"),
            ("${a.b}${c.d}", "<a|b> <c|d>"),
            (r"${metadata.annotations.a\.b/c}", "<metadata|annotations|a.b/c>"),
            (r"${a.b\\.c}", r"<a|b\.c>"),
            (r"${a.b\c}", r"<a|b\c>"),
            ("${a..b.}", "<a||b|>"),
            ("é${a.ü}é", "'é' <a|ü> 'é'"),
            ("${{ values.x }}", "<{ values|x > '}'"),
            ("${a\nb}", "<a\nb>"),
        ] {
            assert_eq!(show(text), expected, "{text:?}");
        }
    }

    #[test]
    fn elements_know_their_places() {
        let text = r"x ${a.b\.c.d}";
        let found: Vec<_> = references(text).flat_map(|(_, reference)| reference.elements).collect();
        let places: Vec<_> = found.iter().map(|element| &text[element.range.clone()]).collect();
        assert_eq!(places, ["a", r"b\.c", "d"]);
    }
}
