//! Sections of provisioners in Compose's long form: one spelling for each thing, empty values left out.
//! Unknown keys are reported, not kept: Compose refuses a file that has one.

use crate::diag::codes::{Code, target as codes};
use crate::diag::{Diagnostic, Severity};
use crate::model::path::{Path, Step};
use crate::model::tree::{Map, Tree};
use crate::target::compose::amounts;
use crate::target::compose::shape::Shape;

/// What was not as it should be.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Oddity {
    /// A key that Compose does not know, and the keys it knows there.
    Unknown(Path, String, Vec<&'static str>),
    /// A value that is not what it should be.
    Wrong(Path, &'static str),
}

/// What to say about an oddity; `dropped` when an unknown key was left out rather than kept.
pub(super) fn complaint(
    oddity: Oddity,
    dropped: bool,
    begin: impl Fn(&'static Code, String, &Path) -> Diagnostic,
) -> Diagnostic {
    match oddity {
        Oddity::Unknown(at, key, known) => {
            let place = if at == Path::default() { "at the top".to_owned() } else { format!("in `{at}`") };
            let words = format!("Compose knows no `{key}` {place}");
            let said = begin(&codes::COMPOSE_KEY, words, &at.then(&key)).suggest(&key, known);
            if dropped { said.severity(Severity::Warning).note("it is left out") } else { said }
        }
        Oddity::Wrong(at, what) => begin(&codes::SECTION_SHAPE, format!("`{at}` is not {what}"), &at),
    }
}

/// Spells a value in long form.
pub(super) fn spelled(tree: Tree, shape: &Shape, path: &Path, oddities: &mut Vec<Oddity>) -> Tree {
    match (shape, tree) {
        (Shape::Record(fields), Tree::Map(map)) => record(map, fields, path, oddities),
        (Shape::Record(fields), Tree::Null) => record(Map::new(), fields, path, oddities),
        (Shape::Named(inner) | Shape::Sparse(inner), Tree::Map(map)) => {
            let is_sparse = matches!(shape, Shape::Sparse(_));
            let mut made = Map::new();
            for (key, value) in map {
                let here = path.then(&key);
                let stays = is_sparse && value == Tree::Null;
                let value = if stays { value } else { spelled(value, inner, &here, oddities) };
                made.insert(key, value);
            }
            Tree::Map(made)
        }
        (Shape::Each(inner), Tree::List(items)) => {
            let each = items.into_iter().enumerate();
            let here = |n| path.then(Step::Index(n));
            Tree::List(each.map(|(n, item)| spelled(item, inner, &here(n), oddities)).collect())
        }
        (Shape::Words | Shape::Test | Shape::Texts | Shape::OneOrMore, Tree::List(items)) => {
            Tree::List(items.into_iter().map(text).collect())
        }
        // Two lists may be one text instead.
        (Shape::Each(_), tree)
            if tree.as_str().is_none() || !matches!(path.last_key(), Some("env_file" | "gpus")) =>
        {
            oddities.push(Oddity::Wrong(path.clone(), "a list"));
            tree
        }
        (shape, tree) => scalar(&tree, shape).unwrap_or_else(|what| {
            oddities.push(Oddity::Wrong(path.clone(), what));
            tree
        }),
    }
}

/// A value that is not looked into as a tree; `Err` says what it should be. What names a variable is left to Compose.
fn scalar(tree: &Tree, shape: &Shape) -> Result<Tree, &'static str> {
    let written = tree.as_str();
    let is_filled = written.is_some_and(|text| text.contains('$'));
    let made = match (shape, written) {
        (Shape::Text, _) => text(tree.clone()),
        (Shape::Flag | Shape::Choice | Shape::OptOut | Shape::Told, Some(word)) if !is_filled => {
            Tree::Bool(flag(word).ok_or("true or false")?)
        }
        (Shape::Number, Some(digits)) => match number(digits) {
            Tree::Str(_) if !is_filled => return Err("a number"),
            number => number,
        },
        (Shape::Mode, _) if !is_filled => Tree::Str(mode(tree).ok_or("a number in octal digits")?),
        (Shape::Duration, written) => {
            Tree::Str(written.and_then(amounts::duration).ok_or("a duration such as `1m30s`")?)
        }
        (Shape::Bytes, _) => {
            Tree::Str(amounts::bytes(tree).ok_or("an amount of memory such as `64m`")?.to_string())
        }
        (Shape::Words, Some(line)) => {
            Tree::from(amounts::words(line).ok_or("a command line whose quotes are closed")?)
        }
        (Shape::Test, Some(line)) => Tree::from(vec!["CMD-SHELL", line]),
        (Shape::OneOrMore | Shape::Words, _) if *tree != Tree::Null => Tree::List(vec![text(tree.clone())]),
        (Shape::Texts, Some(_)) => return Err("a list of text"),
        (Shape::Pairs | Shape::PairsOrNull | Shape::Hosts, Some(_)) => {
            return Err("a map, or a list of `NAME=value`");
        }
        (Shape::Pairs, _) => pairs(tree.clone(), &Tree::from("")),
        (Shape::PairsOrNull, _) => pairs(tree.clone(), &Tree::Null),
        (Shape::Hosts, _) => hosts(tree.clone()),
        (Shape::Options, _) => match tree {
            Tree::Map(map) => {
                Tree::Map(map.iter().map(|(key, it)| (key.clone(), several(it.clone()))).collect())
            }
            other => other.clone(),
        },
        _ => tree.clone(),
    };
    Ok(made)
}

/// The word for true or false, as Compose knows them.
fn flag(word: &str) -> Option<bool> {
    match word.to_lowercase().as_str() {
        "true" | "y" | "yes" | "on" => Some(true),
        "false" | "n" | "no" | "off" => Some(false),
        _ => None,
    }
}

/// Permissions in octal digits, of a number or of such digits.
fn mode(tree: &Tree) -> Option<String> {
    let number = match tree {
        Tree::Str(digits) => i64::from_str_radix(digits, 8).ok(),
        other => other.as_int(),
    };
    number.filter(|number| *number >= 0).map(|number| format!("0{number:o}"))
}

fn record(
    map: Map,
    fields: &'static [(&'static str, Shape)],
    path: &Path,
    oddities: &mut Vec<Oddity>,
) -> Tree {
    let mut made = Map::new();
    for (key, value) in map {
        if key.starts_with("x-") {
            made.insert(key, value);
            continue;
        }
        let Some((_, shape)) = fields.iter().find(|(name, _)| *name == key) else {
            let known = fields.iter().map(|(name, _)| *name).collect();
            oddities.push(Oddity::Unknown(path.clone(), key, known));
            continue;
        };
        if value == Tree::Null {
            continue;
        }
        let value = spelled(value, shape, &path.then(&key), oddities);
        if !says_nothing(&value, shape) {
            made.insert(key, value);
        }
    }
    for (key, _) in fields.iter().filter(|(_, shape)| matches!(shape, Shape::Told)) {
        // compat(score-compose): what does not say so is not required.
        made.entry((*key).to_owned()).or_insert(Tree::Bool(false));
    }
    Tree::Map(made)
}

