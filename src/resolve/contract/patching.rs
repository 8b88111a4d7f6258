//! The patches of a contract: what a resource changes in each workload that asks for it.

use std::collections::{BTreeMap, BTreeSet};

use minijinja::Value;

use crate::model::flow::{Declared, Patch};
use crate::model::node::{Kind, Node};
use crate::model::path::Path;
use crate::model::tree::Tree;
use crate::resolve::contract::functions;
use crate::resolve::contract::tree::Renderer;
use crate::resolve::provisioner::Input;

/// Renders the section once for every workload that declares the resource, in the order of their names. There
/// `workload`, `workload_metadata` and `containers` speak of that workload.
pub fn patches(
    renderer: &mut Renderer<'_>,
    node: &Node,
    path: &Path,
    scope: &BTreeMap<String, Value>,
    input: &Input<'_>,
) -> Vec<Patch> {
    let mut askers: Vec<&Declared> = input.resource.declared.iter().collect();
    askers.sort_by_key(|declared| (&declared.workload, &declared.name));
    let mut seen = BTreeSet::new();
    askers.retain(|declared| seen.insert(&declared.workload));
    askers.into_iter().flat_map(|asker| each(renderer, node, path, scope, input, asker)).collect()
}

fn each(
    renderer: &mut Renderer<'_>,
    node: &Node,
    path: &Path,
    scope: &BTreeMap<String, Value>,
    input: &Input<'_>,
    asker: &Declared,
) -> Vec<Patch> {
    let mut scope = scope.clone();
    scope.insert("workload".to_owned(), Value::from(asker.workload.as_str()));
    scope.insert("containers".to_owned(), functions::containers(input, &asker.workload));
    if let Some(workload) = input.workloads.get(asker.workload.as_str()) {
        scope.insert("workload_metadata".to_owned(), renderer.jinja.map(&workload.spec.metadata));
    }
    let scope = Value::from(scope);
    let made = |path: Path, tree: Tree| Patch { declared: asker.clone(), path, tree };
    if let Kind::List(items) = &node.kind {
        // One by one, so that each keeps its place in the file even where one before it is left out.
        let each = items.iter().enumerate().map(|(index, item)| (path.then(index), item));
        return each
            .filter_map(|(path, item)| Some(made(path.clone(), renderer.value(item, &path, &scope)?)))
            .collect();
    }
    match renderer.section(node, path, &scope) {
        None | Some(Tree::Null) => Vec::new(),
        Some(Tree::List(items)) => items.into_iter().map(|tree| made(path.clone(), tree)).collect(),
        Some(other) => vec![made(path.clone(), other)],
    }
}
