//! Values and names that are not what their place asks for, each with the spelling that would be right.

use super::shape::Shape;
use crate::diag::codes::read as codes;
use crate::diag::{At, Diagnostic};
use crate::model::node::{Kind, Node};
use crate::model::path::Path;

/// A value of another type than its place asks for.
pub(super) fn wrong_type(path: &Path, node: &Node, wanted: &str, at: At) -> Diagnostic {
    let name = path.last_key().map_or_else(|| "this".to_owned(), |key| format!("`{key}`"));
    let kind = node.tree().kind();
    let found = if node.kind == Kind::Null { "empty" } else { kind };
    let said =
        Diagnostic::new(&codes::WRONG_TYPE, format!("{name} must be {wanted}, and this is {found}"), at);
    match (wanted, &node.kind) {
        ("a string", Kind::Null) => {
            said.help(format!("write `{}\"\"` for an empty text, or remove the line", prefix(path)))
        }
        ("a string", Kind::List(_) | Kind::Map(_)) => {
            said.help("write one text; JSON stands in single quotes: `'{\"a\": 1}'`")
        }
        ("a string", _) if is_mode(path) => {
            said.help(format!("put it in quotes: `mode: \"{}\"`", mode(node)))
        }
        ("a string", _) => said.help(format!("put it in quotes: `{}\"{}\"`", prefix(path), node.key_text())),
        ("an integer", Kind::Str(text)) if text.contains("${") => said
            .note("placeholders are filled in variables, files, volume sources and params, not here")
            .help("write the number"),
        ("an integer", Kind::Str(text)) if text.parse::<i64>().is_ok() => {
            said.help(format!("write it without quotes: `{}{text}`", prefix(path)))
        }
        ("`true` or `false`", Kind::Str(text)) => match text.to_ascii_lowercase().as_str() {
            "true" | "yes" | "on" => said.help(format!("write `{}true`", prefix(path))),
            "false" | "no" | "off" => said.help(format!("write `{}false`", prefix(path))),
            _ => said,
        },
        ("a list", Kind::Str(text)) => {
            said.help(format!("write a list: `{}[{}]`", prefix(path), words(text)))
        }
        ("a map", Kind::Int(_) | Kind::Str(_)) if short(path, node).is_some() => {
            let map = short(path, node).unwrap_or_default();
            said.help(format!("write a map: `{}{map}`", prefix(path)))
        }
        ("a map", Kind::Str(_)) if matches!(Shape::at(path), Shape::File) => {
            let name = prefix(path);
            said.help(format!(
                "write `{name}{{content: …}}`, or `{name}{{source: FILE}}` for a file beside this one"
            ))
        }
        ("a map", Kind::List(items)) if items.is_empty() => {
            said.help("remove the line, for nothing is in it")
        }
        ("a map", Kind::List(items)) => from_list(said, path, items),
        ("an integer", Kind::Str(_)) => said.help("write the number"),
        _ => said,
    }
}

/// `key: `, or nothing for an item of a list.
fn prefix(path: &Path) -> String {
    path.last_key().map(|key| format!("{key}: ")).unwrap_or_default()
}

fn words(text: &str) -> String {
    text.split_whitespace().map(|word| format!("{word:?}")).collect::<Vec<_>>().join(", ")
}

/// The map that a scalar stands for where only one key of it can be meant.
pub(super) fn short(path: &Path, node: &Node) -> Option<String> {
    let key = match (Shape::at(path), &node.kind) {
        (Shape::Port, Kind::Int(_)) => "port",
        (Shape::Volume, Kind::Str(_)) => "source",
        (Shape::Resource, Kind::Str(_)) => "type",
        (Shape::Container, Kind::Str(_)) => "image",
        _ => return None,
    };
    let text = node.key_text();
    let plain = |letter: char| letter.is_alphanumeric() || "-_./:".contains(letter);
    let is_plain = text.chars().all(plain) && !text.ends_with(':');
    Some(if is_plain { format!("{{{key}: {text}}}") } else { format!("{{{key}: {text:?}}}") })
}

fn is_mode(path: &Path) -> bool {
    path.last_key() == Some("mode")
}

/// A number as the octal permissions that were meant: YAML reads `0644` as octal, and `644` as the number 644.
pub(super) fn mode(node: &Node) -> String {
    const DECIMAL: &[i64] =
        &[400, 440, 444, 500, 555, 600, 640, 644, 660, 664, 666, 700, 750, 755, 770, 775, 777];
    match node.kind {
        Kind::Int(number) if DECIMAL.contains(&number) => format!("0{number}"),
        Kind::Int(number) => format!("{number:04o}"),
        _ => node.key_text(),
    }
}

