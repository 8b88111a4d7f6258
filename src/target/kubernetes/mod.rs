//! Lowers everything to Kubernetes.
//!
//! ```text
//! resources ─ manifests ─┐   stores: what is referred to in Secrets
//! workloads ─ workload ──┼─▶ assemble ─▶ documents
//!                        └── stores.close
//! ```

use std::collections::BTreeSet;

use crate::diag::{Failed, Report};
use crate::model::flow::{From, Lowered, Resolved};
use crate::model::tree::Tree;
use crate::target::verdict::{self, Verdict};
use crate::target::{Options, Target};

mod assemble;
mod before;
mod compute;
mod env;
mod files;
mod folders;
mod guards;
mod harden;
pub mod judge;
mod manifests;
mod names;
mod network;
mod object;
pub mod options;
mod patches;
mod paths;
mod pod;
mod probes;
mod quantity;
mod reach;
mod scene;
mod service;
mod stores;
mod volumes;
mod workload;

/// The platform.
#[derive(Debug)]
pub struct Kubernetes;

impl Target for Kubernetes {
    fn name(&self) -> &'static str {
        "kubernetes"
    }

    fn sections(&self) -> &'static [&'static str] {
        &[manifests::SECTION, network::SECTION, "outputs"]
    }

    fn default_output(&self) -> &'static str {
        "manifests.yaml"
    }

    fn lower(
        &self,
        resolved: &mut Resolved,
        options: &Options,
        report: &mut Report,
    ) -> Result<Lowered, Failed> {
        let options = &options.kubernetes;
        let mut stores = stores::Stores::of(&resolved.resources);
        let mut docs = Vec::new();
        for resource in &mut resolved.resources {
            docs.extend(manifests::lower(resource, options.shape, &mut stores, report));
            docs.extend(network::lower(resource, options, report));
        }
        let labels = network::labels(&resolved.resources, options);
        for (name, workload) in &resolved.workloads {
            let none = object::Words::new();
            let uses = labels.get(name.as_str()).unwrap_or(&none);
            let scene = scene::Scene { name, workload, uses, options };
            docs.extend(workload::lower(&scene, &mut stores, report));
        }
        patches::apply(&mut docs, resolved, options.shape, &mut stores, report);
        stores.close(&mut docs, options, report);
        let docs = assemble::assemble(docs, resolved, options, report);
        let reachable = reach::reachable(&docs);
        report.failed(Lowered { docs, reachable, ..Lowered::default() })
    }

    fn judge(
        &self,
        lowered: &Lowered,
        resolved: &Resolved,
        options: &Options,
        patched: bool,
        report: &mut Report,
    ) -> Verdict {
        let trees: Vec<&Tree> = lowered.docs.iter().map(|doc| &doc.tree).collect();
        let rules = judge::Rules { schemas: &options.schemas, whole: false };
        let asked = resolved.resources.iter().flat_map(|made| &made.patches);
        let changed: BTreeSet<&str> = asked.map(|patch| patch.declared.workload.as_str()).collect();
        // What was lowered here has the fields of its types, unless somebody changed it.
        let shaped = |number: usize| match lowered.docs.get(number).map(|doc| &doc.from) {
            Some(From::Workload(name)) => !patched && !changed.contains(name.as_str()),
            Some(From::Target) => !patched,
            Some(From::Resource(_) | From::Patch(_)) | None => false,
        };
        let verdict = judge::judge(&trees, rules, &shaped);
        let lenient = options.kubernetes.shape == options::Shape::Verbose;
        verdict::tell_makers(&verdict, lowered, resolved, (patched, lenient), report);
        verdict
    }
}
