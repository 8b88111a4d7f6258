//! A workload whose route names a port, while it has no service at all: the one clear meaning is that port.

use crate::diag::codes::resolve as codes;
use crate::diag::{At, Diagnostic, Report};
use crate::model::flow::Workload;
use crate::model::path::Path;
use crate::model::spec::{Port, Service};
use crate::model::tree::Tree;
use crate::resolve::Rules;

/// Adds the ports that routes take for granted to the specs of workloads without any service.
pub fn assume(mut workloads: Vec<Workload>, rules: &Rules, report: &mut Report) -> Vec<Workload> {
    if rules.assume_ports {
        for workload in &mut workloads {
            assume_one(workload, report);
        }
    }
    workloads
}

fn assume_one(workload: &mut Workload, report: &mut Report) {
    if workload.spec.service.as_ref().is_some_and(|service| !service.ports.is_empty()) {
        return;
    }
    let mut service = Service::default();
    for (name, resource) in workload.spec.resources.iter().filter(|(_, resource)| resource.kind == "route") {
        let port = resource.params.as_ref().and_then(|params| params.get("port"));
        let Some(number) = port.and_then(port_number) else { continue };
        let assumed = format!("route-{number}");
        let at = At::value(workload.doc, Path::of(["resources", name, "params", "port"]));
        let message = format!("the workload has no service, so its port {number} is assumed");
        let help = format!("declare it: `service: {{ports: {{{assumed}: {{port: {number}}}}}}}`");
        report.push(Diagnostic::new(&codes::ASSUMED_PORT, message, at).help(help));
        service.ports.insert(assumed, Port { port: number, protocol: None, target_port: None });
    }
    if !service.ports.is_empty() {
        workload.spec.service = Some(service);
    }
}

fn port_number(port: &Tree) -> Option<u16> {
    let number = match port {
        Tree::Int(number) => u16::try_from(*number).ok(),
        Tree::Str(text) => text.parse().ok(),
        _ => None,
    };
    number.filter(|number| *number > 0)
}
