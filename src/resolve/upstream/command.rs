//! `cmd://`: a program that reads one JSON object and prints one.

use std::path::PathBuf;

use serde::Serialize;
use serde_json::Value;

use crate::diag::codes::resolve as codes;
use crate::diag::{At, Diagnostic, Failed, Report};
use crate::model::marker;
use crate::model::tree::{Map, Tree};
use crate::resolve::provisioner::{Input, Made, Provisioner};
use crate::resolve::upstream::moment::in_full;
use crate::resolve::upstream::promises::{self, Promises};
use crate::resolve::upstream::record::Listed;
use crate::resolve::upstream::{Origin, decode};
use crate::world::{self, Ran, World};

/// A record that runs a program.
#[derive(Debug, Clone)]
pub struct Command {
    /// The host and the path of its uri.
    pub program: String,
    /// The arguments.
    pub args: Vec<String>,
    /// What it says about itself.
    pub listed: Listed,
    /// Where its file came from.
    pub origin: Origin,
}

/// Runs the program and reads its answer.
///
/// # Errors
/// When it may not run, is not found, fails, takes too long or answers something else.
pub fn run(
    command: &Command,
    provisioner: &Provisioner,
    input: &Input<'_>,
    world: &dyn World,
    report: &mut Report,
) -> Result<Made, Failed> {
    let at = At::value(provisioner.doc, provisioner.path.then("uri"));
    let uid = input.resource.uid.to_string();
    permitted(command, provisioner, input, &at, report)?;
    let program = locate(&command.program, world).map_err(|why| {
        let said = format!("the program of `{}` cannot be found", provisioner.uri);
        report.fail(Diagnostic::new(&codes::COMMAND_FAILED, said, at.clone()).note(why))
    })?;
    let limits = &input.rules.permissions;
    let mode = |arg: &String| match &limits.mode {
        Some(mode) if arg == "<mode>" => mode.clone(),
        _ => arg.clone(),
    };
    let ran = world.run(&world::Command {
        program,
        args: command.args.iter().map(mode).collect(),
        stdin: record(input),
        env: limits.clean.then(|| environment(world)),
        timeout: Some(limits.timeout),
        max_output: limits.max_output,
        label: limits.live.then(|| format!("{uid}: stderr")),
    });
    let ran = match ran {
        Ok(ran) => ran,
        Err(error) => {
            let said = format!("`{}` cannot be run", provisioner.uri);
            return Err(
                report.fail(Diagnostic::new(&codes::COMMAND_FAILED, said, at).note(error.to_string()))
            );
        }
    };
    let complaints =
        if ran.shown { String::new() } else { String::from_utf8_lossy(&ran.stderr).into_owned() };
    match answer(&ran, input.rules.target == "kubernetes") {
        Ok(mut answered) => {
            if input.rules.promises != Promises::Loose {
                promises::hold(&command.listed, provisioner, input, &answered.outputs, report);
            }
            answered.logs.extend(complaints.lines().map(|line| format!("stderr: {line}")));
            Ok(answered)
        }
        Err(why) => {
            let said = format!("`{}` did not provision `{uid}`: {why}", provisioner.uri);
            let mut diagnostic = Diagnostic::new(&codes::COMMAND_FAILED, said, at);
            for line in complaints.lines().rev().take(10).collect::<Vec<_>>().into_iter().rev() {
                diagnostic = diagnostic.note(format!("stderr: {line}"));
            }
            Err(report.fail(diagnostic))
        }
    }
}

