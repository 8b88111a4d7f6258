//! What Kubernetes asks of Services, Ingresses and what else stands between pods.

use std::collections::BTreeSet;
use std::net::IpAddr;

use super::here::{Findings, Here};
use super::{pods, words};
use crate::model::tree::Tree;

/// Judges a Service.
pub(super) fn service(top: &Here<'_>, found: &mut Findings) {
    let Some(spec) = top.get("spec") else {
        found.missing(top, "spec");
        return;
    };
    let kind = if spec.has("type") { spec.text("type") } else { "ClusterIP" };
    let address = spec.text("clusterIP");
    let count = spec.each("ports").count();
    if count == 0 && address != "None" && kind != "ExternalName" {
        found.missing(&spec, "ports");
    }
    if !address.is_empty() && address != "None" && address.parse::<IpAddr>().is_err() {
        found.unfit(&spec, "clusterIP", format!("is `{address}`, which is neither an address nor `None`"));
    }
    if address == "None" && kind != "ClusterIP" {
        found.unfit(&spec, "clusterIP", format!("cannot be `None` in a Service of type `{kind}`"));
    }
    match (kind, spec.has("externalName")) {
        ("ExternalName", false) => found.missing(&spec, "externalName"),
        ("ExternalName", true) => {
            let name = spec.text("externalName");
            if !words::is_subdomain(name.trim_end_matches('.')) {
                found.unfit(&spec, "externalName", format!("is `{name}`, which is no name of a host"));
            }
        }
        _ => {}
    }
    let outside = matches!(kind, "NodePort" | "LoadBalancer");
    if spec.has("externalTrafficPolicy") && !outside && spec.each("externalIPs").next().is_none() {
        found.unfit(&spec, "externalTrafficPolicy", "does not go with a Service that is only inside");
    }
    let balancer = ["loadBalancerClass", "allocateLoadBalancerNodePorts", "loadBalancerSourceRanges"];
    for key in balancer.into_iter().filter(|key| spec.tree.get(key).is_some_and(|tree| !tree.is_blank())) {
        if kind != "LoadBalancer" {
            found.unfit(&spec, key, "goes only with the type `LoadBalancer`");
        }
    }
    ports(&spec, kind, count, found);
}

fn ports(spec: &Here<'_>, kind: &str, count: usize, found: &mut Findings) {
    let (mut names, mut numbers, mut nodes) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    for port in spec.each("ports") {
        let name = port.text("name");
        if name.is_empty() && count > 1 {
            found.missing(&port, "name");
        } else if !name.is_empty() && !names.insert(name.to_owned()) {
            found.value(&port, format!("has the name `{name}` of another port"));
        }
        let protocol = if port.has("protocol") { port.text("protocol") } else { "TCP" };
        if let Some(number) = port.int("port")
            && !numbers.insert((number, protocol.to_owned()))
        {
            found.value(&port, format!("is the port {number} of {protocol} a second time"));
        }
        let Some(node) = port.int("nodePort").filter(|node| *node != 0) else { continue };
        if !matches!(kind, "NodePort" | "LoadBalancer") {
            found.unfit(&port, "nodePort", format!("does not go with the type `{kind}`"));
        } else if !nodes.insert((node, protocol.to_owned())) {
            found.unfit(&port, "nodePort", format!("is {node}, which another port has"));
        }
    }
}

/// Judges an Ingress.
pub(super) fn ingress(top: &Here<'_>, found: &mut Findings) {
    let Some(spec) = top.get("spec") else {
        found.missing(top, "spec");
        return;
    };
    if spec.get("defaultBackend").is_none() && spec.each("rules").next().is_none() {
        found.value(&spec, "has neither `rules` nor `defaultBackend`");
    }
    if let Some(backend) = spec.get("defaultBackend") {
        ingress_backend(&backend, found);
    }
    for rule in spec.each("rules") {
        if rule.text("host").parse::<IpAddr>().is_ok() {
            found.unfit(&rule, "host", "must be a name, not an address");
        }
        let Some(http) = rule.get("http") else { continue };
        for path in http.each("paths") {
            let (text, kind) = (path.text("path"), path.text("pathType"));
            if matches!(kind, "Exact" | "Prefix") && !is_clean(text) {
                found.unfit(
                    &path,
                    "path",
                    format!("is `{text}`, which is no absolute path without `//` and `..`"),
                );
            } else if kind == "ImplementationSpecific" && !text.is_empty() && !text.starts_with('/') {
                found.unfit(&path, "path", "must begin with `/`");
            }
            if let Some(backend) = path.get("backend") {
                ingress_backend(&backend, found);
            }
        }
    }
}

