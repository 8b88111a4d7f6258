//! A YAML map in, a provisioner with its contract out. Keys that the format does not know are errors.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use semver::{BuildMetadata, Prerelease, Version};

use crate::diag::codes::lock::NEEDS_NEWER;
use crate::diag::codes::resolve as codes;
use crate::diag::{At, Diagnostic, Failed, Report};
use crate::model::flow::DocId;
use crate::model::node::{Kind, Node};
use crate::model::path::Path;
use crate::model::tree::Tree;
use crate::resolve::builtin;
use crate::resolve::contract::params::{Format, Inside, Param, Type};
use crate::resolve::contract::{Contract, Output, Outputs, Rest};
use crate::resolve::provisioner::{Body, Provisioner};

/// The targets a contract may have a section for.
pub const TARGETS: &[&str] = &["compose", "kubernetes"];

/// The version of this program.
pub const VERSION: Version = Version {
    major: number(env!("CARGO_PKG_VERSION_MAJOR")),
    minor: number(env!("CARGO_PKG_VERSION_MINOR")),
    patch: number(env!("CARGO_PKG_VERSION_PATCH")),
    pre: Prerelease::EMPTY,
    build: BuildMetadata::EMPTY,
};

/// What other languages call the types, and what they are called here.
const SAME_TYPES: &[(&str, &str)] = &[
    ("str", "string"),
    ("text", "string"),
    ("int", "integer"),
    ("float", "number"),
    ("bool", "boolean"),
    ("list", "array"),
    ("map", "object"),
];
const KEYS: &[&str] =
    &["type", "class", "description", "requires", "params", "outputs", "values", "compose", "kubernetes"];
const PARAM_KEYS: &[&str] = &[
    "type",
    "enum",
    "pattern",
    "minimum",
    "maximum",
    "required",
    "default",
    "format",
    "propertyNames",
    "additionalProperties",
    "items",
    "description",
];
/// What may be said of the keys of a map.
const NAME_KEYS: &[&str] = &["enum", "pattern", "description"];
/// What may be said of what a map or a list holds.
const PART_KEYS: &[&str] = &[
    "type",
    "enum",
    "pattern",
    "minimum",
    "maximum",
    "propertyNames",
    "additionalProperties",
    "items",
    "description",
];
const OUTPUT_KEYS: &[&str] = &["type", "secret", "description"];
const REST_KEYS: &[&str] = &["environment", "description"];

const fn number(digits: &str) -> u64 {
    match u64::from_str_radix(digits, 10) {
        Ok(number) => number,
        Err(_) => 0,
    }
}

/// The oldest version of this program that understands a contract, as the contract says.
pub fn requires(root: &Node) -> Option<Version> {
    Version::parse(&root.get("requires")?.key_text()).ok()
}

/// Reads one contract file.
///
/// # Errors
/// When it breaks the format; all that is wrong is reported.
pub fn contract(
    doc: DocId,
    root: &Arc<Node>,
    uri: String,
    report: &mut Report,
) -> Result<Provisioner, Failed> {
    let built_in = uri.starts_with(builtin::SCHEME);
    let mut reader = Reader { doc, built_in, report, failed: None };
    let top = Path::default();
    reader.new_enough(root)?;
    reader.no_score_file(root)?;
    reader.known(root, &top, KEYS);
    let kind = reader.text(root, &top, "type");
    if kind.is_none() && root.get("type").is_none() {
        reader.wrong(
            At::value(doc, top.clone()),
            "a provisioner needs a `type`: the resource type it answers for",
        );
    }
    let class = reader.text(root, &top, "class");
    let description = reader.text(root, &top, "description").unwrap_or_default();
    let params = reader.params(root);
    let outputs = reader.outputs(root);
    reader.map_at(root, &top, "values");
    let sections: Vec<&str> = TARGETS.iter().copied().filter(|name| root.get(name).is_some()).collect();
    for target in &sections {
        reader.map_at(root, &top, target);
    }
    if sections.is_empty() {
        reader.wrong(
            At::value(doc, top.clone()),
            "a provisioner needs a section for at least one target: `compose` or `kubernetes`",
        );
    }
    if let Some(failed) = reader.failed {
        return Err(failed);
    }
    let body = Body::Contract(Box::new(Contract { params, outputs, root: Arc::clone(root) }));
    Ok(Provisioner {
        uri,
        kind: kind.unwrap_or_default(),
        class,
        id: None,
        description,
        doc,
        path: top,
        body,
    })
}

