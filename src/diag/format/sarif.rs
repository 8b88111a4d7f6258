//! SARIF 2.1.0, which code scanning reads.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::Run;
use crate::diag::Severity;
use crate::diag::codes::Code;
use crate::diag::told::{Region, Spot, Told, fingerprints};

/// The base that relative addresses are seen from, by the name that readers know.
const BASE: &str = "%SRCROOT%";

/// Writes one log with one run.
pub fn render(run: &Run<'_>) -> String {
    let rules: BTreeMap<&str, &Code> =
        run.told.iter().map(|told| (told.said.code.id, told.said.code)).collect();
    let index: BTreeMap<&str, usize> = rules.keys().enumerate().map(|(n, id)| (*id, n)).collect();
    let prints = fingerprints(&run.told, &run.bearings);
    let results: Vec<Value> =
        run.told.iter().zip(prints).map(|(told, print)| result(told, &print, &index, run)).collect();
    let driver = json!({
        "name": "sightread",
        "version": env!("CARGO_PKG_VERSION"),
        "semanticVersion": env!("CARGO_PKG_VERSION"),
        "rules": rules.values().map(|code| rule(code)).collect::<Vec<_>>(),
    });
    let files = run.files.iter().filter(|name| name.as_str() != "-");
    let artifacts: Vec<Value> = files.map(|name| json!({ "location": address(name, run) })).collect();
    let log = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": driver },
            "columnKind": "unicodeCodePoints",
            "artifacts": artifacts,
            "results": results,
        }],
    });
    format!("{log:#}\n")
}

const fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    }
}

fn rule(code: &Code) -> Value {
    json!({
        "id": code.id,
        "shortDescription": { "text": code.title },
        "fullDescription": { "text": code.page },
        "help": { "text": code.page, "markdown": code.page },
        "defaultConfiguration": { "level": level(code.severity) },
    })
}

fn result(told: &Told<'_>, print: &str, index: &BTreeMap<&str, usize>, run: &Run<'_>) -> Value {
    let text =
        std::iter::once(told.said.message.clone()).chain(told.details()).collect::<Vec<_>>().join("\n");
    let mut result = Map::from_iter([
        ("ruleId".to_owned(), json!(told.said.code.id)),
        ("level".to_owned(), json!(level(told.said.severity))),
        ("message".to_owned(), json!({ "text": text })),
        ("partialFingerprints".to_owned(), json!({ "sightread/v1": print })),
    ]);
    if let Some(n) = index.get(told.said.code.id) {
        result.insert("ruleIndex".to_owned(), json!(n));
    }
    result.insert("locations".to_owned(), location(&told.spot, run).into_iter().collect());
    let others: Vec<Value> = told
        .others
        .iter()
        .filter_map(|(spot, words)| {
            let mut other = location(spot, run)?;
            other.as_object_mut()?.insert("message".to_owned(), json!({ "text": words }));
            Some(other)
        })
        .collect();
    if !others.is_empty() {
        result.insert("relatedLocations".to_owned(), others.into());
    }
    if let Some(fix) = fix(told, run) {
        result.insert("fixes".to_owned(), json!([fix]));
    }
    Value::Object(result)
}

fn location(spot: &Spot, run: &Run<'_>) -> Option<Value> {
    let Spot { file, named, region: place, path } = spot;
    let mut location = Map::new();
    if let Some(file) = file {
        let mut physical = Map::from_iter([("artifactLocation".to_owned(), address(file, run))]);
        physical.extend(place.as_ref().map(|place| ("region".to_owned(), region(place))));
        location.insert("physicalLocation".to_owned(), Value::Object(physical));
    }
    let logical = path.as_ref().or(named.as_ref()).filter(|name| !name.is_empty());
    if let Some(name) = logical {
        location.insert("logicalLocations".to_owned(), json!([{ "fullyQualifiedName": name }]));
    }
    (!location.is_empty()).then_some(Value::Object(location))
}

fn region(region: &Region) -> Value {
    json!({
        "startLine": region.start.line,
        "startColumn": region.start.column,
        "endLine": region.end.line,
        "endColumn": region.end.column,
    })
}

/// A file as an address: relative ones are seen from the top of the repository.
fn address(name: &str, run: &Run<'_>) -> Value {
    let path = run.bearings.relative(name);
    let absolute = path.starts_with('/');
    let address: String = path.bytes().map(encoded).collect();
    if absolute {
        json!({ "uri": format!("file://{address}") })
    } else {
        json!({ "uri": address, "uriBaseId": BASE })
    }
}

/// A byte of a path as it may stand in an address.
fn encoded(byte: u8) -> String {
    let plain = byte.is_ascii_alphanumeric() || b"-._~/@+,=()".contains(&byte);
    if plain { char::from(byte).to_string() } else { format!("%{byte:02X}") }
}

fn fix(told: &Told<'_>, run: &Run<'_>) -> Option<Value> {
    let fix = told.said.fix.as_ref()?;
    let mut by_file: BTreeMap<&str, Vec<Value>> = BTreeMap::new();
    for (spot, change) in &told.mend {
        let replacement = json!({
            "deletedRegion": region(&spot.region?),
            "insertedContent": { "text": change.text },
        });
        by_file.entry(spot.file.as_deref()?).or_default().push(replacement);
    }
    let changes: Vec<Value> = by_file
        .into_iter()
        .map(|(file, replacements)| json!({ "artifactLocation": address(file, run), "replacements": replacements }))
        .collect();
    (!changes.is_empty()).then(|| json!({ "description": { "text": fix.what }, "artifactChanges": changes }))
}
