//! Judges placeholders and params against contracts before anything runs.

use crate::diag::{Failed, Report};
use crate::model::flow::{Plan, Workload};
use crate::resolve::Rules;
use crate::resolve::catalog::Catalog;

/// Reports every resource without a provisioner, every param a contract refuses, every placeholder it cannot answer.
///
/// # Errors
/// When anything is wrong.
pub fn judge(
    workloads: &[Workload],
    plan: &Plan,
    catalog: &Catalog,
    rules: &Rules,
    report: &mut Report,
) -> Result<(), Failed> {
    let _ = (workloads, plan, catalog, rules, report);
    unimplemented!()
}