struct Reader<'a> {
    doc: DocId,
    built_in: bool,
    report: &'a mut Report,
    failed: Option<Failed>,
}

impl Reader<'_> {
    /// What a newer program understands must not be judged by this one.
    fn new_enough(&mut self, root: &Node) -> Result<(), Failed> {
        let Some(node) = root.get("requires") else { return Ok(()) };
        let at = At::value(self.doc, Path::of(["requires"]));
        let Some(needed) = requires(root) else {
            let said = format!("`requires` must be a version such as `{VERSION}`, not `{}`", node.key_text());
            self.wrong(at, said);
            return Ok(());
        };
        if needed <= VERSION {
            return Ok(());
        }
        let said = format!("this provisioner needs sightread {needed} or newer, and this is {VERSION}");
        Err(self.report.fail(Diagnostic::new(&NEEDS_NEWER, said, at).help("bring the program up to date")))
    }

    /// A Score file in the place of a provisioner is one mistake, not many.
    fn no_score_file(&mut self, root: &Node) -> Result<(), Failed> {
        let version = root.get("apiVersion").and_then(Node::as_str);
        if !version.is_some_and(|version| version.starts_with("score.dev/")) {
            return Ok(());
        }
        let at = At::value(self.doc, Path::of(["apiVersion"]));
        let said =
            "this is a Score file, which asks for resources, not a provisioner, which answers for them";
        Err(self.report.fail(Diagnostic::new(&codes::BAD_CONTRACT, said, at)))
    }

    fn wrong(&mut self, at: At, message: impl Into<String>) {
        self.failed = Some(self.report.fail(Diagnostic::new(&codes::BAD_CONTRACT, message, at)));
    }

    fn known(&mut self, node: &Node, path: &Path, keys: &[&str]) {
        for (key, _) in node.as_map().unwrap_or_default() {
            let name = key.key_text();
            if !keys.contains(&name.as_str()) {
                let at = At::key(self.doc, path.then(&name));
                let words = format!("`{name}` is not a key of this part of a provisioner");
                let said =
                    Diagnostic::new(&codes::BAD_CONTRACT, words, at).suggest(&name, keys.iter().copied());
                self.failed =
                    Some(self.report.fail(said.note(format!("it may have {}", super::params::ticked(keys)))));
            }
        }
    }

    fn map_at<'n>(&mut self, node: &'n Node, path: &Path, key: &str) -> &'n [(Node, Node)] {
        let value = node.get(key);
        match value.map(|value| &value.kind) {
            None | Some(Kind::Null) => &[],
            Some(Kind::Map(entries)) => entries,
            Some(_) => {
                self.wrong(At::value(self.doc, path.then(key)), format!("`{key}` must be a map"));
                &[]
            }
        }
    }

    fn text(&mut self, node: &Node, path: &Path, key: &str) -> Option<String> {
        let value = node.get(key)?;
        if value.as_str().is_none() {
            self.wrong(At::value(self.doc, path.then(key)), format!("`{key}` must be a string"));
        }
        value.as_str().map(str::to_owned)
    }

    fn flag(&mut self, node: &Node, path: &Path, key: &str) -> bool {
        match node.get(key).map(|value| &value.kind) {
            None => false,
            Some(Kind::Bool(flag)) => *flag,
            Some(_) => {
                self.wrong(At::value(self.doc, path.then(key)), format!("`{key}` must be `true` or `false`"));
                false
            }
        }
    }

    #[expect(clippy::cast_precision_loss, reason = "bounds are small numbers")]
    fn bound(&mut self, node: &Node, path: &Path, key: &str) -> Option<f64> {
        match node.get(key)?.kind {
            Kind::Int(number) => Some(number as f64),
            Kind::Float(number) => Some(number),
            _ => {
                self.wrong(At::value(self.doc, path.then(key)), format!("`{key}` must be a number"));
                None
            }
        }
    }

    fn params(&mut self, root: &Node) -> BTreeMap<String, Param> {
        let entries = self.map_at(root, &Path::default(), "params");
        let named = entries.iter().map(|(key, value)| (key.key_text(), value));
        named
            .map(|(name, node)| {
                (name.clone(), self.param(node, &Path::of(["params"]).then(&name), PARAM_KEYS))
            })
            .collect()
    }

    /// What a map or a list may hold, as far as it is said.
    fn inside(&mut self, node: &Node, path: &Path) -> Option<Box<Inside>> {
        let mut part = |key: &str, keys: &[&str]| {
            let inner = node.get(key)?;
            Some(self.param(inner, &path.then(key), keys))
        };
        let names = part("propertyNames", NAME_KEYS);
        let values = part("additionalProperties", PART_KEYS);
        let items = part("items", PART_KEYS);
        let said = names.is_some() || values.is_some() || items.is_some();
        said.then(|| Box::new(Inside { names, values, items }))
    }

    fn param(&mut self, node: &Node, path: &Path, keys: &[&str]) -> Param {
        self.schema(node, path, keys);
        let format = self.text(node, path, "format").and_then(|name| match name.as_str() {
            "workload" => Some(Format::Workload),
            "port" => Some(Format::Port),
            "file" => Some(Format::File),
            _ => {
                self.wrong(
                    At::value(self.doc, path.then("format")),
                    "`format` must be `workload`, `port` or `file`",
                );
                None
            }
        });
        let pattern = self.text(node, path, "pattern");
        // Making one ready takes long, and those that are built in are known to be right.
        let written = pattern.as_deref().filter(|_| !self.built_in);
        let ready = written.map(|pattern| regex::Regex::new(&format!("^(?:{pattern})$")));
        if let Some(Err(error)) = &ready {
            let words = error.to_string();
            let words = words.lines().last().unwrap_or_default().trim_start_matches("error: ");
            self.wrong(
                At::value(self.doc, path.then("pattern")),
                format!("`pattern` is not a regular expression: {words}"),
            );
        }
        Param {
            types: self.types(node, path),
            allowed: node
                .get("enum")
                .and_then(Node::as_list)
                .unwrap_or_default()
                .iter()
                .map(Node::tree)
                .collect(),
            pattern,
            ready: match ready {
                Some(Ok(regex)) => OnceLock::from(Some(regex)),
                Some(Err(_)) | None => OnceLock::new(),
            },
            minimum: self.bound(node, path, "minimum"),
            maximum: self.bound(node, path, "maximum"),
            required: self.flag(node, path, "required"),
            default: node.get("default").map(Node::tree),
            format,
            inside: self.inside(node, path),
            description: self.text(node, path, "description").unwrap_or_default(),
        }
    }

    fn types(&mut self, node: &Node, path: &Path) -> Vec<Type> {
        let Some(value) = node.get("type") else { return Vec::new() };
        let names: Vec<Tree> = match value.tree() {
            Tree::List(list) => list,
            single => vec![single],
        };
        let found: Vec<Type> = names.iter().filter_map(Tree::as_str).filter_map(Type::find).collect();
        if found.len() != names.len() {
            let known: Vec<&str> = Type::ALL.iter().map(|(name, _)| *name).collect();
            let at = At::value(self.doc, path.then("type"));
            let words = format!("`type` must be one or a list of {}", super::params::ticked(&known));
            let said = Diagnostic::new(&codes::BAD_CONTRACT, words, at);
            let odd = names.iter().filter_map(Tree::as_str).find(|name| Type::find(name).is_none());
            let same = SAME_TYPES.iter().find(|(word, _)| odd == Some(*word));
            let said = match same {
                Some((_, meant)) => said.help(format!("write `type: {meant}`")),
                None => said.suggest(odd.unwrap_or_default(), known),
            };
            self.failed = Some(self.report.fail(said));
        }
        found
    }

    fn outputs(&mut self, root: &Node) -> Outputs {
        let mut outputs = Outputs::default();
        for (key, node) in self.map_at(root, &Path::default(), "outputs") {
            let name = key.key_text();
            let path = Path::of(["outputs"]).then(&name);
            if name == "*" {
                self.schema(node, &path, REST_KEYS);
                outputs.rest =
                    if self.flag(node, &path, "environment") { Rest::Environment } else { Rest::Any };
                continue;
            }
            self.schema(node, &path, OUTPUT_KEYS);
            let output = Output {
                secret: self.flag(node, &path, "secret"),
                kind: self.types(node, &path).first().copied(),
                description: self.text(node, &path, "description").unwrap_or_default(),
            };
            outputs.named.insert(name, output);
        }
        outputs
    }

    fn schema(&mut self, node: &Node, path: &Path, keys: &[&str]) {
        match &node.kind {
            Kind::Null | Kind::Map(_) => self.known(node, path, keys),
            _ => self.wrong(
                At::value(self.doc, path.clone()),
                "this must be a map, `{}` where there is nothing to say",
            ),
        }
    }
}
