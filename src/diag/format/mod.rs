//! Diagnostics for the places that people look at instead of a terminal: code scanning, merge requests, test reports.

pub mod github;
pub mod gitlab;
pub mod junit;
pub mod sarif;

use crate::diag::told::{Bearings, Told};

/// What a run said, about which files, seen from where.
#[derive(Debug)]
pub struct Run<'a> {
    /// Everything that was said.
    pub told: Vec<Told<'a>>,
    /// The files that were read, as named, whether anything is wrong with them or not.
    pub files: Vec<String>,
    /// Where the run stands.
    pub bearings: Bearings,
}

impl Run<'_> {
    /// The file of a diagnostic from the top of the repository, where it has one.
    fn file(&self, told: &Told<'_>) -> Option<String> {
        told.spot.file.as_deref().map(|name| self.bearings.relative(name))
    }
}
