//! Lowers everything to Kubernetes.

use crate::diag::{Failed, Report};
use crate::model::flow::{Lowered, Resolved};
use crate::target::{Options, Target};

pub mod options;

/// The platform.
#[derive(Debug)]
pub struct Kubernetes;

impl Target for Kubernetes {
    fn name(&self) -> &'static str {
        "kubernetes"
    }

    fn sections(&self) -> &'static [&'static str] {
        &["manifests", "outputs"]
    }

    fn default_output(&self) -> &'static str {
        "manifests.yaml"
    }

    fn lower(&self, resolved: &Resolved, options: &Options, report: &mut Report) -> Result<Lowered, Failed> {
        let _ = (resolved, options, report);
        unimplemented!()
    }
}
