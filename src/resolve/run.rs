//! Runs the provisioners in the plan's order.

use std::collections::{BTreeMap, BTreeSet};

use crate::diag::codes::resolve as codes;
use crate::diag::{At, Diagnostic, Failed, Report};
use crate::model::flow::{Plan, Planned, Provisioned, ProvisionerRef, Workload};
use crate::model::path::{Path, Step};
use crate::model::state::{ResourceState, State};
use crate::model::tree::{Map, Tree};
use crate::model::uid::Uid;
use crate::resolve::catalog::Catalog;
use crate::resolve::contract::functions;
use crate::resolve::contract::ready::Contracts;
use crate::resolve::lookup::{Absent, Lookup, Use, absent};
use crate::resolve::placeholder::Place;
use crate::resolve::provisioner::{self, Body, Input, Made, Provisioner};
use crate::resolve::services::{Services, services};
use crate::resolve::shared::Shared;
use crate::resolve::upstream::local_env;
use crate::resolve::upstream::promises::Promises;
use crate::resolve::{Rules, judge};
use crate::world::World;

/// Provisions every resource of the plan; the state that comes back remembers what provisioners want remembered.
///
/// # Errors
/// When a resource has no provisioner or its provisioner fails.
pub fn run(
    plan: &Plan,
    workloads: &[Workload],
    catalog: &Catalog,
    mut state: State,
    rules: &Rules,
    world: &dyn World,
    report: &mut Report,
) -> Result<(Vec<Provisioned>, State), Failed> {
    let said = report.diagnostics.len();
    let services = Services::new(services(workloads, rules));
    let by_name = workloads.iter().map(|workload| (workload.name(), workload)).collect();
    let language = functions::language(rules, &services);
    let mut asked: Vec<&Provisioner> =
        plan.resources.iter().filter_map(|planned| catalog.find(&planned.uid)).collect();
    asked.sort_by_key(|provisioner| provisioner.doc);
    asked.dedup_by_key(|provisioner| provisioner.doc);
    let asked = asked.into_iter().filter_map(Provisioner::contract);
    let mut running = Running {
        workloads: by_name,
        catalog,
        contracts: &Contracts::of(asked, &rules.target, &language),
        services: &services,
        rules,
        world,
        shared: Shared::new(std::mem::take(&mut state.shared)),
        state,
        made: Vec::new(),
        places: BTreeMap::new(),
        growing: BTreeMap::new(),
        absent: Vec::new(),
    };
    for planned in &plan.resources {
        running.resource(planned, report);
    }
    absent(running.absent, rules, report);
    let state = State { shared: running.shared.into_tree(), ..running.state };
    judge::unless_worse(report, said, (running.made, state))
}

struct Running<'a> {
    workloads: BTreeMap<&'a str, &'a Workload>,
    catalog: &'a Catalog,
    contracts: &'a Contracts<'a>,
    services: &'a Services,
    rules: &'a Rules,
    world: &'a dyn World,
    state: State,
    shared: Shared,
    made: Vec<Provisioned>,
    /// Where in `made` a resource stands.
    places: BTreeMap<Uid, usize>,
    /// Which resource wrote a file last, by provisioner and path, of those that write what they share.
    growing: BTreeMap<(String, String), usize>,
    absent: Vec<Absent>,
}

