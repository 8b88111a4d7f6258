//! The schema's errors, each turned into a plain one at the key or value that is meant.

use jsonschema::error::{TypeKind, ValidationErrorKind as Wrong};
use jsonschema::paths::LocationSegment;
use jsonschema::{JsonType, ValidationError};

use super::shape::Shape;
use super::{Judge, cures, foreign, values};
use crate::diag::Diagnostic;
use crate::diag::codes::read as codes;
use crate::model::node::Kind;
use crate::model::path::{Path, Step};

// Its patterns look neither ahead nor back, so the plainer engine serves, which is ready sooner.
#[jsonschema::validator(path = "schemas/score-v1b1.json", pattern_options = {engine = regex})]
struct Score;

/// Says all that the schema finds wrong.
pub(super) fn judge(judge: &mut Judge<'_>) {
    let json = judge.root.tree().to_json();
    for error in Score::iter_errors(&json) {
        let path = path_of(&error);
        one(judge, &error, &path);
    }
}

fn path_of(error: &ValidationError<'_>) -> Path {
    let steps = error.instance_path().iter().map(|segment| match segment {
        LocationSegment::Property(key) => Step::Key(key.into_owned()),
        LocationSegment::Index(index) => Step::Index(index),
    });
    Path::of(steps)
}

fn one(judge: &mut Judge<'_>, error: &ValidationError<'_>, path: &Path) {
    match error.kind() {
        Wrong::AdditionalProperties { unexpected } => {
            for key in unexpected {
                unknown_key(judge, path, key);
            }
        }
        Wrong::Required { property } => missing_key(judge, path, property.as_str().unwrap_or_default()),
        Wrong::Type { kind } => wrong_type(judge, path, kind),
        Wrong::PropertyNames { error } => {
            bad_name(judge, path, error.instance().as_str().unwrap_or_default());
        }
        Wrong::OneOfNotValid { .. } | Wrong::OneOfMultipleValid { .. } => file_content(judge, path),
        Wrong::AnyOf { .. } => {
            let said =
                Diagnostic::new(&codes::EMPTY_PROBE, "this probe asks nothing", judge.key(path.clone()));
            judge.say(said.help("write what to ask, such as `httpGet: {path: /, port: 8080}` or `exec: {command: [cat, /tmp/ok]}`"));
        }
        Wrong::MinProperties { .. } => no_containers(judge, judge.key(path.clone())),
        _ => {
            let node = judge.root.at(path);
            // An error about a key points at the map that holds it.
            if let (Some(Kind::Map(_)), Some(name)) = (node.map(|node| &node.kind), error.instance().as_str())
            {
                return bad_name(judge, path, name);
            }
            let at = judge.value(path.clone());
            let said = values::bad_value(path, node, at);
            judge.say(match node {
                Some(node) => cures::bad_value(judge.root, path, node, said),
                None => said,
            });
        }
    }
}

fn bad_name(judge: &mut Judge<'_>, path: &Path, name: &str) {
    let said = values::bad_name(path, name, judge.key(path.then(name)));
    let said = cures::bad_name(judge.root, path, name, said);
    // Length and pattern may both be wrong: one word is enough.
    if !judge.said.contains(&said) {
        judge.say(said);
    }
}

fn unknown_key(judge: &mut Judge<'_>, path: &Path, key: &str) {
    let at = judge.key(path.then(key));
    let shape = Shape::at(path);
    let value = judge.root.at(&path.then(key));
    if let Some(said) = foreign::explain(judge.root, shape, path, key, value, at.clone()) {
        judge.say(cures::unknown_key(judge.root, shape, path, key, said));
        return;
    }
    let keys = shape.keys();
    let message = format!("{} has no key `{key}`", shape.called());
    let said =
        Diagnostic::new(&codes::UNKNOWN_KEY, message, at).note(format!("it may have: {}", keys.join(", ")));
    let same = keys.iter().find(|name| name.eq_ignore_ascii_case(&key.replace(['_', '-'], "")));
    let said = match same {
        Some(name) => said.help(format!("write `{name}`")),
        None => said.suggest(key, keys.iter().copied()),
    };
    judge.say(cures::unknown_key(judge.root, shape, path, key, said));
}

