//! Collects the resources of all workloads, one per uid, and orders them so that dependencies come first.

use std::collections::{BTreeMap, BTreeSet};

use crate::diag::codes::resolve as codes;
use crate::diag::{At, Diagnostic, Report};
use crate::model::flow::{Declared, Plan, Planned, Workload};
use crate::model::path::Path;
use crate::model::placeholder::references;
use crate::model::spec::Resource;
use crate::model::state::State;
use crate::model::tree::Tree;
use crate::model::uid::Uid;
use crate::resolve::placeholder::{Asked, asked};
use crate::resolve::{Rules, names, order};

/// Makes the plan. Guids are kept from the state, else derived. Two definitions of one resource that differ are an error,
/// and so is a circle, which is left out.
pub fn plan(workloads: &[Workload], state: &State, rules: &Rules, report: &mut Report) -> Plan {
    let mut sorted: Vec<&Workload> = workloads.iter().collect();
    sorted.sort_by_key(|workload| workload.name());
    let mut found: BTreeMap<String, Planned> = BTreeMap::new();
    for workload in &sorted {
        for (name, resource) in &workload.spec.resources {
            let uid = uid(workload, name, resource);
            let declared =
                Declared { doc: workload.doc, workload: workload.name().to_owned(), name: name.clone() };
            if let Some(known) = found.get_mut(&uid.to_string()) {
                share(known, resource, declared, report);
                continue;
            }
            let planned = first(uid, resource, declared, state, rules);
            found.insert(planned.uid.to_string(), planned);
        }
    }
    let by_name: BTreeMap<&str, &Workload> =
        sorted.iter().map(|workload| (workload.name(), *workload)).collect();
    for planned in found.values_mut() {
        stay(planned, &by_name, state);
    }
    for planned in found.values_mut() {
        planned.needs = needs(planned, by_name.get(planned.source_workload.as_str()).copied());
    }
    distinct_names(&found, rules, report);
    let resources = order::order(found, report);
    Plan { resources }
}

/// The resources of a state that no workload declares any more.
pub fn ghosts(plan: &Plan, state: &State) -> Vec<String> {
    let declared: BTreeSet<String> = plan.resources.iter().map(|planned| planned.uid.to_string()).collect();
    state.resources.keys().filter(|uid| !declared.contains(*uid)).cloned().collect()
}

/// Says which resources of a state no workload declares any more.
pub fn warn_of_ghosts(plan: &Plan, state: &State, report: &mut Report) {
    let ghosts = ghosts(plan, state);
    let Some(first) = ghosts.first() else { return };
    let said = match ghosts.len() {
        1 => format!("no workload declares `{first}` any more, and the state still remembers it"),
        number => format!("no workload declares {number} resources any more that the state still remembers"),
    };
    let said = Diagnostic::new(&codes::GHOST_RESOURCE, said, At::Nowhere);
    let said = if ghosts.len() > 1 { said.note(format!("they are {}", ghosts.join(", "))) } else { said };
    report.push(said.help("`sightread resources prune` removes what nothing declares"));
}

/// The identity of a resource as a workload declares it.
pub fn uid(workload: &Workload, name: &str, resource: &Resource) -> Uid {
    // compat(score-compose, score-k8s): an empty class or id is the same as none.
    let given = |text: &Option<String>| text.clone().filter(|text| !text.is_empty());
    let (class, id) = (given(&resource.class), given(&resource.id));
    Uid::of(workload.name(), name, &resource.kind, class.as_deref(), id.as_deref())
}

fn first(uid: Uid, resource: &Resource, declared: Declared, state: &State, rules: &Rules) -> Planned {
    let kept =
        state.resources.get(&uid.to_string()).map(|kept| kept.guid.clone()).filter(|guid| !guid.is_empty());
    Planned {
        guid: kept.unwrap_or_else(|| names::guid(&uid, rules)),
        uid,
        params: resource.params.clone().map_or(Tree::Null, Tree::Map),
        metadata: resource.metadata.clone().map_or(Tree::Null, Tree::Map),
        source_workload: declared.workload.clone(),
        source: declared.clone(),
        declared: vec![declared],
        contents: BTreeMap::new(),
        needs: Vec::new(),
    }
}

