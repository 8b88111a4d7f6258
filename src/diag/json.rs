//! Diagnostics for machines: one JSON object with a list, in the same order as for people.

use serde_json::{Map, Value, json};

use crate::diag::render::sorted;
use crate::diag::source::Sources;
use crate::diag::span::{place, position};
use crate::diag::{At, Diagnostic, Report, Severity};

/// Prints everything that was said, with a newline at the end.
pub fn render(report: &Report) -> String {
    let said: Vec<Value> = sorted(report).into_iter().map(|said| entry(said, &report.sources)).collect();
    format!("{:#}\n", json!({ "diagnostics": said }))
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
    Value::Object(entry)
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
