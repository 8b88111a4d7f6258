//! Waiting for the services of resources.
//! **Invariant:** nobody waits for something that waits for him.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::flow::{From, Provisioned, Resolved};
use crate::model::tree::{Map, Tree};
use crate::target::compose::draft::{Draft, Piece};
use crate::target::compose::options::Waits;
use crate::target::compose::workload::{dependency, service};

/// The service that waits for all resources.
const GATE: &str = "wait-for-resources";
/// The label of a service that runs to its end.
const ONE_SHOT: &str = "dev.score.compose.labels.is-init-container";

/// Makes workloads wait.
pub(super) fn add(draft: &mut Draft<'_>, resolved: &Resolved) {
    match draft.options.waits {
        Waits::Each => each(draft, resolved),
        Waits::Gate => gate(draft, resolved),
    }
}

fn each(draft: &mut Draft<'_>, resolved: &Resolved) {
    let mut wanted: BTreeMap<String, Map> = BTreeMap::new();
    let mut users: BTreeMap<&str, Vec<&Provisioned>> = BTreeMap::new();
    for resource in &resolved.resources {
        for user in &resource.used_by {
            users.entry(user).or_default().push(resource);
        }
    }
    for (name, workload) in &resolved.workloads {
        let mine: BTreeSet<String> = workload.spec.containers.keys().map(|c| service(name, c)).collect();
        let used = users.get(name.as_str()).into_iter().flatten();
        let services =
            used.filter_map(|resource| resource.sections.get("services")?.as_map()).flat_map(Map::keys);
        for other in services.filter(|other| !mine.contains(*other) && !reaches(draft, other, &mine)) {
            let Some(piece) = draft.services.get(other) else { continue };
            let entry = dependency(condition(&piece.tree));
            for service in &mine {
                wanted.entry(service.clone()).or_default().insert(other.clone(), entry.clone());
            }
        }
    }
    for (service, waits) in wanted {
        depend(draft, &service, waits);
    }
}

/// compat(score-compose): one service waits for all resource services, every workload for that one.
fn gate(draft: &mut Draft<'_>, resolved: &Resolved) {
    let made = |piece: &Piece| matches!(piece.from, From::Resource(_));
    let all: Map = draft
        .services
        .iter()
        .filter(|(name, piece)| made(piece) && name.as_str() != GATE)
        .map(|(name, piece)| (name.clone(), dependency(condition(&piece.tree))))
        .collect();
    if all.is_empty() {
        return;
    }
    let gate = Map::from([
        ("image".to_owned(), Tree::from("alpine")),
        ("command".to_owned(), Tree::from(vec!["echo"])),
        ("depends_on".to_owned(), Tree::Map(all)),
    ]);
    draft.services.insert(GATE.to_owned(), Piece { tree: Tree::Map(gate), from: From::Target });
    let entry = Map::from([(GATE.to_owned(), dependency("service_completed_successfully"))]);
    for (name, workload) in &resolved.workloads {
        for container in workload.spec.containers.keys() {
            depend(draft, &service(name, container), entry.clone());
        }
    }
}

fn depend(draft: &mut Draft<'_>, service: &str, waits: Map) {
    let Some(tree) = draft.services.get_mut(service).and_then(|piece| piece.tree.as_map_mut()) else {
        return;
    };
    let before = tree.entry("depends_on".to_owned()).or_insert_with(Tree::map);
    if let Some(before) = before.as_map_mut() {
        before.extend(waits);
    }
}

/// What it means for a resource's service to be there.
fn condition(service: &Tree) -> &'static str {
    let check = service.get("healthcheck").filter(|check| check.as_map().is_some());
    let disabled = |check: &Tree| {
        let none = check.get("test").and_then(Tree::as_list).and_then(<[Tree]>::first);
        check.get("disable") == Some(&Tree::Bool(true)) || none.and_then(Tree::as_str) == Some("NONE")
    };
    if check.is_some_and(|check| !disabled(check)) {
        "service_healthy"
    } else if is_one_shot(service) {
        "service_completed_successfully"
    } else {
        "service_started"
    }
}

fn is_one_shot(service: &Tree) -> bool {
    match service.get("labels") {
        Some(Tree::Map(labels)) => match labels.get(ONE_SHOT) {
            Some(Tree::Str(text)) => text == "true",
            Some(other) => *other == Tree::Bool(true),
            None => false,
        },
        Some(Tree::List(labels)) => {
            labels.iter().any(|label| label.as_str() == Some(&format!("{ONE_SHOT}=true")))
        }
        _ => false,
    }
}

/// True when a service waits, through others too, for one of these.
fn reaches(draft: &Draft<'_>, service: &str, these: &BTreeSet<String>) -> bool {
    let (mut seen, mut open) = (BTreeSet::from([service.to_owned()]), vec![service.to_owned()]);
    while let Some(here) = open.pop() {
        if these.contains(&here) {
            return true;
        }
        let tree = draft.services.get(&here).map(|piece| &piece.tree);
        for next in tree.map(waits_of).unwrap_or_default() {
            if seen.insert(next.clone()) {
                open.push(next);
            }
        }
    }
    false
}

/// The services that a service waits for, however it says so.
fn waits_of(service: &Tree) -> Vec<String> {
    let named = match service.get("depends_on") {
        Some(Tree::Map(map)) => map.keys().cloned().collect(),
        Some(Tree::List(list)) => list.iter().filter_map(Tree::as_str).map(str::to_owned).collect(),
        _ => Vec::new(),
    };
    let network =
        service.get("network_mode").and_then(Tree::as_str).and_then(|mode| mode.strip_prefix("service:"));
    named.into_iter().chain(network.map(str::to_owned)).collect()
}
