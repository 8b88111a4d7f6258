//! A [`State`] in, the text of a `state.yaml` out: the Go tools' key order, secrets as marks.

use crate::model::marker;
use crate::model::state::{ResourceState, State, WorkloadState};
use crate::model::tree::{Map, Tree};
use crate::write::yaml::{Style, to_text};

const ORDER: &[&str] = &["compose_project", "mounts_directory", "patching_templates"];

/// Writes a state.
pub fn to_bytes(state: &State) -> Vec<u8> {
    let mut text = String::new();
    let workloads = state.workloads.iter().map(|(name, kept)| (name, workload(kept)));
    text.push_str(&section("workloads", workloads));
    let resources = state.resources.iter().map(|(uid, kept)| (uid, resource(kept)));
    text.push_str(&section("resources", resources));
    text.push_str(&entry("shared_state", &Tree::Map(state.shared.clone())));
    text.push_str(&extras(&state.extra, ORDER));
    text.into_bytes()
}

fn section<'a>(key: &str, entries: impl Iterator<Item = (&'a String, String)>) -> String {
    let mut text = format!("{key}:\n");
    let head_only = text.len();
    for (name, entry) in entries {
        indent(&mut text, "  ", &head(name));
        indent(&mut text, "    ", &entry);
    }
    if text.len() == head_only { format!("{key}: {{}}\n") } else { text }
}

fn workload(kept: &WorkloadState) -> String {
    let mut text = entry("spec", &kept.spec);
    if let Some(file) = &kept.file {
        text.push_str(&entry("file", &Tree::Str(file.clone())));
    }
    text.push_str(&extras(&kept.extra, &[]));
    text
}

fn resource(kept: &ResourceState) -> String {
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
    let texts = [("guid", guid), ("type", kind), ("class", class), ("id", id)];
    let mut text: String = texts.iter().map(|(key, value)| plain(key, value)).collect();
    text.push_str(&entry("metadata", &or_empty(metadata)));
    text.push_str(&entry("params", &or_empty(params)));
    text.push_str(&plain("source_workload", source_workload));
    text.push_str(&plain("provisioner", provisioner));
    text.push_str(&entry("state", &or_empty(state)));
    if !outputs.is_blank() {
        text.push_str(&entry("outputs", outputs));
    }
    text.push_str(&extras(extra, &[]));
    text
}

fn or_empty(tree: &Tree) -> Tree {
    if tree.is_blank() { Tree::map() } else { tree.clone() }
}

fn extras(extra: &Map, order: &[&str]) -> String {
    let first = order.iter().filter_map(|key| extra.get(*key).map(|value| entry(key, value)));
    let rest = extra.iter().filter(|(key, _)| !order.contains(&key.as_str()));
    first.chain(rest.map(|(key, value)| entry(key, value))).collect()
}

fn plain(key: &str, value: &str) -> String {
    entry(key, &Tree::Str(value.to_owned()))
}

fn entry(key: &str, value: &Tree) -> String {
    let value = marker::write_tree(value);
    to_text(&Tree::from_pairs([(key, value)]), Style::Go)
}

/// A key of a block map and its colon, quoted where YAML wants it.
fn head(key: &str) -> String {
    let text = to_text(&Tree::from_pairs([(key, Tree::Null)]), Style::Go);
    let colon = text.rfind(':').unwrap_or(text.trim_end().len());
    format!("{}:\n", text.get(..colon).unwrap_or(key))
}

/// Adds lines, spaces before each that is not empty.
fn indent(out: &mut String, spaces: &str, text: &str) {
    for line in text.split_inclusive('\n') {
        if line != "\n" {
            out.push_str(spaces);
        }
        out.push_str(line);
    }
}
