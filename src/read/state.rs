//! The text of a `state.yaml` in, a [`State`] out. Keys that nobody here knows are kept, with a warning, so that a
//! project can be handed to a newer tool and back.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::diag::codes::machine as codes;
use crate::diag::{At, Diagnostic, Failed, Report};
use crate::model::flow::{DocId, SourceId, Workload};
use crate::model::node::{Kind, Node};
use crate::model::path::Path;
use crate::model::spec::Spec;
use crate::model::state::{ResourceState, State, WorkloadState};
use crate::model::tree::{Map, Tree};
use crate::read::{bind, parse};

const TOP: &[&str] = &["compose_project", "mounts_directory", "patching_templates"];
const WORKLOAD: &[&str] = &["build_configs", "instance_suffix"];

/// A state and the document it was read from.
#[derive(Debug, Clone, Default)]
pub struct Remembered {
    /// The state.
    pub state: State,
    /// Its document; none for a fresh state.
    pub doc: Option<DocId>,
    /// True when the project keeps its workloads in the state, so that all of them are generated each time.
    pub keeps_workloads: bool,
}

impl Remembered {
    /// The state with the workloads of this run in it, where it keeps them.
    pub fn with(&self, workloads: &[Workload]) -> State {
        if !self.keeps_workloads {
            return self.state.clone();
        }
        let State { workloads: known, resources, shared, extra } = &self.state;
        let mut made: BTreeMap<String, WorkloadState> = BTreeMap::new();
        for workload in workloads {
            let mut extra = known.get(workload.name()).map(|kept| kept.extra.clone()).unwrap_or_default();
            extra.remove("build_configs");
            if !workload.builds.is_empty() {
                extra.insert("build_configs".to_owned(), Tree::from_pairs(workload.builds.clone()));
            }
            let (spec, file) = (remembered(&workload.spec), workload.file.clone());
            made.insert(workload.name().to_owned(), WorkloadState { spec, file, extra });
        }
        for (name, kept) in known {
            made.entry(name.clone()).or_insert_with(|| kept.clone());
        }
        State { workloads: made, resources: resources.clone(), shared: shared.clone(), extra: extra.clone() }
    }
}

/// A specification as a tree; what is free in it is taken as it is, so that timestamps stay what they are.
fn remembered(spec: &Spec) -> Tree {
    let mut tree = Tree::of(spec).unwrap_or_default();
    let Some(top) = tree.as_map_mut() else { return tree };
    top.insert("metadata".to_owned(), Tree::Map(spec.metadata.clone()));
    for (name, resource) in &spec.resources {
        let kept = top.get_mut("resources").and_then(|all| all.as_map_mut()?.get_mut(name)?.as_map_mut());
        let free = [("metadata", &resource.metadata), ("params", &resource.params)];
        let free =
            free.into_iter().filter_map(|(key, free)| Some((key.to_owned(), Tree::Map(free.clone()?))));
        if let Some(kept) = kept {
            kept.extend(free);
        }
    }
    tree
}

/// Reads a state.
///
/// # Errors
/// When the text is not YAML, is empty, or has a list or a scalar where a map must be.
pub fn state(source: SourceId, report: &mut Report) -> Result<Remembered, Failed> {
    let node = Arc::new(parse::yaml(source, report)?);
    let doc = report.sources.reserve();
    report.sources.keep(doc, Arc::clone(&node));
    if matches!(node.kind, Kind::Null) {
        let at = At::value(doc, Path::default());
        return Err(report.fail(Diagnostic::new(&codes::BROKEN_STATE, "the state file is empty", at)));
    }
    let mut reader = Reader { doc, report };
    let state = reader.top(&node);
    report.failed(Remembered { state, doc: Some(doc), keeps_workloads: true })
}

struct Reader<'a> {
    doc: DocId,
    report: &'a mut Report,
}

