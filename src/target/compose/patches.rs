//! What resources change in the services of the workloads that ask for them.

use crate::diag::codes::target as codes;
use crate::model::flow::{From, Patch, Provisioned, Resolved, ResolvedWorkload};
use crate::model::path::Path;
use crate::model::tree::{Map, Tree};
use crate::target::compose::draft::{Draft, Piece};
use crate::target::compose::long::{self, Oddity};
use crate::target::compose::order::Order;
use crate::target::compose::sections::Maker;
use crate::target::compose::shape;
use crate::target::compose::workload::service;
use crate::target::patches::{self, Change, Form, within};
use crate::target::written;

/// Applies the patches of all resources in the order in which the resources were provisioned, those of one resource in
/// the order of its file.
pub(super) fn apply(draft: &mut Draft<'_>, resolved: &Resolved) {
    for resource in &resolved.resources {
        for (number, patch) in resource.patches.iter().enumerate() {
            if let Some(workload) = resolved.workloads.get(&patch.declared.workload) {
                one(draft, resource, patch, number, workload);
            }
        }
    }
}

fn one(
    draft: &mut Draft<'_>,
    resource: &Provisioned,
    patch: &Patch,
    number: usize,
    workload: &ResolvedWorkload,
) {
    let Some(Change { chosen, form }) =
        patches::read(resource, patch, &["container", "sidecar"], draft.report)
    else {
        return;
    };
    let Some(meant) = meant(draft, resource, patch, &chosen, workload) else { return };
    for name in meant {
        let file = format!("{name}.{}.{}", patch.declared.name, number + 1);
        let form = spelled(draft, resource, &form, file, &within(patch));
        let Some(mut piece) = draft.services.remove(&name) else { continue };
        let called = format!("the service `{name}`");
        let here = Path::of(["services", &name]);
        let known = unknown(&piece.tree, &here);
        patches::apply(&form, &mut piece.tree, key, &called, resource, patch, draft.report);
        for oddity in unknown(&piece.tree, &here).into_iter().filter(|oddity| !known.contains(oddity)) {
            let begin = |code, words, place: &Path| match &form {
                Form::Merge(_) => {
                    // The items of a merged list are not where the patch has them.
                    let below = place.steps().iter().skip(here.steps().len());
                    let below = Path::of(below.take_while(|step| step.key().is_some()).cloned());
                    let place = within(patch).then("merge").join(&below);
                    written::complaint(code, words, resource, &place, &draft.report.sources)
                }
                Form::Steps(_) => patches::complaint(code, words, resource, patch),
            };
            let said = long::complaint(oddity, false, begin);
            draft.say(said);
        }
        draft.services.insert(name, piece);
    }
}

/// The keys of a service that Compose does not know.
fn unknown(service: &Tree, path: &Path) -> Vec<Oddity> {
    let mut oddities = Vec::new();
    long::unknown(service, &shape::of("services"), path, &mut oddities);
    oddities
}

/// The services that a patch is meant for. What is wrong with its choice is said.
fn meant(
    draft: &mut Draft<'_>,
    resource: &Provisioned,
    patch: &Patch,
    chosen: &Map,
    workload: &ResolvedWorkload,
) -> Option<Vec<String>> {
    let named = |key: &str| chosen.get(key).map(|value| value.as_str().unwrap_or_default());
    let (container, sidecar) = (named("container"), named("sidecar"));
    let containers = &workload.spec.containers;
    if container == Some("") || sidecar == Some("") || container.is_some() && sidecar.is_some() {
        let words = "a patch may have one of `container` and `sidecar`, which are text".to_owned();
        draft.say(patches::complaint(&codes::PATCH_SHAPE, words, resource, patch));
        return None;
    }
    if let Some(sidecar) = sidecar {
        return beside(draft, sidecar, workload).map(|name| vec![name]).or_else(|| {
            let words = format!("the workload `{}` has a container `{sidecar}`", patch.declared.workload);
            let said = patches::complaint(&codes::PATCH_SHAPE, words, resource, patch);
            draft.say(
                said.note("a sidecar stands beside the containers of a workload, under a name of its own"),
            );
            None
        });
    }
    let fitting = containers.keys().filter(|name| container.is_none_or(|container| container == *name));
    let services: Vec<String> = fitting.map(|name| service(&patch.declared.workload, name)).collect();
    if let (true, Some(container)) = (services.is_empty(), container) {
        let has: Vec<String> = containers.keys().map(|name| format!("the container `{name}`")).collect();
        let words = format!("the patch is meant for a container named `{container}`, and there is none");
        draft.say(patches::unmatched(words, &has, resource, patch));
    }
    Some(services)
}

/// The service of a sidecar, which shares the network of its workload; made by the first patch that speaks of it.
fn beside(draft: &mut Draft<'_>, sidecar: &str, workload: &ResolvedWorkload) -> Option<String> {
    if workload.spec.containers.contains_key(sidecar) {
        return None;
    }
    let owner = service(workload.spec.name(), Order::of(&workload.spec).owner);
    let name = service(workload.spec.name(), sidecar);
    let network = format!("service:{owner}");
    let from = From::Workload(workload.spec.name().to_owned());
    draft
        .services
        .entry(name.clone())
        .or_insert_with(|| Piece { tree: Tree::from_pairs([("network_mode", Tree::from(network))]), from });
    Some(name)
}

/// A form whose texts Compose may read: the secrets of an `environment` go into an env file.
fn spelled(draft: &mut Draft<'_>, resource: &Provisioned, form: &Form, file: String, patch: &Path) -> Form {
    let maker = Maker { resource };
    match form {
        Form::Merge(tree) => Form::Merge(maker.service(draft, file, tree.clone(), &patch.then("merge"))),
        Form::Steps(steps) => {
            let steps = steps.iter().enumerate();
            let place = |n: usize| patch.then("json").then(n);
            Form::Steps(steps.map(|(n, step)| maker.public(draft, step.clone(), &place(n))).collect())
        }
    }
}

/// What tells the items of a list apart, as Compose itself merges them.
fn key(list: &str) -> &'static [&'static str] {
    match list {
        "volumes" | "ports" => &["target"],
        "secrets" | "configs" => &["source"],
        "env_file" => &["path"],
        _ => &[],
    }
}
