//! What was typed in, what it means out: a [`Request`].

use std::collections::BTreeMap;
use std::path::{Path as FilePath, PathBuf};

use super::options::{Making, Reading};
use super::{Usage, env_file};
use crate::cli::lock::{self, Lock};
use crate::diag::codes::manifest as codes;
use crate::diag::{At, Diagnostic, Report, nearest};
use crate::model::path::Path;
use crate::model::text::Hidden;
use crate::model::tree::Tree;
use crate::pipeline::Request;
use crate::read::overlay::{Overlays, Scoped};
use crate::resolve::catalog::Origins;
use crate::resolve::upstream::Permissions;
use crate::resolve::upstream::promises::Promises;
use crate::target::compose::options as compose;
use crate::target::kubernetes::judge::Schemas;
use crate::target::kubernetes::options as kubernetes;
use crate::target::{Layout, Options, Target};
use crate::world::{Entry, World};
use crate::write::emit::Output;
use crate::write::format::Format;
use crate::{read, resolve, target};

/// The folder whose provisioners are found without a flag.
pub(super) const PROVISIONERS: &str = "provisioners";

/// The target of a name; without one, the complaint of the command names them all.
pub(super) fn target(named: Option<&str>, command: &str) -> Result<&'static dyn Target, Usage> {
    let all: Vec<&str> = target::ALL.iter().map(|target| target.name()).collect();
    let Some(name) = named else {
        let lines: Vec<String> =
            all.iter().map(|name| format!("\n  sightread {command} -t {name}")).collect();
        return Err(Usage(format!("no target was named; say which with `-t`:\n{}", lines.concat())));
    };
    target::find(name).ok_or_else(|| {
        let near = nearest(name, all.iter().copied())
            .map_or_else(String::new, |near| format!(", did you mean `{near}`?"));
        Usage(format!("there is no target `{name}`{near}\n\nthe targets are: {}", all.join(", ")))
    })
}

/// The Score files that are meant.
pub(super) fn scores(typed: &Reading) -> Vec<String> {
    if typed.files.is_empty() { vec!["score.yaml".to_owned()] } else { typed.files.clone() }
}

/// What reading and judging need, for any target.
pub(super) fn reading(
    typed: &Reading,
    target: Option<&'static dyn Target>,
    world: &dyn World,
    report: &mut Report,
) -> Request {
    let scores = scores(typed);
    // What is wrong with an env file is in the report, and ends the run together with everything else.
    let env_file = env_file::read(typed.env_file.as_deref(), &scores, world, report).unwrap_or_default();
    let overlays = Overlays {
        files: typed.overrides_file.iter().map(|text| for_workload(text, ':', text)).collect(),
        properties: typed.override_property.iter().map(|text| property(text)).collect(),
        images: typed.image.iter().map(|text| image(text)).collect(),
        builds: Vec::new(),
        makes_way: false,
    };
    // What is wrong with the lock is in the report too.
    let lock = lock::read(world, report).unwrap_or_default();
    let origins = origins(&typed.provisioners, &lock, world);
    lock::hold(&lock, &origins, typed.locked, world, report);
    let allow_read = typed.allow_read.iter().map(PathBuf::from).collect();
    Request {
        overlays,
        reading: read::Rules {
            lenient: true,
            semantics: true,
            order: true,
            allow_read,
            ..read::Rules::default()
        },
        origins,
        resolving: resolve::Rules {
            target: target.map_or_else(String::new, |target| target.name().to_owned()),
            project: typed.project.clone(),
            environment: typed.environment.clone(),
            env_file,
            sections: target.map_or(&[], Target::sections),
            ephemeral_volumes: true,
            assume_ports: true,
            permissions: permissions(&lock),
            promises: if typed.strict_provisioners { Promises::Kept } else { Promises::Told },
            ..resolve::Rules::default()
        },
        target: target.unwrap_or(&target::compose::Compose),
        options: Options::default(),
        output: Output::default(),
        state: None,
        patches: crate::write::patch::Patches::default(),
        scores,
    }
}

/// Where provisioners come from: what was named, then the folder beside, then the built-in ones.
pub(super) fn origins(named: &[String], lock: &Lock, world: &dyn World) -> Origins {
    let beside =
        (world.entry(FilePath::new(PROVISIONERS)) == Some(Entry::Folder)).then(|| PROVISIONERS.to_owned());
    let paths = named.iter().cloned().chain(beside).collect();
    Origins { paths, builtins: true, mixed: true, fetched: lock.fetched(), first_only: false }
}

