//! What templates of a contract may call, and what they see: the scope of one resource.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use minijinja::value::{Kwargs, Object, ObjectRepr};
use minijinja::{Error, State, Value};

use crate::diag::nearest;
use crate::model::text::{EnvRef, Part, SecretRef, Text};
use crate::model::tree::{Map, Tree};
use crate::model::uid::{Uid, uses_label};
use crate::resolve::contract::params::ticked;
use crate::resolve::engine::jinja::{Jinja, Language, VAULT, Why, trouble};
use crate::resolve::provisioner::{Input, WorkloadPort, WorkloadService};
use crate::resolve::secrets::{self, Vault};
use crate::resolve::services::Services;
use crate::resolve::{Rules, images, names};

/// The variable that holds the name of the value that is being made.
const VALUE_NAME: &str = " value";
/// The variable that holds who asks.
const ASKER: &str = " asker";

/// All that templates may name: what they see, and what they may call.
pub const NAMES: &[&str] = &[
    "name",
    "uid",
    "type",
    "class",
    "id",
    "guid",
    "uses",
    "target",
    "metadata",
    "workload",
    "workload_metadata",
    "containers",
    "askers",
    "contents",
    "services",
    "project",
    "environment",
    "namespace",
    "options",
    "files",
    "params",
    "values",
    "omit",
    "secret",
    "existing",
    "variable",
    "shared",
    "hash",
    "fail",
    "image",
    "port",
    "range",
    "dict",
];

/// The template language with the functions of a run. What differs from resource to resource is in the scope.
pub fn language(rules: &Rules, services: &Services) -> Language {
    let mut language = Language::default();
    let kept = rules.clone();
    language.function("secret", move |state: &State, name: Option<String>, options: Kwargs| {
        secret(&kept, state, name, &options)
    });
    language.function("existing", |state: &State, store: &str, key: &str| {
        let secret = SecretRef { store: store.to_owned(), key: key.to_owned(), value: None };
        kept_back(state, Part::Secret(secret))
    });
    let known = rules.env_file.clone();
    language.function("variable", move |state: &State, name: &str| {
        let value = known.as_ref().and_then(|file| file.values.get(name)).cloned();
        kept_back(state, Part::Env(EnvRef { name: name.to_owned(), value }))
    });
    let kept = rules.clone();
    language.function("shared", move |what: &str| names::shared(what, &kept));
    language
        .function("hash", |text: &str, length: Option<usize>| names::short_hash(text, length.unwrap_or(8)));
    language
        .function("fail", |message: &str| -> Result<Value, Error> { Err(trouble(Why::Refused, message)) });
    let registry = rules.image_registry.clone();
    language.function("image", move |name: &str, version: Option<Value>| {
        image(name, version, registry.as_deref())
    });
    let registry = rules.image_registry.clone();
    language.filter("image", move |name: &str| image(name, None, registry.as_deref()));
    let services = services.shared();
    language.function("port", move |state: &State, port: &Value, workload: Option<String>| {
        let asker = state.lookup(ASKER);
        let own = asker.as_ref().and_then(asking).map_or("", |asker| asker.workload.as_str());
        find_port(&services, workload.as_deref().unwrap_or(own), &port.to_string())
    });
    language
}

/// The resource that templates are rendered for, as functions need to know it.
#[derive(Debug)]
struct Asker {
    uid: Uid,
    workload: String,
}

impl Object for Asker {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Plain
    }
}

fn asking(value: &Value) -> Option<&Asker> {
    value.downcast_object_ref()
}

/// What templates of one resource see.
pub struct Scope {
    fixed: Arc<BTreeMap<&'static str, Value>>,
    values: BTreeMap<String, Value>,
}

/// A scope at one moment.
#[derive(Debug)]
struct Seen {
    fixed: Arc<BTreeMap<&'static str, Value>>,
    values: Value,
    making: Option<Value>,
}

impl Object for Seen {
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        self.get_value_by_str(key.as_str()?)
    }

    fn get_value_by_str(self: &Arc<Self>, key: &str) -> Option<Value> {
        match key {
            "values" => Some(self.values.clone()),
            VALUE_NAME => self.making.clone(),
            key => self.fixed.get(key).cloned(),
        }
    }
}

