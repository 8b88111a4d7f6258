//! What Kubernetes asks of a container beyond its fields.

use std::collections::BTreeSet;

use super::here::{Findings, Here};
use super::pods::Volumes;
use crate::model::tree::Tree;
use crate::target::kubernetes::quantity;

/// Which list of the pod a container stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// It runs as long as the pod.
    Main,
    /// It runs before the others.
    Init,
    /// It is added to a pod that runs.
    Ephemeral,
}

const PROBES: [&str; 3] = ["livenessProbe", "readinessProbe", "startupProbe"];

/// Ports of the machine that are taken: protocol, address and port.
type Taken = BTreeSet<(String, String, i64)>;

/// Judges a container.
pub(super) fn judge(
    container: &Here<'_>,
    role: Role,
    pod: &Here<'_>,
    volumes: &Volumes<'_>,
    taken: &mut Taken,
    found: &mut Findings,
) {
    if role != Role::Ephemeral && !container.has("image") {
        found.missing(container, "image");
    }
    ports(container, taken, found);
    mounts(container, volumes, found);
    variables(container, found);
    amounts(container, found);
    security(container, pod, found);
    let sidecar = container.text("restartPolicy") == "Always";
    for key in PROBES {
        let Some(probe) = container.get(key) else { continue };
        if role == Role::Ephemeral || (role == Role::Init && !sidecar) {
            found.unfit(container, key, "does not go with a container that ends before the others begin");
        }
        let once = probe.int("successThreshold").is_some_and(|times| times > 1);
        if once && key != "readinessProbe" {
            found.unfit(&probe, "successThreshold", "must be 1");
        }
        if key == "readinessProbe" && probe.has("terminationGracePeriodSeconds") {
            found.unfit(&probe, "terminationGracePeriodSeconds", "does not go with a readiness probe");
        }
    }
    if role == Role::Init && !sidecar && container.get("lifecycle").is_some() {
        found.unfit(container, "lifecycle", "does not go with a container that ends before the others begin");
    }
}

fn ports(container: &Here<'_>, taken: &mut Taken, found: &mut Findings) {
    let mut names = BTreeSet::new();
    for port in container.each("ports") {
        let name = port.text("name");
        if !name.is_empty() && !names.insert(name) {
            found.value(&port, format!("has the name `{name}` of another port"));
        }
        let Some(host) = port.int("hostPort").filter(|host| *host > 0) else { continue };
        let protocol = if port.has("protocol") { port.text("protocol") } else { "TCP" };
        let key = (protocol.to_owned(), port.text("hostIP").to_owned(), host);
        if !taken.insert(key) {
            found.value(&port, format!("takes the host's port {host} a second time"));
        }
    }
}

fn mounts(container: &Here<'_>, volumes: &Volumes<'_>, found: &mut Findings) {
    for key in ["volumeMounts", "volumeDevices"] {
        for mount in container.each(key) {
            let name = mount.text("name");
            if !name.is_empty() && !volumes.contains(name) {
                let near = crate::diag::nearest(name, volumes.iter().copied()).map(str::to_owned);
                let said = format!("is `{name}`, and the pod has no such volume");
                let code = &crate::diag::codes::manifest::MANIFEST_VALUE;
                found.push(&mount.under("name", &Tree::Null), code, said, near);
            }
        }
    }
}

fn variables(container: &Here<'_>, found: &mut Findings) {
    for variable in container.each("env") {
        let Some(source) = variable.get("valueFrom") else { continue };
        if let Some(field) = source.get("fieldRef") {
            let path = field.text("fieldPath");
            let fine = matches!(
                path,
                "metadata.name"
                    | "metadata.namespace"
                    | "metadata.uid"
                    | "spec.nodeName"
                    | "spec.serviceAccountName"
                    | "status.hostIP"
                    | "status.hostIPs"
                    | "status.podIP"
                    | "status.podIPs"
                    | ""
            ) || path.starts_with("metadata.labels['")
                || path.starts_with("metadata.annotations['");
            if !fine {
                let said = format!("is `{path}`, which a variable cannot hold");
                found.unfit(&field, "fieldPath", said);
            }
        }
    }
}

/// Units of a quantity under a key, in billionths.
pub(super) fn nanos(amounts: &Here<'_>, key: &str) -> Option<u128> {
    match amounts.tree.get(key)? {
        Tree::Null => Some(0),
        Tree::Int(number) => quantity::parse(&number.to_string()).ok().map(|amount| amount.nanos),
        Tree::Float(number) => quantity::parse(&number.to_string()).ok().map(|amount| amount.nanos),
        tree => quantity::parse(tree.as_str()?).ok().map(|amount| amount.nanos),
    }
}

fn amounts(container: &Here<'_>, found: &mut Findings) {
    let Some(resources) = container.get("resources") else { return };
    let (limits, requests) = (resources.get("limits"), resources.get("requests"));
    for side in [&limits, &requests].into_iter().flatten() {
        for (name, tree) in side.entries_of() {
            let standard =
                matches!(name, "cpu" | "memory" | "ephemeral-storage") || name.starts_with("hugepages-");
            if !standard && !name.contains('/') {
                let known = ["cpu", "memory", "ephemeral-storage"];
                let near = crate::diag::nearest(name, known).map(str::to_owned);
                let said = "is no resource that a container can ask for".to_owned();
                let code = &crate::diag::codes::manifest::MANIFEST_VALUE;
                found.push(&side.under(name, tree), code, said, near);
            }
        }
    }
    let (Some(limits), Some(requests)) = (limits, requests) else { return };
    for (name, tree) in requests.entries_of() {
        let (wants, may) = (nanos(&requests, name), nanos(&limits, name));
        if let (Some(wants), Some(may)) = (wants, may)
            && wants > may
        {
            found.value(&requests.under(name, tree), "is more than the limit");
        }
    }
}

fn security(container: &Here<'_>, pod: &Here<'_>, found: &mut Findings) {
    let Some(context) = container.get("securityContext") else { return };
    let gains = context.tree.get("allowPrivilegeEscalation") == Some(&Tree::Bool(false));
    if gains && context.flag("privileged") {
        found.unfit(&context, "allowPrivilegeEscalation", "cannot be false where `privileged` is true");
    }
    let admin = context.get("capabilities").is_some_and(|capabilities| {
        capabilities.words("add").any(|name| matches!(name, "SYS_ADMIN" | "CAP_SYS_ADMIN"))
    });
    if gains && admin {
        found.unfit(&context, "allowPrivilegeEscalation", "cannot be false where `SYS_ADMIN` is added");
    }
    if context.text("procMount") == "Unmasked" && pod.tree.get("hostUsers") != Some(&Tree::Bool(false)) {
        found.unfit(&context, "procMount", "is `Unmasked`, which needs `hostUsers: false` in the pod");
    }
}