fn missing_key(judge: &mut Judge<'_>, path: &Path, key: &str) {
    if cures::is_misspelt(judge.root, Shape::at(path), path, key) {
        return;
    }
    let at = judge.key(path.clone());
    match (Shape::at(path), key) {
        (Shape::Top, "containers") => return no_containers(judge, at),
        (Shape::Container, "image") => {
            let name = path.last_key().unwrap_or_default();
            let said = Diagnostic::new(&codes::NO_IMAGE, format!("container `{name}` has no `image`"), at);
            return judge.say(cures::missing_key(judge.root, Shape::Container, path, key, image_help(said)));
        }
        _ => {}
    }
    let shape = Shape::at(path);
    let message = format!("{} needs `{key}`", shape.called());
    let said = Diagnostic::new(&codes::MISSING_KEY, message, at);
    let said = match example(shape, key) {
        Some(example) => said.help(format!("add `{example}`")),
        None => said,
    };
    judge.say(cures::missing_key(judge.root, shape, path, key, said));
}

fn image_help(said: Diagnostic) -> Diagnostic {
    said.help("name one, such as `image: nginx:1.29`")
        .help("write `image: .` when the image is built from this folder or given with `--image`")
}

fn no_containers(judge: &mut Judge<'_>, at: crate::diag::At) {
    let said = Diagnostic::new(&codes::NO_CONTAINERS, "the workload has no container", at);
    judge.say(said.help("add one under `containers:`, such as `containers: {web: {image: nginx:1.29}}`"));
}

/// What to write for a key that is missing.
const fn example(shape: Shape, key: &str) -> Option<&'static str> {
    Some(match (shape, key.as_bytes()) {
        (Shape::Top, b"apiVersion") => "apiVersion: score.dev/v1b1",
        (Shape::Top, b"metadata") => "metadata: {name: my-workload}",
        (Shape::Metadata, b"name") => "name: my-workload",
        (Shape::Port | Shape::HttpGet, b"port") => "port: 8080",
        (Shape::Volume, b"source") => "source: ${resources.NAME}",
        (Shape::Before, b"ready") => "ready: started",
        (Shape::HttpGet, b"path") => "path: /",
        (Shape::Exec, b"command") => "command: [cat, /tmp/ok]",
        (Shape::Resource, b"type") => "type: postgres",
        _ => return None,
    })
}

fn file_content(judge: &mut Judge<'_>, path: &Path) {
    let target = path.last_key().unwrap_or_default();
    let node = judge.root.at(path);
    if node.is_some_and(|node| node.as_map().is_none()) {
        // That it is no map is told by itself.
        return;
    }
    let given: Vec<&str> = ["content", "source", "binaryContent"]
        .into_iter()
        .filter(|key| node.is_some_and(|node| node.get(key).is_some()))
        .collect();
    let message = match given.as_slice() {
        [] => format!("file `{target}` has no content"),
        given => format!("file `{target}` has {} at once", given.join(" and ")),
    };
    let said = Diagnostic::new(&codes::FILE_CONTENT, message, judge.key(path.clone()));
    judge.say(said.help("give exactly one: `content: …` (text), `source: ./file` (a file beside this one) or `binaryContent: …` (base64)"));
}

fn wrong_type(judge: &mut Judge<'_>, path: &Path, wanted: &TypeKind) {
    let Some(node) = judge.root.at(path) else { return };
    let at = judge.value(path.clone());
    let said = match (Shape::at(&path.parent().unwrap_or_default()), path.last_key(), &node.kind) {
        (Shape::Container, Some("image"), Kind::Null) => {
            let name =
                path.parent().and_then(|above| above.last_key().map(str::to_owned)).unwrap_or_default();
            image_help(Diagnostic::new(
                &codes::NO_IMAGE,
                format!("container `{name}` has an empty `image`"),
                judge.key(path.clone()),
            ))
        }
        (Shape::Top, Some("containers"), Kind::Null) => return no_containers(judge, judge.key(path.clone())),
        _ => values::wrong_type(path, node, wanted_name(wanted), at),
    };
    judge.say(cures::wrong_type(judge.root, path, node, wanted_name(wanted), said));
}

/// What the schema asks for, in words.
fn wanted_name(wanted: &TypeKind) -> &'static str {
    match wanted {
        TypeKind::Single(JsonType::Array) => "a list",
        TypeKind::Single(JsonType::Boolean) => "`true` or `false`",
        TypeKind::Single(JsonType::Integer) => "an integer",
        TypeKind::Single(JsonType::Number) => "a number",
        TypeKind::Single(JsonType::String) => "a string",
        TypeKind::Single(JsonType::Null) => "nothing",
        TypeKind::Single(JsonType::Object) | TypeKind::Multiple(_) => "a map",
    }
}