/// True for a value that is the same as none.
fn says_nothing(value: &Tree, shape: &Shape) -> bool {
    match (shape, value) {
        (Shape::OptOut, value) => *value == Tree::Bool(true),
        (
            Shape::Choice
            | Shape::Told
            | Shape::Exact
            | Shape::Mode
            | Shape::Record(_)
            | Shape::Words
            | Shape::Any,
            _,
        ) => false,
        (_, Tree::Bool(flag)) => !flag,
        (_, Tree::Int(number)) => *number == 0,
        (_, Tree::Str(text)) => text.is_empty(),
        (_, other) => other.is_blank(),
    }
}

/// A scalar as text.
fn text(tree: Tree) -> Tree {
    match tree {
        Tree::Bool(flag) => Tree::from(flag.to_string()),
        Tree::Int(number) => Tree::from(number.to_string()),
        Tree::Uint(number) => Tree::from(number.to_string()),
        Tree::Float(number) => Tree::from(number.to_string()),
        Tree::Time(text) => Tree::Str(text),
        other => other,
    }
}

/// Text that is a number as that number.
fn number(text: &str) -> Tree {
    match (text.parse::<i64>(), text.parse::<f64>()) {
        (Ok(number), _) => Tree::Int(number),
        (Err(_), Ok(number)) if number.is_finite() => Tree::Float(number),
        _ => Tree::from(text),
    }
}

