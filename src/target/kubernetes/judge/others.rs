//! What Kubernetes asks of configuration, storage, rights and budgets.

use std::collections::BTreeSet;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::here::{Findings, Here, whole};
use super::{containers, controllers, pods, words};
use crate::model::tree::Tree;

/// The most that a ConfigMap or Secret may hold.
const STORE: usize = 1024 * 1024;

/// Judges the objects that need no file of their own.
pub(super) fn judge(kind: &str, top: &Here<'_>, found: &mut Findings) {
    match kind {
        "ConfigMap" => config_map(top, found),
        "Secret" => secret(top, found),
        "PersistentVolumeClaim" => claim(top, found),
        "HorizontalPodAutoscaler" => autoscaler(top, found),
        "Role" | "ClusterRole" => role(kind, top, found),
        "RoleBinding" | "ClusterRoleBinding" => binding(kind, top, found),
        "PodDisruptionBudget" => budget(top, found),
        "LimitRange" => limit_range(top, found),
        "ResourceQuota" => quota(top, found),
        "PersistentVolume" => volume(top, found),
        "Namespace" => namespace(top, found),
        "PriorityClass" if name(top).starts_with("system-") => {
            found.value(top, "has a name that begins with `system-`, which is kept for Kubernetes");
        }
        _ => {}
    }
}

fn name<'a>(top: &Here<'a>) -> &'a str {
    top.tree.get("metadata").and_then(|meta| meta.get("name")).and_then(Tree::as_str).unwrap_or_default()
}

fn size(top: &Here<'_>, key: &str, packed: bool) -> usize {
    let length = |text: &str| if packed { text.len() / 4 * 3 } else { text.len() };
    top.entries(key).map(|(_, value)| value.as_str().map_or(0, length)).sum()
}

fn config_map(top: &Here<'_>, found: &mut Findings) {
    for (key, _) in top.entries("binaryData") {
        if top.tree.get("data").is_some_and(|data| data.get(key).is_some()) {
            found.unfit(top, "binaryData", format!("has the key `{key}`, which `data` has too"));
        }
    }
    if size(top, "data", false) + size(top, "binaryData", true) > STORE {
        found.value(top, "holds more than 1 MiB");
    }
}

fn secret(top: &Here<'_>, found: &mut Findings) {
    if size(top, "data", true) + size(top, "stringData", false) > STORE {
        found.value(top, "holds more than 1 MiB");
    }
    let held = |key: &str| {
        let data = top.tree.get("data").and_then(|data| data.get(key)).and_then(Tree::as_str);
        let unpacked = data.and_then(|text| STANDARD.decode(text).ok());
        let plain = top.tree.get("stringData").and_then(|data| data.get(key)).and_then(Tree::as_str);
        plain.map(|text| text.as_bytes().to_vec()).or(unpacked)
    };
    let needs: &[&str] = match top.text("type") {
        "kubernetes.io/tls" => &["tls.crt", "tls.key"],
        "kubernetes.io/ssh-auth" => &["ssh-privatekey"],
        "kubernetes.io/dockerconfigjson" => &[".dockerconfigjson"],
        "kubernetes.io/dockercfg" => &[".dockercfg"],
        _ => &[],
    };
    for key in needs {
        match held(key) {
            None => found.unfit(top, "data", format!("lacks `{key}`, which its type asks for")),
            Some(bytes) if key.starts_with(".docker") => {
                if serde_json::from_slice::<serde_json::Value>(&bytes).is_err() {
                    found.unfit(top, "data", format!("holds no JSON under `{key}`"));
                }
            }
            Some(_) => {}
        }
    }
    if top.text("type") == "kubernetes.io/basic-auth"
        && held("username").is_none()
        && held("password").is_none()
    {
        found.unfit(top, "data", "has neither `username` nor `password`, which its type asks for");
    }
    if top.text("type") == "kubernetes.io/service-account-token" {
        let account = top.get("metadata").is_some_and(|meta| {
            meta.entries("annotations").any(|(key, _)| key == "kubernetes.io/service-account.name")
        });
        if !account {
            found.unfit(top, "metadata", "lacks the annotation that names the service account");
        }
    }
}

fn claim(top: &Here<'_>, found: &mut Findings) {
    let Some(spec) = top.get("spec") else {
        found.missing(top, "spec");
        return;
    };
    claim_spec(&spec, found);
}

/// Judges what a claim asks for.
pub(super) fn claim_spec(spec: &Here<'_>, found: &mut Findings) {
    if let Some(selector) = spec.get("selector") {
        pods::label_selector(&selector, found);
    }
    let modes: BTreeSet<&str> = spec.words("accessModes").collect();
    if modes.len() > 1 && modes.contains("ReadWriteOncePod") {
        found.unfit(spec, "accessModes", "hold `ReadWriteOncePod` with another one");
    }
    let Some(resources) = spec.get("resources") else { return };
    let storage = resources.tree.get("requests").and_then(|requests| requests.get("storage"));
    match storage {
        None | Some(Tree::Null) => {
            found.unfit(&resources, "requests", "do not say how much `storage` is needed");
        }
        Some(tree) if whole(tree).is_some_and(|number| number <= 0) || tree.as_str() == Some("0") => {
            found.unfit(&resources, "requests", "ask for no `storage`");
        }
        Some(_) => {}
    }
}

