//! Last look at what was lowered: duplicates, leftovers.

use crate::diag::{Failed, Report};
use crate::model::flow::Lowered;

/// Judges the result.
///
/// # Errors
/// When two documents are one object, or something unresolved is left.
pub fn check(lowered: &Lowered, report: &mut Report) -> Result<(), Failed> {
    let _ = (lowered, report);
    unimplemented!()
}
