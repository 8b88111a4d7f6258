//! Kinds that are not Kubernetes' own, judged by schemas of the user's: definitions of custom resources, or JSON Schemas as
//! kubeconform and the catalogues for it name them.
//!
//! The schema of such a definition is structural, a small part of JSON Schema; that part is judged here. Fields
//! that a schema does not name are errors, as they are dropped by the API server.

use std::collections::BTreeMap;

use regex::Regex;

use super::here::{Findings, Here, whole};
use crate::model::tree::Tree;

/// Group, version and kind, the kind in lower case; the group may be cut at its first dot.
type Key = (String, String, String);

/// Schemas by kind.
#[derive(Debug, Clone, Default)]
pub struct Schemas(BTreeMap<Key, Tree>);

fn text<'a>(tree: &'a Tree, key: &str) -> &'a str {
    tree.get(key).and_then(Tree::as_str).unwrap_or_default()
}

impl Schemas {
    /// True when there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Adds what a file holds: the definition of a custom resource, or a JSON Schema whose path says of what.
    ///
    /// # Errors
    /// When it is neither.
    pub fn add(&mut self, path: &str, tree: &Tree) -> Result<(), String> {
        if text(tree, "kind") == "CustomResourceDefinition" {
            return self.definition(tree);
        }
        if tree.get("properties").is_none() {
            return Err("is neither a CustomResourceDefinition nor a JSON Schema".to_owned());
        }
        let named = tree.get("x-kubernetes-group-version-kind").and_then(Tree::as_list).unwrap_or_default();
        let keys: Vec<Key> = if named.is_empty() {
            let key = of_path(path).ok_or(
                "does not say whose schema it is: call it `GROUP/KIND_VERSION.json` or `KIND-GROUP-VERSION.json`",
            )?;
            vec![key]
        } else {
            let key = |one: &Tree| {
                let kind = text(one, "kind").to_lowercase();
                (text(one, "group").to_owned(), text(one, "version").to_owned(), kind)
            };
            named.iter().map(key).collect()
        };
        self.0.extend(keys.into_iter().map(|key| (key, tree.clone())));
        Ok(())
    }

    fn definition(&mut self, tree: &Tree) -> Result<(), String> {
        let spec = tree.get("spec").ok_or("has no `spec`")?;
        let kind = spec.get("names").map(|names| text(names, "kind")).unwrap_or_default();
        let versions = spec.get("versions").and_then(Tree::as_list).unwrap_or_default();
        let mut any = false;
        for version in versions {
            let schema = version.get("schema").and_then(|schema| schema.get("openAPIV3Schema"));
            let Some(schema) = schema else { continue };
            let key = (text(spec, "group").to_owned(), text(version, "name").to_owned(), kind.to_lowercase());
            self.0.insert(key, schema.clone());
            any = true;
        }
        if any && !kind.is_empty() { Ok(()) } else { Err("has no version with a schema".to_owned()) }
    }

    /// Judges an object whose schema is here; false when it is not.
    pub(super) fn judge(&self, version: &str, kind: &str, top: &Here<'_>, found: &mut Findings) -> bool {
        if self.0.is_empty() {
            return false;
        }
        let (group, version) = version.split_once('/').unwrap_or(("", version));
        let short = group.split('.').next().unwrap_or_default();
        let key = |group: &str| (group.to_owned(), version.to_owned(), kind.to_lowercase());
        let Some(schema) = self.0.get(&key(group)).or_else(|| self.0.get(&key(short))) else { return false };
        walk(schema, top, true, found);
        true
    }
}

/// Whose schema a file is: `GROUP/KIND_VERSION.json` or `KIND-GROUP-VERSION.json`.
fn of_path(path: &str) -> Option<Key> {
    let mut parts = path.rsplit('/');
    let stem = parts.next()?.rsplit_once('.')?.0;
    if let Some((kind, version)) = stem.split_once('_') {
        return Some((parts.next()?.to_owned(), version.to_owned(), kind.to_lowercase()));
    }
    let (rest, version) = stem.rsplit_once('-')?;
    let (kind, group) = rest.split_once('-')?;
    Some((group.to_owned(), version.to_owned(), kind.to_lowercase()))
}

fn flag(schema: &Tree, key: &str) -> bool {
    schema.get(key) == Some(&Tree::Bool(true))
}

fn walk(schema: &Tree, here: &Here<'_>, is_object: bool, found: &mut Findings) {
    let tree = here.tree;
    if flag(schema, "x-kubernetes-int-or-string") {
        if tree.as_str().is_none() && whole(tree).is_none() {
            found.shape(here, format!("is {}, not an integer or a string", tree.kind()));
        }
        return;
    }
    if !of_type(schema, tree) {
        let wanted = types(schema).join(" or ");
        found.shape(here, format!("is {}, not of type {wanted}", tree.kind()));
        return;
    }
    value(schema, here, found);
    match tree {
        Tree::Map(_) => fields(schema, here, is_object, found),
        Tree::List(items) => {
            bounds(schema, "minItems", "maxItems", items.len(), "items", here, found);
            let Some(of_items) = schema.get("items") else { return };
            for (index, item) in items.iter().enumerate() {
                walk(of_items, &here.item(index, item), false, found);
            }
        }
        _ => {}
    }
    combined(schema, here, found);
}

/// The names of the types that a schema takes.
fn types(schema: &Tree) -> Vec<&str> {
    match schema.get("type") {
        Some(Tree::Str(name)) => vec![name],
        Some(Tree::List(names)) => names.iter().filter_map(Tree::as_str).collect(),
        _ => Vec::new(),
    }
}

