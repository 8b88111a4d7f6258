//! Reads once the files that `files.*.source` names, so that no later room needs the disk.

use crate::diag::{Failed, Report};
use crate::model::flow::Workload;
use crate::read::Rules;
use crate::world::World;

/// Fills [`Workload::assets`]. A path may not leave the Score file's folder, links resolved, unless a rule allows it.
///
/// # Errors
/// When a file is missing, unreadable or out of bounds.
pub fn assets(
    workloads: Vec<Workload>,
    rules: &Rules,
    world: &dyn World,
    report: &mut Report,
) -> Result<Vec<Workload>, Failed> {
    let _ = (workloads, rules, world, report);
    unimplemented!()
}
