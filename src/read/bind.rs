//! A judged document in, a typed workload out.

use crate::diag::{Failed, Report};
use crate::model::flow::{Document, Workload};

/// Types all documents; two workloads of one name are an error.
///
/// # Errors
/// When names clash.
pub fn bind(documents: Vec<Document>, report: &mut Report) -> Result<Vec<Workload>, Failed> {
    let _ = (documents, report);
    unimplemented!()
}
