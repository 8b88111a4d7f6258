//! A provisioner, whatever its format: what it answers for and how it is run.

use std::collections::BTreeMap;

use crate::diag::{Failed, Report};
use crate::model::flow::{DocId, Patch, Planned, Workload, Written};
use crate::model::path::Path;
use crate::model::tree::{Map, Tree};
use crate::model::uid::Uid;
use crate::resolve::Rules;
use crate::resolve::builtin;
use crate::resolve::contract::read::TARGETS;
use crate::resolve::contract::ready::Contracts;
use crate::resolve::contract::{Contract, answer};
use crate::resolve::services::Services;
use crate::resolve::shared::Shared;
use crate::resolve::upstream::command::{self, Command};
use crate::resolve::upstream::local_env;
use crate::resolve::upstream::record::Listed;
use crate::resolve::upstream::template::{self, Template};
use crate::world::World;

/// A provisioner of a catalog.
#[derive(Debug, Clone)]
pub struct Provisioner {
    /// Its identity: `builtin://postgres`, `file://provisioners/db.yaml`, or the `uri` of an upstream record.
    pub uri: String,
    /// The type it answers for.
    pub kind: String,
    /// The class; any where absent.
    pub class: Option<String>,
    /// The id; any where absent.
    pub id: Option<String>,
    /// One sentence.
    pub description: String,
    /// Its document and its place in it, for diagnostics.
    pub doc: DocId,
    /// The path of its record in the document; empty for a contract file.
    pub path: Path,
    /// How it is run.
    pub body: Body,
}

impl Provisioner {
    /// True when it answers for this resource.
    pub fn matches(&self, uid: &Uid) -> bool {
        self.kind == uid.kind
            && self.class.as_ref().is_none_or(|class| *class == uid.class)
            && self.id.as_ref().is_none_or(|id| *id == uid.id)
    }
}

impl Provisioner {
    /// True for a record in the older format, which announces less than it does.
    pub const fn is_older(&self) -> bool {
        !matches!(self.body, Body::Contract(_))
    }

    /// Its contract, where it has one, and the document of it.
    pub fn contract(&self) -> Option<(DocId, &Contract)> {
        match &self.body {
            Body::Contract(contract) => Some((self.doc, contract)),
            Body::Template(_) | Body::Command(_) | Body::LocalEnv(_) => None,
        }
    }

    /// Where in its document the sections stand that it makes for a target; `None` for a built-in one.
    pub fn sections(&self, target: &str) -> Option<Path> {
        let path = if self.is_older() { self.path.clone() } else { self.path.then(target) };
        (!self.is_built_in()).then_some(path)
    }

    /// True for one that is part of the program.
    pub fn is_built_in(&self) -> bool {
        self.uri.starts_with(builtin::SCHEME)
    }

    /// The targets that it can make its resource on.
    pub fn targets(&self) -> Vec<&'static str> {
        let only = |template: &Template, sections: &[&str], other: &[&str]| {
            template.texts.iter().any(|(name, _)| sections.contains(name) && !other.contains(name))
        };
        let fits = |target: &&str| match &self.body {
            Body::Contract(contract) => contract.root.get(target).is_some(),
            Body::Template(template) if *target == "compose" => {
                !only(template, template::SECTIONS_KUBERNETES, template::SECTIONS_COMPOSE)
            }
            Body::Template(template) => {
                !only(template, template::SECTIONS_COMPOSE, template::SECTIONS_KUBERNETES)
            }
            Body::Command(_) => true,
            Body::LocalEnv(_) => *target == "compose",
        };
        TARGETS.iter().copied().filter(fits).collect()
    }

    /// The params it says it understands and the outputs it says it has; `None` where it says nothing.
    pub fn listed(&self) -> (Option<Vec<String>>, Option<Vec<String>>) {
        let given = |listed: &Listed| (listed.params.clone(), listed.outputs.clone());
        let some = |(params, outputs): (Option<_>, Option<_>)| {
            (Some(params.unwrap_or_default()), Some(outputs.unwrap_or_default()))
        };
        match &self.body {
            Body::Contract(_) => (None, None),
            Body::Template(record) => some(given(&record.listed)),
            Body::Command(record) => some(given(&record.listed)),
            Body::LocalEnv(listed) => given(listed),
        }
    }
}

/// The format of a provisioner.
#[derive(Debug, Clone)]
pub enum Body {
    /// Our own: a contract with a section per target.
    Contract(Box<Contract>),
    /// Upstream's: Go templates.
    Template(Box<Template>),
    /// Upstream's: a program.
    Command(Box<Command>),
    /// Upstream's: the variables of the environment.
    LocalEnv(Listed),
}

/// All that a provisioner is told.
pub struct Input<'a> {
    /// The resource.
    pub resource: &'a Planned,
    /// Its params, placeholders filled; secrets are [`Tree::Text`].
    pub params: Tree,
    /// What the provisioner remembered about the resource.
    pub state: Tree,
    /// What provisioners share.
    pub shared: &'a Shared,
    /// Every workload's service, by workload name.
    pub services: &'a Services,
    /// The metadata of the source workload.
    pub workload_metadata: &'a Map,
    /// Every workload, by name.
    pub workloads: &'a BTreeMap<&'a str, &'a Workload>,
    /// What the run asks.
    pub rules: &'a Rules,
    /// The templates of contracts, taken apart.
    pub contracts: &'a Contracts<'a>,
}

/// How others reach a workload.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WorkloadService {
    /// The host name.
    pub name: String,
    /// The ports, by name, and by number where no name takes it.
    pub ports: BTreeMap<String, WorkloadPort>,
}

/// A port of a workload's service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkloadPort {
    /// Its name.
    pub name: String,
    /// The port that clients use.
    pub port: u16,
    /// The port of the container.
    pub target_port: u16,
    /// `TCP` or `UDP`.
    pub protocol: String,
}

/// What a provisioner answers.
#[derive(Debug, Clone, Default)]
pub struct Made {
    /// What placeholders may ask for.
    pub outputs: Tree,
    /// What it wants to remember about the resource.
    pub state: Tree,
    /// A merge patch for what provisioners share.
    pub shared: Tree,
    /// What the target adds to its result, by section name.
    pub sections: BTreeMap<String, Tree>,
    /// Where its document spells them otherwise.
    pub written: Written,
    /// What it changes in the workloads that ask for the resource.
    pub patches: Vec<Patch>,
    /// Lines to tell the user.
    pub logs: Vec<String>,
    /// True when outputs it lacks are variables of the environment.
    pub open_environment: bool,
}

/// Runs one provisioner.
///
/// # Errors
/// When a param is wrong, a template fails, or a command does.
pub fn run(
    provisioner: &Provisioner,
    input: &Input<'_>,
    world: &dyn World,
    report: &mut Report,
) -> Result<Made, Failed> {
    match &provisioner.body {
        Body::Contract(contract) => answer::answer(contract, provisioner, input, report),
        Body::Template(record) => template::run(record, provisioner, input, world, report),
        Body::Command(record) => command::run(record, provisioner, input, world, report),
        Body::LocalEnv(_) => local_env::run(provisioner, input, report),
    }
}
