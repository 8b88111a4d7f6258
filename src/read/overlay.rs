//! Lays overrides over documents, before anything is judged: an incomplete base plus an override is legal.
//! What is laid over keeps its own source, so that a later complaint points into the override.

mod edit;
mod path;

use std::sync::Arc;

use crate::diag::codes::read as codes;
use crate::diag::{At, Diagnostic, Failed, Report};
use crate::model::flow::{Document, SourceId};
use crate::model::node::{Kind, Node, Style};
use crate::read::{Rules, load, parse};
use crate::world::World;

/// What is laid over the documents.
#[derive(Debug, Clone, Default)]
pub struct Overlays {
    /// Override files, in order.
    pub files: Vec<Scoped<String>>,
    /// `path=value` properties as typed, in order.
    pub properties: Vec<Scoped<String>>,
    /// Images for containers whose image is `.`.
    pub images: Vec<Scoped<String>>,
    /// Compose builds: the container is in the scope, the value is a context or a build object.
    pub builds: Vec<Scoped<String>>,
    /// Whether a property that deletes what is not there makes the maps on the way to it.
    pub makes_way: bool,
}

impl Overlays {
    /// True when any of them is meant for one workload or container.
    pub fn names_any(&self) -> bool {
        let all = [&self.files, &self.properties, &self.images, &self.builds];
        all.into_iter().flatten().any(|one| one.workload.is_some() || one.container.is_some())
    }
}

/// A value for one workload, one container, or all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scoped<T> {
    /// The workload; all where absent.
    pub workload: Option<String>,
    /// The container; all where absent.
    pub container: Option<String>,
    /// The value.
    pub value: T,
}

/// Lays everything over the documents it is meant for: files first, then properties, then images, each in order.
///
/// # Errors
/// When an override cannot be read or applied, or names a workload or container that does not exist.
pub fn overlay(
    mut documents: Vec<Document>,
    overlays: &Overlays,
    rules: &Rules,
    world: &dyn World,
    report: &mut Report,
) -> Result<Vec<Document>, Failed> {
    let Overlays { files, properties, images, builds, makes_way } = overlays;
    for (n, file) in files.iter().enumerate() {
        let Ok(over) = override_file(&file.value, rules, world, report) else { continue };
        lay(&mut documents, file, &format!("--overrides-file #{}", n + 1), report, |node| {
            edit::merge(node, &over);
            Ok(())
        });
    }
    for (n, property) in properties.iter().enumerate() {
        let flag = format!("--override-property #{}", n + 1);
        let Ok((path, value)) = assignment(&property.value, &flag, report) else { continue };
        let change = match &value {
            Some(value) => edit::Change::Set(value),
            None if *makes_way => edit::Change::DeleteAndMakeWay,
            None => edit::Change::Delete,
        };
        lay(&mut documents, property, &flag, report, |node| edit::set(node, &path, change));
    }
    for (n, image) in images.iter().enumerate() {
        let flag = format!("--image #{}", n + 1);
        let source = report.sources.add(flag.clone(), image.value.as_str());
        let kind = Kind::Str(image.value.clone());
        let node = Node { source, span: 0..image.value.len(), style: Style::Plain, kind };
        lay_image(&mut documents, image, &node, &flag, rules, report);
    }
    for (n, build) in builds.iter().enumerate() {
        lay(&mut documents, build, &format!("--build #{}", n + 1), report, |_| Ok(()));
    }
    report.failed(documents)
}

/// Reads an override file: a map, or nothing.
fn override_file(file: &str, rules: &Rules, world: &dyn World, report: &mut Report) -> Result<Node, Failed> {
    let source = load::text(file, world, report)?;
    let node = parse::laid_over(source, rules, report)?;
    if matches!(node.kind, Kind::Map(_) | Kind::Null) {
        return Ok(node);
    }
    let message = format!("an override file holds a map, and this is {}", node.tree().kind());
    let said = Diagnostic::new(&codes::BAD_OVERRIDE, message, At::Span(source, node.span));
    Err(report.fail(said.help(
        "write the part of a Score file that is to change, such as `containers: {web: {image: app:2}}`",
    )))
}

/// Reads `path=value`; no value means "delete".
fn assignment(typed: &str, flag: &str, report: &mut Report) -> Result<(path::Keys, Option<Node>), Failed> {
    let source = report.sources.add(flag, typed);
    let Some((path, value)) = typed.split_once('=') else {
        let said = Diagnostic::new(
            &codes::BAD_OVERRIDE,
            "a property is given as `path=value`",
            At::Span(source, 0..typed.len()),
        );
        return Err(report.fail(said.help(format!("write `{typed}=VALUE`, or `{typed}=` to delete it"))));
    };
    let value_source = report.sources.add(flag, value);
    let mut node = parse::yaml(value_source, report)?;
    relocate(&mut node, source, path.len() + 1);
    let node = (node.kind != Kind::Null).then_some(node);
    Ok((path::keys(path, source), node))
}

