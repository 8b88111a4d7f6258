//! Runs the provisioners in the plan's order.

use crate::diag::{Failed, Report};
use crate::model::flow::{Plan, Provisioned, Workload};
use crate::model::state::State;
use crate::resolve::Rules;
use crate::resolve::catalog::Catalog;
use crate::world::World;

/// Provisions every resource of the plan; the state that comes back remembers what provisioners want remembered.
///
/// # Errors
/// When a resource has no provisioner or its provisioner fails.
pub fn run(
    plan: &Plan,
    workloads: &[Workload],
    catalog: &Catalog,
    state: State,
    rules: &Rules,
    world: &dyn World,
    report: &mut Report,
) -> Result<(Vec<Provisioned>, State), Failed> {
    let _ = (plan, workloads, catalog, state, rules, world, report);
    unimplemented!()
}