/// A list of `NAME=value` or of `{name, value}` where a map is needed.
fn from_list(said: Diagnostic, path: &Path, items: &[Node]) -> Diagnostic {
    let pairs: Vec<String> = items.iter().filter_map(pair).take(3).collect();
    if pairs.is_empty() {
        return said;
    }
    said.help(format!("write a map: `{}{{{}}}`", prefix(path), pairs.join(", ")))
}

/// An item of a list as an entry of a map.
pub(super) fn pair(item: &Node) -> Option<String> {
    if let Some((name, value)) = item.as_str().and_then(|text| text.split_once('=')) {
        return Some(format!("{name}: {value:?}"));
    }
    let value = item.get("value").map_or_else(|| "…".to_owned(), quoted);
    Some(format!("{}: {value}", item.get("name")?.as_str()?))
}

/// A scalar as a string in flow style.
pub(super) fn quoted(node: &Node) -> String {
    match &node.kind {
        Kind::List(_) | Kind::Map(_) => "…".to_owned(),
        _ => format!("{:?}", node.key_text()),
    }
}

/// A value that has the right type and still is not right.
pub(super) fn bad_value(path: &Path, node: Option<&Node>, at: At) -> Diagnostic {
    let key = path.last_key().unwrap_or_default();
    let text = node.map(Node::key_text).unwrap_or_default();
    let shape = Shape::at(&path.parent().unwrap_or_default());
    match (shape, key) {
        (Shape::Top, "apiVersion") => Diagnostic::new(
            &codes::API_VERSION,
            format!("`{text}` is not a version of Score that is read here"),
            at,
        )
        .help("write `apiVersion: score.dev/v1b1`"),
        (Shape::Metadata, "name") | (Shape::Resource, "type" | "class" | "id") => {
            named(shape, key, &text, at)
        }
        (Shape::Container, "image") => {
            Diagnostic::new(&codes::NO_IMAGE, "the `image` of this container is empty", at)
                .help("name one, such as `image: nginx:1.29`")
                .help("write `image: .` when the image is built from this folder or given with `--image`")
        }
        (Shape::Amounts, "cpu" | "memory") => quantity(key, &text, at),
        (Shape::File, "mode") => {
            Diagnostic::new(&codes::BAD_MODE, format!("`{text}` is not a file mode"), at)
                .note(
                    "a mode is three octal digits, perhaps after a 0: the rights of owner, group and others",
                )
                .help("write `mode: \"0644\"`, or `mode: \"0755\"` for a program")
        }
        (_, "port" | "targetPort") => Diagnostic::new(&codes::BAD_PORT, format!("{text} is not a port"), at)
            .note("ports go from 1 to 65535"),
        (_, "protocol") => one_of(key, &text, &["TCP", "UDP"], at),
        (_, "scheme") => one_of(key, &text, &["HTTP", "HTTPS"], at),
        (_, "ready") => one_of(key, &text, &["started", "healthy", "complete"], at),
        (Shape::Header, "name") => {
            Diagnostic::new(&codes::BAD_VALUE, format!("`{text}` is not the name of a header"), at)
                .note("a name has letters, digits, `-` and `_`")
        }
        _ => Diagnostic::new(&codes::BAD_VALUE, format!("`{key}` may not be empty"), at)
            .help("fill it, or remove the line"),
    }
}

fn one_of(key: &str, text: &str, choices: &[&str], at: At) -> Diagnostic {
    let said = Diagnostic::new(&codes::BAD_VALUE, format!("`{key}` cannot be `{text}`"), at)
        .note(format!("it may be: {}", choices.join(", ")));
    match choices.iter().find(|choice| choice.eq_ignore_ascii_case(text)) {
        Some(choice) => said.help(format!("write `{key}: {choice}`")),
        None => said.suggest(text, choices.iter().copied()),
    }
}

fn quantity(key: &str, text: &str, at: At) -> Diagnostic {
    let said = Diagnostic::new(&codes::BAD_QUANTITY, format!("`{text}` is not an amount of {key}"), at);
    let said = if key == "cpu" {
        said.note("CPU is counted in cores, `2` or `0.5`, or in thousandths of one, `500m`")
    } else {
        said.note("memory is counted in bytes, with a unit: K, M, G, T, P, E, or Ki, Mi, Gi, Ti, Pi, Ei")
    };
    match if key == "cpu" { cpu(text) } else { memory(text) } {
        Some(right) => said.help(format!("write `{key}: \"{right}\"`")),
        None => said.help(if key == "cpu" { "write `cpu: \"0.5\"`" } else { "write `memory: 128Mi`" }),
    }
}

/// The amount of CPU that was meant.
pub(super) fn cpu(text: &str) -> Option<String> {
    let bare = text.trim().trim_end_matches(char::is_alphabetic).trim();
    let milli = text.trim().ends_with('m');
    let number: f64 = bare.parse().ok().filter(|number: &f64| *number > 0.0)?;
    if milli { Some(format!("{}m", number.ceil())) } else { Some(number.to_string()) }
}