impl Running<'_> {
    /// Provisions one resource, unless one that it needs has failed: that was said already.
    fn resource(&mut self, planned: &Planned, report: &mut Report) {
        let ready = planned.needs.iter().all(|uid| self.places.contains_key(uid));
        let workload = self.workloads.get(planned.source_workload.as_str()).copied();
        let (true, Some(workload)) = (ready, workload) else { return };
        let Some(provisioner) = self.catalog.find(&planned.uid) else {
            let at = At::key(planned.source.doc, Path::of(["resources", &planned.source.name]));
            report.push(Diagnostic::new(
                &codes::UNKNOWN_TYPE,
                format!("no provisioner makes `{}`", planned.uid),
                at,
            ));
            return;
        };
        let said = report.diagnostics.len();
        self.same_provisioner(planned, provisioner, report);
        let params = self.params(planned, workload, report);
        if judge::unless_worse(report, said, ()).is_err() {
            return;
        }
        let kept = self.state.resources.get(&planned.uid.to_string());
        let input = Input {
            resource: planned,
            params,
            state: kept.map_or_else(Tree::map, |kept| kept.state.clone()),
            shared: &self.shared,
            contracts: self.contracts,
            services: self.services,
            workload_metadata: &workload.spec.metadata,
            workloads: &self.workloads,
            rules: self.rules,
        };
        let Ok(made) = provisioner::run(provisioner, &input, self.world, report) else {
            return self.shared.forget();
        };
        self.unknown_sections(provisioner, &made, report);
        self.keep(planned, provisioner, made);
    }

    /// What one provisioner remembers says nothing to another.
    fn same_provisioner(&self, planned: &Planned, provisioner: &Provisioner, report: &mut Report) {
        let uid = planned.uid.to_string();
        let Some(kept) = self.state.resources.get(&uid) else { return };
        let is_same = kept.provisioner.is_empty() || kept.provisioner == provisioner.uri;
        // Both of these remember nothing.
        let is_environment =
            matches!(provisioner.body, Body::LocalEnv(_)) && kept.provisioner == local_env::FALLBACK;
        if is_same || is_environment {
            return;
        }
        let at = At::key(planned.source.doc, Path::of(["resources", &planned.source.name]));
        let said = format!(
            "`{uid}` was made by `{}` before, and now `{}` answers for it",
            kept.provisioner, provisioner.uri
        );
        report.push(
            Diagnostic::new(&codes::PROVISIONER_CHANGED, said, at)
                .note("what one provisioner remembers (names, passwords) says nothing to another")
                .help(format!("put a record with the uri `{}` before the other one", kept.provisioner))
                .help(format!(
                    "or begin anew, with new names and passwords: remove `resources.{uid}` from the state"
                )),
        );
    }

    /// The params with their placeholders filled, in the words of the workload they come from.
    fn params(&mut self, planned: &Planned, workload: &Workload, report: &mut Report) -> Tree {
        let needed = planned.needs.iter().filter_map(|uid| self.made.get(*self.places.get(uid)?));
        let resources = needed.map(|made| (made.uid.to_string(), made)).collect();
        let mut lookup = Lookup { workload, resources: &resources, rules: self.rules, absent: Vec::new() };
        let path = Path::of(["resources", &planned.source.name, "params"]);
        let filled = filled(&planned.params, &path, &mut lookup, report);
        self.absent.append(&mut lookup.absent);
        filled
    }

    fn unknown_sections(&self, provisioner: &Provisioner, made: &Made, report: &mut Report) {
        let known = self.rules.sections;
        for name in made.sections.keys().filter(|name| !known.is_empty() && !known.contains(&name.as_str())) {
            let at = At::key(provisioner.doc, provisioner.path.then(&self.rules.target).then(name));
            let message = format!("`{}` knows no section `{name}`", self.rules.target);
            report.push(
                Diagnostic::new(&codes::UNKNOWN_SECTION, message, at).suggest(name, known.iter().copied()),
            );
        }
    }

    /// A provisioner that shares something may write a file anew for every resource, each time with more in it: the
    /// last text is the one that is meant, and the others are not kept. One that lacks what was there is a clash, unless
    /// this resource took something back that an earlier run had shared.
    fn supersede(&mut self, provisioner: &Provisioner, sections: &BTreeMap<String, Tree>, outdates: bool) {
        for (path, text) in sections.get("files").and_then(Tree::as_map).into_iter().flatten() {
            let before = self.growing.insert((provisioner.uri.clone(), path.clone()), self.made.len());
            let made = before.and_then(|before| self.made.get_mut(before));
            let files = made.and_then(|made| made.sections.get_mut("files")).and_then(Tree::as_map_mut);
            let Some(files) = files else { continue };
            let texts = (files.get(path).and_then(Tree::as_str), text.as_str());
            if matches!(texts, (Some(old), Some(new)) if outdates || holds(new, old)) {
                files.remove(path);
            }
        }
    }

    fn keep(&mut self, planned: &Planned, provisioner: &Provisioner, made: Made) {
        let Made { outputs, state, shared, sections, written, patches, logs, open_environment } = made;
        if !shared.is_blank() {
            self.supersede(provisioner, &sections, self.shared.outdates(&shared));
        }
        self.shared.keep(&shared);
        let uid = planned.uid.clone();
        let kept = self.state.resources.entry(uid.to_string()).or_default();
        *kept = ResourceState {
            guid: planned.guid.clone(),
            kind: uid.kind.clone(),
            class: uid.class.clone(),
            id: uid.id.clone(),
            metadata: planned.metadata.clone(),
            params: planned.params.clone(),
            source_workload: planned.source_workload.clone(),
            provisioner: provisioner.uri.clone(),
            state,
            outputs: outputs.clone(),
            extra: std::mem::take(&mut kept.extra),
        };
        let mut used_by: Vec<String> =
            planned.declared.iter().map(|declared| declared.workload.clone()).collect();
        used_by.dedup();
        self.places.insert(uid.clone(), self.made.len());
        self.made.push(Provisioned {
            uid,
            guid: planned.guid.clone(),
            used_by,
            outputs,
            open_environment,
            sections,
            written,
            patches,
            provisioner: ProvisionerRef {
                uri: provisioner.uri.clone(),
                doc: Some(provisioner.doc),
                sections: provisioner.sections(&self.rules.target),
                is_lenient: provisioner.is_older() && self.rules.promises == Promises::Told,
            },
            logs,
            declared: planned.source.clone(),
        });
    }
}

/// True when a text has every line of another, or at least every word of it.
fn holds(text: &str, other: &str) -> bool {
    let same = text.lines().zip(other.lines()).take_while(|(new, old)| new == old).count();
    let lines: BTreeSet<&str> = text.lines().skip(same).collect();
    let mut others = other.lines().skip(same).filter(|line| !lines.contains(line));
    others.all(|line| line.split(|c: char| !c.is_alphanumeric()).all(|word| text.contains(word)))
}

fn filled(tree: &Tree, path: &Path, lookup: &mut Lookup<'_>, report: &mut Report) -> Tree {
    match tree {
        Tree::Str(text) => {
            let place = Place::Scalar(lookup.workload.doc, path.clone());
            let text = lookup.expand(text, &place, Use::File, report);
            let asks = lookup.rules.host_environment && text.is_public() && text.envs().next().is_some();
            // compat(score-compose): Compose fills variables in its file alone; a provisioner sees their values.
            asks.then(|| text.reveal()).flatten().map_or_else(|| Tree::from(text), Tree::Str)
        }
        Tree::List(list) => {
            let items = list.iter().enumerate();
            Tree::List(
                items.map(|(n, item)| filled(item, &path.then(Step::Index(n)), lookup, report)).collect(),
            )
        }
        Tree::Map(map) => {
            let entries =
                map.iter().map(|(key, value)| (key.clone(), filled(value, &path.then(key), lookup, report)));
            Tree::Map(entries.collect::<Map>())
        }
        other => other.clone(),
    }
}
