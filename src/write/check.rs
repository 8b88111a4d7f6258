//! Last look at what was lowered: nothing that stands for something else may be left in it.

use crate::diag::codes::write as codes;
use crate::diag::{At, Diagnostic, Failed, Report, Severity};
use crate::model::flow::{Doc, From, Lowered};
use crate::model::path::Path;
use crate::model::tree::Tree;

/// What a provisioner's document should not hold: only workloads know what these names mean.
const PLACEHOLDERS: &[&str] = &["${resources.", "${metadata."];

/// What no finished document holds: the marks that stand for secrets on the way.
const MARKS: &[&str] = &["\u{1F510}\u{1F4AC}", "\u{f8e0}"];

/// Judges the result.
///
/// # Errors
/// When something unresolved is left.
pub fn check(lowered: &Lowered, report: &mut Report) -> Result<(), Failed> {
    for doc in &lowered.docs {
        doc.tree.each_scalar(&mut |here, scalar| {
            if scalar.as_str().is_some_and(may_be_left) {
                leftover(doc, &here.path(), scalar, report);
            }
        });
    }
    report.failed(())
}

/// False for almost every text, and soon told: what is looked for begins with one of these bytes.
fn may_be_left(text: &str) -> bool {
    text.bytes().any(|byte| matches!(byte, b'$' | 0xef | 0xf0))
}

fn maker(from: &From) -> String {
    match from {
        From::Workload(name) => format!("workload `{name}`"),
        From::Resource(uid) => format!("resource `{uid}`"),
        From::Patch(number) => format!("patch template {number}"),
        From::Target => "the target itself".to_owned(),
    }
}

fn leftover(doc: &Doc, path: &Path, scalar: &Tree, report: &mut Report) {
    let Some(text) = scalar.as_str() else { return };
    let kind = doc.tree.get("kind").and_then(Tree::as_str).unwrap_or("the document");
    if MARKS.iter().any(|mark| text.contains(mark)) {
        let said = format!("the mark of a secret is left at {path} of {kind}, made by {}", maker(&doc.from));
        report
            .push(Diagnostic::new(&codes::LEFTOVER_PLACEHOLDER, said, At::Nowhere).severity(Severity::Error));
    }
    // In a workload such text is there because its author escaped it.
    let Some(start) = PLACEHOLDERS.iter().filter_map(|mark| left(text, mark)).min() else { return };
    if matches!(doc.from, From::Workload(_)) {
        return;
    }
    let rest = text.get(start..).unwrap_or_default();
    let placeholder = rest.split_inclusive('}').next().unwrap_or(rest);
    let said = format!("`{placeholder}` is left at {path} of {kind}, made by {}", maker(&doc.from));
    report.push(
        Diagnostic::new(&codes::LEFTOVER_PLACEHOLDER, said, At::Nowhere)
            .note("only workloads and params of resources know the resources that a placeholder names")
            .help("take the value in through `params`"),
    );
}

/// Where a mark begins that is not an escaped `$${…}`.
fn left(text: &str, mark: &str) -> Option<usize> {
    text.match_indices(mark)
        .map(|(at, _)| at)
        .find(|at| !text.get(..*at).is_some_and(|before| before.ends_with('$')))
}
