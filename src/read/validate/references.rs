//! Placeholders: well formed, of a known root, and of a resource that this workload declares.

use std::collections::BTreeMap;

use super::{Judge, lookalike};
use crate::diag::codes::read as codes;
use crate::diag::fix::Edit;
use crate::diag::{At, Diagnostic, Focus};
use crate::model::node::{Kind, Node};
use crate::model::path::Path;
use crate::model::placeholder::{Reference, references};

/// Says what is wrong with placeholders, and where one stands that nobody will fill.
pub(super) fn judge(judge: &mut Judge<'_>) {
    let mut found = Vec::new();
    walk(judge.root, &mut Path::default(), &mut found);
    let resources = judge.names("resources");
    let mut unknown: BTreeMap<String, Diagnostic> = BTreeMap::new();
    for (path, text) in &found {
        if matches!(filled(judge.root, path), Filled::Yes) {
            for one in lookalike::find(text, &resources) {
                let at = At::Path(judge.doc, path.clone(), Focus::Bytes(one.range.clone()));
                judge.said.push(one.said(text, at));
            }
        }
    }
    let each = found.iter().flat_map(|(path, text)| references(text).map(move |found| (path, found)));
    for (path, (range, reference)) in each {
        let at = At::Path(judge.doc, path.clone(), Focus::Bytes(range));
        let name = undeclared(&reference, &resources);
        let said = match filled(judge.root, path) {
            Filled::Yes if name.is_some() => {
                let name = name.unwrap_or_default();
                let said = match unknown.remove(name) {
                    Some(said) => said.also(at, "and asked for here"),
                    None => unknown_resource(name, &resources, at),
                };
                unknown.insert(name.to_owned(), said);
                None
            }
            Filled::Yes => wrong(&reference, &resources, at),
            Filled::No => idle(path, &reference, at),
            Filled::NotMeant => None,
        };
        if let Some(said) = said {
            judge.say(said);
        }
    }
    judge.said.extend(unknown.into_values());
}

/// The resource that a placeholder names and this workload lacks.
fn undeclared<'a>(reference: &'a Reference, resources: &[String]) -> Option<&'a str> {
    match reference.path().as_slice() {
        ["resources", name, ..] if !name.is_empty() && legal(reference) => {
            resources.iter().all(|there| there != name).then_some(*name)
        }
        _ => None,
    }
}

/// Finds the texts in which a placeholder may stand, or something like one.
fn walk<'a>(node: &'a Node, path: &mut Path, found: &mut Vec<(Path, &'a str)>) {
    match &node.kind {
        Kind::Str(text) if text.contains(['$', '{']) => found.push((path.clone(), text)),
        Kind::List(items) => {
            for (index, item) in items.iter().enumerate() {
                path.push(index.into());
                walk(item, path, found);
                path.pop();
            }
        }
        Kind::Map(entries) => {
            for (key, value) in entries {
                path.push(key.key_text().as_str().into());
                walk(value, path, found);
                path.pop();
            }
        }
        Kind::Null
        | Kind::Bool(_)
        | Kind::Int(_)
        | Kind::Uint(_)
        | Kind::Float(_)
        | Kind::Time(_)
        | Kind::Str(_) => {}
    }
}

/// Are placeholders at a place filled?
enum Filled {
    Yes,
    No,
    /// Nobody expects it: the author said so, or the place is free text, or it is an error of its own.
    NotMeant,
}

fn filled(root: &Node, path: &Path) -> Filled {
    let keys: Vec<&str> = path
        .steps()
        .iter()
        .map(|step| match step {
            crate::model::path::Step::Key(key) => key.as_str(),
            crate::model::path::Step::Index(_) => "",
        })
        .collect();
    match keys.as_slice() {
        ["containers", _, "variables", _]
        | ["containers", _, "volumes", _, "source"]
        | ["resources", _, "params", ..] => Filled::Yes,
        ["containers", container, "files", target, "content"] => {
            let expand = Path::of(["containers", *container, "files", *target, "noExpand"]);
            let kept = root.at(&expand).is_some_and(|node| node.kind == Kind::Bool(true));
            if kept { Filled::NotMeant } else { Filled::Yes }
        }
        ["containers", _, "image" | "command" | "args" | "livenessProbe" | "readinessProbe", ..]
        | ["containers", _, "files", _, "source" | "mode"]
        | ["containers", _, "volumes", _, "path"]
        | ["resources", _, "type" | "class" | "id" | "metadata", ..] => Filled::No,
        _ => Filled::NotMeant,
    }
}

/// A placeholder where none is filled; other tools' `${…}` there is none of our business.
fn idle(path: &Path, reference: &Reference, at: At) -> Option<Diagnostic> {
    let ours = matches!(reference.path().as_slice(), ["metadata" | "resources", _, ..]);
    let key = path.steps().iter().rev().find_map(|step| match step {
        crate::model::path::Step::Key(key) => Some(key.as_str()),
        crate::model::path::Step::Index(_) => None,
    })?;
    ours.then(|| {
        let message =
            format!("`${{{}}}` stays as it is, for placeholders are not filled in `{key}`", reference.body);
        Diagnostic::new(&codes::IDLE_PLACEHOLDER, message, at)
            .note("they are filled in variables, files, volume sources and params of resources")
            .help("pass the value by a variable of the container, or write it out")
    })
}