/// What provisioners may do on this machine: run the programs that the lock approves, in a clean environment.
pub(super) fn permissions(lock: &Lock) -> Permissions {
    let approve = "sightread provisioners approve FILE".to_owned();
    Permissions {
        approved: lock.approved(),
        ask_always: true,
        clean: true,
        approve,
        ..Permissions::default()
    }
}

/// A whole run.
pub(super) fn making(
    typed: &Making,
    reading_typed: &Reading,
    seed: Option<Hidden>,
    world: &dyn World,
    report: &mut Report,
) -> Result<Request, Usage> {
    let target = target(typed.target.as_deref(), "generate")?;
    let mut request = reading(reading_typed, Some(target), world, report);
    request.overlays.builds = typed.build.iter().map(|text| build(text)).collect::<Result<_, _>>()?;
    request.resolving.seed = seed;
    request.resolving.image_registry.clone_from(&typed.image_registry);
    request.resolving.namespace = typed.namespace.clone().unwrap_or_default();
    request.resolving.options = provisioner_options(typed)?;
    let (output, layout) = places(typed.output.as_deref().unwrap_or(target.default_output()), target, world);
    request.output = output;
    request.resolving.mounts.clone_from(&layout.files);
    request.options.layout = layout;
    request.options.schemas = schemas(&typed.crd_schemas, world, report);
    request.options.compose = compose(typed, reading_typed);
    request.options.kubernetes = kubernetes::Options {
        namespace: typed.namespace.clone(),
        hardening: kubernetes::Hardening::parse(&typed.hardening).unwrap_or_default(),
        network_policies: match typed.network_policy.as_str() {
            "off" => kubernetes::NetworkPolicies::Off,
            _ => kubernetes::NetworkPolicies::On,
        },
        ..kubernetes::Options::default()
    };
    Ok(request)
}

/// The schemas that files and folders hold; what is wrong with them is in the report, and ends the run.
pub(super) fn schemas(paths: &[String], world: &dyn World, report: &mut Report) -> Schemas {
    let mut schemas = Schemas::default();
    let files = read::manifests::files(paths, &[".yaml", ".yml", ".json"], world, report).unwrap_or_default();
    for (file, named) in files {
        let Ok(documents) = read::manifests::documents(&file, world, report) else { continue };
        for (doc, tree) in documents {
            let Err(why) = schemas.add(&file, &tree) else { continue };
            // A folder may hold other things as well.
            if named {
                let said = Diagnostic::new(
                    &codes::CRD_SCHEMA,
                    format!("`{file}` {why}"),
                    At::value(doc, Path::default()),
                );
                report.push(said);
            }
        }
    }
    schemas
}

/// What Compose is asked.
fn compose(typed: &Making, reading_typed: &Reading) -> compose::Options {
    compose::Options {
        project: reading_typed.project.clone(),
        limits: if typed.no_limits { compose::Limits::Omit } else { compose::Limits::Deploy },
        hardening: match typed.hardening.as_str() {
            "off" => compose::Hardening::Off,
            "restricted" => compose::Hardening::Restricted,
            _ => compose::Hardening::Standard,
        },
        publish: typed.publish.clone(),
        ..compose::Options::default()
    }
}

/// Where the document and the files beside it go.
fn places(named: &str, target: &dyn Target, world: &dyn World) -> (Output, Layout) {
    let single = target.default_output().to_owned();
    let is_folder = named != "-" && world.entry(FilePath::new(named)) == Some(Entry::Folder);
    let path = if is_folder && !named.ends_with('/') { format!("{named}/") } else { named.to_owned() };
    let document = match path.as_str() {
        "-" => PathBuf::from(&single),
        path if path.ends_with('/') => FilePath::new(path).join(&single),
        path => PathBuf::from(path),
    };
    let stem = document.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let folder = document.parent().unwrap_or(FilePath::new("")).to_owned();
    let files = folder.join(format!("{stem}.d")).display().to_string();
    let layout = Layout { files: format!("./{stem}.d"), output: folder.display().to_string() };
    let output =
        Output { path, files, single, format: Format::Yaml, lists: true, files_apart: false, state: None };
    (output, layout)
}

