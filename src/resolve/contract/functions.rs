//! What templates of a contract may call, and what they see: the scope of one resource.

use std::collections::{BTreeMap, BTreeSet};

use minijinja::value::Kwargs;
use minijinja::{Error, State, Value};

use crate::diag::nearest;
use crate::model::text::{Part, SecretRef, Text};
use crate::model::tree::{Map, Tree};
use crate::model::uid::Uid;
use crate::resolve::contract::params::ticked;
use crate::resolve::engine::jinja::{Jinja, Why, trouble};
use crate::resolve::provisioner::{Input, WorkloadPort, WorkloadService};
use crate::resolve::secrets::{self, Vault};
use crate::resolve::{Rules, images, names};

/// The variable that holds the name of the value that is being made.
pub const VALUE_NAME: &str = " value";

/// The template language with the functions of one resource.
pub fn language(input: &Input<'_>) -> Jinja {
    let vault = Vault::default();
    let mut jinja = Jinja::new(vault.clone());
    let maker = Secrets { rules: input.rules.clone(), uid: input.resource.uid.clone(), vault };
    jinja.function("secret", move |state: &State, name: Option<String>, options: Kwargs| {
        maker.make(state, name, &options)
    });
    jinja.function("hash", |text: &str, length: Option<usize>| names::short_hash(text, length.unwrap_or(8)));
    jinja.function("fail", |message: &str| -> Result<Value, Error> { Err(trouble(Why::Refused, message)) });
    let registry = input.rules.image_registry.clone();
    jinja.function("image", move |name: &str, version: Option<Value>| {
        image(name, version, registry.as_deref())
    });
    let registry = input.rules.image_registry.clone();
    jinja.filter("image", move |name: &str| image(name, None, registry.as_deref()));
    let (services, own) = (input.services.shared(), input.resource.source_workload.clone());
    jinja.function("port", move |port: &Value, workload: Option<String>| {
        find_port(&services, workload.as_deref().unwrap_or(&own), &port.to_string())
    });
    jinja
}

/// What templates see: everything but `params` and `values`.
pub fn scope(input: &Input<'_>, jinja: &Jinja) -> BTreeMap<String, Value> {
    let Uid { kind, class, id } = &input.resource.uid;
    let rules = input.rules;
    let text = |text: &str| Value::from(text);
    let pairs = [
        ("name", text(&names::derived(&input.resource.uid, rules))),
        ("uid", text(&input.resource.uid.to_string())),
        ("type", text(kind)),
        ("class", text(class)),
        ("id", text(id)),
        ("guid", text(&input.resource.guid)),
        ("metadata", jinja.value(&or_map(&input.resource.metadata))),
        ("workload", text(&input.resource.source_workload)),
        ("workload_metadata", jinja.map(input.workload_metadata)),
        ("askers", askers(input, jinja)),
        ("containers", containers(input, &input.resource.source_workload)),
        ("services", input.services.jinja(services)),
        ("project", text(&rules.project)),
        ("environment", text(&rules.environment)),
        ("namespace", text(&rules.namespace)),
        ("options", jinja.map(&options(rules))),
        ("files", text(&rules.mounts)),
        ("contents", jinja.value(&contents(input))),
    ];
    pairs.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
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

/// The names of a workload's containers, sorted.
pub fn containers(input: &Input<'_>, workload: &str) -> Value {
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

/// Makes the secrets of one resource.
struct Secrets {
    rules: Rules,
    uid: Uid,
    vault: Vault,
}

impl Secrets {
    fn make(&self, state: &State, name: Option<String>, options: &Kwargs) -> Result<Value, Error> {
        let length: Option<usize> = options.get("length")?;
        options.assert_all_used()?;
        let current =
            || state.lookup(VALUE_NAME).and_then(|value| value.to_str().map(|text| text.to_string()));
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
        let Some(value) = secrets::value(&self.rules, &self.uid, &key, length) else {
            return Err(trouble(Why::NoSeed, format!("the secret `{key}` needs a seed")));
        };
        let store = names::derived(&self.uid, &self.rules);
        let text = Text::from(Part::Secret(SecretRef { store, key, value: Some(value) }));
        Ok(Jinja::opaque(text, &self.vault))
    }
}
