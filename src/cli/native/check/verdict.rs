//! The last line of a check.

use std::collections::BTreeSet;

use super::judge::{Checked, Numbers};
use crate::diag::{Report, Severity, fix, told};

/// The files that an error is about; a file that was judged by itself answers for all that was said.
pub(super) fn wrong(checked: &[Checked]) -> usize {
    let mut files: BTreeSet<&str> = BTreeSet::new();
    for one in checked.iter().filter(|one| one.report.has_errors()) {
        let told = told::told(&one.report);
        let about: BTreeSet<&str> = told
            .iter()
            .filter(|told| told.said.severity == Severity::Error)
            .filter_map(|told| told.spot.file.as_deref().or(told.spot.named.as_deref()))
            .collect();
        let only = one.files.len() == 1;
        files.extend(
            one.files
                .iter()
                .map(String::as_str)
                .filter(|file| only || about.contains(if *file == "-" { "<stdin>" } else { file })),
        );
    }
    files.len()
}

/// The verdict in one line.
pub(super) fn words(
    reports: &[Report],
    files: usize,
    wrong: usize,
    numbers: &Numbers,
    fixed: bool,
) -> String {
    let all = || reports.iter().flat_map(|report| &report.diagnostics);
    let number = |severity| all().filter(|said| said.severity == severity).count();
    let (errors, warnings) = (number(Severity::Error), number(Severity::Warning));
    let faults = match (errors, warnings) {
        (errors, 0) => count(errors, "error"),
        (0, warnings) => count(warnings, "warning"),
        (errors, warnings) => format!("{} and {}", count(errors, "error"), count(warnings, "warning")),
    };
    let mut verdict = match (errors, wrong) {
        (0, _) => {
            let Numbers { workloads, resources } = *numbers;
            let what = format!("{} with {}", count(workloads, "workload"), count(resources, "resource"));
            let but = if warnings == 0 { String::new() } else { format!(", with {faults}") };
            format!("{} {} right{but}: {what}", count(files, "file"), are(files))
        }
        (_, 0) => {
            format!("{faults}; {} {} read", count(files, "file"), if files == 1 { "was" } else { "were" })
        }
        (_, wrong) if files == 1 => format!("{} {} wrong: {faults}", count(wrong, "file"), are(wrong)),
        (_, wrong) => format!("{wrong} of {files} files {} wrong: {faults}", are(wrong)),
    };
    let mendable: usize = reports
        .iter()
        .map(|report| {
            let cures = report.diagnostics.iter().filter_map(|said| said.fix.as_ref());
            cures.filter(|cure| fix::changes(cure, &report.sources).is_some()).count()
        })
        .sum();
    if mendable > 0 && !fixed {
        verdict.extend(["; `sightread check --fix` can mend ", &mendable.to_string()]);
    }
    verdict + "\n"
}

const fn are(number: usize) -> &'static str {
    if number == 1 { "is" } else { "are" }
}

fn count(number: usize, what: &str) -> String {
    format!("{number} {what}{}", if number == 1 { "" } else { "s" })
}
