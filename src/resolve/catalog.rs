//! Which provisioners there are, and which one wins: the first that matches, in a stated order.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use crate::diag::codes::resolve as codes;
use crate::diag::{At, Diagnostic, Failed, Report};
use crate::model::flow::DocId;
use crate::model::node::{Kind, Node};
use crate::model::uid::Uid;
use crate::read::parse;
use crate::resolve::builtin;
use crate::resolve::contract::{read, several};
use crate::resolve::judge::unless_worse;
use crate::resolve::provisioner::Provisioner;
use crate::resolve::upstream::record::{self, Whose};
use crate::world::{Entry, World};

/// Where provisioners come from, in the order in which they win.
#[derive(Debug, Clone, Default)]
pub struct Origins {
    /// Files and folders, in order (`--provisioners`, `./provisioners/`, the `*.provisioners.yaml` of a state folder).
    /// A folder stands for the `*.yaml` and `*.yml` files in it, in the order of their names.
    pub paths: Vec<String>,
    /// Whether the built-in ones come last.
    pub builtins: bool,
    /// Whether records for another target may stand beside those for this one; else they are mistakes.
    pub mixed: bool,
    /// Files that were fetched, with the address they came from.
    pub fetched: BTreeMap<String, String>,
    /// Whether only the first document of a file counts, with a warning about what follows.
    pub first_only: bool,
}

/// All provisioners of a run, in the order in which they win.
#[derive(Debug, Clone, Default)]
pub struct Catalog {
    /// The provisioners.
    pub provisioners: Vec<Provisioner>,
    /// Every type that could be had, the built-in ones that were not loaded included.
    pub types: BTreeSet<String>,
}

impl Catalog {
    /// The first provisioner that matches a resource.
    pub fn find(&self, uid: &Uid) -> Option<&Provisioner> {
        self.provisioners.iter().find(|provisioner| provisioner.matches(uid))
    }
}

/// Loads everything that `origins` names. Built-ins are parsed only when a resource type asks for them (`wanted`;
/// all where absent). `target` tells what records of upstream's format may hold.
///
/// # Errors
/// When a file is missing or not a provisioner file.
pub fn load(
    origins: &Origins,
    wanted: Option<&[&str]>,
    target: &str,
    world: &dyn World,
    report: &mut Report,
) -> Result<Catalog, Failed> {
    let said = report.diagnostics.len();
    let mut provisioners = Vec::new();
    for path in &origins.paths {
        for file in files(path, world, report) {
            provisioners.extend(file_provisioners(&file, origins, target, world, report));
        }
    }
    let mut types: BTreeSet<String> =
        provisioners.iter().map(|known: &Provisioner| known.kind.clone()).collect();
    if origins.builtins {
        types.extend(builtin::types().map(str::to_owned));
        let mut built_in = Vec::new();
        for (name, text) in builtin::files(wanted) {
            let uri = format!("{}{name}", builtin::SCHEME);
            // Who wants some means to run them.
            let text = wanted.map_or(Cow::Borrowed(text), |_| builtin::for_target(text, target));
            built_in.extend(parsed(&uri, &text, uri.clone(), origins, target, report));
        }
        // One file may answer for several types; those with a class must be found before the one without.
        built_in.sort_by(|one, other| {
            (one.class.is_none(), &one.kind).cmp(&(other.class.is_none(), &other.kind))
        });
        provisioners.extend(built_in);
    }
    unless_worse(report, said, Catalog { provisioners, types })
}

/// The provisioner files that a path stands for, in the order in which they win.
pub fn files(path: &str, world: &dyn World, report: &mut Report) -> Vec<String> {
    match world.entry(Path::new(path)) {
        Some(Entry::File) => vec![path.to_owned()],
        Some(Entry::Folder) => {
            let names = world.list(Path::new(path)).unwrap_or_else(|error| {
                report.push(unreadable(path, &error.to_string()));
                Vec::new()
            });
            let yaml = |name: &String| [".yaml", ".yml"].iter().any(|ending| name.ends_with(ending));
            names
                .into_iter()
                .filter(yaml)
                .map(|name| format!("{}/{name}", path.trim_end_matches('/')))
                .collect()
        }
        None if path.contains("://") => {
            let said = unreadable(path, "a run fetches nothing");
            report.push(said.help(format!(
                "fetch it once into `./provisioners/`, where it is found: `sightread provisioners add {path}`"
            )));
            Vec::new()
        }
        None => {
            report.push(unreadable(path, "there is no such file or folder"));
            Vec::new()
        }
    }
}

