//! Patch templates: each renders a list of changes to what was lowered, and sees what the one before it left.

mod path;

use std::collections::BTreeMap;

use crate::diag::codes::read::DOCUMENT_IGNORED;
use crate::diag::codes::resolve::READS_ENVIRONMENT;
use crate::diag::codes::write as codes;
use crate::diag::{At, Diagnostic, Failed, Report};
use crate::model::flow::{Doc, From, Lowered};
use crate::model::tree::{Map, Tree};
use crate::resolve::upstream::{decode, moment, patching};
use crate::world::World;
use path::Route;

pub use patching::{judge, kept, outputs as render_outputs};

/// The patch templates of a project.
#[derive(Debug, Clone, Default)]
pub struct Patches {
    /// Their texts, in order.
    pub texts: Vec<String>,
    /// The namespace that they see.
    pub namespace: String,
    /// The target whose documents they change.
    pub target: String,
    /// True when templates that were fetched may read the environment.
    pub environment: bool,
}

/// What the templates speak of, and whom they may ask.
pub struct About<'a> {
    /// The specifications of all workloads.
    pub workloads: &'a BTreeMap<String, Tree>,
    /// Fills placeholders in the words of a workload.
    pub fill: &'a patching::Fill<'a>,
    /// The machine.
    pub world: &'a dyn World,
}

/// What a change does.
#[derive(Debug)]
enum Change {
    Set(Route, Tree),
    Delete(Route),
}

/// Applies all patch templates.
///
/// # Errors
/// When a template fails, renders no list of changes, or a change cannot be made.
pub fn patch(
    lowered: Lowered,
    patches: &Patches,
    about: &About<'_>,
    report: &mut Report,
) -> Result<Lowered, Failed> {
    let mut docs = lowered.docs;
    for (index, text) in patches.texts.iter().enumerate() {
        let number = index + 1;
        let said = format!("Applying patching template {number}");
        report.push(Diagnostic::new(&codes::PATCHED, said, At::Nowhere));
        docs = one(docs, number, text, patches, about, report).map_err(|why| {
            let said = format!("patch template {number} cannot be applied: {why}");
            report.fail(Diagnostic::new(&codes::PATCH_FAILED, said, At::Nowhere))
        })?;
    }
    Ok(Lowered { docs, ..lowered })
}

fn one(
    docs: Vec<Doc>,
    number: usize,
    text: &str,
    patches: &Patches,
    about: &About<'_>,
    report: &mut Report,
) -> Result<Vec<Doc>, String> {
    let compose = patches.target == "compose";
    let mut whole = if compose {
        docs.first().map(|doc| doc.tree.clone()).unwrap_or_default()
    } else {
        Tree::List(docs.iter().map(|doc| doc.tree.clone()).collect())
    };
    let About { workloads, fill, world } = *about;
    let scene = patching::Scene { whole: &whole, workloads, namespace: &patches.namespace, compose };
    let eyes = patching::Eyes { world, environment: patches.environment };
    let rendered = patching::render(text, &scene, fill, eyes)?;
    for name in &rendered.read {
        let said = format!("patch template {number} reads the variable `{name}` of this machine");
        report.push(Diagnostic::new(&READS_ENVIRONMENT, said, At::Nowhere));
    }
    if decode::is_followed(&rendered.text) {
        let said = format!("patch template {number} renders more than one document: only the first counts");
        report.push(Diagnostic::new(&DOCUMENT_IGNORED, said, At::Nowhere));
    }
    for (index, entry) in changes(&rendered.text)?.into_iter().enumerate() {
        let Some(entry) = entry else { continue };
        let (change, path, description) =
            entry.map_err(|why| format!("patch operation {}: {why}", index + 1))?;
        let done = match change {
            Change::Set(route, value) => route.set(&mut whole, &value),
            Change::Delete(route) => route.delete(&mut whole),
        };
        done.map_err(|why| format!("patch operation {} at `{path}`: {why}", index + 1))?;
        let why = if description.is_empty() { String::new() } else { format!(" ({description})") };
        let said = format!("Applying patch to {path}{why}");
        report.push(Diagnostic::new(&codes::PATCHED, said, At::Nowhere));
    }
    if compose {
        let from = docs.into_iter().next().map_or(From::Target, |doc| doc.from);
        return Ok(vec![Doc { tree: whole, from, part: None }]);
    }
    let Tree::List(list) = whole else { return Err("the manifests are no list any more".to_owned()) };
    if let Some(odd) = list.iter().find(|tree| !matches!(tree, Tree::Map(_) | Tree::Null)) {
        return Err(format!("it leaves {} where a manifest was", odd.kind()));
    }
    let gaps = list.iter().filter(|tree| **tree == Tree::Null).count();
    if gaps > 0 {
        let said = format!("patch template {number} leaves {gaps} empty manifests, which are left out");
        report.push(Diagnostic::new(&codes::PATCH_GAP, said, At::Nowhere));
    }
    let kept = list.into_iter().filter(|tree| *tree != Tree::Null);
    let mut left: Vec<Doc> = kept.map(|tree| made(&docs, tree, number)).collect();
    for doc in left.iter_mut().filter(|doc| doc.from == From::Patch(number)) {
        place(&mut doc.tree, &patches.namespace);
    }
    Ok(left)
}

