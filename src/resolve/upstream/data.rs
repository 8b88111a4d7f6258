//! What a template sees, and the call of the template engine.

use std::collections::BTreeMap;
use std::rc::Rc;

use crate::diag::codes::resolve as codes;
use crate::diag::{At, Diagnostic, Failed, Focus, Report};
use crate::model::marker;
use crate::model::tree::{Map, Tree};
use crate::resolve::engine::gotmpl::{Elem, Extra, Record, Template, Type, Value};
use crate::resolve::provisioner::{Input, Provisioner, WorkloadPort, WorkloadService};
use crate::resolve::upstream::host::Asked;
use crate::resolve::upstream::template;
use crate::world::World;

/// What changes from section to section.
pub struct Scene<'a> {
    /// What `init` made.
    pub init: Map,
    /// What the provisioner remembers.
    pub state: Map,
    input: &'a Input<'a>,
}

impl<'a> Scene<'a> {
    /// The scene before the first section.
    pub fn new(input: &'a Input<'a>) -> Self {
        let state = marker::write_tree(&input.state).as_map().cloned().unwrap_or_default();
        Self { init: Map::new(), state, input }
    }

    /// The record that a template has as its dot.
    fn record(&self, shared: Value) -> Value {
        let Input {
            resource,
            params,
            state: _,
            shared: _,
            services,
            workload_metadata,
            workloads: _,
            rules,
            contracts: _,
        } = self.input;
        let text = |text: &str| Value::from(text);
        let map = |map: &Map| value(&Tree::Map(map.clone()));
        let absent_or = |tree: &Tree| if *tree == Tree::Null { Value::nil_map() } else { value(tree) };
        let mut fields = vec![
            ("Uid", "Uid", text(&resource.uid.to_string())),
            ("Type", "Type", text(&resource.uid.kind)),
            ("Class", "Class", text(&resource.uid.class)),
            ("Id", "Id", text(&resource.uid.id)),
            ("Params", "Params", absent_or(params)),
            ("Metadata", "Metadata", absent_or(&resource.metadata)),
            ("Init", "Init", map(&self.init)),
            ("State", "State", map(&self.state)),
            ("Shared", "Shared", shared),
            ("SourceWorkload", "SourceWorkload", text(&resource.source_workload)),
            ("WorkloadServices", "WorkloadServices", services.go(workload_services)),
        ];
        if rules.target == "kubernetes" {
            fields.push(("Guid", "Guid", text(&resource.guid)));
            fields.push(("WorkloadMetadata", "WorkloadMetadata", map(workload_metadata)));
            fields.push(("Namespace", "Namespace", text(&rules.namespace)));
        } else {
            fields.push(("ComposeProjectName", "ComposeProjectName", text(&rules.project)));
            fields.push(("MountsDirectory", "MountsDirectory", text(&rules.mounts)));
        }
        Value::pointer("templateprov.Data", fields)
    }
}

/// A value of the program as one of the language; secrets become marks.
pub fn value(tree: &Tree) -> Value {
    Value::try_from(&*marker::spelled(tree)).unwrap_or(Value::Nil)
}

fn workload_services(services: &BTreeMap<String, WorkloadService>) -> Value {
    let service = |service: &WorkloadService| {
        let WorkloadService { name, ports } = service;
        let ports = ports.iter().map(|(key, port)| (key.clone(), Value::record(PORT, port_fields(port))));
        let ports = Value::map_of(ports.collect(), Elem::Record(zero_port()));
        Value::record(SERVICE, service_fields(name, ports))
    };
    let all = services.iter().map(|(name, told)| (name.clone(), service(told)));
    let none = Value::map_of(BTreeMap::new(), Elem::Record(zero_port()));
    let zero = Record::new(SERVICE, service_fields("", none));
    Value::map_of(all.collect(), Elem::Record(Rc::new(zero)))
}

const SERVICE: &str = "provisioners.NetworkService";
const PORT: &str = "provisioners.ServicePort";

fn service_fields(name: &str, ports: Value) -> [(&'static str, &'static str, Value); 2] {
    [("ServiceName", "ServiceName", Value::from(name)), ("Ports", "ports", ports)]
}

fn zero_port() -> Rc<Record> {
    let none = WorkloadPort { name: String::new(), port: 0, target_port: 0, protocol: String::new() };
    Rc::new(Record::new(PORT, port_fields(&none)))
}

fn port_fields(port: &WorkloadPort) -> [(&'static str, &'static str, Value); 4] {
    let WorkloadPort { name, port, target_port, protocol } = port;
    [
        ("Name", "name", Value::from(name.as_str())),
        ("Port", "port", Value::Int(i64::from(*port))),
        ("TargetPort", "target_port", Value::Int(i64::from(*target_port))),
        ("Protocol", "protocol", Value::from(protocol.as_str())),
    ]
}

/// Which template is rendered.
pub struct Place<'a> {
    /// Its provisioner.
    pub provisioner: &'a Provisioner,
    /// Its section.
    pub section: &'static str,
    /// Its text as it stands in the file.
    pub text: &'a str,
    /// Its record.
    pub template: &'a template::Template,
}

/// The functions that templates may call beyond Go's and Sprig's (on Kubernetes).
pub const SECRET: &[Extra] = &[Extra { name: "encodeSecretRef", params: &[Type::Str, Type::Str] }];

/// Renders one template.
///
/// # Errors
/// When it is not a template, or fails.
pub fn render(
    place: &Place<'_>,
    scene: &Scene<'_>,
    input: &Input<'_>,
    world: &dyn World,
    report: &mut Report,
) -> Result<String, Failed> {
    let kubernetes = input.rules.target == "kubernetes";
    let extras = if kubernetes { SECRET } else { &[] };
    let uid = input.resource.uid.to_string();
    let mut asked = Asked::new(input.rules, &uid, place.section, &place.template.origin, world);
    let parse = || Template::parse_with("", place.text.trim(), extras);
    let rendered = match &*place.template.parsed.of(place.section, kubernetes, parse) {
        Ok(template) => input.shared.seen(|shared| template.render(&scene.record(shared), &mut asked)),
        Err(error) => Err(error.clone()),
    };
    let path = place.provisioner.path.then(place.section);
    for name in asked.read {
        let said = format!(
            "the `{}` template of `{}` reads the variable `{name}` of this machine",
            place.section, place.provisioner.uri
        );
        report.push(Diagnostic::new(
            &codes::READS_ENVIRONMENT,
            said,
            At::key(place.provisioner.doc, path.clone()),
        ));
    }
    rendered.map_err(|error| {
        let start = place.text.len() - place.text.trim_start().len();
        let range = start + error.range.start..start + error.range.end;
        let at = At::Path(place.provisioner.doc, path, Focus::Bytes(range));
        let said = format!("the `{}` template cannot answer for `{uid}`: {}", place.section, error.message);
        let sentence = format!("{} template of {}: {error}", place.section, place.provisioner.uri);
        report.fail(Diagnostic::new(&codes::UPSTREAM_FAILED, said, at).note(sentence))
    })
}
