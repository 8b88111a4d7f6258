//! A test report in XML as `JUnit` writes it, which test reports show: a suite for each file, a failed case for each error.

use std::collections::BTreeMap;
use std::io;

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};

use super::Run;
use crate::diag::Severity;
use crate::diag::told::Told;

/// The suite of what is about no file.
const NO_FILE: &str = "sightread";

/// Writes all suites.
///
/// # Errors
/// When the text cannot be put together, which memory alone decides.
pub fn render(run: &Run<'_>) -> io::Result<String> {
    let mut suites: BTreeMap<String, Vec<&Told<'_>>> =
        run.files.iter().map(|name| (run.bearings.relative(name), Vec::new())).collect();
    for told in &run.told {
        suites.entry(run.file(told).unwrap_or_else(|| NO_FILE.to_owned())).or_default().push(told);
    }
    let failures: usize = suites.values().map(|told| errors(told)).sum();
    let tests: usize = suites.values().map(|told| cases(told)).sum();
    let mut writer = Writer::new_with_indent(Vec::new(), b' ', 2);
    writer.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    writer
        .create_element("testsuites")
        .with_attribute(("name", "sightread"))
        .with_attribute(("tests", tests.to_string().as_str()))
        .with_attribute(("failures", failures.to_string().as_str()))
        .write_inner_content(|writer| suites.iter().try_for_each(|(name, told)| suite(writer, name, told)))?;
    let mut text = String::from_utf8(writer.into_inner()).map_err(io::Error::other)?;
    text.push('\n');
    Ok(text)
}

fn errors(told: &[&Told<'_>]) -> usize {
    told.iter().filter(|told| told.said.severity == Severity::Error).count()
}

/// A file without an error is one case that passed.
fn cases(told: &[&Told<'_>]) -> usize {
    errors(told).max(1)
}

fn suite(writer: &mut Writer<Vec<u8>>, name: &str, told: &[&Told<'_>]) -> io::Result<()> {
    let name = legal(name);
    writer
        .create_element("testsuite")
        .with_attribute(("name", name.as_str()))
        .with_attribute(("tests", cases(told).to_string().as_str()))
        .with_attribute(("failures", errors(told).to_string().as_str()))
        .write_inner_content(|writer| {
            let (wrong, fair): (Vec<&&Told<'_>>, Vec<_>) =
                told.iter().partition(|told| told.said.severity == Severity::Error);
            for told in &wrong {
                failure(writer, &name, told)?;
            }
            if wrong.is_empty() {
                writer
                    .create_element("testcase")
                    .with_attribute(("name", "check"))
                    .with_attribute(("classname", name.as_str()))
                    .write_empty()?;
            }
            if !fair.is_empty() {
                let lines: Vec<String> = fair.iter().map(|told| body(told)).collect();
                let text = legal(&lines.join("\n"));
                writer.create_element("system-out").write_text_content(BytesText::new(&text))?;
            }
            Ok(())
        })?;
    Ok(())
}

fn failure(writer: &mut Writer<Vec<u8>>, suite: &str, told: &Told<'_>) -> io::Result<()> {
    let id = told.said.code.id;
    let name = told
        .spot
        .region
        .map_or_else(|| id.to_owned(), |region| format!("{id} at line {}", region.start.line));
    let (message, text) = (legal(&told.said.message), legal(&body(told)));
    writer
        .create_element("testcase")
        .with_attribute(("name", name.as_str()))
        .with_attribute(("classname", suite))
        .write_inner_content(|writer| {
            writer
                .create_element("failure")
                .with_attribute(("type", told.said.code.id))
                .with_attribute(("message", message.as_str()))
                .write_text_content(BytesText::new(&text))?;
            Ok(())
        })?;
    Ok(())
}

fn body(told: &Told<'_>) -> String {
    let place = match (&told.spot.file, &told.spot.named, told.spot.region) {
        (Some(file), _, Some(region)) => format!("{file}:{}:{}: ", region.start.line, region.start.column),
        (Some(name), _, None) | (None, Some(name), _) => format!("{name}: "),
        (None, None, _) => String::new(),
    };
    let first = format!("{place}{} [{}]", told.said.message, told.said.code.id);
    std::iter::once(first).chain(told.details()).collect::<Vec<_>>().join("\n")
}

/// XML has no place for control characters, not even escaped.
fn legal(text: &str) -> String {
    let wrong =
        |c: char| (c.is_control() && !matches!(c, '\n' | '\t')) || matches!(c, '\u{FFFE}' | '\u{FFFF}');
    text.chars().map(|c| if wrong(c) { '\u{FFFD}' } else { c }).collect()
}
