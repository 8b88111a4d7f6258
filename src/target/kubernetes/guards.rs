//! What stands beside a restricted workload: a policy that admits only its ports, and a disruption budget.

use k8s_openapi::api::networking::v1::{
    NetworkPolicy, NetworkPolicyIngressRule, NetworkPolicyPort, NetworkPolicySpec,
};
use k8s_openapi::api::policy::v1::{PodDisruptionBudget, PodDisruptionBudgetSpec};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::LabelSelector;
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;

use crate::model::flow::Doc;
use crate::target::kubernetes::object::{self, Words};
use crate::target::kubernetes::options::NetworkPolicies;
use crate::target::kubernetes::scene::Scene;

/// The guards of one workload, by its labels.
pub(super) fn guards(scene: &Scene<'_>, labels: &Words) -> Vec<Doc> {
    let policy = match scene.options.network_policies {
        NetworkPolicies::On => Some(policy(scene, labels)),
        NetworkPolicies::Off => None,
    };
    policy.into_iter().chain([budget(scene, labels)]).collect()
}

/// Admits clients to the ports of the service and to nothing else. What the workload itself calls stays open: which
/// addresses it needs is not in the Score file.
fn policy(scene: &Scene<'_>, labels: &Words) -> Doc {
    let ports = scene.workload.spec.ports();
    let admitted = ports.values().map(|port| NetworkPolicyPort {
        port: Some(IntOrString::Int(i32::from(port.target()))),
        protocol: Some(port.protocol.clone().unwrap_or_else(|| "TCP".to_owned())),
        ..NetworkPolicyPort::default()
    });
    let admitted: Vec<_> = admitted.collect();
    let rule = NetworkPolicyIngressRule { from: None, ports: Some(admitted) };
    let spec = NetworkPolicySpec {
        ingress: (!ports.is_empty()).then(|| vec![rule]),
        pod_selector: Some(chosen(scene, labels)),
        policy_types: Some(vec!["Ingress".to_owned()]),
        ..NetworkPolicySpec::default()
    };
    let metadata = object::meta(scene.name, labels.clone());
    object::doc(&NetworkPolicy { metadata, spec: Some(spec) }, scene.from())
}

/// Lets a node be emptied one pod at a time. It never blocks, even where one copy runs.
fn budget(scene: &Scene<'_>, labels: &Words) -> Doc {
    let spec = PodDisruptionBudgetSpec {
        max_unavailable: Some(IntOrString::Int(1)),
        selector: Some(chosen(scene, labels)),
        unhealthy_pod_eviction_policy: Some("AlwaysAllow".to_owned()),
        ..PodDisruptionBudgetSpec::default()
    };
    let metadata = object::meta(scene.name, labels.clone());
    object::doc(&PodDisruptionBudget { metadata, spec: Some(spec), status: None }, scene.from())
}

fn chosen(scene: &Scene<'_>, labels: &Words) -> LabelSelector {
    let chosen = object::selector(labels, scene.options.shape);
    LabelSelector { match_expressions: None, match_labels: Some(chosen) }
}
