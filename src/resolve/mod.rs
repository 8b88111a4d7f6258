//! Room 2: finds what the workloads need, asks provisioners for it, and fills the placeholders.

pub mod answers;
pub mod assume;
pub mod builtin;
pub mod catalog;
pub mod contract;
pub mod engine;
pub mod fill;
pub mod images;
pub mod judge;
pub mod lint;
pub mod lookup;
pub mod names;
pub mod order;
pub mod placeholder;
pub mod plan;
pub mod provisioner;
pub mod run;
pub mod secrets;
pub mod services;
pub mod shared;
pub mod sites;
pub mod supply;
pub mod trial;
pub mod upstream;

use std::collections::{BTreeMap, BTreeSet};

use crate::model::text::Hidden;
use crate::model::tree::Tree;

/// What a run asks of this room.
#[derive(Debug, Clone, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a question of its own that a door answers")]
pub struct Rules {
    /// The target's name, which picks the section of a contract.
    pub target: String,
    /// The sections of a provisioner that the target understands; any other is a warning.
    pub sections: &'static [&'static str],
    /// The project, empty where none was given.
    pub project: String,
    /// The environment, empty where none was given.
    pub environment: String,
    /// The Kubernetes namespace, empty where none was given.
    pub namespace: String,
    /// The seed of secrets; `None` makes a needed secret the error `no-seed`.
    pub seed: Option<Hidden>,
    /// Prefix of a mirror for built-in images.
    pub image_registry: Option<String>,
    /// What the env file holds, for `type: environment`; `None` where there is no such file.
    pub env_file: Option<EnvFile>,
    /// What provisioners may ask about the target, as `options.*`: `route`, `gateway`, `ingress_class`, `hardening`.
    pub options: BTreeMap<String, Tree>,
    /// `$` and what is missing in placeholders as Docker Compose's own interpolation wants it (drop-in Compose).
    pub keep_dollars: bool,
    /// Dates are moments and read as the Go tools print them (drop-in doors).
    pub moments: bool,
    /// Volume sources that name no resource become empty volumes, with a warning (native door).
    pub ephemeral_volumes: bool,
    /// A route on a workload without any service brings its port along, with a warning (native door).
    pub assume_ports: bool,
    /// Folder of side files as provisioners see it, such as `.score-compose/mounts`.
    pub mounts: String,
    /// The same folder as programs find it from the current one.
    pub mounts_here: String,
    /// Variables of the environment that are asked for are read from this machine, not from an env file.
    pub host_environment: bool,
    /// Every workload has a suffix of its own, which the state keeps.
    pub instance_suffixes: bool,
    /// Workloads that exist but are not part of this run, so that a resource may name them (checking a tree of files).
    pub elsewhere: BTreeSet<String>,
    /// How much of what a provisioner in upstream's format announces is held against it.
    pub promises: upstream::promises::Promises,
    /// What provisioners in upstream's format may do on this machine.
    pub permissions: upstream::Permissions,
}

/// A file of `NAME=value` lines.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct EnvFile {
    /// Its name as the user knows it.
    pub name: String,
    /// Its values.
    pub values: BTreeMap<String, Hidden>,
}

impl Rules {
    /// True when the target can find variables of the environment when it runs.
    pub fn late_variables(&self) -> bool {
        self.target == "compose"
    }
}