fn ingress_backend(backend: &Here<'_>, found: &mut Findings) {
    if let Some(service) = backend.get("service").filter(|service| service.get("port").is_none()) {
        found.missing(&service, "port");
    }
}

/// True for an absolute path that means nothing but itself.
pub(super) fn is_clean(path: &str) -> bool {
    path.starts_with('/')
        && !["//", "/./", "/../", "%2f", "%2F"].iter().any(|part| path.contains(part))
        && !path.ends_with("/..")
        && !path.ends_with("/.")
}

/// Judges a network policy.
pub(super) fn network_policy(top: &Here<'_>, found: &mut Findings) {
    let Some(spec) = top.get("spec") else { return };
    if let Some(selector) = spec.get("podSelector") {
        pods::label_selector(&selector, found);
    }
    for (key, side) in [("ingress", "from"), ("egress", "to")] {
        for rule in spec.each(key) {
            rule.each("ports").for_each(|port| policy_port(&port, found));
            rule.each(side).for_each(|peer| policy_peer(&peer, found));
        }
    }
}

fn policy_port(port: &Here<'_>, found: &mut Findings) {
    let (first, last) = (port.int("port"), port.int("endPort"));
    match (first, last) {
        (None, Some(_)) => found.unfit(port, "endPort", "needs a `port` that is a number"),
        (Some(first), Some(last)) if last < first => found.unfit(port, "endPort", "is below `port`"),
        _ => {}
    }
}

fn policy_peer(peer: &Here<'_>, found: &mut Findings) {
    let selects = peer.get("podSelector").is_some() || peer.get("namespaceSelector").is_some();
    match (peer.get("ipBlock"), selects) {
        (Some(_), true) => found.unfit(peer, "ipBlock", "does not go with a selector"),
        (None, false) => found.value(peer, "names nobody"),
        _ => {}
    }
}

/// Of two references to one parent each names another section or port.
fn parents(spec: &Here<'_>, found: &mut Findings) {
    let mut seen = BTreeSet::new();
    for parent in spec.each("parentRefs") {
        let key = ["group", "kind", "namespace", "name", "sectionName"].map(|key| parent.text(key));
        if !seen.insert((key, parent.int("port"))) {
            found.value(&parent, "names the parent of an earlier item");
        }
    }
}

/// Replacing a prefix needs the one prefix that is replaced.
fn prefixes(rule: &Here<'_>, filters: &[Here<'_>], found: &mut Findings) {
    let replaces = |filter: &Here<'_>| {
        ["urlRewrite", "requestRedirect"].into_iter().any(|key| {
            filter
                .get(key)
                .is_some_and(|way| way.get("path").is_some_and(|path| path.has("replacePrefixMatch")))
        })
    };
    let matches = rule.each("matches").count();
    let prefix = rule.each("matches").all(|one| {
        one.get("path").is_none_or(|path| matches!(path.text("type"), "" | "PathPrefix"))
            && (one.get("path").is_some() || matches == 0)
    });
    if filters.iter().any(replaces) && (matches > 1 || !prefix) {
        found.value(rule, "replaces a prefix, which needs exactly one match, of type `PathPrefix`");
    }
}

/// Judges an `HTTPRoute` of the Gateway API.
pub(super) fn http_route(top: &Here<'_>, found: &mut Findings) {
    let Some(spec) = top.get("spec") else { return };
    parents(&spec, found);
    for rule in spec.each("rules") {
        for path in rule.each("matches") {
            if let Some(path) = path.get("path") {
                route_path(&path, found);
            }
        }
        let filters: Vec<Here<'_>> = rule.each("filters").collect();
        filters_once(&filters, found);
        prefixes(&rule, &filters, found);
        for backend in rule.each("backendRefs") {
            backend_port(&backend, found);
            filters_once(&backend.each("filters").collect::<Vec<_>>(), found);
        }
        let redirects = filters.iter().any(|filter| filter.text("type") == "RequestRedirect");
        if redirects && rule.each("backendRefs").next().is_some() {
            found.unfit(&rule, "backendRefs", "does not go with the filter `RequestRedirect`");
        }
    }
}

