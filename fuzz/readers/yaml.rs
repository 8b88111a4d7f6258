//! Any text is YAML or an error with a place, and what was read and written reads back and is written the same again.

use sightread::diag::{Report, render};
use sightread::model::tree::Tree;
use sightread::read::parse;
use sightread::resolve::upstream::{decode, plain};
use sightread::write::yaml::{Style, to_text};

fn read(text: &str) -> (Option<Tree>, String) {
    let mut report = Report::default();
    let source = report.sources.add("fuzz.yaml", text);
    let tree = parse::yaml(source, &mut report).ok().map(|node| node.tree());
    (tree, render::render(&report, false))
}

/// Hands a text to the reader.
///
/// # Panics
/// When what must hold does not.
pub(crate) fn hold(text: &str) {
    if let Some(tree) = plain::read(text) {
        assert_eq!(decode::yaml(text), Ok(Some(tree)), "what is plain reads the same");
    }
    let (tree, said) = read(text);
    let Some(tree) = tree else {
        assert!(!said.is_empty(), "refused without a word");
        return;
    };
    for style in [Style::Friendly, Style::Go] {
        let written = to_text(&tree, style);
        let (again, said) = read(&written);
        // A number such as 1e3 is written as 1000 and is then another type, so that texts are compared.
        assert_eq!(again.map(|tree| to_text(&tree, style)).as_ref(), Some(&written), "{said}");
    }
}