/// A map of text out of a map or of a list of `NAME=value`.
fn pairs(tree: Tree, absent: &Tree) -> Tree {
    let value = |value| if value == Tree::Null { absent.clone() } else { text(value) };
    match tree {
        Tree::Map(map) => Tree::Map(map.into_iter().map(|(key, it)| (key, value(it))).collect()),
        Tree::List(items) => {
            let each = items.into_iter().filter_map(|item| match text(item) {
                Tree::Str(line) => Some(match line.split_once('=') {
                    Some((key, it)) => (key.to_owned(), Tree::from(it)),
                    None => (line, absent.clone()),
                }),
                _ => None,
            });
            Tree::Map(each.collect())
        }
        other => other,
    }
}

/// A list of `host=address`, sorted.
fn hosts(tree: Tree) -> Tree {
    let mut lines: Vec<String> = match tree {
        Tree::List(items) => {
            let lines = items.iter().filter_map(Tree::as_str);
            lines
                .map(|line| if line.contains('=') { line.to_owned() } else { line.replacen(':', "=", 1) })
                .collect()
        }
        Tree::Map(map) => {
            let each = map.into_iter().flat_map(|(host, addresses)| {
                let Tree::List(addresses) = several(addresses) else { return Vec::new() };
                addresses.iter().filter_map(Tree::as_str).map(|address| format!("{host}={address}")).collect()
            });
            each.collect()
        }
        other => return other,
    };
    lines.sort();
    Tree::from(lines)
}

/// One value as a list of one, as text.
fn several(tree: Tree) -> Tree {
    match tree {
        Tree::List(items) => Tree::List(items.into_iter().map(text).collect()),
        one => Tree::List(vec![text(one)]),
    }
}

/// Looks for keys that Compose does not know, without changing anything; short forms are fine.
pub(super) fn unknown(tree: &Tree, shape: &Shape, path: &Path, oddities: &mut Vec<Oddity>) {
    match (shape, tree) {
        (Shape::Record(fields), Tree::Map(map)) => {
            for (key, value) in map.iter().filter(|(key, _)| !key.starts_with("x-")) {
                if let Some((_, shape)) = fields.iter().find(|(name, _)| name == key) {
                    unknown(value, shape, &path.then(key), oddities);
                } else {
                    let known = fields.iter().map(|(name, _)| *name).collect();
                    oddities.push(Oddity::Unknown(path.clone(), key.clone(), known));
                }
            }
        }
        (Shape::Named(inner) | Shape::Sparse(inner), Tree::Map(map)) => {
            for (key, value) in map {
                unknown(value, inner, &path.then(key), oddities);
            }
        }
        (Shape::Each(inner), Tree::List(items)) => {
            for (n, item) in items.iter().enumerate() {
                unknown(item, inner, &path.then(Step::Index(n)), oddities);
            }
        }
        _ => {}
    }
}