fn of_type(schema: &Tree, tree: &Tree) -> bool {
    let names = types(schema);
    // The API server drops null where a field may be absent.
    names.is_empty()
        || *tree == Tree::Null
        || names.iter().any(|name| match *name {
            "string" => matches!(tree, Tree::Str(_) | Tree::Time(_)),
            "integer" => whole(tree).is_some() || matches!(tree, Tree::Uint(_)),
            "number" => matches!(tree, Tree::Int(_) | Tree::Uint(_) | Tree::Float(_)),
            "boolean" => matches!(tree, Tree::Bool(_)),
            "array" => matches!(tree, Tree::List(_)),
            "object" => matches!(tree, Tree::Map(_)),
            _ => true,
        })
}

fn bounds(
    schema: &Tree,
    least: &str,
    most: &str,
    count: usize,
    what: &str,
    here: &Here<'_>,
    found: &mut Findings,
) {
    let count = i64::try_from(count).unwrap_or(i64::MAX);
    if let Some(least) = schema.get(least).and_then(whole).filter(|least| count < *least) {
        found.value(here, format!("has fewer than {least} {what}"));
    }
    if let Some(most) = schema.get(most).and_then(whole).filter(|most| count > *most) {
        found.value(here, format!("has more than {most} {what}"));
    }
}

#[expect(clippy::cast_precision_loss, reason = "bounds are compared as JSON Schema does, as numbers")]
fn number(tree: &Tree) -> Option<f64> {
    match tree {
        Tree::Int(number) => Some(*number as f64),
        Tree::Uint(number) => Some(*number as f64),
        Tree::Float(number) => Some(*number),
        _ => None,
    }
}

fn value(schema: &Tree, here: &Here<'_>, found: &mut Findings) {
    let tree = here.tree;
    if let Some(allowed) = schema.get("enum").and_then(Tree::as_list)
        && *tree != Tree::Null
        && !allowed.contains(tree)
    {
        let names = allowed.iter().map(|one| {
            format!("`{}`", one.as_str().map_or_else(|| one.to_json().to_string(), str::to_owned))
        });
        found.value(here, format!("is not one of {}", names.collect::<Vec<_>>().join(", ")));
    }
    if let Some(text) = tree.as_str() {
        bounds(schema, "minLength", "maxLength", text.chars().count(), "characters", here, found);
        let pattern = schema.get("pattern").and_then(Tree::as_str);
        if let Some(pattern) =
            pattern.filter(|pattern| Regex::new(pattern).is_ok_and(|regex| !regex.is_match(text)))
        {
            found.value(here, format!("is `{text}`, which does not follow `{pattern}`"));
        }
    }
    let Some(here_is) = number(tree) else { return };
    let least = schema.get("minimum").and_then(number);
    if let Some(least) = least.filter(|least| here_is < *least) {
        found.value(here, format!("is below {least}"));
    }
    let most = schema.get("maximum").and_then(number);
    if let Some(most) = most.filter(|most| here_is > *most) {
        found.value(here, format!("is above {most}"));
    }
}

fn fields(schema: &Tree, here: &Here<'_>, is_object: bool, found: &mut Findings) {
    let Some(map) = here.tree.as_map() else { return };
    let none = crate::model::tree::Map::new();
    let known = schema.get("properties").and_then(Tree::as_map).unwrap_or(&none);
    let others = schema.get("additionalProperties");
    let is_object = is_object || flag(schema, "x-kubernetes-embedded-resource");
    let open = flag(schema, "x-kubernetes-preserve-unknown-fields")
        || others == Some(&Tree::Bool(true))
        || (known.is_empty() && others.is_none());
    for (key, value) in map {
        let place = here.under(key, value);
        match (known.get(key), others) {
            _ if is_object && matches!(key.as_str(), "apiVersion" | "kind" | "metadata" | "status") => {}
            (Some(schema), _) | (None, Some(schema @ Tree::Map(_))) => walk(schema, &place, false, found),
            (None, _) if open => {}
            (None, _) => found.unknown(here, key, known.keys().map(String::as_str)),
        }
    }
    for key in
        schema.get("required").and_then(Tree::as_list).unwrap_or_default().iter().filter_map(Tree::as_str)
    {
        if map.get(key).is_none_or(|value| *value == Tree::Null) {
            found.missing(here, key);
        }
    }
}

/// `allOf`, `anyOf`, `oneOf` and `not`, which say of the same value what else must hold.
fn combined(schema: &Tree, here: &Here<'_>, found: &mut Findings) {
    let fits = |schema: &Tree| {
        let mut apart = Findings::default();
        // What these name is no list of all fields.
        let mut open = schema.clone();
        if let Some(map) = open.as_map_mut().filter(|map| !map.contains_key("additionalProperties")) {
            map.insert("x-kubernetes-preserve-unknown-fields".to_owned(), Tree::Bool(true));
        }
        walk(&open, here, false, &mut apart);
        apart.faults.is_empty()
    };
    let list = |key: &str| schema.get(key).and_then(Tree::as_list).unwrap_or_default();
    if !list("allOf").iter().all(fits) {
        found.value(here, "does not follow all that `allOf` of its schema asks");
    }
    if !list("anyOf").is_empty() && !list("anyOf").iter().any(fits) {
        found.value(here, "follows none of what `anyOf` of its schema offers");
    }
    if !list("oneOf").is_empty() && list("oneOf").iter().filter(|one| fits(one)).count() != 1 {
        found.value(here, "does not follow exactly one of what `oneOf` of its schema offers");
    }
    if schema.get("not").is_some_and(fits) {
        found.value(here, "is what `not` of its schema forbids");
    }
}
