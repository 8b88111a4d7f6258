//! What objects of one result say of each other: names, ports and labels that nothing answers to.
//!
//! A Secret, ConfigMap or claim may already be in the cluster, so its absence is told only where the caller asks for it,
//! or where the result holds one of nearly that name.

use std::collections::{BTreeMap, BTreeSet};

use super::here::{Findings, Here};
use super::others::pod_labels;
use super::{controllers, table};
use crate::diag::nearest;
use crate::model::tree::Tree;

/// What a result holds.
#[derive(Default)]
pub(super) struct Index<'a> {
    /// Names by kind and namespace.
    names: BTreeMap<(&'a str, &'a str), BTreeSet<&'a str>>,
    /// Services by name and namespace: names and numbers of their ports.
    services: BTreeMap<(&'a str, &'a str), Vec<(&'a str, i64)>>,
    /// Each value of a label with its key, and the pods that have it.
    labels: BTreeMap<(&'a str, &'a str), BTreeSet<usize>>,
    /// Pods: their namespace and the names of their ports.
    pods: Vec<(&'a str, BTreeSet<&'a str>)>,
    /// Namespaces that have pods.
    spaces: BTreeSet<&'a str>,
}

fn meta<'a>(tree: &'a Tree, key: &str) -> &'a str {
    tree.get("metadata").and_then(|meta| meta.get(key)).and_then(Tree::as_str).unwrap_or_default()
}

/// True for kinds that the table describes; others may share a name with them.
fn is_ours(tree: &Tree) -> bool {
    let version = tree.get("apiVersion").and_then(Tree::as_str).unwrap_or_default();
    matches!(table::kind(version, kind_of(tree)), table::Known::Block(_))
}

fn kind_of(tree: &Tree) -> &str {
    tree.get("kind").and_then(Tree::as_str).unwrap_or_default()
}

/// Visits the pod that an object is or makes.
fn with_pod(kind: &str, top: &Here<'_>, visit: &mut dyn FnMut(&Here<'_>)) {
    let Some(spec) = top.get("spec") else { return };
    let mut template = |spec: &Here<'_>| {
        let Some(template) = spec.get("template") else { return };
        if let Some(pod) = template.get("spec") {
            visit(&pod);
        }
    };
    match kind {
        "Pod" => visit(&spec),
        "CronJob" => {
            let Some(job) = spec.get("jobTemplate") else { return };
            if let Some(spec) = job.get("spec") {
                template(&spec);
            }
        }
        kind if controllers::KINDS.contains(&kind) => template(&spec),
        _ => {}
    }
}

impl<'a> Index<'a> {
    /// The index of all documents.
    pub(super) fn of(docs: impl Iterator<Item = &'a Tree>) -> Self {
        let mut index = Self::default();
        for tree in docs.filter(|tree| is_ours(tree)) {
            let (kind, space, name) = (kind_of(tree), meta(tree, "namespace"), meta(tree, "name"));
            index.names.entry((kind, space)).or_default().insert(name);
            if kind == "Service" {
                index.services.insert((name, space), ports(tree));
            }
            if let Some(labels) = pod_labels(kind, tree) {
                let number = index.pods.len();
                for (key, value) in labels.as_map().into_iter().flatten() {
                    let pair = (value.as_str().unwrap_or_default(), key.as_str());
                    index.labels.entry(pair).or_default().insert(number);
                }
                index.pods.push((space, port_names(kind, tree)));
                index.spaces.insert(space);
            }
        }
        index
    }

    /// The pods of a namespace that have all of these labels.
    fn selected(&self, space: &str, selector: &'a Tree) -> Vec<usize> {
        let pair = |(key, value): (&'a String, &'a Tree)| (value.as_str().unwrap_or_default(), key.as_str());
        let having = selector.as_map().into_iter().flatten().map(|label| self.labels.get(&pair(label)));
        let Some(having) = having.collect::<Option<Vec<&BTreeSet<usize>>>>() else { return Vec::new() };
        // A label that all pods share tells nothing; the rarest one leaves few to look at.
        let rarest = having.iter().min_by_key(|pods| pods.len()).copied().into_iter().flatten().copied();
        let here = |number: &usize| self.pods.get(*number).is_some_and(|(other, _)| *other == space);
        rarest.filter(|number| having.iter().all(|pods| pods.contains(number))).filter(here).collect()
    }

    /// True when some pod has one of these labels, or one of nearly that value.
    fn nearly(&self, selector: &Tree) -> bool {
        selector.as_map().into_iter().flatten().any(|(key, value)| {
            let value = value.as_str().unwrap_or_default();
            let mut values = self.labels.keys().filter(|(_, other)| other == key).map(|(value, _)| *value);
            values.any(|other| other == value || nearest(value, [other]).is_some())
        })
    }

