//! The table of everything that can be said: a stable code, a title, and a page that explains it.
//! One row per code, in the file of the room that says it.

use crate::diag::Severity;

pub mod kubernetes;
pub mod lint;
pub mod lock;
pub mod machine;
pub mod manifest;
pub mod read;
pub mod resolve;
pub mod target;
pub mod write;

/// A row of the table.
#[derive(Debug, PartialEq, Eq)]
pub struct Code {
    /// The stable name, such as `unknown-resource`; never reused for another meaning.
    pub id: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// A few words.
    pub title: &'static str,
    /// Why it is said and what to do, in plain sentences; shown by `sightread explain`.
    pub page: &'static str,
}

/// All rows, by room.
pub fn all() -> impl Iterator<Item = &'static Code> {
    [
        read::ALL,
        resolve::ALL,
        target::ALL,
        kubernetes::ALL,
        manifest::ALL,
        write::ALL,
        machine::ALL,
        lock::ALL,
        lint::ALL,
    ]
    .into_iter()
    .flatten()
    .copied()
}

/// The row of a code.
pub fn find(id: &str) -> Option<&'static Code> {
    all().find(|code| code.id == id)
}

/// A row that fails the run.
const fn error(id: &'static str, title: &'static str, page: &'static str) -> Code {
    Code { id, severity: Severity::Error, title, page }
}

/// A row that warns.
const fn warning(id: &'static str, title: &'static str, page: &'static str) -> Code {
    Code { id, severity: Severity::Warning, title, page }
}

/// A row that only tells.
const fn note(id: &'static str, title: &'static str, page: &'static str) -> Code {
    Code { id, severity: Severity::Note, title, page }
}
