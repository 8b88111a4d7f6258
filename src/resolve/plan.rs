//! Collects the resources of all workloads, one per uid, and orders them so that dependencies come first.

use crate::diag::{Failed, Report};
use crate::model::flow::{Plan, Workload};
use crate::model::state::State;
use crate::resolve::Rules;

/// Makes the plan. Guids are kept from the state, else derived.
///
/// # Errors
/// On two definitions of one resource that differ, on a cycle, on a reference to an unknown resource.
pub fn plan(
    workloads: &[Workload],
    state: &State,
    rules: &Rules,
    report: &mut Report,
) -> Result<Plan, Failed> {
    let _ = (workloads, state, rules, report);
    unimplemented!()
}
