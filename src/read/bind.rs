//! A judged document in, a typed workload out. Free-form parts are taken from the tree, so that timestamps survive.

use std::collections::BTreeMap;

use crate::diag::codes::read as codes;
use crate::diag::{At, Diagnostic, Failed, Report, Severity};
use crate::model::flow::{DocId, Document, Workload};
use crate::model::path::Path;
use crate::model::spec::Spec;
use crate::model::tree::{Map, Tree};
use crate::read::Rules;

/// True when a document can be typed.
pub fn fits(document: &Document) -> bool {
    spec(&document.root.tree()).is_ok()
}

/// Types all documents; two workloads of one name are an error, unless the rules let the last one win. What is said here
/// takes a document out and leaves the others.
pub fn bind(documents: Vec<Document>, rules: &Rules, report: &mut Report) -> Vec<Workload> {
    let mut seen: BTreeMap<String, DocId> = BTreeMap::new();
    let mut workloads = Vec::new();
    for (id, file, spec) in report.each(documents, typed) {
        let name = spec.name().to_owned();
        if let Some(first) = seen.get(&name) {
            let said = twice(&name, id, *first);
            report.push(if rules.last_wins { said.severity(Severity::Warning) } else { said });
        }
        if rules.last_wins || !seen.contains_key(&name) {
            if seen.insert(name.clone(), id).is_some() {
                workloads.retain(|earlier: &Workload| earlier.name() != name);
            }
            workloads.push(Workload {
                doc: id,
                file,
                spec,
                assets: BTreeMap::new(),
                builds: BTreeMap::new(),
            });
        }
    }
    workloads
}

/// One document, typed.
fn typed(document: Document, report: &mut Report) -> Result<(DocId, Option<String>, Spec), Failed> {
    let Document { id, file, root } = document;
    let spec = spec(&root.tree()).map_err(|wrong| {
        let message = "a value does not fit the place it stands in";
        let said = Diagnostic::new(&codes::WRONG_TYPE, message, At::value(id, Path::default()));
        report.fail(said.note(wrong.to_string()))
    })?;
    Ok((id, file, spec))
}

fn twice(name: &str, doc: DocId, first: DocId) -> Diagnostic {
    let place = |doc| At::value(doc, Path::of(["metadata", "name"]));
    Diagnostic::new(&codes::WORKLOAD_TWICE, format!("two workloads are called `{name}`"), place(doc))
        .also(place(first), "first used here")
        .help("give one of them another `metadata.name`")
}

/// The tree with `80` for a port that was written `80.0`, which the schema takes for an integer; `None` where none was.
fn whole_ports(tree: &Tree) -> Option<Tree> {
    let mut changed = None;
    for path in port_paths(tree) {
        #[expect(clippy::cast_possible_truncation, reason = "the schema holds ports to 65535")]
        if let Some(Tree::Float(number)) = tree.at(&path)
            && number.fract() == 0.0
            && let Some(place) = changed.get_or_insert_with(|| tree.clone()).at_mut(&path)
        {
            *place = Tree::Int(*number as i64);
        }
    }
    changed
}

/// Where ports stand.
fn port_paths(tree: &Tree) -> Vec<Path> {
    let keys = |path: Path| tree.at(&path).and_then(Tree::as_map).into_iter().flat_map(Map::keys);
    let ports = keys(Path::of(["service", "ports"])).flat_map(|name| {
        ["port", "targetPort"].map(|key| Path::of(["service", "ports", name.as_str(), key]))
    });
    let probes = keys(Path::of(["containers"])).flat_map(|name| {
        ["livenessProbe", "readinessProbe"]
            .map(|probe| Path::of(["containers", name.as_str(), probe, "httpGet", "port"]))
    });
    ports.chain(probes).collect()
}

/// Types a tree that the schema has let pass.
///
/// # Errors
/// When the shape does not fit.
pub fn spec(tree: &Tree) -> Result<Spec, serde_json::Error> {
    let mut spec: Spec = match whole_ports(tree) {
        Some(tree) => tree.parse()?,
        None => tree.parse()?,
    };
    let map = |path: Path| tree.at(&path).and_then(Tree::as_map).cloned();
    spec.metadata = map(Path::of(["metadata"])).unwrap_or_default();
    for (name, resource) in &mut spec.resources {
        let section = |key: &str| -> Option<Map> { map(Path::of(["resources", name, key])) };
        resource.metadata = section("metadata");
        resource.params = section("params");
    }
    Ok(spec)
}
