//! One provisioner, asked for one resource of a made-up workload that has a port `http`: what judging a provisioner,
//! playing its cases and the tests of this room need.

use std::collections::BTreeMap;

use crate::diag::{Failed, Report};
use crate::model::flow::{Declared, Planned};
use crate::model::text::Hidden;
use crate::model::tree::{Map, Tree};
use crate::model::uid::Uid;
use crate::resolve::Rules;
use crate::resolve::contract::functions;
use crate::resolve::contract::ready::Contracts;
use crate::resolve::provisioner::{Input, Made, Provisioner, WorkloadPort, WorkloadService, run};
use crate::resolve::services::Services;
use crate::resolve::shared::Shared;
use crate::world::World;

/// What is asked.
#[derive(Debug, Clone)]
pub struct Question {
    /// The params of the resource.
    pub params: Tree,
    /// Its metadata.
    pub metadata: Tree,
    /// What the provisioner remembers about it.
    pub state: Tree,
    /// What provisioners share.
    pub shared: Map,
    /// Its class; that of the provisioner where absent.
    pub class: Option<String>,
    /// Its id; `workload.name` where absent.
    pub id: Option<String>,
    /// The workload that asks.
    pub workload: String,
    /// The resource's name in it.
    pub name: String,
}

impl Default for Question {
    fn default() -> Self {
        Self {
            params: Tree::map(),
            metadata: Tree::Null,
            state: Tree::map(),
            shared: Map::new(),
            class: None,
            id: None,
            workload: "web".to_owned(),
            name: "it".to_owned(),
        }
    }
}

/// Rules with a seed, for a target.
pub fn rules(target: &str) -> Rules {
    let (target, mounts) = (target.to_owned(), "./compose.d".to_owned());
    Rules { target, mounts, seed: Some(Hidden::new("seed")), ..Rules::default() }
}

/// Asks.
///
/// # Errors
/// When the provisioner cannot answer; the report says why.
pub fn ask(
    provisioner: &Provisioner,
    question: &Question,
    rules: &Rules,
    world: &dyn World,
    report: &mut Report,
) -> Result<Made, Failed> {
    let Question { params, metadata, state, shared, class, id, workload, name } = question;
    let doc = report.sources.reserve();
    let declared = Declared { doc, workload: workload.clone(), name: name.clone() };
    let class = class.as_deref().or(provisioner.class.as_deref());
    let id = id.as_deref().or(provisioner.id.as_deref());
    let resource = Planned {
        uid: Uid::of(workload, name, &provisioner.kind, class, id),
        guid: "0".into(),
        params: Tree::Null,
        metadata: metadata.clone(),
        source_workload: workload.clone(),
        source: declared.clone(),
        declared: vec![declared],
        contents: BTreeMap::from([("openapi_file".to_owned(), "openapi: 3.0.2".to_owned())]),
        needs: Vec::new(),
    };
    let port = WorkloadPort { name: "http".into(), port: 80, target_port: 8080, protocol: "TCP".into() };
    let ports = BTreeMap::from([("http".to_owned(), port.clone()), ("80".to_owned(), port)]);
    let service = WorkloadService { name: workload.clone(), ports };
    let services = Services::new(BTreeMap::from([(workload.clone(), service)]));
    let language = functions::language(rules, &services);
    let contracts = Contracts::of(provisioner.contract(), &rules.target, &language);
    let (workload_metadata, workloads) = (Map::new(), BTreeMap::new());
    let input = Input {
        resource: &resource,
        params: params.clone(),
        state: state.clone(),
        shared: &Shared::new(shared.clone()),
        services: &services,
        workload_metadata: &workload_metadata,
        workloads: &workloads,
        rules,
        contracts: &contracts,
    };
    run(provisioner, &input, world, report)
}

/// Asks with some params; `None` when it fails.
#[cfg(test)]
pub(crate) fn make(
    provisioner: &Provisioner,
    params: Tree,
    rules: &Rules,
    report: &mut Report,
) -> Option<Made> {
    let question = Question { params, ..Question::default() };
    ask(provisioner, &question, rules, &crate::world::memory::Memory::default(), report).ok()
}

/// All messages, one a line.
#[cfg(test)]
pub(crate) fn said(report: &Report) -> String {
    report.diagnostics.iter().map(|said| said.message.clone()).collect::<Vec<_>>().join("\n")
}