/// Kinds that live in no namespace, besides those that begin with `Cluster`.
const CLUSTER: &[&str] = &[
    "Namespace",
    "CustomResourceDefinition",
    "PersistentVolume",
    "StorageClass",
    "PriorityClass",
    "IngressClass",
    "GatewayClass",
    "RuntimeClass",
];

/// Puts an object that a patch added into the namespace of the others, unless it names one.
fn place(tree: &mut Tree, namespace: &str) {
    let word = |key| tree.get(key).and_then(Tree::as_str).unwrap_or_default();
    let kind = word("kind");
    // An entry of a catalogue is no object of the cluster: its namespace is part of the name that others know it by.
    let entry = word("apiVersion").starts_with("backstage.io/");
    if namespace.is_empty() || entry || kind.starts_with("Cluster") || CLUSTER.contains(&kind) {
        return;
    }
    if let Some(metadata) =
        tree.as_map_mut().and_then(|map| map.get_mut("metadata")).and_then(Tree::as_map_mut)
    {
        metadata.entry("namespace".to_owned()).or_insert_with(|| Tree::from(namespace));
    }
}

/// A document with its maker: whoever made the one of the same identity before, else the patch.
fn made(before: &[Doc], tree: Tree, number: usize) -> Doc {
    let same = before.iter().find(|doc| identity(&doc.tree) == identity(&tree));
    let (from, part) = same.map_or((From::Patch(number), None), |doc| (doc.from.clone(), doc.part));
    Doc { tree, from, part }
}

fn identity(tree: &Tree) -> [Option<&Tree>; 3] {
    let name = tree.get("metadata").and_then(|metadata| metadata.get("name"));
    [tree.get("apiVersion"), tree.get("kind"), name]
}

type Entry = Result<(Change, String, String), String>;

/// The changes that a rendered text lists.
fn changes(rendered: &str) -> Result<Vec<Option<Entry>>, String> {
    let Some(tree) = decode::tree(rendered)? else { return Ok(Vec::new()) };
    let list = tree.as_list().ok_or_else(|| format!("it renders {}, not a list of patches", tree.kind()))?;
    // compat(score-compose, score-k8s): an empty item asks for nothing.
    Ok(list.iter().map(|entry| (*entry != Tree::Null).then(|| change(entry))).collect())
}

fn change(entry: &Tree) -> Entry {
    let map: &Map = entry.as_map().ok_or("it is not a map")?;
    if let Some(key) = map.keys().find(|key| !["op", "path", "value", "description"].contains(&key.as_str()))
    {
        return Err(format!("a patch has no key `{key}`"));
    }
    let text = |key: &str| match map.get(key) {
        None | Some(Tree::Null) => String::new(),
        Some(Tree::Str(text)) => text.clone(),
        Some(other) => other.to_json().to_string(),
    };
    let (path, op) = (text("path"), text("op"));
    let route = Route::parse(&path)?;
    let change = match op.as_str() {
        "set" => Change::Set(route, moment::in_full(map.get("value").cloned().unwrap_or_default())),
        "delete" => Change::Delete(route),
        _ => return Err(format!("'{op} '{path}': unknown operation: {op}")),
    };
    Ok((change, path, text("description")))
}
