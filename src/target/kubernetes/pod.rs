//! The volumes of a pod, gathered while its containers are made.

use std::collections::BTreeSet;

use k8s_openapi::api::core::v1::{PersistentVolumeClaim, Volume};

use crate::target::kubernetes::names;
use crate::target::kubernetes::volumes::Made;

/// The volumes and claim templates of a pod. No two have one name.
#[derive(Debug, Default)]
pub(super) struct Volumes {
    shared: Vec<Volume>,
    claims: Vec<PersistentVolumeClaim>,
    taken: BTreeSet<String>,
}

impl Volumes {
    /// Adds a volume, or finds the equal one that is there; answers with its name.
    pub(super) fn add(&mut self, mut volume: Volume) -> String {
        if let Some(same) = self.shared.iter().find(|there| **there == volume) {
            return same.name.clone();
        }
        volume.name = names::unique(&volume.name, names::LABEL, &mut self.taken);
        self.shared.push(volume.clone());
        volume.name
    }

    /// Adds a claim template, or finds the equal one; answers with its name.
    pub(super) fn claim(&mut self, mut claim: PersistentVolumeClaim) -> String {
        if let Some(same) = self.claims.iter().find(|there| **there == claim) {
            return same.metadata.name.clone().unwrap_or_default();
        }
        let name = claim.metadata.name.clone().unwrap_or_default();
        let name = names::unique(&name, names::LABEL, &mut self.taken);
        claim.metadata.name = Some(name.clone());
        self.claims.push(claim);
        name
    }

    /// Adds either; answers with its name.
    pub(super) fn put(&mut self, made: Made) -> String {
        match made {
            Made::Volume(volume) => self.add(*volume),
            Made::Claim(claim) => self.claim(*claim),
        }
    }

    /// True when a volume is claimed per pod.
    pub(super) const fn has_claims(&self) -> bool {
        !self.claims.is_empty()
    }

    /// The volumes, and the claim templates.
    pub(super) fn finish(self) -> (Vec<Volume>, Vec<PersistentVolumeClaim>) {
        let Self { shared, claims, taken: _ } = self;
        (shared, claims)
    }
}