fn autoscaler(top: &Here<'_>, found: &mut Findings) {
    let Some(spec) = top.get("spec") else {
        found.missing(top, "spec");
        return;
    };
    if let Some(target) = spec.get("scaleTargetRef") {
        let version = target.text("apiVersion");
        if !version.contains('/') && target.text("kind") != "ReplicationController" {
            found.unfit(&target, "apiVersion", format!("is `{version}`, which names no group"));
        }
    }
    let (least, most) = (spec.int("minReplicas"), spec.int("maxReplicas"));
    if least.is_some_and(|least| most.is_some_and(|most| most < least)) {
        found.unfit(&spec, "maxReplicas", "is below `minReplicas`");
    }
    let kinds: BTreeSet<&str> = BTreeSet::from(["External", "Object"]);
    let scales_to_zero = spec.each("metrics").any(|metric| kinds.contains(metric.text("type")));
    if least == Some(0) && !scales_to_zero {
        found.unfit(
            &spec,
            "minReplicas",
            "must be 1 or more without a metric of type `Object` or `External`",
        );
    }
    for metric in spec.each("metrics") {
        for key in ["resource", "containerResource", "pods", "object", "external"] {
            let Some(source) = metric.get(key) else { continue };
            let Some(target) = source.get("target") else { continue };
            target_of(&target, key, found);
        }
    }
    let Some(behaviour) = spec.get("behavior") else { return };
    for key in ["scaleUp", "scaleDown"] {
        let Some(rules) = behaviour.get(key) else { continue };
        if rules.tree.get("policies").is_some_and(|list| *list == Tree::List(Vec::new())) {
            found.unfit(&rules, "policies", "is empty");
        }
    }
}

fn target_of(target: &Here<'_>, key: &str, found: &mut Findings) {
    let fields = ["averageUtilization", "averageValue", "value"];
    let there: Vec<&str> = fields.into_iter().filter(|field| target.has(field)).collect();
    if there.is_empty() {
        found.value(target, "says no amount");
    }
    let average_only = matches!(key, "resource" | "containerResource" | "pods");
    if average_only && target.has("value") {
        found.unfit(target, "value", "does not go with this metric");
    }
    if !matches!(key, "resource" | "containerResource") && target.has("averageUtilization") {
        found.unfit(target, "averageUtilization", "does not go with this metric");
    }
    if there.len() > 1 && matches!(key, "resource" | "containerResource" | "external") {
        found.value(target, "says more than one amount");
    }
}

fn role(kind: &str, top: &Here<'_>, found: &mut Findings) {
    for rule in top.each("rules") {
        let has = |key: &str| rule.each(key).next().is_some();
        if has("nonResourceURLs") {
            if kind == "Role" {
                found.unfit(&rule, "nonResourceURLs", "goes only into a ClusterRole");
            } else if has("apiGroups") || has("resources") || has("resourceNames") {
                found.unfit(&rule, "nonResourceURLs", "does not go with resources");
            }
            continue;
        }
        for key in ["apiGroups", "resources"].into_iter().filter(|key| !has(key)) {
            found.missing(&rule, key);
        }
    }
}

fn binding(kind: &str, top: &Here<'_>, found: &mut Findings) {
    if let Some(role) = top.get("roleRef")
        && kind == "ClusterRoleBinding"
        && role.text("kind") == "Role"
    {
        found.unfit(&role, "kind", "must be `ClusterRole` here");
    }
    for subject in top.each("subjects") {
        let group = subject.text("apiGroup");
        match subject.text("kind") {
            "ServiceAccount" => {
                if let Some(said) = words::fault("subdomain", &Tree::from(subject.text("name"))) {
                    found.unfit(&subject, "name", format!("is `{}`, which {said}", subject.text("name")));
                }
                if kind == "ClusterRoleBinding" && !subject.has("namespace") {
                    found.missing(&subject, "namespace");
                }
                if !group.is_empty() {
                    found.unfit(&subject, "apiGroup", "must be empty for a ServiceAccount");
                }
            }
            "User" | "Group" => {
                if !matches!(group, "" | "rbac.authorization.k8s.io") {
                    found.unfit(&subject, "apiGroup", "must be `rbac.authorization.k8s.io`");
                }
            }
            other => {
                let said = format!("is `{other}`, not one of `ServiceAccount`, `User`, `Group`");
                found.unfit(&subject, "kind", said);
            }
        }
        if !subject.has("name") {
            found.missing(&subject, "name");
        }
    }
}

