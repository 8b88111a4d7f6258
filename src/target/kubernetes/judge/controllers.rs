//! What Kubernetes asks of the objects that make pods.

use std::collections::BTreeSet;

use super::here::{Findings, Here};
use super::{others, pods};
use crate::model::tree::Tree;

/// Kinds whose pods are described by `spec.template`.
pub(super) const KINDS: &[&str] =
    &["Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "ReplicationController", "Job"];

/// Judges an object that makes pods, or a pod.
pub(super) fn judge(kind: &str, top: &Here<'_>, found: &mut Findings) {
    let Some(spec) = top.get("spec") else {
        found.missing(top, "spec");
        return;
    };
    match kind {
        "Pod" => pods::spec(&spec, &BTreeSet::new(), found),
        "CronJob" => {
            let Some(job) = spec.get("jobTemplate") else { return };
            let Some(spec) = job.get("spec") else {
                found.missing(&job, "spec");
                return;
            };
            self::job(&spec, found);
            template("Job", &spec, found);
        }
        _ => {
            match kind {
                "Job" => job(&spec, found),
                "Deployment" => deployment(&spec, found),
                "StatefulSet" => stateful_set(&spec, found),
                "DaemonSet" => rolling(&spec, "updateStrategy", found),
                _ => {}
            }
            if kind != "Job" {
                selector(kind, &spec, found);
            }
            template(kind, &spec, found);
        }
    }
}

/// The pods of a controller.
fn template(kind: &str, spec: &Here<'_>, found: &mut Findings) {
    let Some(template) = spec.get("template") else {
        if kind == "ReplicationController" || kind == "ReplicaSet" {
            found.missing(spec, "template");
        }
        return;
    };
    let Some(pod) = template.get("spec") else {
        found.missing(&template, "spec");
        return;
    };
    let policy = pod.text("restartPolicy");
    if kind == "Job" && !matches!(policy, "OnFailure" | "Never") {
        found.unfit(&pod, "restartPolicy", "must be `OnFailure` or `Never` in a Job");
    } else if kind != "Job" && !matches!(policy, "" | "Always") {
        found.unfit(&pod, "restartPolicy", format!("must be `Always` in a {kind}"));
    }
    if kind != "Job" && pod.has("activeDeadlineSeconds") {
        found.unfit(&pod, "activeDeadlineSeconds", format!("does not go with a {kind}"));
    }
    let claims: Vec<Here<'_>> = spec.each("volumeClaimTemplates").filter(|_| kind == "StatefulSet").collect();
    let names: BTreeSet<&str> = claims.iter().filter_map(claimed).collect();
    pods::spec(&pod, &names, found);
}

/// The name of a claim that every pod makes.
fn claimed<'a>(claim: &'a Here<'_>) -> Option<&'a str> {
    claim.tree.get("metadata")?.get("name")?.as_str()
}

/// The selector must find the pods that the controller makes.
fn selector(kind: &str, spec: &Here<'_>, found: &mut Findings) {
    let labels = spec.get("template").and_then(|template| {
        let labels = template.tree.get("metadata").and_then(|meta| meta.get("labels"));
        labels.cloned()
    });
    let Some(selector) = spec.get("selector") else { return };
    let labels = labels.unwrap_or_default();
    if kind == "ReplicationController" {
        let fits = selector.entries_of().all(|(key, value)| labels.get(key) == Some(value));
        if !fits {
            found.value(&selector, "does not fit the labels of its own pods");
        }
        return;
    }
    pods::label_selector(&selector, found);
    let empty = selector.entries("matchLabels").next().is_none()
        && selector.each("matchExpressions").next().is_none();
    if empty {
        found.value(&selector, "selects every pod, which Kubernetes refuses here");
    } else if !selects(&selector, &labels) {
        found.value(&selector, "does not fit the labels of its own pods");
    }
}

/// True when a label selector fits some labels.
pub(super) fn selects(selector: &Here<'_>, labels: &Tree) -> bool {
    let equal = selector.entries("matchLabels").all(|(key, value)| labels.get(key) == Some(value));
    let fits = |expression: Here<'_>| {
        let value = labels.get(expression.text("key")).and_then(Tree::as_str);
        let listed = value.is_some_and(|value| expression.words("values").any(|word| word == value));
        match expression.text("operator") {
            "In" => listed,
            "NotIn" => !listed,
            "Exists" => value.is_some(),
            "DoesNotExist" => value.is_none(),
            _ => true,
        }
    };
    equal && selector.each("matchExpressions").all(fits)
}

fn deployment(spec: &Here<'_>, found: &mut Findings) {
    rolling(spec, "strategy", found);
    let (ready, deadline) = (spec.int("minReadySeconds"), spec.int("progressDeadlineSeconds"));
    if ready.unwrap_or(0) >= deadline.unwrap_or(600) {
        found.unfit(spec, "progressDeadlineSeconds", "must be more than `minReadySeconds`");
    }
}

fn is_zero(tree: Option<&Tree>) -> bool {
    matches!(tree, Some(Tree::Int(0)))
        || tree
            .and_then(Tree::as_str)
            .is_some_and(|text| text.trim_end_matches('%').trim_start_matches('0').is_empty())
}

fn rolling(spec: &Here<'_>, key: &str, found: &mut Findings) {
    let Some(strategy) = spec.get(key) else { return };
    let kind = strategy.text("type");
    let Some(rolling) = strategy.get("rollingUpdate") else { return };
    if !kind.is_empty() && kind != "RollingUpdate" {
        found.unfit(&strategy, "rollingUpdate", format!("does not go with the type `{kind}`"));
    }
    let (surge, unavailable) = (rolling.tree.get("maxSurge"), rolling.tree.get("maxUnavailable"));
    if is_zero(unavailable) && (is_zero(surge) || (key == "updateStrategy" && surge.is_none())) {
        found.unfit(&rolling, "maxUnavailable", "cannot be 0 where `maxSurge` is 0");
    }
    let over = unavailable
        .and_then(Tree::as_str)
        .and_then(|text| text.strip_suffix('%'))
        .and_then(|text| text.parse::<u32>().ok());
    if over.is_some_and(|percent| percent > 100) {
        found.unfit(&rolling, "maxUnavailable", "must not be more than 100%");
    }
}

fn stateful_set(spec: &Here<'_>, found: &mut Findings) {
    if let Some(strategy) = spec.get("updateStrategy") {
        let kind = strategy.text("type");
        if strategy.get("rollingUpdate").is_some() && !kind.is_empty() && kind != "RollingUpdate" {
            found.unfit(&strategy, "rollingUpdate", format!("does not go with the type `{kind}`"));
        }
    }
    for claim in spec.each("volumeClaimTemplates") {
        match claim.get("spec") {
            Some(spec) => others::claim_spec(&spec, found),
            None => found.missing(&claim, "spec"),
        }
    }
}

fn job(spec: &Here<'_>, found: &mut Findings) {
    if spec.text("completionMode") == "Indexed" && spec.int("completions").is_none() {
        found.unfit(spec, "completions", "must be there where `completionMode` is `Indexed`");
    }
    if spec.get("selector").is_some() && !spec.flag("manualSelector") {
        found.unfit(spec, "selector", "must be left to Kubernetes unless `manualSelector` is true");
    }
}