impl Scope {
    /// All but the values, which are added one by one.
    pub fn new(input: &Input<'_>, jinja: &Jinja, params: &Map) -> Self {
        let resource = input.resource;
        let Uid { kind, class, id } = &resource.uid;
        let rules = input.rules;
        let text = |text: &str| Value::from(text);
        let asker = Asker { uid: resource.uid.clone(), workload: resource.source_workload.clone() };
        let fixed = BTreeMap::from([
            (ASKER, Value::from_object(asker)),
            (VAULT, Value::from_object(jinja.vault().clone())),
            ("name", text(&names::derived(&resource.uid, rules))),
            ("uid", text(&resource.uid.to_string())),
            ("type", text(kind)),
            ("class", text(class)),
            ("id", text(id)),
            ("guid", text(&resource.guid)),
            ("uses", text(&uses_label(&resource.guid))),
            ("metadata", jinja.value(&or_map(&resource.metadata))),
            ("workload", text(&resource.source_workload)),
            ("workload_metadata", jinja.map(input.workload_metadata)),
            ("askers", askers(input, jinja)),
            ("containers", containers(input, &resource.source_workload)),
            ("services", input.services.jinja(services)),
            ("target", text(&rules.target)),
            ("project", text(&rules.project)),
            ("environment", text(&rules.environment)),
            ("namespace", text(&rules.namespace)),
            ("options", jinja.map(&options(rules))),
            ("files", text(&rules.mounts)),
            ("contents", jinja.value(&contents(input))),
            ("params", jinja.map(params)),
        ]);
        Self { fixed: Arc::new(fixed), values: BTreeMap::new() }
    }

    /// The same, for sections in which Compose replaces variables: it finds none in what users pass.
    pub fn interpolated(self, jinja: &Jinja, params: &Map) -> Self {
        let Tree::Map(doubled) = doubled(Tree::Map(params.clone())) else { return self };
        if doubled == *params {
            return self;
        }
        let mut fixed = BTreeMap::clone(&self.fixed);
        fixed.insert("params", jinja.map(&doubled));
        Self { fixed: Arc::new(fixed), ..self }
    }

    /// The same, with another workload in the place of the one in whose words the resource speaks.
    pub fn about(&self, workload: &str, jinja: &Jinja, input: &Input<'_>) -> Self {
        let mut fixed = BTreeMap::clone(&self.fixed);
        fixed.insert("workload", Value::from(workload));
        fixed.insert("containers", containers(input, workload));
        if let Some(workload) = input.workloads.get(workload) {
            fixed.insert("workload_metadata", jinja.map(&workload.spec.metadata));
        }
        Self { fixed: Arc::new(fixed), values: self.values.clone() }
    }

    /// Adds a value.
    pub fn add(&mut self, name: &str, value: Value) {
        self.values.insert(name.to_owned(), value);
    }

    /// What the template of a value sees.
    pub fn making(&self, name: &str) -> Value {
        self.seen(Some(Value::from(name)))
    }

    /// What the templates of sections see.
    pub fn value(&self) -> Value {
        self.seen(None)
    }

    fn seen(&self, making: Option<Value>) -> Value {
        let values = Value::from(self.values.clone());
        Value::from_object(Seen { fixed: Arc::clone(&self.fixed), values, making })
    }
}

fn contents(input: &Input<'_>) -> Tree {
    let texts = input.resource.contents.iter();
    Tree::from_pairs(texts.map(|(param, text)| (param.as_str(), Tree::from(text.as_str()))))
}

/// The workloads that ask for the resource, by name.
fn askers(input: &Input<'_>, jinja: &Jinja) -> Value {
    let names: BTreeSet<&str> =
        input.resource.declared.iter().map(|declared| declared.workload.as_str()).collect();
    let nothing = Map::new();
    let one = |name: &str| {
        let metadata = input.workloads.get(name).map_or(&nothing, |workload| &workload.spec.metadata);
        Value::from_pairs([
            ("name", Value::from(name)),
            ("metadata", jinja.map(metadata)),
            ("containers", containers(input, name)),
        ])
    };
    Value::from(names.into_iter().map(one).collect::<Vec<_>>())
}

/// A value in whose texts Compose finds no variable: what users pass stays what it is.
fn doubled(tree: Tree) -> Tree {
    match tree {
        Tree::Str(text) => Tree::Str(text.replace('$', "$$")),
        Tree::List(list) => Tree::List(list.into_iter().map(doubled).collect()),
        Tree::Map(map) => Tree::Map(map.into_iter().map(|(key, value)| (key, doubled(value))).collect()),
        other => other,
    }
}

/// The names of a workload's containers, sorted.
fn containers(input: &Input<'_>, workload: &str) -> Value {
    let named = input.workloads.get(workload).map(|workload| workload.spec.containers.keys());
    Value::from(named.into_iter().flatten().map(|name| Value::from(name.as_str())).collect::<Vec<_>>())
}

fn or_map(tree: &Tree) -> Tree {
    if matches!(tree, Tree::Null) { Tree::map() } else { tree.clone() }
}

/// Every option with a value, so that templates may test them without fear.
fn options(rules: &Rules) -> Map {
    let defaults = [("route", "gateway"), ("gateway", ""), ("ingress_class", ""), ("hardening", "standard")];
    let mut options: Map =
        defaults.into_iter().map(|(name, value)| (name.to_owned(), value.into())).collect();
    options.extend(rules.options.iter().map(|(name, value)| (name.clone(), value.clone())));
    options
}

