//! All documents in, the result out: one per identity, in the namespace, in order.

use std::collections::BTreeMap;

use k8s_openapi::api::core::v1::Namespace;

use crate::diag::codes::kubernetes as codes;
use crate::diag::{At, Diagnostic, Report, Severity};
use crate::model::flow::{Doc, From, Resolved};
use crate::model::path::Path;
use crate::model::tree::Tree;
use crate::target::kubernetes::manifests;
use crate::target::kubernetes::object::{self, Identity, Words};
use crate::target::kubernetes::options::{Clashes, Options, Order, Shape, Stamp};
use crate::target::{verdict, written};

/// Kinds of Kubernetes and of its common extensions that live in no namespace.
const CLUSTER_KINDS: [&str; 27] = [
    "APIService",
    "CSIDriver",
    "CSINode",
    "CertificateSigningRequest",
    "ClusterIssuer",
    "ClusterRole",
    "ClusterRoleBinding",
    "ClusterSecretStore",
    "ClusterTrustBundle",
    "CustomResourceDefinition",
    "DeviceClass",
    "FlowSchema",
    "GatewayClass",
    "IngressClass",
    "MutatingAdmissionPolicy",
    "MutatingAdmissionPolicyBinding",
    "MutatingWebhookConfiguration",
    "Namespace",
    "Node",
    "PersistentVolume",
    "PriorityClass",
    "PriorityLevelConfiguration",
    "RuntimeClass",
    "StorageClass",
    "ValidatingAdmissionPolicy",
    "ValidatingAdmissionPolicyBinding",
    "ValidatingWebhookConfiguration",
];

/// Puts the result together.
pub(super) fn assemble(
    docs: Vec<Doc>,
    resolved: &Resolved,
    options: &Options,
    report: &mut Report,
) -> Vec<Doc> {
    let mut docs = distinct(docs, resolved, options.clashes, report);
    let mut all = Vec::new();
    if let Some(namespace) = &options.namespace {
        check_namespace(namespace, report);
        for doc in &mut docs {
            stamp(&mut doc.tree, namespace, options.stamp);
        }
        if options.namespace_object {
            all.push(namespace_object(namespace, options.shape));
        }
    }
    if options.shape == Shape::Tidy {
        let manager = object::manager(options.shape);
        for doc in &mut docs {
            manifests::sign(&mut doc.tree, manager, object::MANAGED_BY);
        }
    }
    if options.order == Order::ByNeed {
        docs.sort_by_key(|doc| {
            let kind = doc.tree.get("kind").and_then(Tree::as_str).unwrap_or_default();
            rank(kind, &doc.from)
        });
    }
    all.extend(docs);
    all
}

/// Keeps one document per identity.
fn distinct(docs: Vec<Doc>, resolved: &Resolved, clashes: Clashes, report: &mut Report) -> Vec<Doc> {
    let mut kept: Vec<Option<Doc>> = Vec::new();
    let mut places: BTreeMap<Identity, usize> = BTreeMap::new();
    for doc in docs {
        let identity = Identity::of(&doc.tree);
        let same = places.get(&identity).copied();
        let mut is_lenient = false;
        if let Some(there) =
            same.and_then(|place| kept.get(place)?.as_ref()).filter(|there| there.tree != doc.tree)
        {
            let said = clash(&identity, there, &doc, resolved);
            is_lenient = lenient(&there.from, resolved) && lenient(&doc.from, resolved);
            let replaced = "the later one replaces the earlier one";
            report.push(match clashes {
                Clashes::LastWins => said.severity(Severity::Warning).note(replaced),
                Clashes::Refuse if is_lenient => {
                    said.severity(Severity::Warning).note(replaced).note(verdict::STRICTER)
                }
                Clashes::Refuse => said.help("give one of them another name"),
            });
        }
        match (same, clashes) {
            (Some(_), Clashes::Refuse) if !is_lenient => continue,
            (Some(place), _) => kept.get_mut(place).map_or((), |slot| *slot = None),
            (None, _) => {}
        }
        places.insert(identity, kept.len());
        kept.push(Some(doc));
    }
    kept.into_iter().flatten().collect()
}

