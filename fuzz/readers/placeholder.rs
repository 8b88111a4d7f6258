//! The pieces of any text stand side by side, cover it, and give it back.

use sightread::model::placeholder::{PieceKind, references, scan};

/// Hands a text to the reader.
///
/// # Panics
/// When what must hold does not.
pub(crate) fn hold(text: &str) {
    let mut end = 0;
    for piece in scan(text) {
        assert_eq!(piece.range.start, end, "a gap in {text:?}");
        assert!(piece.range.end > end, "an empty piece in {text:?}");
        end = piece.range.end;
        let written = &text[piece.range.clone()];
        if let PieceKind::Reference(reference) = piece.kind {
            assert_eq!(written, format!("${{{}}}", reference.body));
            for element in &reference.elements {
                assert!(text.get(element.range.clone()).is_some(), "an element outside {text:?}");
            }
        }
    }
    assert_eq!(end, text.len());
    for (range, reference) in references(text) {
        assert!(!reference.elements.is_empty());
        assert!(text.get(range).is_some());
    }
}