impl Reader<'_> {
    fn top(&mut self, node: &Node) -> State {
        let mut state = State::default();
        for (key, value) in self.entries(node, &Path::default()) {
            let path = Path::of([key.as_str()]);
            match key.as_str() {
                "workloads" => {
                    state.workloads = self.each(value, &path, Self::workload);
                }
                "resources" => {
                    state.resources = self.each(value, &path, Self::resource);
                }
                "shared_state" => state.shared = self.map(value, &path),
                _ => self.keep(TOP, &mut state.extra, &key, value, path),
            }
        }
        state
    }

    fn workload(&mut self, node: &Node, path: &Path) -> WorkloadState {
        let mut made = WorkloadState::default();
        for (key, value) in self.entries(node, path) {
            match key.as_str() {
                "spec" => made.spec = value.tree(),
                "file" => made.file = value.as_str().map(str::to_owned),
                _ => self.keep(WORKLOAD, &mut made.extra, &key, value, path.then(&key)),
            }
        }
        made
    }

    fn resource(&mut self, node: &Node, path: &Path) -> ResourceState {
        let mut made = ResourceState::default();
        for (key, value) in self.entries(node, path) {
            let here = path.then(&key);
            match key.as_str() {
                "guid" => made.guid = value.key_text(),
                "type" => made.kind = value.key_text(),
                "class" => made.class = value.key_text(),
                "id" => made.id = value.key_text(),
                "metadata" => made.metadata = Tree::Map(self.map(value, &here)),
                "params" => made.params = Tree::Map(self.map(value, &here)),
                "source_workload" => made.source_workload = value.key_text(),
                "provisioner" => made.provisioner = value.key_text(),
                "state" => made.state = Tree::Map(self.map(value, &here)),
                "outputs" => made.outputs = Tree::Map(self.map(value, &here)),
                _ => self.keep(&[], &mut made.extra, &key, value, here),
            }
        }
        made
    }

    fn each<T>(
        &mut self,
        node: &Node,
        path: &Path,
        read: fn(&mut Self, &Node, &Path) -> T,
    ) -> std::collections::BTreeMap<String, T> {
        let entries = self.entries(node, path);
        entries
            .into_iter()
            .map(|(key, value)| {
                let made = read(self, value, &path.then(&key));
                (key, made)
            })
            .collect()
    }

    fn map(&mut self, node: &Node, path: &Path) -> Map {
        self.entries(node, path).into_iter().map(|(key, value)| (key, whole(value.tree()))).collect()
    }

    fn entries<'n>(&mut self, node: &'n Node, path: &Path) -> Vec<(String, &'n Node)> {
        match &node.kind {
            Kind::Map(entries) => entries.iter().map(|(key, value)| (key.key_text(), value)).collect(),
            Kind::Null => Vec::new(),
            _ => {
                let said = format!("the state has {} where a map must be", node.tree().kind());
                let at = At::value(self.doc, path.clone());
                self.report.push(Diagnostic::new(&codes::BROKEN_STATE, said, at));
                Vec::new()
            }
        }
    }

    fn keep(&mut self, known: &[&str], extra: &mut Map, key: &str, value: &Node, path: Path) {
        if !known.contains(&key) {
            let said = format!("nobody here knows the key `{key}` of the state; it is kept as it is");
            self.report.push(Diagnostic::new(&codes::UNKNOWN_STATE_KEY, said, At::key(self.doc, path)));
        }
        extra.insert(key.to_owned(), value.tree());
    }
}

/// Floating-point numbers without a fraction become integers: the Go tools write `1e+07` for what was one.
fn whole(tree: Tree) -> Tree {
    const SAFE: f64 = 9_007_199_254_740_992.0;
    match tree {
        #[expect(clippy::cast_possible_truncation, reason = "checked to be whole and in range")]
        Tree::Float(number) if number.fract() == 0.0 && number.abs() < SAFE => Tree::Int(number as i64),
        Tree::List(list) => Tree::List(list.into_iter().map(whole).collect()),
        Tree::Map(map) => Tree::Map(map.into_iter().map(|(key, value)| (key, whole(value))).collect()),
        other => other,
    }
}

/// The workloads that a state remembers and this run was not given anew.
///
/// # Errors
/// When a remembered specification is not one.
pub fn workloads(
    remembered: &Remembered,
    fresh: &[Workload],
    report: &mut Report,
) -> Result<Vec<Workload>, Failed> {
    let mut made = Vec::new();
    let fresh: BTreeSet<&str> = fresh.iter().map(Workload::name).collect();
    for (name, kept) in &remembered.state.workloads {
        if fresh.contains(name.as_str()) {
            continue;
        }
        let doc = part(remembered.doc, &Path::of(["workloads", name, "spec"]), report);
        match bind::spec(&kept.spec) {
            Ok(spec) => made.push(Workload {
                doc,
                file: kept.file.clone(),
                spec,
                assets: std::collections::BTreeMap::new(),
                builds: builds(kept),
            }),
            Err(error) => report.push(
                Diagnostic::new(
                    &codes::BROKEN_STATE,
                    format!("the state's workload `{name}` is not a workload"),
                    At::value(doc, Path::default()),
                )
                .note(error.to_string())
                .help(format!("generate it anew from its Score file, or remove `workloads.{name}`")),
            ),
        }
    }
    report.failed(made)
}

fn part(doc: Option<DocId>, path: &Path, report: &mut Report) -> DocId {
    let node = doc.and_then(|doc| report.sources.document(doc)).and_then(|root| root.at(path)).cloned();
    let part = report.sources.reserve();
    if let Some(node) = node {
        report.sources.keep(part, Arc::new(node));
    }
    part
}

fn builds(kept: &WorkloadState) -> std::collections::BTreeMap<String, Tree> {
    let found = kept.extra.get("build_configs").and_then(Tree::as_map);
    found.into_iter().flatten().map(|(key, value)| (key.clone(), value.clone())).collect()
}