/// Says that a tree was read at a byte of another source.
fn relocate(node: &mut Node, source: SourceId, by: usize) {
    node.source = source;
    node.span = node.span.start + by..node.span.end + by;
    match &mut node.kind {
        Kind::List(items) => items.iter_mut().for_each(|item| relocate(item, source, by)),
        Kind::Map(entries) => {
            for (key, value) in entries {
                relocate(key, source, by);
                relocate(value, source, by);
            }
        }
        Kind::Null
        | Kind::Bool(_)
        | Kind::Int(_)
        | Kind::Uint(_)
        | Kind::Float(_)
        | Kind::Time(_)
        | Kind::Str(_) => {}
    }
}

/// Changes the documents or containers that a scope names.
fn lay<T>(
    documents: &mut [Document],
    scoped: &Scoped<T>,
    flag: &str,
    report: &mut Report,
    change: impl Fn(&mut Node) -> Result<(), Box<Diagnostic>>,
) {
    for document in in_scope(documents, scoped, flag, report) {
        let result = match &scoped.container {
            None => change(Arc::make_mut(&mut document.root)),
            Some(container) => match edit::container(Arc::make_mut(&mut document.root), container) {
                Some(node) => change(node),
                None => Err(unknown_container(&document.root, container, flag)),
            },
        };
        if let Err(said) = result {
            report.push(*said);
        }
    }
}

/// Gives an image to the container that a scope names, or to those of the scope that wait for one.
fn lay_image(
    documents: &mut [Document],
    scoped: &Scoped<String>,
    image: &Node,
    flag: &str,
    rules: &Rules,
    report: &mut Report,
) {
    let (mut containers, mut taken) = (Vec::new(), false);
    for document in in_scope(documents, scoped, flag, report) {
        let workload = name(&document.root).unwrap_or_default().to_owned();
        match &scoped.container {
            None => {
                for container in edit::container_names(&document.root) {
                    let node = edit::container(Arc::make_mut(&mut document.root), &container);
                    taken |= node.is_some_and(|node| edit::fill_image(node, image, rules.lenient));
                    containers.push(format!("{workload}.{container}"));
                }
            }
            Some(container) => match edit::container(Arc::make_mut(&mut document.root), container) {
                Some(node) => taken |= edit::set_image(node, image),
                None => report.push(*unknown_container(&document.root, container, flag)),
            },
        }
    }
    if let (true, false, Some(first)) = (rules.lenient, taken, containers.first()) {
        report.push(
            Diagnostic::new(
                &codes::IDLE_IMAGE,
                format!("`{}` is given to no container: each names its own image", scoped.value),
                At::Named(flag.to_owned()),
            )
            .note(format!("the containers are: {}", containers.join(", ")))
            .help(format!("name the one whose image it replaces: `--image {first}={}`", scoped.value)),
        );
    }
}

/// The documents that a scope names; says so when there is none.
fn in_scope<'a, T>(
    documents: &'a mut [Document],
    scoped: &Scoped<T>,
    flag: &str,
    report: &mut Report,
) -> Vec<&'a mut Document> {
    let wanted = scoped.workload.as_deref();
    if let Some(workload) = wanted {
        let names: Vec<&str> = documents.iter().filter_map(|document| name(&document.root)).collect();
        if !names.contains(&workload) {
            let message = format!("there is no workload named `{workload}`");
            let said = Diagnostic::new(&codes::UNKNOWN_SCOPE, message, At::Named(flag.to_owned()))
                .note(format!("the Score files of this run hold: {}", names.join(", ")));
            let holds = |document: &&Document| {
                edit::container_names(&document.root).iter().any(|name| name == workload)
            };
            report.push(match documents.iter().find(holds).and_then(|document| name(&document.root)) {
                Some(holder) => {
                    said.help(format!("`{workload}` is a container: write `{holder}.{workload}`"))
                }
                None => said.suggest(workload, names.iter().copied()),
            });
        }
    }
    let chosen = |document: &&mut Document| wanted.is_none() || name(&document.root) == wanted;
    documents.iter_mut().filter(chosen).collect()
}

fn name(root: &Node) -> Option<&str> {
    root.get("metadata")?.get("name")?.as_str()
}

fn unknown_container(root: &Node, container: &str, flag: &str) -> Box<Diagnostic> {
    let workload = name(root).unwrap_or_default();
    let names: Vec<String> = edit::container_names(root);
    let message = format!("workload `{workload}` has no container named `{container}`");
    let said = Diagnostic::new(&codes::UNKNOWN_SCOPE, message, At::Named(flag.to_owned()));
    let said = said.note(format!("it has: {}", names.join(", ")));
    Box::new(said.suggest(container, names.iter().map(String::as_str)))
}
