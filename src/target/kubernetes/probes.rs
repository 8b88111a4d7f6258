//! Probes of containers.

use k8s_openapi::api::core::v1::{ExecAction, HTTPGetAction, HTTPHeader, Probe};
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;

use crate::diag::codes::kubernetes as codes;
use crate::diag::codes::{read, target as shared};
use crate::diag::{Diagnostic, Report};
use crate::model::spec::{Container, Exec, Header, HttpGet, Probe as Written};
use crate::target::kubernetes::before::{self, Role};
use crate::target::kubernetes::object::filled;
use crate::target::kubernetes::options::Shape;
use crate::target::kubernetes::scene::Scene;

/// How often the start of a container that others wait for is looked at, in seconds.
const LOOK: i32 = 5;
/// How often it may fail: with [`LOOK`] that is five minutes, because slow starts are what people wait for.
const PATIENCE: i32 = 60;

/// The probes of one container.
#[derive(Debug, Default)]
pub(super) struct Probes {
    pub(super) liveness: Option<Probe>,
    pub(super) readiness: Option<Probe>,
    pub(super) startup: Option<Probe>,
}

/// The probes that a container of this role may have.
pub(super) fn probes(
    scene: &Scene<'_>,
    name: &str,
    spec: &Container,
    role: Role,
    report: &mut Report,
) -> Probes {
    let mut read = |key: &str, written: &Option<Written>| {
        written.as_ref().and_then(|written| probe(scene, name, key, written, report))
    };
    let liveness = read("livenessProbe", &spec.liveness_probe);
    let readiness = read("readinessProbe", &spec.readiness_probe);
    match role {
        Role::Main | Role::Beside => Probes { liveness, readiness, startup: None },
        Role::Once => {
            drop_probes(scene, name, spec, report);
            Probes::default()
        }
        Role::Gate => {
            let startup = readiness.as_ref().or(liveness.as_ref()).map(patient);
            if startup.is_none() {
                needs_probe(scene, name, spec, report);
            }
            Probes { liveness, readiness, startup }
        }
    }
}

fn patient(probe: &Probe) -> Probe {
    Probe { period_seconds: Some(LOOK), failure_threshold: Some(PATIENCE), ..probe.clone() }
}

fn drop_probes(scene: &Scene<'_>, name: &str, spec: &Container, report: &mut Report) {
    for (key, probe) in [("livenessProbe", &spec.liveness_probe), ("readinessProbe", &spec.readiness_probe)] {
        if probe.is_some() {
            let said = format!("the {key} of `{name}` is left out, because it runs once and then ends");
            let said = Diagnostic::new(&codes::PROBE_UNUSED, said, scene.key(name, [key]));
            report.push(
                said.note("`before` with `ready: complete` makes it an init container, which has no probes"),
            );
        }
    }
}

fn needs_probe(scene: &Scene<'_>, name: &str, spec: &Container, report: &mut Report) {
    if spec.readiness_probe.is_some() || spec.liveness_probe.is_some() {
        return;
    }
    let said = format!("others wait until `{name}` is healthy, but it has no probe that could say so");
    let said = Diagnostic::new(&shared::NO_HEALTH_CHECK, said, scene.key(name, ["before"]));
    let said = said.help(format!(
        "add a `readinessProbe` to `containers.{name}`, such as `readinessProbe: {{httpGet: {{path: /, port: 8080}}}}`, or wait for `ready: started`"
    ));
    report.push(if scene.options.shape == Shape::Tidy { said } else { before::warned(said) });
}

fn probe(scene: &Scene<'_>, name: &str, key: &str, written: &Written, report: &mut Report) -> Option<Probe> {
    let Written { exec, http_get } = written;
    if let (Some(_), Some(_)) = (exec, http_get) {
        let said = format!("the `exec` of this {key} is not used, because Kubernetes takes one way to probe");
        let said = Diagnostic::new(&codes::PROBE_UNUSED, said, scene.key(name, [key, "exec"]));
        report.push(said.note("`httpGet` is used"));
    }
    match (http_get, exec) {
        (Some(get), _) => Some(Probe { http_get: Some(request(get)), ..Probe::default() }),
        (None, Some(Exec { command })) if !command.is_empty() => {
            let action = ExecAction { command: Some(command.clone()) };
            Some(Probe { exec: Some(action), ..Probe::default() })
        }
        (None, _) => {
            let said = format!("the {key} of `{name}` says neither what to ask nor what to run");
            let said = Diagnostic::new(&read::EMPTY_PROBE, said, scene.key(name, [key]));
            report.push(said.help(format!("write `{key}: {{httpGet: {{path: /, port: 8080}}}}` or `{key}: {{exec: {{command: [\"…\"]}}}}`")));
            None
        }
    }
}

fn request(get: &HttpGet) -> HTTPGetAction {
    let HttpGet { host, http_headers, path, port, scheme } = get;
    let header = |Header { name, value }: &Header| HTTPHeader { name: name.clone(), value: value.clone() };
    HTTPGetAction {
        host: host.clone(),
        http_headers: filled(http_headers.iter().map(header).collect::<Vec<_>>()),
        path: Some(path.clone()),
        port: IntOrString::Int(i32::from(*port)),
        scheme: scheme.clone(),
    }
}