fn budget(top: &Here<'_>, found: &mut Findings) {
    let Some(spec) = top.get("spec") else { return };
    if let Some(selector) = spec.get("selector") {
        pods::label_selector(&selector, found);
    }
    for key in ["minAvailable", "maxUnavailable"] {
        let percent = spec.text(key).strip_suffix('%').and_then(|text| text.parse::<u32>().ok());
        if percent.is_some_and(|percent| percent > 100) {
            found.unfit(&spec, key, "must not be more than 100%");
        }
    }
}

/// Amounts of a limit that may not be more than others.
const ORDERED: [(&str, &str); 6] = [
    ("min", "max"),
    ("min", "default"),
    ("min", "defaultRequest"),
    ("default", "max"),
    ("defaultRequest", "max"),
    ("defaultRequest", "default"),
];

fn limit_range(top: &Here<'_>, found: &mut Findings) {
    let Some(spec) = top.get("spec") else { return };
    let mut seen = BTreeSet::new();
    for limit in spec.each("limits") {
        let kind = limit.text("type");
        if !kind.is_empty() && !seen.insert(kind.to_owned()) {
            found.value(&limit, format!("is a second item of type `{kind}`"));
        }
        if !matches!(kind, "Container" | "Pod" | "PersistentVolumeClaim") && !kind.contains('/') {
            found.unfit(&limit, "type", format!("is `{kind}`, which nothing is called that has limits"));
        }
        if kind == "Pod" {
            for key in ["default", "defaultRequest"].into_iter().filter(|key| limit.has(key)) {
                found.unfit(&limit, key, "does not go with the type `Pod`");
            }
        }
        for key in ["default", "defaultRequest", "max", "min", "maxLimitRequestRatio"] {
            if let Some(amounts) = limit.get(key) {
                resources(&amounts, &["cpu", "memory", "ephemeral-storage", "storage"], found);
            }
        }
        for (less, more) in ORDERED {
            let (Some(low), Some(high)) = (limit.get(less), limit.get(more)) else { continue };
            for (name, _) in low.entries_of() {
                let both = containers::nanos(&low, name).zip(containers::nanos(&high, name));
                if both.is_some_and(|(low, high)| low > high) {
                    found.unfit(&low, name, format!("is more than `{more}`"));
                }
            }
        }
    }
}

/// Names of resources: these, pages of memory, and those of somebody's domain.
fn resources(amounts: &Here<'_>, known: &[&str], found: &mut Findings) {
    for (name, _) in amounts.entries_of() {
        let pages = name.trim_start_matches("requests.").starts_with("hugepages-");
        if !known.contains(&name) && !pages && !name.contains('/') {
            found.unknown(amounts, name, known.iter().copied());
        }
    }
}

/// What a quota counts.
const COUNTED: &[&str] = &[
    "configmaps",
    "cpu",
    "ephemeral-storage",
    "limits.cpu",
    "limits.ephemeral-storage",
    "limits.memory",
    "memory",
    "persistentvolumeclaims",
    "pods",
    "replicationcontrollers",
    "requests.cpu",
    "requests.ephemeral-storage",
    "requests.memory",
    "requests.storage",
    "resourcequotas",
    "secrets",
    "services",
    "services.loadbalancers",
    "services.nodeports",
];

fn quota(top: &Here<'_>, found: &mut Findings) {
    let Some(spec) = top.get("spec") else { return };
    if let Some(hard) = spec.get("hard") {
        resources(&hard, COUNTED, found);
    }
}

fn volume(top: &Here<'_>, found: &mut Findings) {
    let Some(spec) = top.get("spec") else { return };
    let Some(capacity) = spec.get("capacity") else { return };
    if capacity.get("storage").is_none() || capacity.entries_of().count() != 1 {
        found.value(&capacity, "must say `storage` and nothing else");
    }
}

fn namespace(top: &Here<'_>, found: &mut Findings) {
    let Some(meta) = top.get("metadata") else { return };
    let Some(labels) = meta.get("labels") else { return };
    for side in ["enforce", "audit", "warn"] {
        let key = format!("pod-security.kubernetes.io/{side}");
        let level = labels.tree.get(&key).map(|level| level.as_str().unwrap_or_default());
        if level.is_some_and(|level| !matches!(level, "privileged" | "baseline" | "restricted")) {
            found.unfit(&labels, &key, "is not one of `privileged`, `baseline`, `restricted`");
        }
    }
}

/// The labels of the pods that an object makes; nothing for an object that makes none.
pub(super) fn pod_labels<'a>(kind: &str, tree: &'a Tree) -> Option<&'a Tree> {
    let labels = |tree: &'a Tree| tree.get("metadata").and_then(|meta| meta.get("labels"));
    match kind {
        "Pod" => Some(labels(tree).unwrap_or(&Tree::Null)),
        "CronJob" => {
            let job = tree.get("spec")?.get("jobTemplate")?.get("spec")?;
            Some(labels(job.get("template")?).unwrap_or(&Tree::Null))
        }
        kind if controllers::KINDS.contains(&kind) => {
            Some(labels(tree.get("spec")?.get("template")?).unwrap_or(&Tree::Null))
        }
        _ => None,
    }
}
