//! The text that a template renders in, the tree it stands for out.

use crate::diag::codes::read::DOCUMENT_IGNORED;
use crate::diag::{Diagnostic, Report, Severity, span};
use crate::model::node::{Kind, Node};
use crate::model::tree::{Map, Tree};
use crate::read::parse;
use crate::resolve::upstream::plain;

/// Reads rendered text as one map or list; nothing when it is blank. The error is a sentence without the text itself,
/// which may hold a password. Only the first document counts.
///
/// # Errors
/// When it is not YAML, or a key of its top is not text.
pub fn tree(text: &str) -> Result<Option<Tree>, String> {
    plain::read(text).map_or_else(|| yaml(text), |tree| Ok(Some(tree)))
}

/// As [`tree`], whatever the text looks like.
///
/// # Errors
/// As [`tree`].
pub fn yaml(text: &str) -> Result<Option<Tree>, String> {
    let Some(node) = node(text)? else { return Ok(None) };
    if let Some(key) = foreign_key(&node) {
        return Err(format!("the key `{key}` is not text"));
    }
    Ok(Some(node.tree()).filter(|tree| *tree != Tree::Null))
}

/// As [`tree`], with whatever scalars as keys: a service may be called `1`.
fn named(text: &str) -> Result<Option<Tree>, String> {
    match plain::read(text) {
        Some(tree) => Ok(Some(tree)),
        None => Ok(node(text)?.map(|node| node.tree()).filter(|tree| *tree != Tree::Null)),
    }
}

fn node(text: &str) -> Result<Option<Node>, String> {
    if text.trim().is_empty() {
        return Ok(None);
    }
    let mut scratch = Report::default();
    let source = scratch.sources.add("rendered", text);
    parse::first(source, &mut scratch).map(Some).map_err(|_| {
        let wrong = scratch.diagnostics.iter().find(|said| said.severity == Severity::Error);
        wrong.map(|said| worded(said, &scratch)).unwrap_or_default()
    })
}

/// What is wrong, and in which line: the text is nowhere else to be seen.
fn worded(said: &Diagnostic, report: &Report) -> String {
    let place = span::place(&said.at, &report.sources);
    let found = place.and_then(|place| Some((place.span.start, report.sources.text(place.source)?)));
    match found.map(|(start, source)| span::position(&source.text, start).line) {
        Some(line) => format!("{} (line {line} of what it renders)", said.message),
        None => said.message.clone(),
    }
}

/// True where a second document begins, which nobody reads.
pub fn is_followed(text: &str) -> bool {
    if !text.contains("\n---") && !text.contains("\n...") {
        return false;
    }
    let mut scratch = Report::default();
    let source = scratch.sources.add("rendered", text);
    parse::first(source, &mut scratch).is_ok()
        && scratch.diagnostics.iter().any(|said| said.code.id == DOCUMENT_IGNORED.id)
}

fn foreign_key(node: &Node) -> Option<String> {
    let keys = node.as_map()?.iter().map(|(key, _)| key);
    keys.into_iter().find(|key| !matches!(key.kind, Kind::Str(_))).map(Node::key_text)
}

/// A map; blank is an empty one.
///
/// # Errors
/// As [`tree`], and when it is something else than a map.
pub fn map(text: &str) -> Result<Map, String> {
    match tree(text)? {
        None => Ok(Map::new()),
        Some(Tree::Map(map)) => Ok(map),
        Some(other) => Err(format!("it renders {} where a map must be", other.kind())),
    }
}

/// A section of a target: a map or a list as the section wants it.
///
/// # Errors
/// When the shape is wrong.
pub fn section(name: &str, text: &str) -> Result<Option<Tree>, String> {
    let is_named = matches!(name, "services" | "volumes" | "networks" | "models");
    let Some(tree) = (if is_named { named(text) } else { tree(text) })? else { return Ok(None) };
    match name {
        "manifests" => manifests(&tree)?,
        "info_logs" => {
            let texts = tree.as_list().ok_or("it renders no list of text")?;
            each(texts.iter(), |item| matches!(item, Tree::Str(_) | Tree::Null), "a line is not text")?;
        }
        _ => {
            let entries = tree.as_map().ok_or_else(|| format!("it renders {}, not a map", tree.kind()))?;
            match name {
                "directories" => {
                    each(
                        entries.values(),
                        |is| matches!(is, Tree::Bool(_) | Tree::Null),
                        "a value is not true or false",
                    )?;
                }
                "files" => {
                    each(
                        entries.values(),
                        |is| matches!(is, Tree::Str(_) | Tree::Null),
                        "a value is not text",
                    )?;
                }
                _ => each(
                    entries.values(),
                    |is| matches!(is, Tree::Map(_) | Tree::Null),
                    "a value is not a map",
                )?,
            }
        }
    }
    Ok(Some(tree))
}

fn each<'a>(
    mut values: impl Iterator<Item = &'a Tree>,
    fits: impl Fn(&Tree) -> bool,
    said: &str,
) -> Result<(), String> {
    if values.all(fits) { Ok(()) } else { Err(said.to_owned()) }
}

/// Holds manifests against the least that they must be: a list of maps.
///
/// # Errors
/// When they are not.
pub fn manifests_shape(tree: &Tree) -> Result<(), String> {
    let list = tree.as_list().ok_or("the manifests are no list")?;
    each(list.iter(), |item| matches!(item, Tree::Map(_)), "a manifest is not a map")
}

fn manifests(tree: &Tree) -> Result<(), String> {
    let list = tree.as_list().ok_or("it renders no list of manifests")?;
    for (index, manifest) in list.iter().enumerate() {
        let entries = manifest.as_map().ok_or_else(|| format!("manifest {index} is not a map"))?;
        for key in ["apiVersion", "kind"] {
            if entries.get(key).and_then(Tree::as_str).is_none_or(str::is_empty) {
                return Err(format!("manifest {index} has no `{key}`"));
            }
        }
    }
    Ok(())
}
