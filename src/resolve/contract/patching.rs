//! The patches of a contract: what a resource changes in each workload that asks for it.

use std::collections::BTreeSet;

use minijinja::Value;

use crate::model::flow::{Declared, Patch};
use crate::model::path::{Path, Trail};
use crate::model::tree::Tree;
use crate::resolve::contract::functions::Scope;
use crate::resolve::contract::ready::{Ready, Section};
use crate::resolve::contract::tree::Renderer;
use crate::resolve::provisioner::Input;

/// Renders the section once for every workload that declares the resource, in the order of their names. There
/// `workload`, `workload_metadata` and `containers` speak of that workload.
pub fn patches(
    renderer: &mut Renderer<'_>,
    section: &Section<'_>,
    here: &Trail<'_>,
    scope: &Scope,
    input: &Input<'_>,
) -> Vec<Patch> {
    let mut askers: Vec<&Declared> = input.resource.declared.iter().collect();
    askers.sort_by_key(|declared| (&declared.workload, &declared.name));
    let mut seen = BTreeSet::new();
    askers.retain(|declared| seen.insert(&declared.workload));
    let each = askers.into_iter().flat_map(|asker| {
        let scope = scope.about(&asker.workload, renderer.jinja, input).value();
        each(renderer, section, here, &scope, asker)
    });
    each.collect()
}

fn each(
    renderer: &mut Renderer<'_>,
    section: &Section<'_>,
    here: &Trail<'_>,
    scope: &Value,
    asker: &Declared,
) -> Vec<Patch> {
    let made = |path: Path, tree: Tree| Patch { declared: asker.clone(), path, tree };
    if let Section::Tree(Ready::List(items)) = section {
        // One by one, so that each keeps its place in the file even where one before it is left out.
        let each = items.iter().enumerate();
        return each
            .filter_map(|(index, item)| {
                let here = here.index(index);
                Some(made(here.path(), renderer.value(item, &here, scope)?))
            })
            .collect();
    }
    match renderer.section(section, here, scope) {
        None | Some(Tree::Null) => Vec::new(),
        // A list without any template leaves nothing out.
        Some(Tree::List(items)) if matches!(section, Section::Tree(Ready::Plain(_))) => {
            items.into_iter().enumerate().map(|(index, tree)| made(here.index(index).path(), tree)).collect()
        }
        Some(Tree::List(items)) => items.into_iter().map(|tree| made(here.path(), tree)).collect(),
        Some(other) => vec![made(here.path(), other)],
    }
}
