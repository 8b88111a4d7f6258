//! What Kubernetes asks of a pod beyond its fields.

use std::collections::BTreeSet;

use super::here::{Findings, Here};
use super::{containers, others};

/// The names of a pod's volumes.
pub(super) type Volumes<'a> = BTreeSet<&'a str>;

/// Judges a pod's specification; `claims` are volumes that every pod of a set claims.
pub(super) fn spec(pod: &Here<'_>, claims: &BTreeSet<&str>, found: &mut Findings) {
    let listed: Vec<Here<'_>> = pod.each("volumes").collect();
    let mut volumes: Volumes<'_> = claims.clone();
    volumes.extend(listed.iter().map(|volume| volume.text("name")).filter(|name| !name.is_empty()));
    for volume in &listed {
        sources(volume, found);
    }
    containers_of(pod, &volumes, found);
    network(pod, found);
    placing(pod, found);
    security(pod, found);
}

fn containers_of(pod: &Here<'_>, volumes: &Volumes<'_>, found: &mut Findings) {
    let mut names = BTreeSet::new();
    let mut host_ports = BTreeSet::new();
    for (key, role) in [
        ("initContainers", containers::Role::Init),
        ("containers", containers::Role::Main),
        ("ephemeralContainers", containers::Role::Ephemeral),
    ] {
        for container in pod.each(key) {
            let name = container.text("name");
            if !name.is_empty() && !names.insert(name) {
                found.value(&container, format!("has the name `{name}` of another container"));
            }
            containers::judge(&container, role, pod, volumes, &mut host_ports, found);
        }
    }
}

/// A volume that is made for one pod is claimed as any other.
fn sources(volume: &Here<'_>, found: &mut Findings) {
    let Some(ephemeral) = volume.get("ephemeral") else { return };
    let Some(claim) = ephemeral.get("volumeClaimTemplate") else {
        found.missing(&ephemeral, "volumeClaimTemplate");
        return;
    };
    if let Some(spec) = claim.get("spec") {
        others::claim_spec(&spec, found);
    }
}

fn network(pod: &Here<'_>, found: &mut Findings) {
    if pod.text("dnsPolicy") == "None"
        && pod.get("dnsConfig").is_none_or(|config| config.each("nameservers").next().is_none())
    {
        found.unfit(pod, "dnsPolicy", "is `None`, which needs `dnsConfig.nameservers`");
    }
    if pod.flag("hostNetwork") {
        for container in pod.each("containers") {
            for port in container.each("ports") {
                let (inside, outside) = (port.int("containerPort"), port.int("hostPort"));
                if outside.is_some_and(|outside| outside != 0 && Some(outside) != inside) {
                    found.unfit(&port, "hostPort", "must be the `containerPort`, because of `hostNetwork`");
                }
            }
        }
    }
    if pod.flag("shareProcessNamespace") && pod.flag("hostPID") {
        found.unfit(pod, "shareProcessNamespace", "does not go with `hostPID`");
    }
}

fn placing(pod: &Here<'_>, found: &mut Findings) {
    for toleration in pod.each("tolerations") {
        let (key, operator) = (toleration.text("key"), toleration.text("operator"));
        if key.is_empty() && operator != "Exists" {
            found.unfit(&toleration, "operator", "must be `Exists` where there is no `key`");
        }
        if operator == "Exists" && toleration.has("value") {
            found.unfit(&toleration, "value", "does not go with the operator `Exists`");
        }
        if toleration.has("tolerationSeconds") && toleration.text("effect") != "NoExecute" {
            found.unfit(&toleration, "effect", "must be `NoExecute` where there are `tolerationSeconds`");
        }
    }
    for constraint in pod.each("topologySpreadConstraints") {
        if let Some(selector) = constraint.get("labelSelector") {
            label_selector(&selector, found);
        }
    }
    let Some(affinity) = pod.get("affinity") else { return };
    if let Some(node) = affinity.get("nodeAffinity") {
        if let Some(required) = node.get("requiredDuringSchedulingIgnoredDuringExecution") {
            required.each("nodeSelectorTerms").for_each(|term| node_term(&term, found));
        }
        for preferred in node.each("preferredDuringSchedulingIgnoredDuringExecution") {
            if let Some(term) = preferred.get("preference") {
                node_term(&term, found);
            }
        }
    }
    for key in ["podAffinity", "podAntiAffinity"] {
        let Some(side) = affinity.get(key) else { continue };
        for term in side.each("requiredDuringSchedulingIgnoredDuringExecution") {
            pod_term(&term, found);
        }
        for preferred in side.each("preferredDuringSchedulingIgnoredDuringExecution") {
            if let Some(term) = preferred.get("podAffinityTerm") {
                pod_term(&term, found);
            }
        }
    }
}

fn pod_term(term: &Here<'_>, found: &mut Findings) {
    for key in ["labelSelector", "namespaceSelector"] {
        if let Some(selector) = term.get(key) {
            label_selector(&selector, found);
        }
    }
}

fn node_term(term: &Here<'_>, found: &mut Findings) {
    for key in ["matchExpressions", "matchFields"] {
        for expression in term.each(key) {
            let count = expression.each("values").count();
            match expression.text("operator") {
                "In" | "NotIn" if count == 0 => found.missing(&expression, "values"),
                "Exists" | "DoesNotExist" if count > 0 => {
                    found.unfit(&expression, "values", "does not go with this operator");
                }
                "Gt" | "Lt" if count != 1 => {
                    found.unfit(&expression, "values", "must hold one number for this operator");
                }
                _ => {}
            }
        }
    }
}

/// Judges the expressions of a label selector.
pub(super) fn label_selector(selector: &Here<'_>, found: &mut Findings) {
    for expression in selector.each("matchExpressions") {
        let count = expression.each("values").count();
        match expression.text("operator") {
            "In" | "NotIn" if count == 0 => found.missing(&expression, "values"),
            "Exists" | "DoesNotExist" if count > 0 => {
                found.unfit(&expression, "values", "does not go with this operator");
            }
            _ => {}
        }
    }
}

fn security(pod: &Here<'_>, found: &mut Findings) {
    let Some(context) = pod.get("securityContext") else { return };
    let mut seen = BTreeSet::new();
    for setting in context.each("sysctls") {
        let name = setting.text("name");
        if !name.is_empty() && !seen.insert(name) {
            found.value(&setting, format!("sets `{name}` a second time"));
        }
    }
}
