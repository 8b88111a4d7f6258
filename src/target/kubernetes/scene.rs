//! A workload on its way to Kubernetes, as every part of this folder sees it.

use crate::diag::At;
use crate::model::flow::{From, ResolvedContainer, ResolvedWorkload};
use crate::model::path::Path;
use crate::model::spec::Container;
use crate::target::kubernetes::object::Words;
use crate::target::kubernetes::options::Options;

/// A workload and what is asked of it.
#[derive(Clone, Copy)]
pub(super) struct Scene<'a> {
    /// The workload's name.
    pub(super) name: &'a str,
    /// The workload.
    pub(super) workload: &'a ResolvedWorkload,
    /// The labels by which the resources that it uses know its pods.
    pub(super) uses: &'a Words,
    /// What the run asks.
    pub(super) options: &'a Options,
}

impl<'a> Scene<'a> {
    /// The containers by name: as written, and filled.
    pub(super) fn containers(
        &self,
    ) -> impl Iterator<Item = (&'a str, &'a Container, &'a ResolvedContainer)> + use<'a> {
        let filled = &self.workload.containers;
        let written = self.workload.spec.containers.iter();
        written.filter_map(|(name, spec)| Some((name.as_str(), spec, filled.get(name)?)))
    }

    /// The place of a value below a container.
    pub(super) fn value<const N: usize>(&self, container: &str, below: [&str; N]) -> At {
        At::value(self.workload.doc, path(container, below))
    }

    /// The place of a key below a container.
    pub(super) fn key<const N: usize>(&self, container: &str, below: [&str; N]) -> At {
        At::key(self.workload.doc, path(container, below))
    }

    /// The place of an annotation.
    pub(super) fn annotation(&self, key: &str) -> At {
        At::value(self.workload.doc, Path::of(["metadata", "annotations", key]))
    }

    /// The place of the workload's name.
    pub(super) fn name_at(&self) -> At {
        At::value(self.workload.doc, Path::of(["metadata", "name"]))
    }

    /// Who makes what this workload needs.
    pub(super) fn from(&self) -> From {
        From::Workload(self.name.to_owned())
    }
}

/// The path of something below a container.
fn path<const N: usize>(container: &str, below: [&str; N]) -> Path {
    Path::of(["containers", container]).join(&Path::of(below))
}