/// The same without the keys that Compose does not know.
pub(super) fn known(tree: Tree, shape: &Shape) -> Tree {
    match (shape, tree) {
        (Shape::Record(fields), Tree::Map(map)) => {
            let fits = map.into_iter().filter_map(|(key, value)| {
                if key.starts_with("x-") {
                    return Some((key, value));
                }
                let (_, shape) = fields.iter().find(|(name, _)| *name == key)?;
                Some((key, known(value, shape)))
            });
            Tree::Map(fits.collect())
        }
        (Shape::Named(inner) | Shape::Sparse(inner), Tree::Map(map)) => {
            Tree::Map(map.into_iter().map(|(key, value)| (key, known(value, inner))).collect())
        }
        (Shape::Each(inner), Tree::List(items)) => {
            Tree::List(items.into_iter().map(|item| known(item, inner)).collect())
        }
        (_, tree) => tree,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::target::compose::shape;

    fn tree(json: &str) -> Tree {
        serde_json::from_str(json).expect(json)
    }

    #[test]
    fn services_in_long_form() {
        for (written, expected) in [
            (r#"{"command": "sh -c 'a b'"}"#, r#"{"command": ["sh", "-c", "a b"]}"#),
            (r#"{"command": [], "privileged": false, "init": false}"#, r#"{"command": [], "init": false}"#),
            (r#"{"environment": ["A=b=c", "D"]}"#, r#"{"environment": {"A": "b=c", "D": null}}"#),
            (
                r#"{"environment": {"A": 1, "B": true, "C": null}}"#,
                r#"{"environment": {"A": "1", "B": "true", "C": null}}"#,
            ),
            (r#"{"labels": ["a", "b=1"]}"#, r#"{"labels": {"a": "", "b": "1"}}"#),
            (
                r#"{"healthcheck": {"test": "x", "interval": "1m", "retries": 0}}"#,
                r#"{"healthcheck": {"test": ["CMD-SHELL", "x"], "interval": "1m0s", "retries": 0}}"#,
            ),
            (
                r#"{"mem_limit": "1g", "ulimits": {"nofile": 1024}}"#,
                r#"{"mem_limit": "1073741824", "ulimits": {"nofile": 1024}}"#,
            ),
            (r#"{"expose": 80, "dns": "1.1.1.1"}"#, r#"{"expose": ["80"], "dns": ["1.1.1.1"]}"#),
            (r#"{"extra_hosts": ["b:1", "a=2"]}"#, r#"{"extra_hosts": ["a=2", "b=1"]}"#),
            (
                r#"{"ports": [{"target": 80, "published": 8080}]}"#,
                r#"{"ports": [{"target": 80, "published": "8080"}]}"#,
            ),
            (
                r#"{"depends_on": {"a": {"condition": "service_started"}}}"#,
                r#"{"depends_on": {"a": {"condition": "service_started", "required": false}}}"#,
            ),
            (
                r#"{"volumes": [{"type": "bind", "bind": {"create_host_path": true}}]}"#,
                r#"{"volumes": [{"type": "bind", "bind": {}}]}"#,
            ),
            (
                r#"{"depends_on": {"a": null}, "networks": {"b": null}}"#,
                r#"{"depends_on": {"a": {"required": false}}, "networks": {"b": null}}"#,
            ),
            (
                r#"{"privileged": "yes", "tty": "${TTY}", "oom_score_adj": "5"}"#,
                r#"{"privileged": true, "tty": "${TTY}", "oom_score_adj": 5}"#,
            ),
            (r#"{"configs": [{"mode": 288}]}"#, r#"{"configs": [{"mode": "0440"}]}"#),
            (r#"{"command": 12}"#, r#"{"command": ["12"]}"#),
            (r#"{"provider": {"options": {"a": 1}}}"#, r#"{"provider": {"options": {"a": ["1"]}}}"#),
            (r#"{"x-mine": {"a": 1}, "restart": null}"#, r#"{"x-mine": {"a": 1}}"#),
        ] {
            let mut odd = Vec::new();
            let made = spelled(tree(written), &shape::of("services"), &Path::default(), &mut odd);
            assert_eq!((made, odd), (tree(expected), Vec::new()), "{written}");
        }
    }

    #[test]
    fn what_is_of_no_use() {
        for (written, wanted) in [
            (r#"{"privileged": "perhaps"}"#, "true or false"),
            (r#"{"cap_add": "NET_ADMIN"}"#, "a list of text"),
            (r#"{"environment": "A"}"#, "a map, or a list of `NAME=value`"),
            (r#"{"secrets": [{"mode": "rw"}]}"#, "a number in octal digits"),
        ] {
            let mut odd = Vec::new();
            spelled(tree(written), &shape::of("services"), &Path::default(), &mut odd);
            assert!(
                matches!(odd.as_slice(), [Oddity::Wrong(_, what)] if *what == wanted),
                "{written}: {odd:?}"
            );
        }
    }

    #[test]
    fn what_compose_does_not_know() {
        let written = tree(r#"{"volumes": [{"readOnly": true}], "healthcheck": {"interval": 5}}"#);
        let mut odd = Vec::new();
        let made = spelled(written.clone(), &shape::of("services"), &Path::default(), &mut odd);
        assert_eq!(made, tree(r#"{"volumes": [{}], "healthcheck": {"interval": 5}}"#));
        let [Oddity::Wrong(..), Oddity::Unknown(at, key, _)] = odd.as_slice() else { panic!("{odd:?}") };
        assert_eq!((at.to_string().as_str(), key.as_str()), ("volumes[0]", "readOnly"));
        let mut odd = Vec::new();
        unknown(&written, &shape::of("services"), &Path::default(), &mut odd);
        assert_eq!(odd.len(), 1);
        assert_eq!(known(written, &shape::of("services")), made);
    }
}
