//! Diagnostics for machines: one JSON object with a list, in the same order as for people.

use serde_json::{Map, Value, json};

use crate::diag::fix;
use crate::diag::render::sorted;
use crate::diag::source::Sources;
use crate::diag::span::{place, position};
use crate::diag::{At, Diagnostic, Report, Severity};

/// Prints everything that was said, with a newline at the end.
pub fn render(reports: &[Report]) -> String {
    let said =
        reports.iter().flat_map(|report| sorted(report).into_iter().map(|said| entry(said, &report.sources)));
    format!("{:#}\n", json!({ "diagnostics": said.collect::<Vec<Value>>() }))
}

fn entry(said: &Diagnostic, sources: &Sources) -> Value {
    let severity = match said.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    };
    let others = said.others.iter().map(|(at, words)| {
        let mut other = location(at, sources);
        other.insert("message".to_owned(), json!(words));
        Value::Object(other)
    });
    let mut entry = location(&said.at, sources);
    entry.insert("code".to_owned(), json!(said.code.id));
    entry.insert("severity".to_owned(), json!(severity));
    entry.insert("message".to_owned(), json!(said.message));
    entry.insert("notes".to_owned(), json!(said.notes));
    entry.insert("helps".to_owned(), json!(said.helps));
    entry.insert("others".to_owned(), others.collect());
    entry.extend(fix(said, sources).map(|fix| ("fix".to_owned(), fix)));
    Value::Object(entry)
}

/// What to change, and the bytes that go and come.
fn fix(said: &Diagnostic, sources: &Sources) -> Option<Value> {
    let fix = said.fix.as_ref()?;
    let edits = fix::changes(fix, sources)?.into_iter().map(|change| {
        let mut edit = location(&At::Span(change.source, change.span()), sources);
        if let Some(source) = sources.text(change.source) {
            let end = position(&source.text, change.end);
            edit.insert("endLine".to_owned(), json!(end.line));
            edit.insert("endColumn".to_owned(), json!(end.column));
        }
        edit.insert("text".to_owned(), json!(change.text));
        Value::Object(edit)
    });
    Some(json!({ "what": fix.what, "edits": edits.collect::<Vec<Value>>() }))
}

/// `file`, `line`, `column`, `endLine`, `endColumn` and `path`, as far as they are known.
fn location(at: &At, sources: &Sources) -> Map<String, Value> {
    let mut location = Map::new();
    if let At::Path(_, path, _) = at {
        location.insert("path".to_owned(), json!(path.to_string()));
    }
    if let At::Named(name) = at {
        location.insert("file".to_owned(), json!(name));
    }
    let Some(place) = place(at, sources) else { return location };
    let Some(source) = sources.text(place.source) else { return location };
    let (start, end) = (position(&source.text, place.span.start), position(&source.text, place.span.end));
    for (key, value) in [
        ("file", json!(source.name)),
        ("line", json!(start.line)),
        ("column", json!(start.column)),
        ("endLine", json!(end.line)),
        ("endColumn", json!(end.column)),
    ] {
        location.insert(key.to_owned(), value);
    }
    location
}
