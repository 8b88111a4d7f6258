//! For tests of this room: one provisioner, asked for one resource of a workload `web` that has a port `http`.

use std::collections::BTreeMap;

use crate::diag::Report;
use crate::model::flow::{Declared, DocId, Planned};
use crate::model::text::Hidden;
use crate::model::tree::{Map, Tree};
use crate::model::uid::Uid;
use crate::resolve::Rules;
use crate::resolve::contract::functions;
use crate::resolve::contract::ready::Contracts;
use crate::resolve::provisioner::{Input, Made, Provisioner, WorkloadPort, WorkloadService, run};
use crate::resolve::services::Services;
use crate::world::memory::Memory;

/// Rules with a seed, for a target.
pub(crate) fn rules(target: &str) -> Rules {
    let (target, mounts) = (target.to_owned(), "./compose.d".to_owned());
    Rules { target, mounts, seed: Some(Hidden::new("seed")), ..Rules::default() }
}

/// Asks; `None` when it fails.
pub(crate) fn make(
    provisioner: &Provisioner,
    params: Tree,
    rules: &Rules,
    report: &mut Report,
) -> Option<Made> {
    let declared = Declared { doc: DocId(0), workload: "web".into(), name: "it".into() };
    let resource = Planned {
        uid: Uid::of("web", "it", &provisioner.kind, provisioner.class.as_deref(), None),
        guid: "0".into(),
        params: Tree::Null,
        metadata: Tree::Null,
        source_workload: "web".into(),
        source: declared.clone(),
        declared: vec![declared],
        contents: BTreeMap::from([("openapi_file".to_owned(), "openapi: 3.0.2".to_owned())]),
        needs: Vec::new(),
    };
    let port = WorkloadPort { name: "http".into(), port: 80, target_port: 8080, protocol: "TCP".into() };
    let ports = BTreeMap::from([("http".to_owned(), port.clone()), ("80".to_owned(), port)]);
    let services =
        Services::new(BTreeMap::from([("web".to_owned(), WorkloadService { name: "web".into(), ports })]));
    let language = functions::language(rules, &services);
    let contracts = Contracts::of(provisioner.contract(), &rules.target, &language);
    let (shared, metadata, workloads) = (Map::new(), Map::new(), BTreeMap::new());
    let input = Input {
        resource: &resource,
        params,
        state: Tree::map(),
        shared: &shared,
        services: &services,
        workload_metadata: &metadata,
        workloads: &workloads,
        rules,
        contracts: &contracts,
    };
    run(provisioner, &input, &Memory::default(), report).ok()
}

/// All messages, one a line.
pub(crate) fn said(report: &Report) -> String {
    report.diagnostics.iter().map(|said| said.message.clone()).collect::<Vec<_>>().join("\n")
}
