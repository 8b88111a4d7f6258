//! Manifests that provisioners made: trees with hidden text in, plain documents out.
//!
//! **Invariant:** a secret leaves its type only inside a `Secret` object; an environment variable refers to it.

use std::collections::BTreeSet;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::diag::codes::kubernetes as codes;
use crate::diag::codes::target as shared;
use crate::diag::{At, Diagnostic, Report};
use crate::model::flow::{Doc, From, Provisioned};
use crate::model::path::{Path, Trail};
use crate::model::text::Text;
use crate::model::tree::{Map, Tree};
use crate::target::kubernetes::env::{Dollars, Writer};
use crate::target::kubernetes::judge;
use crate::target::kubernetes::object::Identity;
use crate::target::kubernetes::options::Shape;
use crate::target::kubernetes::stores::{Home, Stores};
use crate::target::verdict::Fault;
use crate::target::written::{complaint, declared};

/// The section of a provisioner that holds them.
pub(super) const SECTION: &str = "manifests";

/// The most objects that one resource may bring: more are a loop that has no end in sight.
const MOST: usize = 1000;

/// Spells all manifests of a resource.
pub(super) fn lower(
    resource: &mut Provisioned,
    shape: Shape,
    stores: &mut Stores,
    report: &mut Report,
) -> Vec<Doc> {
    let Some(section) = resource.sections.get_mut(SECTION).map(std::mem::take) else { return Vec::new() };
    let resource = &*resource;
    let top = Path::of([SECTION]);
    let manifests = match section {
        Tree::Null => Vec::new(),
        Tree::List(list) => list,
        other => {
            let said = format!("the manifests of `{}` are {}, not a list", resource.uid, other.kind());
            report.push(complaint(&codes::BAD_MANIFEST, said, resource, &top, &report.sources));
            return Vec::new();
        }
    };
    if manifests.len() > MOST {
        let said = format!("`{}` brings {} manifests; {MOST} are the most", resource.uid, manifests.len());
        report.push(complaint(&codes::BAD_MANIFEST, said, resource, &top, &report.sources));
        return Vec::new();
    }
    let mut docs = Vec::new();
    for (index, mut tree) in manifests.into_iter().enumerate() {
        if !whole(resource, shape, index, &tree, report) {
            continue;
        }
        let mut speller = Speller::new(resource, shape, stores, report);
        let section = Trail::from(&top);
        let here = section.index(index);
        if tree.get("kind").and_then(Tree::as_str) == Some("Secret") {
            speller.secret(&mut tree, &here);
        } else {
            speller.tree(&mut tree, &here);
        }
        // compat(score-k8s): what templates render is read as typed objects, what programs print is not.
        if shape == Shape::Verbose && is_template(resource) {
            typed(resource, index, &tree, report);
        }
        docs.push(Doc { tree, from: From::Resource(resource.uid.clone()), part: Some(index) });
    }
    docs
}

/// Refuses unknown fields and values of other types.
fn typed(resource: &Provisioned, index: usize, manifest: &Tree, report: &mut Report) {
    for Fault { doc: _, path, code: _, said, near, is_unknown: _ } in judge::refused(manifest) {
        let kind = manifest.get("kind").and_then(Tree::as_str).unwrap_or_default();
        let said = format!("manifest {} of `{}` is no {kind}: `{path}` {said}", index + 1, resource.uid);
        let path = Path::of([SECTION]).then(index).join(&path);
        let mut said = complaint(&codes::BAD_MANIFEST, said, resource, &path, &report.sources);
        if let Some(near) = near {
            said = said.help(format!("did you mean `{near}`?"));
        }
        report.push(said);
    }
}

/// True for a record of templates.
fn is_template(resource: &Provisioned) -> bool {
    resource.provisioner.uri.to_lowercase().starts_with("template:")
}

/// A manifest must say what it is.
fn whole(resource: &Provisioned, shape: Shape, index: usize, manifest: &Tree, report: &mut Report) -> bool {
    let Identity { api_version, kind, namespace: _, name } = Identity::of(manifest);
    let mut lacking = vec![("apiVersion", &api_version), ("kind", &kind), ("metadata.name", &name)];
    if shape == Shape::Verbose {
        // compat(score-k8s): a manifest need not have a name, and what a program prints is left to patches and the cluster.
        lacking.truncate(if is_template(resource) { 2 } else { 0 });
    }
    let lacking: Vec<String> =
        lacking.iter().filter(|(_, text)| text.is_empty()).map(|(key, _)| format!("`{key}`")).collect();
    if lacking.is_empty() {
        return true;
    }
    let said = format!("manifest {} of `{}` has no {}", index + 1, resource.uid, lacking.join(", no "));
    let path = Path::of([SECTION]).then(index);
    report.push(complaint(&codes::BAD_MANIFEST, said, resource, &path, &report.sources));
    false
}

/// Replaces hidden text in one document.
pub(super) struct Speller<'a> {
    resource: &'a Provisioned,
    home: Home,
    /// Where complaints point.
    pub(super) at: At,
    shape: Shape,
    stores: &'a mut Stores,
    report: &'a mut Report,
}

