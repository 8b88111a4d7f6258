//! Lays overrides over documents, before anything is judged: an incomplete base plus an override is legal.

use crate::diag::{Failed, Report};
use crate::model::flow::Document;
use crate::world::World;

/// What is laid over the documents.
#[derive(Debug, Clone, Default)]
pub struct Overlays {
    /// Override files, in order.
    pub files: Vec<Scoped<String>>,
    /// `path=value` properties as typed, in order.
    pub properties: Vec<Scoped<String>>,
    /// Images for containers whose image is `.`.
    pub images: Vec<Scoped<String>>,
    /// Compose builds: the container is in the scope, the value is a context or a build object.
    pub builds: Vec<Scoped<String>>,
}

impl Overlays {
    /// True when any of them is meant for one workload or container.
    pub fn names_any(&self) -> bool {
        let all = [&self.files, &self.properties, &self.images, &self.builds];
        all.into_iter().flatten().any(|one| one.workload.is_some() || one.container.is_some())
    }
}

/// A value for one workload, one container, or all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scoped<T> {
    /// The workload; all where absent.
    pub workload: Option<String>,
    /// The container; all where absent.
    pub container: Option<String>,
    /// The value.
    pub value: T,
}

/// Lays everything over the documents it is meant for.
///
/// # Errors
/// When an override cannot be read or applied, or names a workload or container that does not exist.
pub fn overlay(
    documents: Vec<Document>,
    overlays: &Overlays,
    world: &dyn World,
    report: &mut Report,
) -> Result<Vec<Document>, Failed> {
    let _ = (documents, overlays, world, report);
    unimplemented!()
}
