//! Fills the placeholders of workloads: text in, [`crate::model::text::Text`] out.

use crate::diag::{Failed, Report};
use crate::model::flow::{Provisioned, Resolved, Workload};
use crate::resolve::Rules;

/// Fills variables, files and volume sources of all workloads.
///
/// # Errors
/// When a placeholder cannot be answered; all of them are reported.
pub fn fill(
    workloads: Vec<Workload>,
    resources: Vec<Provisioned>,
    rules: &Rules,
    report: &mut Report,
) -> Result<Resolved, Failed> {
    let _ = (workloads, resources, rules, report);
    unimplemented!()
}
