//! A [`State`] in, the text of a `state.yaml` out: the Go tools' key order, secrets as marks.

use std::collections::BTreeMap;

use crate::model::state::{ResourceState, State, WorkloadState};
use crate::model::tree::{Map, Tree};
use crate::model::{marker, share};
use crate::write::yaml::{self, Style};

const ORDER: &[&str] = &["compose_project", "mounts_directory", "patching_templates"];

/// Writes a state.
pub fn to_bytes(state: &State) -> Vec<u8> {
    let mut text = section("workloads", &state.workloads, workload);
    text.push_str(&section("resources", &state.resources, resource));
    let mut lines = Lines { out: text, indent: 0 };
    lines.entry("shared_state", &Tree::Map(state.shared.clone()));
    lines.extras(&state.extra, ORDER);
    lines.out.into_bytes()
}

/// One map of the top; what its entries hold is written on several threads where there is much.
fn section<T: Sync>(key: &str, entries: &BTreeMap<String, T>, write: fn(&T, &mut Lines)) -> String {
    if entries.is_empty() {
        return format!("{key}: {{}}\n");
    }
    let pieces = share::pieces(entries.iter().collect(), |entries: Vec<(&String, &T)>| {
        let mut lines = Lines { out: String::new(), indent: 4 };
        for (name, entry) in entries {
            yaml::head(name, 2, Style::Go, &mut lines.out);
            lines.out.push('\n');
            write(entry, &mut lines);
        }
        lines.out
    });
    pieces.into_iter().fold(format!("{key}:\n"), |text, piece| text + &piece)
}

fn workload(kept: &WorkloadState, lines: &mut Lines) {
    let WorkloadState { spec, file, extra } = kept;
    lines.entry("spec", spec);
    if let Some(file) = file {
        lines.entry("file", &Tree::Str(file.clone()));
    }
    lines.extras(extra, &[]);
}

fn resource(kept: &ResourceState, lines: &mut Lines) {
    let ResourceState {
        guid,
        kind,
        class,
        id,
        metadata,
        params,
        source_workload,
        provisioner,
        state,
        outputs,
        extra,
    } = kept;
    for (key, value) in [("guid", guid), ("type", kind), ("class", class), ("id", id)] {
        lines.entry(key, &Tree::Str(value.clone()));
    }
    lines.or_empty("metadata", metadata);
    lines.or_empty("params", params);
    lines.entry("source_workload", &Tree::Str(source_workload.clone()));
    lines.entry("provisioner", &Tree::Str(provisioner.clone()));
    lines.or_empty("state", state);
    if !outputs.is_blank() {
        lines.entry("outputs", outputs);
    }
    lines.extras(extra, &[]);
}

/// Lines of a block map that stands some spaces in.
struct Lines {
    out: String,
    indent: usize,
}

impl Lines {
    fn entry(&mut self, key: &str, value: &Tree) {
        yaml::entry(key, &marker::spelled(value), self.indent, Style::Go, &mut self.out);
    }

    fn or_empty(&mut self, key: &str, value: &Tree) {
        if value.is_blank() { self.entry(key, &Tree::map()) } else { self.entry(key, value) }
    }

    fn extras(&mut self, extra: &Map, order: &[&str]) {
        let first = order.iter().filter_map(|key| Some((*key, extra.get(*key)?)));
        let rest = extra.iter().map(|(key, value)| (key.as_str(), value));
        for (key, value) in first.chain(rest.filter(|(key, _)| !order.contains(key))) {
            self.entry(key, value);
        }
    }
}