/// Lets the workload speak on that spoke last time, so that another one which joins renames nothing.
fn stay(planned: &mut Planned, workloads: &BTreeMap<&str, &Workload>, state: &State) {
    let Some(kept) = state.resources.get(&planned.uid.to_string()) else { return };
    let spoke = planned.declared.iter().find(|declared| declared.workload == kept.source_workload);
    let Some(spoke) = spoke.cloned() else { return };
    let has_params = workloads
        .get(spoke.workload.as_str())
        .and_then(|workload| workload.spec.resources.get(&spoke.name))
        .is_some_and(|resource| resource.params.is_some());
    if has_params || matches!(planned.params, Tree::Null) {
        planned.source_workload.clone_from(&spoke.workload);
        planned.source = spoke;
    }
}

/// Joins another definition of one resource. The last that has params speaks for them.
fn share(known: &mut Planned, resource: &Resource, declared: Declared, report: &mut Report) {
    if let Some(params) = &resource.params {
        let params = Tree::Map(params.clone());
        if !matches!(known.params, Tree::Null) && known.params != params {
            report.push(conflict(known, &declared, "params"));
        }
        known.params = params;
        known.source_workload.clone_from(&declared.workload);
        known.source = declared.clone();
    }
    if let Some(metadata) = &resource.metadata {
        let metadata = Tree::Map(metadata.clone());
        if !matches!(known.metadata, Tree::Null) && known.metadata != metadata {
            report.push(conflict(known, &declared, "metadata"));
        }
        known.metadata = metadata;
    }
    known.declared.push(declared);
}

fn conflict(known: &Planned, other: &Declared, what: &str) -> Diagnostic {
    let at = |declared: &Declared| At::key(declared.doc, Path::of(["resources", &declared.name, what]));
    let message = format!("two definitions of the shared resource `{}` have different {what}", known.uid);
    Diagnostic::new(&codes::RESOURCE_CONFLICT, message, at(other))
        .also(at(&known.source), format!("the other {what}"))
        .help(format!(
            "give both the same {what}, leave them out in all but one workload, or give each its own `id`"
        ))
}

/// The resources that the params refer to, in the words of the workload they come from.
fn needs(planned: &Planned, workload: Option<&Workload>) -> Vec<Uid> {
    let Some(workload) = workload else { return Vec::new() };
    let mut needed = BTreeSet::new();
    planned.params.each_scalar(&mut |_, scalar| {
        for (_, reference) in references(scalar.as_str().unwrap_or_default()) {
            if let Ok(Asked::Resource(name, _)) = asked(&reference) {
                let resource = workload.spec.resources.get_key_value(&name.text);
                needed.extend(resource.map(|(name, resource)| uid(workload, name, resource)));
            }
        }
    });
    needed.into_iter().collect()
}

/// Two uids may read alike once they are names; objects of both would collide.
fn distinct_names(found: &BTreeMap<String, Planned>, rules: &Rules, report: &mut Report) {
    let mut taken: BTreeMap<String, &Planned> = BTreeMap::new();
    for planned in found.values() {
        let name = names::derived(&planned.uid, rules);
        if let Some(other) = taken.insert(name.clone(), planned) {
            let at = |planned: &Planned| {
                At::key(planned.source.doc, Path::of(["resources", &planned.source.name]))
            };
            let message = format!("`{}` and `{}` would both be named `{name}`", other.uid, planned.uid);
            let said =
                Diagnostic::new(&codes::NAME_TAKEN, message, at(planned)).also(at(other), "the other one");
            report.push(said.help("rename one of the resources, or give one an `id`"));
        }
    }
}
