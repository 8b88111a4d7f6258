//! Points in time as the Go tools take and print them: a date in YAML is a moment, not a word.

use std::borrow::Cow;

use crate::model::tree::Tree;
use crate::resolve::engine::gotmpl::dates::parse::timestamp;
use crate::resolve::engine::gotmpl::dates::time::Time;

/// A value as placeholders print it: a moment by itself is JSON, quotes and all.
// compat(score-compose, score-k8s): everything but text is printed as JSON.
pub fn printed(tree: &Tree) -> Cow<'_, Tree> {
    match tree {
        Tree::Time(text) => timestamp(text)
            .map_or(Cow::Borrowed(tree), |moment| Cow::Owned(Tree::Str(format!("\"{}\"", moment.rfc3339())))),
        Tree::List(_) | Tree::Map(_) => Cow::Owned(in_full(tree.clone())),
        _ => Cow::Borrowed(tree),
    }
}

/// The tree with every moment written in full, as text.
pub fn in_full(tree: Tree) -> Tree {
    match tree {
        Tree::Time(text) => Tree::Str(timestamp(&text).map_or(text, Time::rfc3339)),
        Tree::List(items) => Tree::List(items.into_iter().map(in_full).collect()),
        Tree::Map(map) => Tree::Map(map.into_iter().map(|(key, value)| (key, in_full(value))).collect()),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn timestamps_are_moments() {
        for (written, full) in [
            ("2024-01-01", "2024-01-01T00:00:00Z"),
            ("2024-1-3", "2024-01-03T00:00:00Z"),
            ("2024-01-31T10:00:00Z", "2024-01-31T10:00:00Z"),
            ("2024-01-31t10:00:00.25+01:00", "2024-01-31T10:00:00.25+01:00"),
            ("2024-01-31 10:00:00.5", "2024-01-31T10:00:00.5Z"),
        ] {
            let time = Tree::Time(written.to_owned());
            assert_eq!(*printed(&time), Tree::Str(format!("\"{full}\"")), "{written}");
            assert_eq!(in_full(time), Tree::from(full), "{written}");
        }
        assert_eq!(*printed(&Tree::from("2024-01-01")), Tree::from("2024-01-01"));
    }
}
