//! What an object is called, and the kinds that there are.

use super::here::{Findings, Here};
use super::words;
use crate::diag::nearest;

/// The rule for the name of a kind, and its greatest length.
fn rule(kind: &str) -> (&'static str, usize) {
    match kind {
        "Namespace" | "Service" | "StatefulSet" => ("label", 63),
        "CronJob" => ("subdomain", 52),
        "Role" | "ClusterRole" | "RoleBinding" | "ClusterRoleBinding" | "PodDisruptionBudget" => {
            ("segment", usize::MAX)
        }
        _ => ("subdomain", 253),
    }
}

/// Judges the name of an object.
pub(super) fn name(kind: &str, top: &Here<'_>, found: &mut Findings) {
    let Some(meta) = top.get("metadata") else {
        found.missing(top, "metadata");
        return;
    };
    let Some(name) = meta.get("name").filter(|_| meta.has("name")) else {
        if !meta.has("generateName") {
            found.missing(&meta, "name");
        }
        return;
    };
    let Some(text) = name.tree.as_str() else { return };
    let (rule, limit) = rule(kind);
    if let Some(said) = words::fault(rule, name.tree) {
        found.value(&name, format!("is `{text}`, which {said}"));
    } else if text.len() > limit {
        found.value(&name, format!("has {} characters; a {kind} may have {limit}", text.len()));
    }
    let annotations: usize =
        meta.entries("annotations").map(|(key, value)| key.len() + value.as_str().map_or(0, str::len)).sum();
    if annotations > 256 * 1024 {
        found.unfit(&meta, "annotations", "hold more than 256 KiB");
    }
}

/// A kind of Kubernetes that does not exist.
pub(super) fn unknown(top: &Here<'_>, versions: &[&str], kinds: &[&str], found: &mut Findings) {
    let (version, kind) = (top.text("apiVersion"), top.text("kind"));
    if versions.is_empty() {
        let near = nearest(kind, kinds.iter().copied()).map(str::to_owned);
        found.kind(top, "kind", format!("is `{kind}`, which `{version}` does not have"), near);
        return;
    }
    let list: Vec<String> = versions.iter().map(|version| format!("`{version}`")).collect();
    let said =
        format!("is `{version}`, which has no {kind} in Kubernetes 1.36; it is in {}", list.join(", "));
    found.kind(top, "apiVersion", said, None);
}
