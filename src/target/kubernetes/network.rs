//! Who may reach the pods of a resource: its `network` section in, network policies and the labels of consumers out.
//!
//! **Invariant:** a policy admits by a label that follows from the resource alone, so that what one run deploys does not
//! cut off what another one did.

use std::collections::BTreeMap;

use k8s_openapi::api::networking::v1::{
    NetworkPolicy, NetworkPolicyIngressRule, NetworkPolicyPeer, NetworkPolicyPort, NetworkPolicySpec,
};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::LabelSelector;
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;

use crate::diag::Report;
use crate::diag::codes::kubernetes as codes;
use crate::model::flow::{Doc, From, Provisioned};
use crate::model::path::Path;
use crate::model::tree::Tree;
use crate::model::uid::uses_label;
use crate::target::kubernetes::object::{self, Words};
use crate::target::kubernetes::options::{NetworkPolicies, Options};
use crate::target::written;

/// The section of a provisioner that names pods and the ports on which they may be reached.
pub(super) const SECTION: &str = "network";

/// The policies of a resource.
pub(super) fn lower(resource: &Provisioned, options: &Options, report: &mut Report) -> Vec<Doc> {
    let Some(section) = guarded(resource, options) else { return Vec::new() };
    let mut docs = Vec::new();
    for (name, rule) in section.as_map().into_iter().flatten() {
        match policy(resource, name, rule, options) {
            Some(policy) => docs.push(object::doc(&policy, From::Resource(resource.uid.clone()))),
            None => complain(resource, Some(name), report),
        }
    }
    if section.as_map().is_none() {
        complain(resource, None, report);
    }
    docs
}

/// What pods carry so that the policies of the resources admit them, by workload.
pub(super) fn labels<'a>(resources: &'a [Provisioned], options: &Options) -> BTreeMap<&'a str, Words> {
    let mut labels: BTreeMap<&str, Words> = BTreeMap::new();
    for resource in resources.iter().filter(|resource| guarded(resource, options).is_some()) {
        for user in &resource.used_by {
            labels.entry(user).or_default().insert(uses_label(&resource.guid), "true".to_owned());
        }
    }
    labels
}

fn guarded<'a>(resource: &'a Provisioned, options: &Options) -> Option<&'a Tree> {
    let section = resource.sections.get(SECTION).filter(|section| !section.is_blank());
    section.filter(|_| options.network_policies == NetworkPolicies::On)
}

fn policy(resource: &Provisioned, name: &str, rule: &Tree, options: &Options) -> Option<NetworkPolicy> {
    let pods = rule.get("pods")?.as_map()?.iter();
    let pods: Words =
        pods.map(|(key, value)| Some((key.clone(), value.as_str()?.to_owned()))).collect::<Option<_>>()?;
    let ports = rule.get("ports")?.as_list()?.iter();
    let ports: Vec<NetworkPolicyPort> = ports.map(port).collect::<Option<_>>()?;
    let knows_more = rule.as_map()?.keys().any(|key| key != "pods" && key != "ports");
    if pods.is_empty() || knows_more {
        return None;
    }
    let users = Words::from([(uses_label(&resource.guid), "true".to_owned())]);
    let peer = NetworkPolicyPeer { pod_selector: Some(selector(users)), ..NetworkPolicyPeer::default() };
    // A rule without ports would admit to all of them; no rule admits nobody.
    let closed = ports.is_empty();
    let ingress = NetworkPolicyIngressRule { from: Some(vec![peer]), ports: Some(ports) };
    let mut labels = pods.clone();
    labels.insert(object::MANAGED_BY.to_owned(), object::manager(options.shape).to_owned());
    let spec = NetworkPolicySpec {
        egress: None,
        ingress: (!closed).then(|| vec![ingress]),
        pod_selector: Some(selector(pods)),
        policy_types: Some(vec!["Ingress".to_owned()]),
    };
    Some(NetworkPolicy { metadata: object::meta(name, labels), spec: Some(spec) })
}

fn port(number: &Tree) -> Option<NetworkPolicyPort> {
    let port = i32::try_from(number.as_int()?).ok().filter(|port| (1..=65535).contains(port))?;
    let protocol = Some("TCP".to_owned());
    Some(NetworkPolicyPort { end_port: None, port: Some(IntOrString::Int(port)), protocol })
}

fn selector(labels: Words) -> LabelSelector {
    LabelSelector { match_expressions: None, match_labels: Some(labels) }
}

fn complain(resource: &Provisioned, name: Option<&String>, report: &mut Report) {
    let what = name.map_or_else(|| "it".to_owned(), |name| format!("`{name}` in it"));
    let path = Path::of([SECTION].into_iter().chain(name.map(String::as_str)));
    let said = format!(
        "the section `network` of `{}` is not what it must be: {what} says no pods and ports",
        resource.uid
    );
    let said = written::complaint(&codes::BAD_MANIFEST, said, resource, &path, &report.sources);
    report.push(said.help("write `NAME: {pods: {LABEL: VALUE}, ports: [NUMBER]}`"));
}
