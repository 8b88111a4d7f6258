//! The text that a template renders in, the tree it stands for out.

use crate::diag::Report;
use crate::model::node::{Kind, Node};
use crate::model::tree::{Map, Tree};
use crate::read::parse;
use crate::resolve::upstream::plain;

/// Reads rendered text as one map or list; nothing when it is blank. The error is a sentence without the text itself,
/// which may hold a password.
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
    if text.trim().is_empty() {
        return Ok(None);
    }
    let mut scratch = Report::default();
    let source = scratch.sources.add("rendered", text);
    let Ok(node) = parse::yaml(source, &mut scratch) else {
        let said = scratch.diagnostics.first().map(|said| said.message.clone()).unwrap_or_default();
        return Err(said);
    };
    if let Some(key) = foreign_key(&node) {
        return Err(format!("the key `{key}` is not text"));
    }
    Ok(Some(node.tree()).filter(|tree| *tree != Tree::Null))
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
    let Some(tree) = tree(text)? else { return Ok(None) };
    match name {
        "manifests" => manifests(&tree)?,
        "info_logs" => {
            let texts = tree.as_list().ok_or("it renders no list of text")?;
            each(texts.iter(), |item| item.as_str().is_some(), "a line is not text")?;
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