    fn names<'s>(&'s self, kind: &str, space: &str) -> Vec<&'s str> {
        let names: &BTreeMap<(&str, &str), BTreeSet<&'s str>> = &self.names;
        names.get(&(kind, space)).into_iter().flatten().copied().collect()
    }

    fn has(&self, kind: &str, space: &str, name: &str) -> bool {
        let names: &BTreeMap<(&str, &str), BTreeSet<&str>> = &self.names;
        names.get(&(kind, space)).is_some_and(|names| names.contains(name))
    }

    /// Judges what an object refers to. With `whole` the result is all there is.
    pub(super) fn judge(&self, top: &Here<'_>, whole: bool, found: &mut Findings) {
        let (kind, space) = (kind_of(top.tree), meta(top.tree, "namespace"));
        match kind {
            "Service" => self.service(top, space, whole, found),
            "Ingress" => self.ingress(top, space, found),
            "HTTPRoute" | "GRPCRoute" | "TCPRoute" | "TLSRoute" | "UDPRoute" => self.route(top, space, found),
            "HorizontalPodAutoscaler" => self.scaled(top, space, found),
            _ => with_pod(kind, top, &mut |pod| self.pod(pod, space, whole, found)),
        }
    }

    fn service(&self, top: &Here<'_>, space: &str, whole: bool, found: &mut Findings) {
        let Some(spec) = top.get("spec") else { return };
        let Some(selector) = spec.get("selector").filter(|selector| !selector.tree.is_blank()) else {
            return;
        };
        if !self.spaces.contains(space) {
            return;
        }
        let pods = self.selected(space, selector.tree);
        if pods.is_empty() {
            // Somebody else may make the pods, unless some of this result nearly fit.
            if !whole && !self.nearly(selector.tree) {
                return;
            }
            let said = "selects no pod of this result".to_owned();
            found.dangling(&selector, said, "", std::iter::empty());
            return;
        }
        for port in spec.each("ports") {
            let name = port.text("targetPort");
            let known =
                || pods.iter().filter_map(|number| self.pods.get(*number)).flat_map(|(_, names)| names);
            if !name.is_empty() && !known().any(|other| *other == name) {
                let said = format!("is `{name}`, and no container of the selected pods has such a port");
                found.dangling(&port.under("targetPort", &Tree::Null), said, name, known().copied());
            }
        }
    }

    /// A Service that something leads to, and its port by name or number.
    fn backend(&self, here: &Here<'_>, space: &str, port: (&str, Option<i64>), found: &mut Findings) {
        let name = here.text("name");
        let services: &BTreeMap<(&str, &str), Vec<(&str, i64)>> = &self.services;
        let Some(ports) = services.get(&(name, space)) else {
            // Where no Service of the result has nearly that name, it may be in the cluster.
            if nearest(name, self.names("Service", space)).is_some() {
                let said = format!("is `{name}`, and the result has no such Service");
                let names = self.names("Service", space).into_iter();
                found.dangling(&here.under("name", &Tree::Null), said, name, names);
            }
            return;
        };
        let fits = |(named, number): &(&str, i64)| {
            (!port.0.is_empty() && *named == port.0) || port.1.is_some_and(|wanted| wanted == *number)
        };
        if (!port.0.is_empty() || port.1.is_some()) && !ports.iter().any(fits) {
            let wanted = port.1.map_or_else(|| port.0.to_owned(), |number| number.to_string());
            let list: Vec<String> = ports.iter().map(|(_, number)| format!("`{number}`")).collect();
            let said = format!("is `{wanted}`, and the Service `{name}` has the ports {}", list.join(", "));
            let names = ports.iter().map(|(named, _)| *named);
            found.dangling(&here.under("port", &Tree::Null), said, &wanted, names);
        }
    }

    fn ingress(&self, top: &Here<'_>, space: &str, found: &mut Findings) {
        let Some(spec) = top.get("spec") else { return };
        let mut judge = |backend: &Here<'_>| {
            let Some(service) = backend.get("service") else { return };
            let port = service.get("port");
            let wanted = port.as_ref().map_or(("", None), |port| (port.text("name"), port.int("number")));
            self.backend(&service, space, wanted, found);
        };
        if let Some(backend) = spec.get("defaultBackend") {
            judge(&backend);
        }
        for rule in spec.each("rules") {
            let Some(http) = rule.get("http") else { continue };
            for path in http.each("paths") {
                if let Some(backend) = path.get("backend") {
                    judge(&backend);
                }
            }
        }
    }

    fn route(&self, top: &Here<'_>, space: &str, found: &mut Findings) {
        let Some(spec) = top.get("spec") else { return };
        for rule in spec.each("rules") {
            for backend in rule.each("backendRefs") {
                let other = backend.text("namespace");
                let space = if other.is_empty() { space } else { other };
                if matches!(backend.text("kind"), "" | "Service") && backend.text("group").is_empty() {
                    self.backend(&backend, space, ("", backend.int("port")), found);
                }
            }
        }
    }

    fn scaled(&self, top: &Here<'_>, space: &str, found: &mut Findings) {
        let target = top.get("spec");
        let Some(target) = target.as_ref().and_then(|spec| spec.get("scaleTargetRef")) else { return };
        let (kind, name) = (target.text("kind"), target.text("name"));
        if !self.has(kind, space, name) && nearest(name, self.names(kind, space)).is_some() {
            let said = format!("is `{name}`, and the result has no such {kind}");
            let names = self.names(kind, space).into_iter();
            found.dangling(&target.under("name", &Tree::Null), said, name, names);
        }
    }

    /// A store or claim that a pod names.
    fn store(&self, here: &Here<'_>, key: &str, kind: &str, space: &str, whole: bool, found: &mut Findings) {
        let name = here.text(key);
        if name.is_empty() || here.flag("optional") || self.has(kind, space, name) {
            return;
        }
        if whole || nearest(name, self.names(kind, space)).is_some() {
            let said = format!("is `{name}`, and the result has no such {kind}");
            found.dangling(&here.under(key, &Tree::Null), said, name, self.names(kind, space).into_iter());
        }
    }

    fn pod(&self, pod: &Here<'_>, space: &str, whole: bool, found: &mut Findings) {
        for volume in pod.each("volumes") {
            for (source, key, kind) in [
                ("secret", "secretName", "Secret"),
                ("configMap", "name", "ConfigMap"),
                ("persistentVolumeClaim", "claimName", "PersistentVolumeClaim"),
            ] {
                if let Some(source) = volume.get(source) {
                    self.store(&source, key, kind, space, whole, found);
                }
            }
        }
        for list in ["initContainers", "containers"] {
            for container in pod.each(list) {
                self.container(&container, space, whole, found);
            }
        }
    }

    fn container(&self, container: &Here<'_>, space: &str, whole: bool, found: &mut Findings) {
        for variable in container.each("env") {
            let Some(from) = variable.get("valueFrom") else { continue };
            for (source, kind) in [("secretKeyRef", "Secret"), ("configMapKeyRef", "ConfigMap")] {
                if let Some(source) = from.get(source) {
                    self.store(&source, "name", kind, space, whole, found);
                }
            }
        }
        for from in container.each("envFrom") {
            for (source, kind) in [("secretRef", "Secret"), ("configMapRef", "ConfigMap")] {
                if let Some(source) = from.get(source) {
                    self.store(&source, "name", kind, space, whole, found);
                }
            }
        }
        let known: Vec<&str> = container
            .tree
            .get("ports")
            .and_then(Tree::as_list)
            .unwrap_or_default()
            .iter()
            .filter_map(port_name)
            .collect();
        for probe in ["livenessProbe", "readinessProbe", "startupProbe"] {
            let Some(probe) = container.get(probe) else { continue };
            for way in ["httpGet", "tcpSocket"] {
                let Some(way) = probe.get(way) else { continue };
                let name = way.text("port");
                if !name.is_empty() && !known.contains(&name) {
                    let said = format!("is `{name}`, and the container has no such port");
                    found.dangling(&way.under("port", &Tree::Null), said, name, known.iter().copied());
                }
            }
        }
    }
}

fn port_name(port: &Tree) -> Option<&str> {
    port.get("name").and_then(Tree::as_str)
}

fn ports(service: &Tree) -> Vec<(&str, i64)> {
    let ports = service.get("spec").and_then(|spec| spec.get("ports")).and_then(Tree::as_list);
    let port =
        |port| (port_name(port).unwrap_or_default(), port.get("port").and_then(Tree::as_int).unwrap_or(0));
    ports.unwrap_or_default().iter().map(port).collect()
}

fn port_names<'a>(kind: &str, tree: &'a Tree) -> BTreeSet<&'a str> {
    let spec = tree.get("spec");
    let pod = match kind {
        "Pod" => spec,
        "CronJob" => spec.and_then(|s| s.get("jobTemplate")?.get("spec")?.get("template")?.get("spec")),
        _ => spec.and_then(|s| s.get("template")?.get("spec")),
    };
    let lists = ["containers", "initContainers"].into_iter().filter_map(|key| pod?.get(key)?.as_list());
    let ports = lists.flatten().filter_map(|container| container.get("ports")?.as_list()).flatten();
    ports.filter_map(port_name).collect()
}
