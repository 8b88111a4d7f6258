//! GitHub: workflow commands, which become annotations beside the lines, and the summary of a step.

use std::fmt::Write;

use super::Run;
use crate::diag::Severity;
use crate::diag::told::Told;

/// Writes one workflow command a line.
pub fn render(run: &Run<'_>) -> String {
    run.told.iter().map(|told| command(told, run)).collect()
}

fn command(told: &Told<'_>, run: &Run<'_>) -> String {
    let word = match told.said.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "notice",
    };
    let mut properties = vec![("title", format!("sightread: {}", told.said.code.id))];
    if let Some(file) = run.file(told) {
        properties.push(("file", file));
    }
    if let Some(region) = told.spot.region {
        properties.extend([
            ("line", region.start.line.to_string()),
            ("endLine", region.end.line.to_string()),
            ("col", region.start.column.to_string()),
            ("endColumn", region.end.column.to_string()),
        ]);
    }
    let properties: Vec<String> =
        properties.into_iter().map(|(name, value)| format!("{name}={}", property(&value))).collect();
    let mut message = told.said.message.clone();
    if let (None, Some(name)) = (&told.spot.file, &told.spot.named) {
        message = format!("{name}: {message}");
    }
    let text: Vec<String> = std::iter::once(message).chain(told.details()).collect();
    format!("::{word} {}::{}\n", properties.join(","), data(&text.join("\n")))
}

/// The text of a command.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// The value of a property, which also ends at `,` and whose name ends at `:`.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

/// The summary of the step, in Markdown.
pub fn summary(run: &Run<'_>, verdict: &str) -> String {
    let mut out = format!("### sightread\n\n{}\n", cell(verdict));
    if run.told.is_empty() {
        return out;
    }
    out.push_str("\n| | where | what |\n|---|---|---|\n");
    for told in &run.told {
        let mark = match told.said.severity {
            Severity::Error => "❌",
            Severity::Warning => "⚠️",
            Severity::Note => "ℹ️",
        };
        let file = run.file(told).or_else(|| told.spot.named.clone()).unwrap_or_default();
        let place = told
            .spot
            .region
            .map_or_else(String::new, |region| format!(":{}:{}", region.start.line, region.start.column));
        let cures: String = told.said.helps.iter().flat_map(|help| ["<br>".to_owned(), cell(help)]).collect();
        let message = cell(&told.said.message);
        let (file, code) = (cell(&file), told.said.code.id);
        // Writing to a string cannot fail.
        writeln!(out, "| {mark} | {file}{place} | {message} (`{code}`){cures} |").unwrap_or_default();
    }
    out
}

/// Text that can neither leave its cell nor become a tag.
fn cell(text: &str) -> String {
    let one_line: Vec<&str> = text.lines().collect();
    one_line.join(" ").replace('&', "&amp;").replace('<', "&lt;").replace('|', "\\|")
}

#[cfg(test)]
mod tests {
    use super::{cell, data, property};

    #[test]
    fn commands_cannot_be_broken_out_of() {
        assert_eq!(data("50 %\r\n::error::x"), "50 %25%0D%0A::error::x");
        assert_eq!(property("a,b:c\n"), "a%2Cb%3Ac%0A");
        assert_eq!(cell("a|b\n<script>&"), "a\\|b &lt;script>&amp;");
    }
}
