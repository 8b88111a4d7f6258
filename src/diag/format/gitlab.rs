//! GitLab: a code quality report, which merge requests show.

use serde_json::{Value, json};

use super::Run;
use crate::diag::Severity;
use crate::diag::told::fingerprints;

/// Writes the list of findings.
pub fn render(run: &Run<'_>) -> String {
    let prints = fingerprints(&run.told, &run.bearings);
    let findings: Vec<Value> = run
        .told
        .iter()
        .zip(prints)
        .map(|(told, fingerprint)| {
            let severity = match told.said.severity {
                Severity::Error => "major",
                Severity::Warning => "minor",
                Severity::Note => "info",
            };
            // A finding without a file is about the run, and the list wants a path.
            let path = run.file(told).or_else(|| told.spot.named.clone()).unwrap_or_else(|| ".".to_owned());
            let text: Vec<String> =
                std::iter::once(told.said.message.clone()).chain(told.details()).collect();
            let line = told.first_line();
            json!({
                "description": text.join("\n"),
                "check_name": told.said.code.id,
                "fingerprint": fingerprint,
                "severity": severity,
                "location": { "path": path, "lines": { "begin": line } },
            })
        })
        .collect();
    format!("{:#}\n", Value::Array(findings))
}