fn route_path(path: &Here<'_>, found: &mut Findings) {
    let Some(value) = path.get("value") else { return };
    let text = value.tree.as_str().unwrap_or_default();
    if path.text("type") != "RegularExpression"
        && (!is_clean(text) || text.contains('#') || text.len() > 1024)
    {
        found.value(&value, format!("is `{text}`, which is no absolute path without `//`, `..` and `#`"));
    }
}

/// A filter of one type may be there once; only some may be repeated.
fn filters_once(filters: &[Here<'_>], found: &mut Findings) {
    let mut seen = BTreeSet::new();
    for filter in filters {
        let kind = filter.text("type");
        let once = !matches!(kind, "RequestMirror" | "ExtensionRef" | "");
        if once && !seen.insert(kind) {
            found.value(filter, format!("is a second `{kind}`"));
        }
    }
    let rewrite = filters.iter().find(|filter| filter.text("type") == "URLRewrite");
    if let Some(filter) = rewrite.filter(|_| seen.contains("RequestRedirect")) {
        found.value(filter, "does not go with the filter `RequestRedirect`");
    }
}

/// A backend that is a Service needs a port.
pub(super) fn backend_port(backend: &Here<'_>, found: &mut Findings) {
    let service = matches!(backend.text("kind"), "" | "Service") && backend.text("group").is_empty();
    if service && backend.tree.get("port").is_none_or(|port| *port == Tree::Null) {
        found.missing(backend, "port");
    }
}

/// The names of a service and a method of gRPC.
fn grpc_names(method: &Here<'_>, found: &mut Findings) {
    let word = |text: &str| {
        text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
            && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
    };
    let service = method.text("service");
    if !service.is_empty() && !service.strip_prefix('.').unwrap_or(service).split('.').all(word) {
        found.unfit(method, "service", format!("is `{service}`, which is no name of a service"));
    }
    let name = method.text("method");
    if !name.is_empty() && !word(name) {
        found.unfit(method, "method", format!("is `{name}`, which is no name of a method"));
    }
    if service.is_empty() && name.is_empty() {
        found.value(method, "names neither a `service` nor a `method`");
    }
}

/// Judges other routes of the Gateway API.
pub(super) fn route(top: &Here<'_>, found: &mut Findings) {
    let Some(spec) = top.get("spec") else { return };
    parents(&spec, found);
    for rule in spec.each("rules") {
        for one in rule.each("matches") {
            if let Some(method) =
                one.get("method").filter(|method| method.text("type") != "RegularExpression")
            {
                grpc_names(&method, found);
            }
        }
        rule.each("backendRefs").for_each(|backend| backend_port(&backend, found));
    }
}

/// Judges a Gateway.
pub(super) fn gateway(top: &Here<'_>, found: &mut Findings) {
    let Some(spec) = top.get("spec") else { return };
    for listener in spec.each("listeners") {
        let (protocol, tls) = (listener.text("protocol"), listener.get("tls"));
        if matches!(protocol, "HTTP" | "TCP" | "UDP") && tls.is_some() {
            found.unfit(&listener, "tls", format!("does not go with the protocol `{protocol}`"));
        }
        if protocol == "TLS" && tls.is_none() {
            found.missing(&listener, "tls");
        }
        if let Some(tls) = tls.filter(|tls| matches!(tls.text("mode"), "" | "Terminate")) {
            let keyed = ["certificateRefs", "options"]
                .into_iter()
                .any(|key| tls.tree.get(key).is_some_and(|it| !it.is_blank()));
            if !keyed {
                found.missing(&tls, "certificateRefs");
            }
        }
        if matches!(protocol, "TCP" | "UDP") && listener.has("hostname") {
            found.unfit(&listener, "hostname", format!("does not go with the protocol `{protocol}`"));
        }
    }
}