/// True for what a provisioner made that is not held to a contract.
fn lenient(from: &From, resolved: &Resolved) -> bool {
    let From::Resource(uid) = from else { return false };
    resolved.resources.iter().any(|made| made.uid == *uid && made.provisioner.is_lenient)
}

fn clash(identity: &Identity, first: &Doc, second: &Doc, resolved: &Resolved) -> Diagnostic {
    let Identity { api_version: _, kind, namespace: _, name } = identity;
    let (one, other) = (maker(&first.from), maker(&second.from));
    let said = format!("{one} and {other} both make the {kind} `{name}`, and they differ");
    Diagnostic::new(&codes::OBJECT_CLASH, said, place(&second.from, resolved))
        .also(place(&first.from, resolved), "the first one is made here")
}

fn maker(from: &From) -> String {
    match from {
        From::Workload(name) => format!("the workload `{name}`"),
        From::Resource(uid) => format!("the resource `{uid}`"),
        From::Patch(number) => format!("patch {number}"),
        From::Target => "the target".to_owned(),
    }
}

fn place(from: &From, resolved: &Resolved) -> At {
    match from {
        From::Workload(name) => resolved
            .workloads
            .get(name)
            .map_or(At::Nowhere, |workload| At::value(workload.doc, Path::of(["metadata", "name"]))),
        From::Resource(uid) => {
            let resource = resolved.resources.iter().find(|resource| resource.uid == *uid);
            resource.map_or(At::Nowhere, written::declared)
        }
        From::Patch(_) | From::Target => At::Nowhere,
    }
}

fn check_namespace(namespace: &str, report: &mut Report) {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    let edge = |c: Option<char>| c.is_some_and(|c| c != '-');
    let good = namespace.len() <= 63
        && namespace.chars().all(plain)
        && edge(namespace.chars().next())
        && edge(namespace.chars().last());
    if !good {
        let said = format!("`{namespace}` cannot be the name of a namespace");
        let said = Diagnostic::new(&codes::BAD_NAMESPACE, said, At::Named("--namespace".to_owned()));
        report.push(said.help("use up to 63 lower-case letters, digits and `-`, with no `-` at either end"));
    }
}

fn stamp(tree: &mut Tree, namespace: &str, stamp: Stamp) {
    let kind = tree.get("kind").and_then(Tree::as_str).unwrap_or_default().to_owned();
    let Some(Tree::Map(meta)) = tree.as_map_mut().and_then(|map| map.get_mut("metadata")) else { return };
    match stamp {
        Stamp::Namespaced if CLUSTER_KINDS.contains(&kind.as_str()) => {}
        Stamp::Namespaced => {
            meta.entry("namespace".to_owned()).or_insert_with(|| Tree::from(namespace));
        }
        Stamp::Everything if kind == "Namespace" => {}
        Stamp::Everything => {
            meta.insert("namespace".to_owned(), Tree::from(namespace));
        }
    }
}

fn namespace_object(name: &str, shape: Shape) -> Doc {
    let labels = Words::from([(object::MANAGED_BY.to_owned(), object::manager(shape).to_owned())]);
    let namespace = Namespace { metadata: object::meta(name, labels), spec: None, status: None };
    object::doc(&namespace, From::Target)
}

/// What others need comes first; workloads come after the stores they use, and routes last.
fn rank(kind: &str, from: &From) -> u8 {
    match kind {
        "Namespace" | "CustomResourceDefinition" => 0,
        "ServiceAccount" | "Role" | "RoleBinding" | "ClusterRole" | "ClusterRoleBinding" => 1,
        "Secret" => 2,
        "ConfigMap" => 3,
        "PersistentVolume" | "PersistentVolumeClaim" => 4,
        "Service" => 5,
        "Ingress" | "HTTPRoute" => 9,
        _ if matches!(from, From::Workload(_)) => 8,
        _ => 7,
    }
}
