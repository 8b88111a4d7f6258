//! From typed Kubernetes objects to trees, and the words that all objects share: labels and metadata.

use std::collections::BTreeMap;

use k8s_openapi::Resource;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use serde::Serialize;

use crate::model::flow::{Doc, From};
use crate::model::path::{Path, Step};
use crate::model::tree::Tree;
use crate::target::kubernetes::names;
use crate::target::kubernetes::options::Shape;

/// Labels and annotations.
pub(super) type Words = BTreeMap<String, String>;

/// The label that names who wrote an object.
pub(super) const MANAGED_BY: &str = "app.kubernetes.io/managed-by";
/// The label of a workload's name.
pub(super) const NAME: &str = "app.kubernetes.io/name";
/// The label of one installation of a workload.
pub(super) const INSTANCE: &str = "app.kubernetes.io/instance";

/// Who writes the objects.
pub(super) const fn manager(shape: Shape) -> &'static str {
    match shape {
        Shape::Tidy => "sightread",
        Shape::Verbose => "score-k8s",
    }
}

/// The labels of everything that belongs to a workload.
pub(super) fn labels(name: &str, suffix: &str, shape: Shape) -> Words {
    Words::from([
        (NAME.to_owned(), name.to_owned()),
        (INSTANCE.to_owned(), names::fit(&format!("{name}{suffix}"), names::LABEL)),
        (MANAGED_BY.to_owned(), manager(shape).to_owned()),
    ])
}

/// The labels by which a workload's pods are found; they never change once applied.
pub(super) fn selector(labels: &Words, shape: Shape) -> Words {
    let mut chosen = labels.clone();
    chosen.retain(|key, _| match shape {
        Shape::Tidy => key != MANAGED_BY,
        Shape::Verbose => key == INSTANCE,
    });
    chosen
}

/// Metadata of a name and labels.
pub(super) fn meta(name: &str, labels: Words) -> ObjectMeta {
    ObjectMeta { name: Some(name.to_owned()), labels: filled(labels), ..ObjectMeta::default() }
}

/// A list or map, unless it is empty.
pub(super) fn filled<T: Default + PartialEq>(value: T) -> Option<T> {
    (value != T::default()).then_some(value)
}

/// The document of an object.
pub(super) fn doc<T: Resource + Serialize>(object: &T, from: From) -> Doc {
    // Only maps with keys that are no text could fail, and these types have none.
    Doc { tree: Tree::of(object).unwrap_or_default(), from, part: None }
}

/// Takes `apiVersion` and `kind` from the objects of a list, where the place says what they are.
pub(super) fn strip_types(tree: &mut Tree, list: &Path) {
    let list = list.steps().iter().try_fold(tree, |here, step| match (step, here) {
        (Step::Key(key), Tree::Map(map)) => map.get_mut(key),
        _ => None,
    });
    let Some(Tree::List(items)) = list else { return };
    for item in items.iter_mut().filter_map(Tree::as_map_mut) {
        item.remove("apiVersion");
        item.remove("kind");
    }
}

/// What tells two objects apart; the name first, by which most differ.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Identity {
    pub(super) name: String,
    pub(super) kind: String,
    pub(super) api_version: String,
    pub(super) namespace: String,
}

impl Identity {
    /// The identity of a document; what it lacks is empty.
    pub(super) fn of(tree: &Tree) -> Self {
        let text = |tree: Option<&Tree>| tree.and_then(Tree::as_str).unwrap_or_default().to_owned();
        let meta = |key: &str| text(tree.get("metadata").and_then(|meta| meta.get(key)));
        Self {
            api_version: text(tree.get("apiVersion")),
            kind: text(tree.get("kind")),
            namespace: meta("namespace"),
            name: meta("name"),
        }
    }
}
