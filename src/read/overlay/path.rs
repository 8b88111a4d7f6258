//! The path of a property: elements split at dots; `\.` is a dot and `\\` a backslash inside an element.

use std::ops::Range;

use crate::model::flow::SourceId;
use crate::model::node::{Kind, Node, Style};

/// The elements of a path, as nodes so that they may become keys.
pub(super) type Keys = Vec<Node>;

/// Splits a path that begins the text of a source.
pub(super) fn keys(path: &str, source: SourceId) -> Keys {
    let mut made = Vec::new();
    let mut text = String::new();
    let mut from = 0;
    let mut letters = path.char_indices().peekable();
    while let Some((at, letter)) = letters.next() {
        match letter {
            '\\' => match letters.next_if(|(_, next)| matches!(next, '.' | '\\')) {
                Some((_, escaped)) => text.push(escaped),
                None => text.push('\\'),
            },
            '.' => {
                made.push(key(std::mem::take(&mut text), source, from..at));
                from = at + 1;
            }
            other => text.push(other),
        }
    }
    made.push(key(text, source, from..path.len()));
    made
}

fn key(text: String, source: SourceId, span: Range<usize>) -> Node {
    Node { source, span, style: Style::Plain, kind: Kind::Str(text) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths() {
        for (path, expected) in [
            ("a", "a"),
            ("a.b.0", "a|b|0"),
            (r"a\.b.c", "a.b|c"),
            (r"a\\.b", r"a\|b"),
            (r"a\b", r"a\b"),
            ("", ""),
            ("a.", "a|"),
            ("a.-1", "a|-1"),
        ] {
            let made: Vec<String> = keys(path, SourceId(0)).iter().map(Node::key_text).collect();
            assert_eq!(made.join("|"), expected, "{path:?}");
        }
    }
}
