//! What resources change in the objects of the workloads that ask for them.

use crate::diag::codes::target as codes;
use crate::diag::{At, Report};
use crate::model::flow::{Doc, From, Patch, Provisioned, Resolved};
use crate::model::path::{Path, Trail};
use crate::model::tree::{Map, Tree};
use crate::target::kubernetes::manifests::Speller;
use crate::target::kubernetes::object::Identity;
use crate::target::kubernetes::options::Shape;
use crate::target::kubernetes::stores::Stores;
use crate::target::patches::{self, Change, Form, within};

/// Applies the patches of all resources in the order in which the resources were provisioned, those of one resource in
/// the order of its file.
pub(super) fn apply(
    docs: &mut [Doc],
    resolved: &Resolved,
    shape: Shape,
    stores: &mut Stores,
    report: &mut Report,
) {
    for resource in &resolved.resources {
        for patch in &resource.patches {
            let Some(Change { chosen, form }) = patches::read(resource, patch, &["kind", "name"], report)
            else {
                continue;
            };
            let Some(kinds) = kinds(resource, patch, &chosen, report) else { continue };
            let mut speller = Speller::new(resource, shape, stores, report);
            if let Some(doc) = resource.provisioner.doc {
                speller.at = At::value(doc, patch.path.clone());
            }
            let form = spelled(form, &mut speller, &within(patch));
            let name = chosen.get("name").and_then(Tree::as_str);
            one(docs, resource, patch, &Chosen { kinds, name }, &form, report);
        }
    }
}

/// Which objects of the workload are meant.
struct Chosen<'a> {
    kinds: Vec<&'a str>,
    name: Option<&'a str>,
}

fn one(
    docs: &mut [Doc],
    resource: &Provisioned,
    patch: &Patch,
    chosen: &Chosen<'_>,
    form: &Form,
    report: &mut Report,
) {
    let workload = From::Workload(patch.declared.workload.clone());
    let (mut has, mut met) = (Vec::new(), false);
    for doc in docs.iter_mut().filter(|doc| doc.from == workload) {
        let before = Identity::of(&doc.tree);
        let called = format!("{} `{}`", before.kind, before.name);
        has.push(called.clone());
        let fits = chosen.kinds.contains(&before.kind.as_str())
            && chosen.name.is_none_or(|name| name == before.name);
        if !fits {
            continue;
        }
        met = true;
        let kept = doc.tree.clone();
        patches::apply(form, &mut doc.tree, key, &called, resource, patch, report);
        if Identity::of(&doc.tree) != before {
            let words = format!("the patch makes another object of the {called}");
            let said = patches::complaint(&codes::PATCH_SHAPE, words, resource, patch);
            doc.tree = kept;
            report.push(
                said.note("`apiVersion`, `kind`, `metadata.name` and `metadata.namespace` stay as they are"),
            );
        }
    }
    if !met {
        let name = chosen.name.map(|name| format!(" named `{name}`")).unwrap_or_default();
        let words =
            format!("the patch is meant for a {}{name}, and there is none", chosen.kinds.join(" or a "));
        report.push(patches::unmatched(words, &has, resource, patch));
    }
}

/// The kinds that a patch names: one, or a list of which any will do.
fn kinds<'c>(
    resource: &Provisioned,
    patch: &Patch,
    chosen: &'c Map,
    report: &mut Report,
) -> Option<Vec<&'c str>> {
    let named = match chosen.get("kind") {
        Some(Tree::Str(kind)) => Some(vec![kind.as_str()]),
        Some(Tree::List(kinds)) => kinds.iter().map(Tree::as_str).collect(),
        _ => None,
    };
    let good = named.filter(|kinds| !kinds.is_empty());
    if good.is_none() || chosen.get("name").is_some_and(|name| name.as_str().is_none()) {
        let words = "a patch needs a `kind`, text or a list of texts, and may have a `name`, text";
        report.push(patches::complaint(&codes::PATCH_SHAPE, words.to_owned(), resource, patch));
        return None;
    }
    good
}

/// A form whose secrets are referred to.
fn spelled(form: Form, speller: &mut Speller<'_>, patch: &Path) -> Form {
    match form {
        Form::Merge(mut tree) => {
            speller.tree(&mut tree, &Trail::from(&patch.then("merge")));
            Form::Merge(tree)
        }
        Form::Steps(steps) => {
            let steps = steps.into_iter().enumerate();
            let place = |n: usize| patch.then("json").then(n).then("value");
            Form::Steps(steps.flat_map(|(n, step)| spelled_step(step, speller, &place(n))).collect())
        }
    }
}

/// An operation with its secrets referred to. One that adds a variable may need others before it: those that hold the
/// secrets of its text.
fn spelled_step(step: Tree, speller: &mut Speller<'_>, path: &Path) -> Vec<Tree> {
    let text = |key: &str| step.get(key).and_then(Tree::as_str).unwrap_or_default().to_owned();
    let (mut value, way) = (step.get("value").cloned().unwrap_or_default(), text("path"));
    let with = |value: Tree| {
        let mut map = step.as_map().cloned().unwrap_or_default();
        map.insert("value".to_owned(), value);
        Tree::Map(map)
    };
    match &mut value {
        Tree::Null => return vec![step],
        Tree::Map(_) if text("op") == "add" && way.ends_with("/env/-") => {
            let mut list = vec![value];
            speller.env(&mut list, &Trail::from(path));
            return list.into_iter().map(with).collect();
        }
        Tree::List(list) if way.ends_with("/env") => speller.env(list, &Trail::from(path)),
        other => speller.tree(other, &Trail::from(path)),
    }
    vec![with(value)]
}

/// What tells the items of a list apart, as the API itself merges them.
fn key(list: &str) -> &'static [&'static str] {
    match list {
        "containers" | "initContainers" | "env" | "volumes" | "imagePullSecrets" => &["name"],
        "volumeMounts" => &["mountPath"],
        "volumeDevices" => &["devicePath"],
        "ports" => &["containerPort", "port"],
        "hostAliases" => &["ip"],
        "topologySpreadConstraints" => &["topologyKey"],
        _ => &[],
    }
}
