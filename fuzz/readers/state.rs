//! Any text is a state or an error; a state that was read, written and read again is the same.

use sightread::diag::{Report, render};
use sightread::read::state::{state, workloads};
use sightread::write::state as written;

/// Hands a text to the reader.
///
/// # Panics
/// When what must hold does not.
pub(crate) fn hold(text: &str) {
    let mut report = Report::default();
    let source = report.sources.add("state.yaml", text);
    let Ok(kept) = state(source, &mut report) else {
        assert!(!render::render(&report, false).is_empty(), "refused without a word");
        return;
    };
    let _ = workloads(&kept, &[], &mut report);
    let text = written::to_bytes(&kept.state);
    let text = String::from_utf8(text).unwrap();
    let mut report = Report::default();
    let source = report.sources.add("again.yaml", text.as_str());
    let again =
        state(source, &mut report).map(|again| String::from_utf8(written::to_bytes(&again.state)).unwrap());
    assert_eq!(again.as_ref(), Ok(&text));
}