impl<'a> Speller<'a> {
    /// For what the provisioner of a resource wrote.
    pub(super) fn new(
        resource: &'a Provisioned,
        shape: Shape,
        stores: &'a mut Stores,
        report: &'a mut Report,
    ) -> Self {
        let home = Home(resource.declared.workload.clone());
        Self { resource, home, at: declared(resource), shape, stores, report }
    }

    /// A Secret shows what it holds: `stringData` as text, `data` as base64.
    fn secret(&mut self, tree: &mut Tree, here: &Trail<'_>) {
        let Some(map) = tree.as_map_mut() else { return };
        for (key, value) in map {
            let here = here.key(key);
            let encode = match key.as_str() {
                "stringData" => |text: String| text,
                "data" => |text: String| STANDARD.encode(text),
                _ => {
                    self.tree(value, &here);
                    continue;
                }
            };
            for (key, value) in value.as_map_mut().into_iter().flatten() {
                let Tree::Text(text) = value else { continue };
                let here = here.key(key);
                *value = Tree::Str(encode(self.revealed(text, &here)));
            }
        }
    }

    /// Anything that is no Secret.
    pub(super) fn tree(&mut self, tree: &mut Tree, here: &Trail<'_>) {
        match tree {
            Tree::Text(text) => *tree = Tree::Str(self.clear(text, here)),
            Tree::List(list) => {
                for (index, item) in list.iter_mut().enumerate() {
                    self.tree(item, &here.index(index));
                }
            }
            Tree::Map(map) => {
                for (key, value) in map {
                    let here = here.key(key);
                    match value {
                        Tree::List(list) if key == "env" => self.env(list, &here),
                        other => self.tree(other, &here),
                    }
                }
            }
            Tree::Null
            | Tree::Bool(_)
            | Tree::Int(_)
            | Tree::Uint(_)
            | Tree::Float(_)
            | Tree::Time(_)
            | Tree::Str(_) => {}
        }
    }

    /// Variables of a container: hidden ones refer to the store that keeps them.
    pub(super) fn env(&mut self, list: &mut Vec<Tree>, here: &Trail<'_>) {
        let names = list.iter().filter_map(|item| item.get("name")?.as_str().map(str::to_owned));
        let mut writer = Writer::new(self.shape, Dollars::AsWritten, names.collect::<BTreeSet<_>>());
        for (index, item) in list.iter_mut().enumerate() {
            let name = item.get("name").and_then(Tree::as_str).map(str::to_owned);
            match (name, item.get("value")) {
                (Some(name), Some(Tree::Text(text))) => {
                    let made = writer.variable(&name, text, &self.home, &self.at, self.stores);
                    *item = Tree::of(&made).unwrap_or_default();
                }
                _ => self.tree(item, &here.index(index)),
            }
        }
        let helpers = writer.helpers();
        list.splice(0..0, helpers.iter().map(|helper| Tree::of(helper).unwrap_or_default()));
    }

    /// The text of a Secret's entry.
    fn revealed(&mut self, text: &Text, here: &Trail<'_>) -> String {
        self.need_variables(text);
        if let Some(hidden) = text.secrets().find(|secret| secret.value.is_none()) {
            let said = format!(
                "`{here}` of `{}` needs the secret `{}`, whose value is not known here",
                self.resource.uid, hidden.key
            );
            self.report.push(Diagnostic::new(&codes::MIXED_SECRET, said, self.at.clone()));
        }
        text.reveal().unwrap_or_default()
    }

    /// The text of a place that everybody may read: no secret may stand there.
    fn clear(&mut self, text: &Text, here: &Trail<'_>) -> String {
        self.need_variables(text);
        if text.is_public() {
            return text.reveal().unwrap_or_default();
        }
        let keys: Vec<String> = text.secrets().map(|secret| format!("`{}`", secret.key)).collect();
        let said = format!(
            "the secret {} would stand in clear in `{here}` of `{}`",
            keys.join(", "),
            self.resource.uid
        );
        let (code, path) = (&shared::SECRET_IN_CLEAR, here.path());
        let said = complaint(code, said, self.resource, &path, &self.report.sources);
        self.report.push(said.help("put it into a `Secret` object, or into the `env` of a container"));
        text.masked()
    }

    fn need_variables(&mut self, text: &Text) {
        for env in text.envs().filter(|env| env.value.is_none()) {
            self.stores.lacks(env, &self.at);
        }
    }
}

/// Adds the label of who wrote a manifest, where it has none.
pub(super) fn sign(tree: &mut Tree, manager: &str, label: &str) {
    let Some(Tree::Map(meta)) = tree.as_map_mut().and_then(|map| map.get_mut("metadata")) else { return };
    let labels = meta.entry("labels".to_owned()).or_insert_with(Tree::map);
    if labels.is_blank() {
        *labels = Tree::Map(Map::new());
    }
    if let Some(labels) = labels.as_map_mut() {
        labels.entry(label.to_owned()).or_insert_with(|| Tree::from(manager));
    }
}
