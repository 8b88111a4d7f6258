//! Lowers everything to Compose.

use crate::diag::{Failed, Report};
use crate::model::flow::{Lowered, Resolved};
use crate::target::{Options, Target};

pub mod options;

/// The platform.
#[derive(Debug)]
pub struct Compose;

impl Target for Compose {
    fn name(&self) -> &'static str {
        "compose"
    }

    fn sections(&self) -> &'static [&'static str] {
        &["services", "volumes", "networks", "models", "files", "directories", "outputs"]
    }

    fn default_output(&self) -> &'static str {
        "compose.yaml"
    }

    fn lower(&self, resolved: &Resolved, options: &Options, report: &mut Report) -> Result<Lowered, Failed> {
        let _ = (resolved, options, report);
        unimplemented!()
    }
}