/// What provisioners may ask about the target.
fn provisioner_options(typed: &Making) -> Result<BTreeMap<String, Tree>, Usage> {
    let mut options = BTreeMap::new();
    one_of("--route", &typed.route, &["gateway", "ingress", "none"])?;
    one_of("--hardening", &typed.hardening, &["standard", "restricted", "off"])?;
    one_of("--network-policy", &typed.network_policy, &["on", "off"])?;
    options.insert("route".to_owned(), Tree::from(typed.route.as_str()));
    options.insert("hardening".to_owned(), Tree::from(typed.hardening.as_str()));
    options.insert("gateway".to_owned(), typed.gateway.clone().map_or(Tree::Null, Tree::from));
    options.insert("ingress_class".to_owned(), typed.ingress_class.clone().map_or(Tree::Null, Tree::from));
    Ok(options)
}

fn one_of(flag: &str, value: &str, names: &[&str]) -> Result<(), Usage> {
    if names.contains(&value) {
        return Ok(());
    }
    let near = nearest(value, names.iter().copied())
        .map_or_else(String::new, |near| format!(", did you mean `{near}`?"));
    Err(Usage(format!("`{flag}` does not know `{value}`{near}\n\nit takes: {}", names.join(", "))))
}

/// `WORKLOAD` before a separator, when what stands there can be a workload's name.
fn for_workload(front: &str, separator: char, whole: &str) -> Scoped<String> {
    let name = front.split_once(separator).map(|(name, _)| name).filter(|name| is_label(name));
    let rest = name.map_or(whole, |name| whole.get(name.len() + separator.len_utf8()..).unwrap_or_default());
    Scoped { workload: name.map(str::to_owned), container: None, value: rest.to_owned() }
}

/// A name of at least two characters, so that `C:\file` stays a path.
fn is_label(name: &str) -> bool {
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    name.len() > 1 && name.chars().all(fits) && !name.starts_with('-') && !name.ends_with('-')
}

/// `[WORKLOAD:]PATH=VALUE`; the value may hold anything.
fn property(text: &str) -> Scoped<String> {
    let path = text.split_once('=').map_or(text, |(path, _)| path);
    for_workload(path, ':', text)
}

/// `[WORKLOAD[.CONTAINER]=]IMAGE`; no image holds a `=`.
fn image(text: &str) -> Scoped<String> {
    let Some((scope, image)) = text.split_once('=') else {
        return Scoped { workload: None, container: None, value: text.to_owned() };
    };
    let (workload, container) =
        scope.split_once('.').map_or((scope, None), |(workload, name)| (workload, Some(name)));
    Scoped {
        workload: Some(workload.to_owned()),
        container: container.map(str::to_owned),
        value: image.to_owned(),
    }
}

/// `[WORKLOAD.]CONTAINER=CONTEXT`.
fn build(text: &str) -> Result<Scoped<String>, Usage> {
    let Some((scope, value)) = text.split_once('=').filter(|(scope, _)| !scope.is_empty()) else {
        return Err(Usage(format!("`--build {text}` names no container; write `--build CONTAINER={text}`")));
    };
    let (workload, container) =
        scope.split_once('.').map_or((None, scope), |(workload, name)| (Some(workload), name));
    Ok(Scoped {
        workload: workload.map(str::to_owned),
        container: Some(container.to_owned()),
        value: value.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::{for_workload, image, property};

    #[test]
    fn scopes_are_told_from_values() {
        let table = [
            (for_workload("web:a.yaml", ':', "web:a.yaml"), Some("web"), None, "a.yaml"),
            (for_workload("C:\\a.yaml", ':', "C:\\a.yaml"), None, None, "C:\\a.yaml"),
            (for_workload("./a.yaml", ':', "./a.yaml"), None, None, "./a.yaml"),
            (property("web:a.b=c:d"), Some("web"), None, "a.b=c:d"),
            (property("a.b=web:d"), None, None, "a.b=web:d"),
            (image("nginx:1"), None, None, "nginx:1"),
            (image("web=nginx:1"), Some("web"), None, "nginx:1"),
            (image("web.main=host:5000/nginx:1"), Some("web"), Some("main"), "host:5000/nginx:1"),
        ];
        for (scoped, workload, container, value) in table {
            assert_eq!(scoped.workload.as_deref(), workload);
            assert_eq!(scoped.container.as_deref(), container);
            assert_eq!(scoped.value, value);
        }
    }
}
