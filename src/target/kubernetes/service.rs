//! Services of a workload, and the ports that its containers show.

use std::collections::BTreeSet;

use k8s_openapi::api::core::v1::{
    Container, ContainerPort, LoadBalancerStatus, Service, ServicePort, ServiceSpec, ServiceStatus,
};
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;

use crate::diag::codes::kubernetes as codes;
use crate::diag::{At, Diagnostic, Report, Severity};
use crate::model::flow::Doc;
use crate::model::path::Path;
use crate::model::spec::{Port, Probe};
use crate::target::annotations::Wishes;
use crate::target::kubernetes::names;
use crate::target::kubernetes::object::{self, Words, filled};
use crate::target::kubernetes::options::Shape;
use crate::target::kubernetes::scene::Scene;

/// The Service by which clients reach a workload; nothing when it has no ports.
pub(super) fn clients(
    scene: &Scene<'_>,
    wishes: &Wishes,
    labels: &Words,
    report: &mut Report,
) -> Option<Doc> {
    let ports = ports(scene, report);
    if ports.is_empty() {
        return None;
    }
    let name = wishes.text("service-name").map_or(scene.name, |(_, name)| name);
    check_name(scene, wishes, name, report);
    Some(service(scene, name, labels, None, ports))
}

/// The name of the headless Service that gives the pods of a StatefulSet their names.
pub(super) fn headless_name(scene: &Scene<'_>) -> String {
    match scene.options.shape {
        Shape::Tidy => names::fit(&format!("{}-headless", scene.name), names::LABEL),
        Shape::Verbose => format!("{}-headless-svc", scene.name),
    }
}

/// The headless Service of a StatefulSet.
pub(super) fn headless(scene: &Scene<'_>, labels: &Words, report: &mut Report) -> Doc {
    let ports = match scene.options.shape {
        Shape::Tidy => ports(scene, report),
        // compat(score-k8s): one port that nobody listens on.
        Shape::Verbose => vec![ServicePort {
            name: Some("default".to_owned()),
            port: 99,
            target_port: Some(IntOrString::Int(99)),
            ..ServicePort::default()
        }],
    };
    service(scene, &headless_name(scene), labels, Some("None".to_owned()), ports)
}

fn service(
    scene: &Scene<'_>,
    name: &str,
    labels: &Words,
    cluster_ip: Option<String>,
    ports: Vec<ServicePort>,
) -> Doc {
    let shape = scene.options.shape;
    let mut metadata = object::meta(name, labels.clone());
    metadata.annotations = filled(marks(scene));
    let spec = ServiceSpec {
        cluster_ip,
        ports: filled(ports),
        selector: Some(object::selector(labels, shape)),
        ..ServiceSpec::default()
    };
    let empty = ServiceStatus { conditions: None, load_balancer: Some(LoadBalancerStatus::default()) };
    let status = (shape == Shape::Verbose).then_some(empty);
    object::doc(&Service { metadata, spec: Some(spec), status }, scene.from())
}

/// compat(score-k8s): the annotation on everything that belongs to a workload.
pub(super) fn marks(scene: &Scene<'_>) -> Words {
    match scene.options.shape {
        Shape::Tidy => Words::new(),
        Shape::Verbose => Words::from([("k8s.score.dev/workload-name".to_owned(), scene.name.to_owned())]),
    }
}

fn ports(scene: &Scene<'_>, report: &mut Report) -> Vec<ServicePort> {
    let mut seen = BTreeSet::new();
    let mut made = Vec::new();
    for (name, written) in scene.workload.spec.ports() {
        let Port { port, protocol, target_port: _ } = &written;
        let protocol = protocol.clone().unwrap_or_else(|| "TCP".to_owned());
        if !seen.insert((*port, protocol.clone())) {
            let said =
                format!("the port {port} ({protocol}) is in the service twice, which Kubernetes refuses");
            let at = At::key(scene.workload.doc, Path::of(["service", "ports", name.as_str()]));
            report.push(Diagnostic::new(&codes::PORT_TWICE, said, at));
        }
        made.push(ServicePort {
            name: Some(name),
            port: i32::from(*port),
            protocol: Some(protocol),
            target_port: Some(IntOrString::Int(i32::from(written.target()))),
            ..ServicePort::default()
        });
    }
    made
}

fn check_name(scene: &Scene<'_>, wishes: &Wishes, name: &str, report: &mut Report) {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    let good = name.len() <= names::LABEL
        && name.starts_with(|c: char| c.is_ascii_lowercase())
        && !name.ends_with('-')
        && name.chars().all(plain);
    if good {
        return;
    }
    let at = wishes.text("service-name").map_or_else(|| scene.name_at(), |(key, _)| scene.annotation(key));
    // compat(score-k8s): such a name is written all the same.
    let severity = if scene.options.shape == Shape::Tidy { Severity::Error } else { Severity::Warning };
    let said = format!("`{name}` cannot be the name of a Service");
    let said = Diagnostic::new(&codes::SERVICE_NAME, said, at).severity(severity);
    report.push(
        said.note("it must begin with a lower-case letter, and hold only lower-case letters, digits and `-`")
            .help(format!(
                "give the Service another name: `k8s.score.dev/service-name: {}`",
                names::label(&format!("svc-{name}"))
            )),
    );
}

/// Lists the ports of the service on the container that listens on them: the one whose probe asks there, else the
/// one named like the workload, else the first.
pub(super) fn show_ports(scene: &Scene<'_>, containers: &mut [&mut Container]) {
    let mut shown = BTreeSet::new();
    for (name, port) in scene.workload.spec.ports() {
        let protocol = port.protocol.clone().unwrap_or_else(|| "TCP".to_owned());
        let target = port.target();
        if !shown.insert((target, protocol.clone())) {
            continue;
        }
        let listener = listener(scene, containers, target);
        let Some(container) = containers.get_mut(listener) else { return };
        let letters = name.chars().any(|c| c.is_ascii_lowercase());
        let short = name.len() <= names::PORT && letters && !name.contains("--");
        container.ports.get_or_insert_default().push(ContainerPort {
            container_port: i32::from(target),
            name: short.then_some(name),
            protocol: Some(protocol),
            ..ContainerPort::default()
        });
    }
}

fn listener(scene: &Scene<'_>, containers: &[&mut Container], target: u16) -> usize {
    let asks = |probe: &Option<Probe>| {
        probe.as_ref().and_then(|probe| probe.http_get.as_ref()).is_some_and(|get| get.port == target)
    };
    let probed = |name: &str| {
        let spec = scene.workload.spec.containers.get(name);
        spec.is_some_and(|spec| asks(&spec.readiness_probe) || asks(&spec.liveness_probe))
    };
    let by_probe = containers.iter().position(|container| probed(&container.name));
    let by_name = || containers.iter().position(|container| container.name == scene.name);
    by_probe.or_else(by_name).unwrap_or(0)
}
