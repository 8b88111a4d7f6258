//! YAML text in, a tree with places out.

use crate::diag::{Failed, Report};
use crate::model::flow::{Document, SourceId};
use crate::model::node::Node;

/// Parses one YAML document as a Score file.
///
/// # Errors
/// When it is not YAML, holds a second document, or breaks a limit.
pub fn parse(source: SourceId, report: &mut Report) -> Result<Document, Failed> {
    let _ = (source, report);
    unimplemented!()
}

/// Parses any YAML text that holds one document (provisioner files, overrides, states).
///
/// # Errors
/// As [`parse`].
pub fn yaml(source: SourceId, report: &mut Report) -> Result<Node, Failed> {
    let _ = (source, report);
    unimplemented!()
}