fn unreadable(path: &str, why: &str) -> Diagnostic {
    Diagnostic::new(
        &codes::PROVISIONER_FILE,
        format!("cannot read provisioners from `{path}`: {why}"),
        At::Named(path.to_owned()),
    )
}

fn file_provisioners(
    file: &str,
    origins: &Origins,
    target: &str,
    world: &dyn World,
    report: &mut Report,
) -> Vec<Provisioner> {
    let text = match world.read(Path::new(file)) {
        Ok(bytes) => String::from_utf8(bytes).map_err(|_| "it is not UTF-8 text".to_owned()),
        Err(error) => Err(error.to_string()),
    };
    match text {
        Ok(text) => parsed(file, &text, format!("file://{file}"), origins, target, report),
        Err(why) => {
            report.push(unreadable(file, &why));
            Vec::new()
        }
    }
}

/// Reads the provisioners of one text: a map is a contract, a list is records of upstream's format.
pub fn parsed(
    name: &str,
    text: &str,
    uri: String,
    origins: &Origins,
    target: &str,
    report: &mut Report,
) -> Vec<Provisioner> {
    let source = report.sources.add(name, text);
    let read = if origins.first_only { parse::first(source, report) } else { parse::yaml(source, report) };
    let Ok(root) = read else { return Vec::new() };
    if let Some(contracts) = several::contracts(&root) {
        return each(contracts, &root, &uri, report);
    }
    let (doc, root) = kept(Arc::new(root), report);
    match &root.kind {
        Kind::Map(_) => read::contract(doc, &root, uri, report).into_iter().collect(),
        Kind::List(list) => {
            let mut origin = record::origin(text);
            origin.fetched = origin.fetched.or_else(|| origins.fetched.get(name).cloned());
            let whose = Whose { target, mixed: origins.mixed, origin: &origin };
            record::records(doc, list, &whose, report).unwrap_or_default()
        }
        // A file that says `null` has no provisioners; one that says nothing is not meant to be one.
        Kind::Null if !root.span.is_empty() => Vec::new(),
        _ => {
            let message =
                format!("`{name}` must be a map (one provisioner) or a list (records in the older format)");
            report.push(Diagnostic::new(
                &codes::PROVISIONER_FILE,
                message,
                At::Span(root.source, root.span.clone()),
            ));
            Vec::new()
        }
    }
}

/// The provisioners of a file that speaks of several types. Those that are built in are known by their type.
fn each(contracts: Vec<Arc<Node>>, root: &Node, uri: &str, report: &mut Report) -> Vec<Provisioner> {
    let mut found = Vec::new();
    if contracts.is_empty() || root.get("type").is_some() {
        let said = "a file has either a `type`, or a map of types under `types`";
        let at =
            root.get(several::TYPES).map_or(At::Nowhere, |types| At::Span(types.source, types.span.clone()));
        report.push(Diagnostic::new(&codes::BAD_CONTRACT, said, at));
        return found;
    }
    for one in contracts {
        let (doc, root) = kept(one, report);
        let kind = root.get("type").map(Node::key_text).unwrap_or_default();
        let is_built_in = uri.starts_with(builtin::SCHEME);
        let uri = if is_built_in { format!("{}{kind}", builtin::SCHEME) } else { uri.to_owned() };
        found.extend(read::contract(doc, &root, uri, report));
    }
    found
}

fn kept(root: Arc<Node>, report: &mut Report) -> (DocId, Arc<Node>) {
    let doc = report.sources.reserve();
    report.sources.keep(doc, Arc::clone(&root));
    (doc, root)
}
