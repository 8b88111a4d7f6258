//! Keys that belong to other tools or older drafts: what the author most likely meant, in today's spelling.

use super::shape::Shape;
use super::values::{pair, quoted};
use crate::diag::codes::read as codes;
use crate::diag::{At, Diagnostic};
use crate::model::node::{Kind, Node};
use crate::model::path::Path;

/// Explains a key that a thing does not have, where more is known than that.
pub(super) fn explain(
    root: &Node,
    shape: Shape,
    path: &Path,
    key: &str,
    value: Option<&Node>,
    at: At,
) -> Option<Diagnostic> {
    match shape {
        Shape::Top => top(root, key, at),
        Shape::Container => in_container(path, key, value, at),
        Shape::Probe => Some(in_probe(key, at)),
        Shape::Resource => Some(in_resource(path, key, value, at)),
        Shape::File | Shape::Volume if key == "target" => {
            Some(unknown(shape, key, at).help("the target is the key of the map: `/etc/app.conf: {…}`"))
        }
        _ => None,
    }
}

fn unknown(shape: Shape, key: &str, at: At) -> Diagnostic {
    Diagnostic::new(&codes::UNKNOWN_KEY, format!("{} has no key `{key}`", shape.called()), at)
}

fn top(root: &Node, key: &str, at: At) -> Option<Diagnostic> {
    let said = unknown(Shape::Top, key, at.clone());
    Some(match key {
        "environment" | "deployment" => Diagnostic::new(&codes::ENVIRONMENT_SECTION, format!("a Score file says nothing about an environment, so it has no `{key}`"), at)
            .note("one Score file serves all environments; what differs comes from provisioners, overrides and variables")
            .help("remove the section; for values of the environment add `resources: {env: {type: environment}}` and write `${resources.env.NAME}`"),
        "workflows" | "workflow" => Diagnostic::new(&codes::WORKFLOW_SECTION, format!("a Score file has no steps to run, so it has no `{key}`"), at)
            .note("it describes a workload; how and when it is deployed belongs to your pipeline")
            .help("move the section to a file of the tool that runs it"),
        "kind" | "spec" if root.get("kind").is_some() => Diagnostic::new(&codes::OTHER_FORMAT, format!("`{key}` belongs to Kubernetes, not to Score"), at)
            .help("a Score file has `metadata` and `containers` at its top: lift out what stands under `spec`"),
        "name" => said.help("the name stands under `metadata`: `metadata: {name: my-workload}`"),
        "variables" | "env" => said.help("variables belong to a container: `containers: {web: {variables: {…}}}`"),
        "image" | "command" | "args" | "files" | "volumes" | "livenessProbe" | "readinessProbe" => {
            said.help(format!("`{key}` belongs to a container: `containers: {{web: {{{key}: …}}}}`"))
        }
        "ports" => said.help("ports stand under `service`: `service: {ports: {web: {port: 8080}}}`"),
        "route" | "routes" | "ingress" => said.help("a route is a resource: `resources: {web: {type: route, params: {host: …, path: /, port: 8080}}}`"),
        "services" if root.get(key).is_some_and(|value| value.get("ports").is_some()) => said.help("did you mean `service`?"),
        "workloads" | "services" => said.help("a Score file describes one workload: write one file for each, and name all of them"),
        "container" => said.help("write `containers:`, with a name for each container below it"),
        "annotations" | "labels" => said.help("annotations stand under `metadata`: `metadata: {annotations: {…}}`"),
        _ if key.starts_with("x-") || key == "extensions" => said.help("notes of your own may stand under `metadata`"),
        _ => return None,
    })
}

fn in_container(path: &Path, key: &str, value: Option<&Node>, at: At) -> Option<Diagnostic> {
    let name = path.last_key().unwrap_or_default().to_owned();
    let said = unknown(Shape::Container, key, at.clone());
    Some(match key {
        "env" | "environment" | "envVars" => Diagnostic::new(&codes::CONTAINER_ENV, format!("environment variables of a container are called `variables`, not `{key}`"), at)
            .help(format!("write `variables: {{{}}}`", variables(value))),
        "ports" | "port" => Diagnostic::new(&codes::CONTAINER_PORTS, format!("ports belong to the workload's `service`, not to container `{name}`"), at)
            .help(format!("write at the top of the file: `service: {{ports: {{{}}}}}`", ports(value))),
        "envFrom" => said.help("give each variable by name under `variables`; values of the environment come from a resource of `type: environment`"),
        "entrypoint" => said.help("write `command`, a list: it replaces the entry point of the image"),
        "cmd" => said.help("write `args`, a list: it replaces the command of the image"),
        "volumeMounts" | "mounts" => said.help("write `volumes: {/data: {source: ${resources.NAME}}}`"),
        "limits" | "requests" => said.help(format!("it stands under `resources`: `resources: {{{key}: {{cpu: 500m, memory: 128Mi}}}}`")),
        "cpu" | "memory" => said.help(format!("write `resources: {{requests: {{{key}: …}}}}`")),
        "healthcheck" | "healthCheck" | "probe" => said.help("write `livenessProbe: {httpGet: {path: /, port: 8080}}`, or `readinessProbe`"),
        "depends_on" | "dependsOn" | "after" => said.help("say it the other way round, in the container that comes first: `before: {NAME: {ready: started}}`"),
        "build" => said.help("write `image: .` and give the build on the command line: `--build NAME=./folder`"),
        "securityContext" | "imagePullPolicy" | "resources_limits" => said.note("Score leaves this to the platform"),
        "name" => said.help("the name of a container is its key: `containers: {web: {…}}`"),
        _ => return None,
    })
}