fn permitted(
    command: &Command,
    provisioner: &Provisioner,
    input: &Input<'_>,
    at: &At,
    report: &mut Report,
) -> Result<(), Failed> {
    let limits = &input.rules.permissions;
    if !limits.commands {
        let said = format!("`{}` would run a program, and `--no-exec` forbids that", provisioner.uri);
        return Err(report.fail(Diagnostic::new(&codes::COMMAND_FORBIDDEN, said, at.clone())));
    }
    if limits.trusts(&command.origin) {
        return Ok(());
    }
    let why = match &command.origin.fetched {
        Some(from) => format!("its file was fetched from {from}"),
        None => "nobody has approved its file as it is now".to_owned(),
    };
    let source = report.sources.document(provisioner.doc).and_then(|root| report.sources.text(root.source));
    let approve = limits.approve.replace("FILE", source.map_or("", |source| source.name.as_str()));
    let said = format!("`{}` would run a program, and {why}", provisioner.uri);
    let diagnostic = Diagnostic::new(&codes::COMMAND_FORBIDDEN, said, at.clone())
        .note(format!("the program is `{}` with {} arguments", command.program, command.args.len()))
        .help(format!("read the file, then allow exactly this content with `{approve}`"));
    Err(report.fail(diagnostic))
}

/// The variables that a program needs to be found, and to find the folders it may use.
const NEEDED: &[&str] =
    &["PATH", "HOME", "TMPDIR", "LANG", "LC_ALL", "SYSTEMROOT", "PATHEXT", "USERPROFILE", "TEMP", "TMP"];

/// A clean environment: nothing of what a shell or a CI job keeps in it, such as tokens.
fn environment(world: &dyn World) -> Vec<(String, String)> {
    NEEDED.iter().filter_map(|name| Some(((*name).to_owned(), world.env(name)?))).collect()
}

/// The program that the host and path of a uri mean.
fn locate(program: &str, world: &dyn World) -> Result<PathBuf, String> {
    let (host, path) = program.split_once('/').map_or((program, None), |(host, path)| (host, Some(path)));
    let below = |folder: PathBuf| Ok(path.map_or_else(|| folder.clone(), |path| folder.join(path)));
    match host {
        "" => below(PathBuf::from("/")),
        "." | ".." => {
            let folder = world.canonical(host.as_ref()).map_err(|error| error.to_string())?;
            below(folder)
        }
        "~" => below(PathBuf::from(world.env("HOME").ok_or("the home folder is not known")?)),
        name if path.is_none() => Ok(PathBuf::from(name)),
        _ => Err("a program of the search path cannot have further path parts".to_owned()),
    }
}

#[derive(Serialize)]
struct Record<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    resource_guid: Option<&'a str>,
    resource_uid: String,
    resource_type: &'a str,
    resource_class: &'a str,
    resource_id: &'a str,
    resource_params: Value,
    resource_metadata: Value,
    source_workload: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    workload_metadata: Option<Value>,
    workload_services: std::collections::BTreeMap<&'a String, Service<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    namespace: Option<&'a str>,
    resource_state: Value,
    shared_state: Value,
    #[serde(skip_serializing_if = "Option::is_none")]
    compose_project_name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    mount_directory_path: Option<&'a str>,
}

#[derive(Serialize)]
struct Service<'a> {
    // compat(score-compose, score-k8s): the one key that is not in snake case.
    #[serde(rename = "ServiceName")]
    name: &'a str,
    ports: std::collections::BTreeMap<&'a String, Port<'a>>,
}

#[derive(Serialize)]
#[expect(clippy::struct_field_names, reason = "the names are those of the protocol")]
struct Port<'a> {
    name: &'a str,
    port: u16,
    target_port: u16,
    protocol: &'a str,
}

