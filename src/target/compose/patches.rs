//! What resources change in the services of the workloads that ask for them.

use crate::diag::codes::target as codes;
use crate::model::flow::{Patch, Provisioned, Resolved, ResolvedWorkload};
use crate::model::path::Path;
use crate::model::tree::Tree;
use crate::target::compose::draft::Draft;
use crate::target::compose::sections::Maker;
use crate::target::compose::workload::service;
use crate::target::patches::{self, Form};

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
    let Some(change) = patches::read(resource, patch, &["container"], draft.report) else { return };
    let chosen = match change.chosen.get("container") {
        None => None,
        Some(Tree::Str(name)) => Some(name.as_str()),
        Some(other) => {
            let words = format!("`container` must be text, not {}", other.kind());
            draft.say(patches::complaint(&codes::PATCH_SHAPE, words, resource, patch));
            return;
        }
    };
    let containers = workload.spec.containers.keys();
    let meant: Vec<&String> = containers.filter(|name| chosen.is_none_or(|chosen| chosen == *name)).collect();
    if meant.is_empty() {
        let has: Vec<String> =
            workload.spec.containers.keys().map(|name| format!("the container `{name}`")).collect();
        let words = format!(
            "the patch is meant for a container named `{}`, and there is none",
            chosen.unwrap_or_default()
        );
        draft.say(patches::unmatched(words, &has, resource, patch));
    }
    for container in meant {
        let name = service(&patch.declared.workload, container);
        let file = format!("{name}.{}.{}", patch.declared.name, number + 1);
        let form = spelled(draft, resource, &change.form, file);
        let Some(mut piece) = draft.services.remove(&name) else { continue };
        patches::apply(
            &form,
            &mut piece.tree,
            key,
            &format!("the service `{name}`"),
            resource,
            patch,
            draft.report,
        );
        Maker { resource }.judged(draft, &piece.tree, &Path::of(["services", &name]));
        draft.services.insert(name, piece);
    }
}

/// A form whose texts Compose may read: the secrets of an `environment` go into an env file.
fn spelled(draft: &mut Draft<'_>, resource: &Provisioned, form: &Form, file: String) -> Form {
    let (maker, path) = (Maker { resource }, Path::of(["patches"]));
    match form {
        Form::Merge(tree) => Form::Merge(maker.service(draft, file, tree.clone(), &path)),
        Form::Steps(steps) => {
            Form::Steps(steps.iter().map(|step| maker.public(draft, step.clone(), &path)).collect())
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
