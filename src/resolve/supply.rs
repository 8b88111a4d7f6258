//! A param that is missing and that the workload itself answers: its only port, the name of its only DNS record.

use crate::diag::fix::{Edit, Entry};
use crate::diag::{Diagnostic, Report};
use crate::model::flow::Declared;
use crate::model::node::Node;
use crate::resolve::contract::params::{Format, Param};

/// Adds the edit that gives a resource a missing param, where there is one clear value.
pub fn supply(
    said: Diagnostic,
    declared: &Declared,
    name: &str,
    param: &Param,
    report: &Report,
) -> Diagnostic {
    let Some(root) = report.sources.document(declared.doc) else { return said };
    let value = match (param.format, name) {
        (Some(Format::Port), _) => only_port(root, declared),
        (_, "host") => only_name(root),
        _ => None,
    };
    let Some(value) = value else { return said };
    let line = format!("{name}: {value}");
    let edit = resource(root, declared).and_then(|resource| place(resource, line));
    said.mend(format!("add `{name}: {value}`"), [edit])
}

fn resource<'a>(root: &'a Node, declared: &Declared) -> Option<&'a Node> {
    root.get("resources")?.get(&declared.name)
}

/// The port of a service that has one; a param `workload` would mean another one's.
fn only_port(root: &Node, declared: &Declared) -> Option<String> {
    let params = resource(root, declared)?.get("params");
    if params.is_some_and(|params| params.get("workload").is_some()) {
        return None;
    }
    match root.get("service")?.get("ports")?.as_map()? {
        [(_, port)] => Some(port.get("port")?.key_text()),
        _ => None,
    }
}

/// The name that the only resource of type `dns` gives.
fn only_name(root: &Node) -> Option<String> {
    let resources = root.get("resources")?.as_map()?;
    let is_dns = |value: &Node| value.get("type").and_then(Node::as_str) == Some("dns");
    let mut names = resources.iter().filter(|(_, value)| is_dns(value)).map(|(key, _)| key.key_text());
    let first = names.next().filter(|_| names.next().is_none())?;
    Some(format!("${{resources.{first}.host}}"))
}

/// After the last param, or in a section of its own.
fn place(resource: &Node, line: String) -> Option<Edit> {
    if let Some(params) = resource.get("params").and_then(Node::as_map) {
        return Some(Edit::After(Entry::of(params.last()?)?, vec![line]));
    }
    let lines = vec!["params:".to_owned(), format!("  {line}")];
    Some(Edit::After(Entry::of(resource.as_map()?.last()?)?, lines))
}