/// The amount of memory that was meant: `512MB` is `512M`, `1gi` is `1Gi`, `500m` is `500M`.
pub(super) fn memory(text: &str) -> Option<String> {
    let text = text.trim();
    let digits = text.find(|letter: char| !letter.is_ascii_digit() && letter != '.').unwrap_or(text.len());
    let (number, unit) = text.split_at(digits);
    let number: f64 = number.parse().ok().filter(|number: &f64| *number > 0.0)?;
    let unit = unit.trim().to_ascii_lowercase();
    let unit = unit.strip_suffix('b').unwrap_or(&unit);
    let mut letters = unit.chars();
    let scale = match letters.next() {
        None => return Some(number.ceil().to_string()),
        Some(scale) => scale.to_ascii_uppercase(),
    };
    let binary = match letters.as_str() {
        "" => "",
        "i" => "i",
        _ => return None,
    };
    "KMGTPE".contains(scale).then(|| format!("{number}{scale}{binary}"))
}

/// A key that is no good name.
pub(super) fn bad_name(path: &Path, name: &str, at: At) -> Diagnostic {
    match path.last_key() {
        Some("variables") => Diagnostic::new(&codes::BAD_NAME, format!("`{name}` is not the name of a variable"), at)
            .note("a name has at least one character and no `=`"),
        Some("annotations") => {
            Diagnostic::new(&codes::BAD_NAME, format!("`{name}` is not the name of an annotation"), at).note(
                "a name has at least two letters, digits, `-`, `_` or `.`, perhaps after a DNS name and `/`, as in `example.com/team`",
            )
        }
        section => {
            let thing = match section {
                Some("containers" | "before") => "container",
                Some("ports") => "port",
                _ => "resource",
            };
            label(&format!("`{name}` is not the name of a {thing}"), name, at)
        }
    }
}

fn named(shape: Shape, key: &str, text: &str, at: At) -> Diagnostic {
    match (shape, key) {
        (Shape::Resource, "id") => Diagnostic::new(&codes::BAD_NAME, format!("`{text}` is not the id of a resource"), at)
            .note("an id has 2 to 63 lower-case letters, digits and `-`, in words that dots may join, as in `shared.db`"),
        (Shape::Resource, _) => Diagnostic::new(&codes::BAD_NAME, format!("`{text}` is not the {key} of a resource"), at)
            .note("it has 2 to 63 letters, digits and `-`, and neither begins nor ends with `-`"),
        _ => label(&format!("`{text}` is not the name of a workload"), text, at),
    }
}

fn label(message: &str, name: &str, at: At) -> Diagnostic {
    let said = Diagnostic::new(&codes::BAD_NAME, message, at);
    if name.contains("{{") {
        return said.help("a template has not been filled in: render it first, then read the result");
    }
    let said = said
        .note("a name has 2 to 63 lower-case letters, digits and `-`, and neither begins nor ends with `-`");
    match tame(name) {
        Some(right) => said.help(format!("write `{right}`")),
        None => said,
    }
}

/// A name made legal.
pub(super) fn tame(name: &str) -> Option<String> {
    let mut made = String::new();
    let mut small = false;
    for letter in name.chars() {
        if letter.is_ascii_uppercase() && small {
            made.push('-');
        }
        small = letter.is_ascii_lowercase();
        made.push(if letter.is_ascii_alphanumeric() { letter.to_ascii_lowercase() } else { '-' });
    }
    let trimmed = made.trim_matches('-');
    let short: String = trimmed.chars().take(63).collect();
    let legal = short.trim_end_matches('-').to_owned();
    (legal.len() >= 2 && legal != name).then_some(legal)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_that_were_meant() {
        for (text, expected) in [
            ("512MB", Some("512M")),
            ("1gi", Some("1Gi")),
            ("1 GiB", Some("1Gi")),
            ("500m", Some("500M")),
            ("1.5Gb", Some("1.5G")),
            ("128k", Some("128K")),
            ("lots", None),
            ("0", None),
        ] {
            assert_eq!(memory(text).as_deref(), expected, "{text}");
        }
        for (text, expected) in
            [("0.5 cores", Some("0.5")), (".5", Some("0.5")), ("0.5m", Some("1m")), ("many", None)]
        {
            assert_eq!(cpu(text).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn names_made_legal() {
        for (name, expected) in [
            ("test_deployment", Some("test-deployment")),
            ("staticSiteHosting", Some("static-site-hosting")),
            ("My App", Some("my-app")),
            ("-a-", None),
            ("é", None),
        ] {
            assert_eq!(tame(name).as_deref(), expected, "{name}");
        }
    }
}