/// Every element says something and holds nothing that only a template or a shell would write.
fn legal(reference: &Reference) -> bool {
    let odd = |letter: char| letter.is_whitespace() || "{}$\"'|".contains(letter);
    reference.path().iter().all(|element| !element.is_empty() && !element.contains(odd))
}

fn wrong(reference: &Reference, resources: &[String], at: At) -> Option<Diagnostic> {
    let body = &reference.body;
    if body.starts_with('{') {
        return Some(
            Diagnostic::new(&codes::FOREIGN_PLACEHOLDER, "`${{ … }}` belongs to another templating tool", at)
                .help("if that tool fills it, run the tool first and read its result")
                .help(format!("if the text is meant to stay, write `$${{{body}}}}}`")),
        );
    }
    let path = reference.path();
    let legal = legal(reference);
    match path.as_slice() {
        [name] if legal => Some(single(name, body, at)),
        ["metadata" | "resources", ..] if legal => None,
        [root, _, ..] if legal => Some(unknown_root(root, body, resources, at)),
        _ => Some(malformed(body, at)),
    }
}

/// A placeholder of one element: most often a variable of the environment or of a shell.
fn single(name: &str, body: &str, at: At) -> Diagnostic {
    match name {
        "metadata" => Diagnostic::new(&codes::BAD_PLACEHOLDER, "`${metadata}` names no key", at).help("write `${metadata.name}`"),
        "resources" => Diagnostic::new(&codes::BAD_PLACEHOLDER, "`${resources}` names no resource", at).help("write `${resources.NAME.OUTPUT}`"),
        _ => Diagnostic::new(&codes::FOREIGN_PLACEHOLDER, format!("`${{{body}}}` is no placeholder of Score"), at)
            .note("placeholders begin with `metadata.` or `resources.`")
            .help(format!("to keep the text for a shell or another tool, write `$${{{body}}}`"))
            .help(format!("for a value of the environment add `resources: {{env: {{type: environment}}}}` and write `${{resources.env.{}}}`", variable(name))),
    }
}

/// The name of `NAME:-default`.
fn variable(name: &str) -> &str {
    name.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_')
        .next()
        .filter(|name| !name.is_empty())
        .unwrap_or("NAME")
}

fn unknown_root(root: &str, body: &str, resources: &[String], at: At) -> Diagnostic {
    let said = Diagnostic::new(
        &codes::UNKNOWN_ROOT,
        format!("`${{{body}}}` does not begin with `metadata.` or `resources.`"),
        at,
    );
    let rest = body.split_once('.').map_or("", |(_, rest)| rest);
    if resources.iter().any(|name| name == root) {
        return meant(said, format!("${{resources.{body}}}"));
    }
    if let Some(near) = crate::diag::nearest(root, ["metadata", "resources"]) {
        return mends(said, &format!("${{{near}.{rest}}}"))
            .help(format!("did you mean `${{{near}.{rest}}}`?"));
    }
    let said = match root {
        "externals" | "resource" | "shared" => said.help(format!("write `${{resources.{rest}}}` and declare the resource")),
        "pod" => said.note("a Score file knows nothing of the pod it may run in"),
        "env" | "environment" | "values" | "context" => said.help(format!(
            "for a value of the environment add `resources: {{env: {{type: environment}}}}` and write `${{resources.env.{rest}}}`"
        )),
        _ => said,
    };
    said.help(format!("to keep the text as it is, write `$${{{body}}}`"))
}

/// Says what was meant, and how to write it there.
fn meant(said: Diagnostic, text: impl AsRef<str>) -> Diagnostic {
    let text = text.as_ref();
    mends(said, text).help(format!("write `{text}`"))
}

fn mends(said: Diagnostic, text: &str) -> Diagnostic {
    let edit = Edit::At(said.at.clone(), text.to_owned());
    said.mend(format!("write `{text}`"), [Some(edit)])
}

fn unknown_resource(name: &str, resources: &[String], at: At) -> Diagnostic {
    let said = Diagnostic::new(&codes::UNKNOWN_RESOURCE, format!("there is no resource named `{name}`"), at);
    let said = if resources.is_empty() {
        said.note("this workload has no resources")
    } else {
        said.note(format!("this workload has: {}", resources.join(", ")))
    };
    match crate::diag::nearest(name, resources.iter().map(String::as_str)) {
        Some(near) => said.help(format!("add `{name}` under `resources:`, or did you mean `{near}`?")),
        None => said.help(format!("add it: `resources: {{{name}: {{type: …}}}}`")),
    }
}

fn malformed(body: &str, at: At) -> Diagnostic {
    let said = Diagnostic::new(&codes::BAD_PLACEHOLDER, format!("`${{{body}}}` is not a placeholder that can be read"), at)
        .note("a placeholder is a path such as `${resources.db.host}`: names joined by dots, without blanks; `\\.` is a dot in a name");
    let bare: String = body.chars().filter(|letter| !letter.is_whitespace()).collect();
    let trimmed = bare.trim_matches('.');
    let said = if trimmed != body
        && (trimmed.starts_with("resources.") || trimmed.starts_with("metadata."))
        && !trimmed.contains("..")
    {
        meant(said, format!("${{{trimmed}}}"))
    } else {
        said
    };
    said.help(format!("to keep the text as it is, write `$${{{body}}}`"))
}
