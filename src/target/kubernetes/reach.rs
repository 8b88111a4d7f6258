//! What is reachable where: documents in, lines for the summary out.

use crate::model::flow::{Doc, From};
use crate::model::tree::Tree;
use crate::target::kubernetes::object::Identity;

/// The Services of workloads, and all routes.
pub(super) fn reachable(docs: &[Doc]) -> Vec<(String, String)> {
    docs.iter().flat_map(|doc| lines(doc, &Identity::of(&doc.tree))).collect()
}

fn lines(doc: &Doc, identity: &Identity) -> Vec<(String, String)> {
    let tree = &doc.tree;
    let spec = tree.get("spec").unwrap_or(&Tree::Null);
    match (identity.kind.as_str(), &doc.from) {
        ("Service", From::Workload(workload)) if spec.get("clusterIP").is_none() => {
            let host = match identity.namespace.as_str() {
                "" => identity.name.clone(),
                namespace => format!("{}.{namespace}", identity.name),
            };
            let ports = list(spec, "ports").filter_map(|port| port.get("port")?.as_int());
            ports.map(|port| (workload.clone(), format!("{host}:{port}"))).collect()
        }
        ("HTTPRoute", _) => {
            let hosts: Vec<&str> = list(spec, "hostnames").filter_map(Tree::as_str).collect();
            let matches = list(spec, "rules").flat_map(|rule| list(rule, "matches"));
            let paths: Vec<&str> =
                matches.filter_map(|rule| rule.get("path")?.get("value")?.as_str()).collect();
            addresses("http", &identity.name, &hosts, &paths)
        }
        ("Ingress", _) => {
            let scheme = if spec.get("tls").is_some() { "https" } else { "http" };
            let rules = list(spec, "rules").flat_map(|rule| {
                let host: Vec<&str> = rule.get("host").and_then(Tree::as_str).into_iter().collect();
                let http = rule.get("http").unwrap_or(&Tree::Null);
                let paths: Vec<&str> =
                    list(http, "paths").filter_map(|path| path.get("path")?.as_str()).collect();
                addresses(scheme, &identity.name, &host, &paths)
            });
            rules.collect()
        }
        _ => Vec::new(),
    }
}

fn addresses(scheme: &str, name: &str, hosts: &[&str], paths: &[&str]) -> Vec<(String, String)> {
    let paths = if paths.is_empty() { &["/"] } else { paths };
    let each = hosts.iter().flat_map(|host| paths.iter().map(move |path| format!("{scheme}://{host}{path}")));
    each.map(|address| (name.to_owned(), address)).collect()
}

fn list<'a>(tree: &'a Tree, key: &str) -> impl Iterator<Item = &'a Tree> + use<'a> {
    tree.get(key).and_then(Tree::as_list).unwrap_or_default().iter()
}
