//! What objects refer to in Secrets: gathered while lowering, then written as Secret objects that no manifest defines.

use std::collections::{BTreeMap, BTreeSet};

use k8s_openapi::api::core::v1::Secret;

use crate::diag::codes::resolve as codes;
use crate::diag::{At, Diagnostic, Report};
use crate::model::flow::{Doc, From, Provisioned};
use crate::model::text::{EnvRef, Hidden, Part, SecretRef};
use crate::model::tree::Tree;
use crate::target::kubernetes::object::{self, Identity};
use crate::target::kubernetes::options::Options;

/// A key of a Secret object.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct KeyRef {
    pub(super) store: String,
    pub(super) key: String,
}

/// Everything that is referred to.
#[derive(Debug, Default)]
pub(super) struct Stores {
    wanted: BTreeMap<String, BTreeMap<String, Option<Hidden>>>,
    owners: BTreeMap<String, From>,
    missing: BTreeMap<String, Vec<At>>,
}

impl Stores {
    /// Knows which resource keeps which store: the first one that speaks of it.
    pub(super) fn of(resources: &[Provisioned]) -> Self {
        let mut stores = Self::default();
        for resource in resources {
            let patches = resource.patches.iter().map(|patch| &patch.tree);
            let trees = std::iter::once(&resource.outputs).chain(resource.sections.values()).chain(patches);
            trees.for_each(|tree| {
                tree.each_scalar(&mut |_, scalar| {
                    let Tree::Text(text) = scalar else { return };
                    for secret in text.secrets() {
                        let owner = || From::Resource(resource.uid.clone());
                        stores.owners.entry(secret.store.clone()).or_insert_with(owner);
                    }
                });
            });
        }
        stores
    }

    /// The key that holds a part of a text; nothing for literal text. `home` is the store of the environment's
    /// variables, and `at` the place that needs them.
    pub(super) fn refer(&mut self, part: &Part, home: &Home, at: &At) -> Option<KeyRef> {
        match part {
            Part::Literal(_) => None,
            Part::Secret(secret) => Some(self.secret(secret)),
            Part::Env(env) => Some(self.variable(env, home, at)),
        }
    }

    /// The key that holds a secret.
    pub(super) fn secret(&mut self, secret: &SecretRef) -> KeyRef {
        let SecretRef { store, key, value } = secret;
        self.keep(store, key, value.clone());
        KeyRef { store: store.clone(), key: key.clone() }
    }

    /// Keeps a text of a workload's own.
    pub(super) fn own(&mut self, store: &str, key: &str, value: String, from: From) {
        self.owners.entry(store.to_owned()).or_insert(from);
        self.keep(store, key, Some(Hidden::new(value)));
    }

    /// Remembers that a variable has no value.
    pub(super) fn lacks(&mut self, env: &EnvRef, at: &At) {
        self.missing.entry(env.name.clone()).or_default().push(at.clone());
    }

    fn variable(&mut self, env: &EnvRef, home: &Home, at: &At) -> KeyRef {
        let store = home.store();
        match &env.value {
            Some(value) => {
                self.owners.entry(store.clone()).or_insert_with(|| From::Workload(home.0.clone()));
                self.keep(&store, &env.name, Some(value.clone()));
            }
            None => self.lacks(env, at),
        }
        KeyRef { store, key: env.name.clone() }
    }

    fn keep(&mut self, store: &str, key: &str, value: Option<Hidden>) {
        let slot = self.wanted.entry(store.to_owned()).or_default().entry(key.to_owned()).or_default();
        if slot.is_none() {
            *slot = value;
        }
    }

    /// Writes the Secrets. One that a manifest defines only gains the keys that it lacks.
    pub(super) fn close(self, docs: &mut Vec<Doc>, options: &Options, report: &mut Report) {
        let Self { wanted, owners, missing } = self;
        tell_missing(&missing, report);
        let places = secrets(docs);
        for (store, values) in wanted {
            let known = values.iter().filter_map(|(key, value)| Some((key.clone(), value.clone()?)));
            let known: BTreeMap<String, Hidden> = known.collect();
            if known.is_empty() {
                continue;
            }
            match places.get(&store).and_then(|place| docs.get_mut(*place)) {
                Some(doc) => complete(&mut doc.tree, &known),
                None => docs.push(secret(&store, &known, owners.get(&store), options)),
            }
        }
    }
}

/// The workload whose Secret holds variables of the environment.
pub(super) struct Home(pub(super) String);

impl Home {
    fn store(&self) -> String {
        format!("{}-env", self.0)
    }
}

fn tell_missing(missing: &BTreeMap<String, Vec<At>>, report: &mut Report) {
    let Some(first) = missing.values().flatten().next() else { return };
    let names: Vec<String> = missing.keys().map(|name| format!("`{name}`")).collect();
    let message = format!("the environment gives no value for {}", names.join(", "));
    let lines: Vec<String> = missing.keys().map(|name| format!("`{name}=…`")).collect();
    let said = Diagnostic::new(&codes::MISSING_ENV, message, first.clone())
        .note("a Kubernetes object holds the value itself, so it must be known now")
        .help(format!("write {} in the file `.env`, or name a file with `--env-file`", lines.join(", ")));
    let others: BTreeSet<String> = BTreeSet::from([format!("{first:?}")]);
    let rest = missing.iter().flat_map(|(name, places)| places.iter().map(move |at| (name, at)));
    let rest = rest.filter(|(_, at)| !others.contains(&format!("{at:?}")));
    report
        .push(rest.fold(said, |said, (name, at)| said.also(at.clone(), format!("`{name}` is needed here"))));
}

/// Where the Secrets that manifests define stand, by name.
fn secrets(docs: &[Doc]) -> BTreeMap<String, usize> {
    let mut places = BTreeMap::new();
    for (place, doc) in docs.iter().enumerate() {
        let Identity { api_version, kind, namespace: _, name } = Identity::of(&doc.tree);
        if api_version == "v1" && kind == "Secret" {
            places.entry(name).or_insert(place);
        }
    }
    places
}

/// Adds the keys that a manifest's own Secret lacks.
fn complete(tree: &mut Tree, known: &BTreeMap<String, Hidden>) {
    let has = |tree: &Tree, key: &str| {
        ["data", "stringData"].iter().any(|part| tree.get(part).is_some_and(|map| map.get(key).is_some()))
    };
    let lacking: Vec<_> = known.iter().filter(|(key, _)| !has(tree, key)).collect();
    let Some(map) = tree.as_map_mut() else { return };
    for (key, value) in lacking {
        let texts = map.entry("stringData".to_owned()).or_insert_with(Tree::map);
        if let Some(texts) = texts.as_map_mut() {
            texts.insert(key.clone(), Tree::from(value.reveal()));
        }
    }
}

fn secret(store: &str, known: &BTreeMap<String, Hidden>, owner: Option<&From>, options: &Options) -> Doc {
    let from = owner.cloned().unwrap_or(From::Target);
    let labels = match &from {
        From::Workload(name) => object::labels(name, "", options.shape),
        From::Resource(_) | From::Patch(_) | From::Target => object::labels(store, "", options.shape),
    };
    let texts = known.iter().map(|(key, value)| (key.clone(), value.reveal().to_owned()));
    let secret = Secret {
        metadata: object::meta(store, labels),
        string_data: Some(texts.collect()),
        type_: Some("Opaque".to_owned()),
        ..Secret::default()
    };
    object::doc(&secret, from)
}