fn services(services: &BTreeMap<String, WorkloadService>) -> Value {
    Value::from_pairs(services.iter().map(|(workload, service)| {
        let ports =
            Value::from_pairs(service.ports.iter().map(|(key, port)| (key.clone(), port_value(port))));
        let fields = [("name", Value::from(service.name.as_str())), ("ports", ports)];
        (workload.clone(), Value::from_pairs(fields))
    }))
}

fn port_value(port: &WorkloadPort) -> Value {
    let WorkloadPort { name, port, target_port, protocol } = port;
    Value::from_pairs([
        ("name", Value::from(name.as_str())),
        ("port", Value::from(*port)),
        ("target_port", Value::from(*target_port)),
        ("protocol", Value::from(protocol.as_str())),
    ])
}

/// An image of the table, or one that is written out with its tag.
fn image(name: &str, version: Option<Value>, registry: Option<&str>) -> Result<String, Error> {
    let asked = version.filter(|version| !version.is_undefined() && !version.is_none());
    let asked = asked.map(|version| version.to_string());
    images::reference(name, asked.as_deref(), registry).ok_or_else(|| {
        let words = if asked.is_some() {
            format!("only an image of the table takes a version, and `{name}` is not in it")
        } else {
            format!("`{name}` is not in the table of images, and it has no tag")
        };
        let near = nearest(name, images::table().keys().map(String::as_str));
        let near = near.map_or_else(String::new, |near| format!("; did you mean `{near}`?"));
        trouble(Why::Template, words + &near)
    })
}

fn find_port(
    services: &BTreeMap<String, WorkloadService>,
    workload: &str,
    port: &str,
) -> Result<Value, Error> {
    let Some(service) = services.get(workload) else {
        let known: Vec<&String> = services.keys().collect();
        return Err(trouble(
            Why::Refused,
            format!("there is no workload named `{workload}`, only {}", ticked(&known)),
        ));
    };
    service.ports.get(port).map(port_value).ok_or_else(|| {
        let known: Vec<&String> = service.ports.keys().collect();
        let words = if known.is_empty() { "no port".to_owned() } else { ticked(&known) };
        trouble(
            Why::Refused,
            format!("the service of workload `{workload}` has no port `{port}`, it has {words}"),
        )
    })
}

/// A part of text that templates can place and not read.
fn kept_back(state: &State, part: Part) -> Result<Value, Error> {
    let vault = state.lookup(VAULT);
    let vault = vault.as_ref().and_then(|vault| vault.downcast_object_ref::<Vault>());
    let Some(vault) = vault else {
        return Err(trouble(Why::Template, "only what is made for a resource may refer to a secret"));
    };
    Ok(Jinja::opaque(Text::from(part), vault))
}

/// Makes a secret of the resource that asks.
fn secret(rules: &Rules, state: &State, name: Option<String>, options: &Kwargs) -> Result<Value, Error> {
    let length: Option<usize> = options.get("length")?;
    let shared: Option<String> = options.get("shared")?;
    let suffix = options.get::<Option<String>>("suffix")?.unwrap_or_default();
    options.assert_all_used()?;
    let current = || state.lookup(VALUE_NAME).and_then(|value| value.to_str().map(|text| text.to_string()));
    let Some(key) = name.or_else(current) else {
        return Err(trouble(
            Why::Template,
            "call `secret` in `values`, or give it a name: `secret(\"token\")`",
        ));
    };
    let length = length.unwrap_or(24);
    if !(8..=4096).contains(&length) {
        return Err(trouble(Why::Template, "the length of a secret must lie between 8 and 4096"));
    }
    if suffix.len() > 16 || !suffix.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return Err(trouble(Why::Template, "the suffix of a secret must be at most 16 letters and digits"));
    }
    let (asker, vault) = (state.lookup(ASKER), state.lookup(VAULT));
    let asker = asker.as_ref().and_then(asking);
    let vault = vault.as_ref().and_then(|vault| vault.downcast_object_ref::<Vault>());
    let (Some(Asker { uid, workload: _ }), Some(vault)) = (asker, vault) else {
        return Err(trouble(Why::Template, "`secret` needs a resource to make a secret for"));
    };
    let (store, owner) = match &shared {
        Some(what) => (names::shared(what, rules), names::shared_owner(what)),
        None => (names::derived(uid, rules), uid.to_string()),
    };
    let Some(value) = secrets::value(rules, &owner, &key, length, &suffix) else {
        return Err(trouble(Why::NoSeed, format!("the secret `{key}` needs a seed")));
    };
    let text = Text::from(Part::Secret(SecretRef { store, key, value: Some(value) }));
    Ok(Jinja::opaque(text, vault))
}
