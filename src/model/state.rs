//! What a project remembers between runs: the format of `.score-compose/state.yaml` and `.score-k8s/state.yaml`.
//! The native door keeps one only when a provisioner must remember.

use std::collections::BTreeMap;

use crate::model::tree::{Map, Tree};

/// A persisted state.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct State {
    /// Workloads by name.
    pub workloads: BTreeMap<String, WorkloadState>,
    /// Resources by uid text.
    pub resources: BTreeMap<String, ResourceState>,
    /// What provisioners share.
    pub shared: Map,
    /// Keys at the top that belong to one tool: `compose_project`, `mounts_directory`, `patching_templates`, and unknown ones.
    pub extra: Map,
}

/// A workload in a state.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct WorkloadState {
    /// The specification, after overrides.
    pub spec: Tree,
    /// The Score file it came from.
    pub file: Option<String>,
    /// Keys that belong to one tool: `build_configs`, `instance_suffix`, and unknown ones.
    pub extra: Map,
}

/// A resource in a state.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ResourceState {
    /// Its UUID.
    pub guid: String,
    /// Its type.
    pub kind: String,
    /// Its class.
    pub class: String,
    /// Its id.
    pub id: String,
    /// Its metadata, unsubstituted.
    pub metadata: Tree,
    /// Its params, unsubstituted.
    pub params: Tree,
    /// The workload in whose words the params speak.
    pub source_workload: String,
    /// The provisioner that answered last; empty when none has.
    pub provisioner: String,
    /// What the provisioner remembers.
    pub state: Tree,
    /// Its outputs.
    pub outputs: Tree,
    /// Unknown keys.
    pub extra: Map,
}
