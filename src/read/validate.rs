//! Holds a document against the specification's schema and the rules a schema cannot say. Reports all that is wrong.

use crate::diag::{Failed, Report};
use crate::model::flow::Document;
use crate::read::Rules;

/// Judges one document.
///
/// # Errors
/// When anything is wrong with it.
pub fn validate(document: &Document, rules: &Rules, report: &mut Report) -> Result<(), Failed> {
    let _ = (document, rules, report);
    unimplemented!()
}