/// The JSON object that the program reads.
fn record(input: &Input<'_>) -> Vec<u8> {
    let kubernetes = input.rules.target == "kubernetes";
    let resource = input.resource;
    let or_null =
        |tree: &Tree| if tree.is_blank() { Value::Null } else { in_full(marker::write_tree(tree)).to_json() };
    let or_empty = |tree: &Tree| {
        if tree.is_blank() { Tree::map().to_json() } else { in_full(marker::write_tree(tree)).to_json() }
    };
    let services = input.services.iter().map(|(name, service)| {
        let ports = service.ports.iter().map(|(key, port)| {
            let crate::resolve::provisioner::WorkloadPort { name, port, target_port, protocol } = port;
            (key, Port { name, port: *port, target_port: *target_port, protocol })
        });
        (name, Service { name: &service.name, ports: ports.collect() })
    });
    let record = Record {
        resource_guid: kubernetes.then_some(resource.guid.as_str()),
        resource_uid: resource.uid.to_string(),
        resource_type: &resource.uid.kind,
        resource_class: &resource.uid.class,
        resource_id: &resource.uid.id,
        resource_params: or_null(&input.params),
        resource_metadata: or_null(&resource.metadata),
        source_workload: &resource.source_workload,
        workload_metadata: kubernetes.then(|| in_full(Tree::Map(input.workload_metadata.clone())).to_json()),
        workload_services: services.collect(),
        namespace: kubernetes.then_some(input.rules.namespace.as_str()),
        resource_state: or_empty(&input.state),
        shared_state: or_empty(&Tree::Map(input.shared.tree().clone())),
        compose_project_name: (!kubernetes).then_some(input.rules.project.as_str()),
        mount_directory_path: (!kubernetes).then_some(input.rules.mounts_here.as_str()),
    };
    serde_json::to_vec(&record).unwrap_or_default()
}

const SECTIONS: &[(&str, &str)] = &[
    ("relative_directories", "directories"),
    ("relative_file_contents", "files"),
    ("compose_networks", "networks"),
    ("compose_volumes", "volumes"),
    ("compose_services", "services"),
    ("compose_models", "models"),
];

const KEYS: &[&str] = &["resource_state", "resource_outputs", "shared_state"];

/// What the program printed, understood. Text after the object is nothing to us.
fn answer(ran: &Ran, kubernetes: bool) -> Result<Made, String> {
    if ran.timed_out {
        return Err("it took too long".to_owned());
    }
    match ran.status {
        Some(0) => {}
        Some(status) => return Err(format!("exit status {status}")),
        None => return Err("a signal ended it".to_owned()),
    }
    let mut values = serde_json::Deserializer::from_slice(&ran.stdout).into_iter::<Value>();
    let map = match values.next() {
        None => return Err("it printed nothing".to_owned()),
        Some(Err(error)) => return Err(format!("it printed no JSON object: {error}")),
        Some(Ok(Value::Null)) => Map::new(),
        Some(Ok(value)) => match Tree::from(value) {
            Tree::Map(map) => map,
            other => return Err(format!("it printed {}, not an object", other.kind())),
        },
    };
    let mut made = Made { outputs: Tree::map(), state: Tree::map(), shared: Tree::map(), ..Made::default() };
    for (key, value) in map {
        take(&mut made, &key.to_lowercase(), value, kubernetes)?;
    }
    Ok(made)
}

fn take(made: &mut Made, key: &str, value: Tree, kubernetes: bool) -> Result<(), String> {
    let known = KEYS.contains(&key) || SECTIONS.iter().any(|(name, _)| *name == key && !kubernetes);
    if value == Tree::Null && (known || key == "manifests" && kubernetes) {
        return Ok(());
    }
    let object = |value: Tree| match value {
        Tree::Map(_) => Ok(value),
        other => Err(format!("`{key}` is {}, not an object", other.kind())),
    };
    let marks = |inside: String| format!("the secret reference `{inside}` has no `_`");
    match key {
        "resource_state" => made.state = object(value)?,
        "resource_outputs" if kubernetes => {
            made.outputs = marker::read_tree(object(value)?).map_err(marks)?;
        }
        "resource_outputs" => made.outputs = object(value)?,
        "shared_state" => made.shared = object(value)?,
        "manifests" if kubernetes => {
            decode::manifests_shape(&value)?;
            made.sections.insert("manifests".to_owned(), marker::read_tree(value).map_err(marks)?);
        }
        _ => match SECTIONS.iter().find(|(name, _)| *name == key && !kubernetes) {
            Some((_, section)) => {
                made.sections.insert((*section).to_owned(), object(value)?);
            }
            None => return Err(format!("it printed the unknown key `{key}`")),
        },
    }
    Ok(())
}
