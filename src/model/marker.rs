//! Secret references inside plain strings, as score-k8s writes them: 🔐💬`store`_`key`💬🔐.
//! Text with marks in, [`Text`] out, and back. An unfinished mark is plain text.

use std::borrow::Cow;

use crate::model::text::{Part, SecretRef, Text};
use crate::model::tree::Tree;

const OPEN: &str = "\u{1F510}\u{1F4AC}";
const CLOSE: &str = "\u{1F4AC}\u{1F510}";

/// Writes the mark of one secret.
pub fn mark(store: &str, key: &str) -> String {
    format!("{OPEN}{store}_{key}{CLOSE}")
}

/// Reads the marks in a string. The first `_` parts the store from the key.
///
/// # Errors
/// When a finished mark holds no `_`; the error is what it holds.
pub fn read(text: &str) -> Result<Text, String> {
    let mut made = Text::default();
    let mut rest = text;
    while let Some((before, inside, after)) = next(rest) {
        let (store, key) = inside.split_once('_').ok_or_else(|| inside.to_owned())?;
        made.push(Part::Literal(before.to_owned()));
        made.push(Part::Secret(SecretRef { store: store.to_owned(), key: key.to_owned(), value: None }));
        rest = after;
    }
    made.push(Part::Literal(rest.to_owned()));
    Ok(made)
}

fn next(text: &str) -> Option<(&str, &str, &str)> {
    let (before, tail) = text.split_once(OPEN)?;
    let (inside, after) = tail.split_once(CLOSE)?;
    Some((before, inside, after))
}

/// True when a string begins a mark that it does not finish.
pub fn unfinished(text: &str) -> bool {
    let mut rest = text;
    while let Some((_, _, after)) = next(rest) {
        rest = after;
    }
    rest.contains(OPEN)
}

/// Writes a text back as a string with marks; variables of the environment as `${NAME}`.
pub fn write(text: &Text) -> String {
    text.parts()
        .iter()
        .map(|part| match part {
            Part::Literal(text) => text.clone(),
            Part::Secret(secret) => mark(&secret.store, &secret.key),
            Part::Env(env) => format!("${{{}}}", env.name),
        })
        .collect()
}

/// Turns every string with marks in a tree into [`Tree::Text`].
///
/// # Errors
/// As [`read`].
pub fn read_tree(tree: Tree) -> Result<Tree, String> {
    Ok(match tree {
        Tree::Str(text) if text.contains(OPEN) => Tree::from(read(&text)?),
        Tree::List(list) => Tree::List(list.into_iter().map(read_tree).collect::<Result<_, _>>()?),
        Tree::Map(map) => Tree::Map(
            map.into_iter()
                .map(|(key, value)| Ok((key, read_tree(value)?)))
                .collect::<Result<_, String>>()?,
        ),
        other => other,
    })
}

/// A tree as it is written: itself, or where text hides a secret in it a copy with marks.
pub fn spelled(tree: &Tree) -> Cow<'_, Tree> {
    if hides(tree) { Cow::Owned(write_tree(tree)) } else { Cow::Borrowed(tree) }
}

fn hides(tree: &Tree) -> bool {
    match tree {
        Tree::Text(_) => true,
        Tree::List(list) => list.iter().any(hides),
        Tree::Map(map) => map.values().any(hides),
        Tree::Null
        | Tree::Bool(_)
        | Tree::Int(_)
        | Tree::Uint(_)
        | Tree::Float(_)
        | Tree::Time(_)
        | Tree::Str(_) => false,
    }
}

/// Turns every [`Tree::Text`] in a tree into a string with marks.
pub fn write_tree(tree: &Tree) -> Tree {
    match tree {
        Tree::Text(text) => Tree::Str(write(text)),
        Tree::List(list) => Tree::List(list.iter().map(write_tree).collect()),
        Tree::Map(map) => {
            Tree::Map(map.iter().map(|(key, value)| (key.clone(), write_tree(value))).collect())
        }
        other => other.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_go_both_ways() {
        let rows = [
            ("plain", 0, false),
            ("\u{1F510}\u{1F4AC}s_k_y\u{1F4AC}\u{1F510}", 1, false),
            (
                "a \u{1F510}\u{1F4AC}s_k\u{1F4AC}\u{1F510} b \u{1F510}\u{1F4AC}s_k2\u{1F4AC}\u{1F510}",
                2,
                false,
            ),
            ("\u{1F510}\u{1F4AC}s_k\u{1F4AC}\u{1F510} \u{1F510}\u{1F4AC}lost", 1, true),
            ("\u{1F510}\u{1F4AC}lost", 0, true),
        ];
        for (text, secrets, open) in rows {
            let read = read(text).expect(text);
            assert_eq!(read.secrets().count(), secrets, "{text}");
            assert_eq!(write(&read), text);
            assert_eq!(unfinished(text), open, "{text}");
        }
        assert_eq!(read("\u{1F510}\u{1F4AC}nokey\u{1F4AC}\u{1F510}"), Err("nokey".to_owned()));
    }
}