/// Up to three entries of an environment section, as `variables` would have them.
fn variables(value: Option<&Node>) -> String {
    let entries: Vec<String> = match value.map(|node| &node.kind) {
        Some(Kind::Map(entries)) => {
            entries.iter().map(|(key, value)| format!("{}: {}", key.key_text(), quoted(value))).collect()
        }
        Some(Kind::List(items)) => items.iter().filter_map(pair).collect(),
        _ => Vec::new(),
    };
    few(&entries, "NAME: \"value\"")
}

/// Up to three ports, as `service` would have them.
fn ports(value: Option<&Node>) -> String {
    let entries: Vec<String> = match value.map(|node| &node.kind) {
        Some(Kind::Map(entries)) => entries
            .iter()
            .filter_map(|(key, value)| Some(port(&key.key_text(), value.get("port").unwrap_or(value))?.1))
            .collect(),
        Some(Kind::List(items)) => items
            .iter()
            .filter_map(|item| {
                let name = item.get("name").and_then(Node::as_str).unwrap_or_default();
                let inner = ["containerPort", "port", "targetPort"]
                    .into_iter()
                    .find_map(|key| item.get(key))
                    .unwrap_or(item);
                port(name, inner).map(|(_, entry)| entry)
            })
            .collect(),
        Some(_) => value.and_then(|node| port("", node)).map(|(_, entry)| entry).into_iter().collect(),
        None => Vec::new(),
    };
    few(&entries, "web: {port: 8080}")
}

/// A port with a name, and as an entry; `"8080:80"` publishes 80 as 8080.
fn port(name: &str, value: &Node) -> Option<(u16, String)> {
    let text = value.key_text();
    let (outer, inner) = text.split_once(':').unwrap_or((&text, &text));
    let (outer, inner): (u16, u16) = (outer.parse().ok()?, inner.parse().ok()?);
    let name = if name.len() > 1 { name.to_owned() } else { format!("port-{outer}") };
    let target = if inner == outer { String::new() } else { format!(", targetPort: {inner}") };
    Some((outer, format!("{name}: {{port: {outer}{target}}}")))
}

fn few(entries: &[String], otherwise: &str) -> String {
    match entries {
        [] => otherwise.to_owned(),
        [first, second, third, _, ..] => format!("{first}, {second}, {third}, …"),
        all => all.join(", "),
    }
}

fn in_probe(key: &str, at: At) -> Diagnostic {
    match key {
        "initialDelaySeconds"
        | "periodSeconds"
        | "timeoutSeconds"
        | "failureThreshold"
        | "successThreshold" => {
            Diagnostic::new(&codes::PROBE_TIMING, format!("Score probes have no timing, so no `{key}`"), at)
                .note("a probe says what to ask: `httpGet` or `exec`; the platform decides when")
                .help("remove the line")
        }
        "path" | "port" | "host" | "scheme" => {
            unknown(Shape::Probe, key, at).help("it stands under `httpGet`: `httpGet: {path: /, port: 8080}`")
        }
        "command" => {
            unknown(Shape::Probe, key, at).help("it stands under `exec`: `exec: {command: [cat, /tmp/ok]}`")
        }
        "tcpSocket" | "grpc" => unknown(Shape::Probe, key, at)
            .help("Score asks by `httpGet` or `exec` only; a command that checks the port does it too"),
        _ => unknown(Shape::Probe, key, at)
            .note("it may have: httpGet, exec")
            .suggest(key, ["httpGet", "exec"]),
    }
}

fn in_resource(path: &Path, key: &str, value: Option<&Node>, at: At) -> Diagnostic {
    let keys = Shape::Resource.keys();
    if key == "properties" {
        let name = path.last_key().unwrap_or_default();
        return unknown(Shape::Resource, key, at)
            .note("in an older draft it named the outputs of a resource; today its type decides them")
            .help(format!("remove it, or, if it holds inputs, call it `params`; ask for outputs as `${{resources.{name}.NAME}}`"));
    }
    let said = unknown(Shape::Resource, key, at).note(format!("it may have: {}", keys.join(", ")));
    match crate::diag::nearest(key, keys.iter().copied()) {
        Some(near) => said.help(format!("did you mean `{near}`?")),
        None => said.help(format!(
            "inputs of a resource stand under `params`: `params: {{{key}: {}}}`",
            value.map_or_else(|| "…".to_owned(), quoted)
        )),
    }
}
