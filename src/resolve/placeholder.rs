//! What a reference of the `${…}` grammar asks for, what answers it, and how an answer reads as text.

use std::cell::Cell;
use std::ops::Range;
use std::sync::Arc;

use crate::diag::codes::resolve as codes;
use crate::diag::codes::{Code, read};
use crate::diag::fix::Edit;
use crate::diag::{At, Diagnostic, Focus, Report, nearest};
use crate::model::flow::{DocId, SourceId};
use crate::model::path::Path;
use crate::model::placeholder::{Element, Reference};
use crate::model::text::{Part, Text};
use crate::model::tree::Tree;
use crate::resolve::contract::params::ticked;

/// What a reference asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asked<'a> {
    /// A value of the workload's metadata.
    Metadata(&'a [Element]),
    /// An output of a resource; without a key, the resource itself.
    Resource(&'a Element, &'a [Element]),
}

/// Why a reference has no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Miss(Box<Words>);

#[derive(Debug, Clone, PartialEq, Eq)]
struct Words {
    code: &'static Code,
    message: String,
    range: Option<Range<usize>>,
    wrong: String,
    names: Vec<String>,
    note: Option<String>,
    help: Option<String>,
}

impl Miss {
    fn new(code: &'static Code, message: impl Into<String>) -> Self {
        let (message, wrong) = (message.into(), String::new());
        Self(Box::new(Words { code, message, range: None, wrong, names: Vec::new(), note: None, help: None }))
    }

    fn at(mut self, element: &Element) -> Self {
        // Of a name that says nothing there is nothing to show.
        self.0.range = Some(element.range.clone()).filter(|range| !range.is_empty());
        self
    }

    /// The names that would have been answered, and the one that was asked for.
    pub fn among(mut self, wrong: &str, names: impl IntoIterator<Item = String>) -> Self {
        wrong.clone_into(&mut self.0.wrong);
        self.0.names = names.into_iter().collect();
        self
    }

    fn help(mut self, help: impl Into<String>) -> Self {
        self.0.help = Some(help.into());
        self
    }

    fn note(mut self, note: impl Into<String>) -> Self {
        self.0.note = Some(note.into());
        self
    }

    /// The diagnostic, for a text that stands at a place.
    pub fn said(self, place: &Place, whole: &Range<usize>, report: &mut Report) -> Diagnostic {
        let Words { code, message, range, wrong, names, note, help } = *self.0;
        let element = range.is_some();
        let at = place.at(range.unwrap_or_else(|| whole.clone()), report);
        let mut said = Diagnostic::new(code, message, at.clone());
        said.notes.extend(note);
        if !names.is_empty() {
            said = said.note(format!("it has {}", ticked(&names)));
        }
        if let Some(meant) = meant(&wrong, &names) {
            said = said.help(format!("did you mean `{meant}`?"));
            if element && code == &codes::UNKNOWN_OUTPUT && matches!(place, Place::Scalar(..)) {
                let edit = Edit::At(at, meant.to_owned());
                said = said.mend(format!("ask for `{meant}`"), [Some(edit)]);
            }
        }
        said.helps.extend(help);
        said
    }
}

/// What other tools and older drafts call an output, and what it is called here.
const SYNONYMS: &[(&str, &[&str])] = &[
    ("url", &["connectionstring", "connectionurl", "connection", "connectionuri", "uri", "dsn"]),
    ("username", &["user", "login"]),
    ("password", &["pass", "pwd", "passwd"]),
    ("name", &["database", "databasename", "dbname", "db"]),
    ("host", &["hostname", "address", "server", "endpoint"]),
];

/// The name that was meant: another word for the same thing, else one that is spelt nearly so.
fn meant<'a>(wrong: &str, names: &'a [String]) -> Option<&'a str> {
    let bare = wrong.replace(['_', '-'], "").to_ascii_lowercase();
    let same = SYNONYMS.iter().find(|(_, words)| words.contains(&bare.as_str()));
    let same = same.and_then(|(name, _)| names.iter().find(|known| known == name));
    same.map(String::as_str).or_else(|| nearest(wrong, names.iter().map(String::as_str)))
}

/// Where a text with placeholders stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// A scalar of a Score file.
    Scalar(DocId, Path),
    /// A file that a Score file names: its name, its text, and its place among the sources once it was needed.
    File(String, Arc<str>, Cell<Option<SourceId>>),
}

impl Place {
    /// A piece of the text. A file is shown to the report only now, when there is something to say about it.
    pub fn at(&self, range: Range<usize>, report: &mut Report) -> At {
        match self {
            Self::Scalar(doc, path) => At::Path(*doc, path.clone(), Focus::Bytes(range)),
            Self::File(name, text, shown) => {
                let id = shown.get().unwrap_or_else(|| report.sources.add(name.clone(), Arc::clone(text)));
                shown.set(Some(id));
                At::Span(id, range)
            }
        }
    }
}

/// Reads what a reference asks for.
///
/// # Errors
/// When it begins with neither `metadata` nor `resources`, or stops there.
pub fn asked(reference: &Reference) -> Result<Asked<'_>, Miss> {
    match reference.elements.split_first() {
        Some((root, keys)) if root.text == "metadata" && !keys.is_empty() => Ok(Asked::Metadata(keys)),
        Some((root, [name, keys @ ..])) if root.text == "resources" => Ok(Asked::Resource(name, keys)),
        Some((root, _)) if root.text == "metadata" || root.text == "resources" => {
            let message = format!("`${{{}}}` says nothing alone: name what is meant", reference.body);
            Err(Miss::new(&read::BAD_PLACEHOLDER, message))
        }
        root => {
            let message = format!("`${{{}}}` begins with neither `metadata` nor `resources`", reference.body);
            let miss = Miss::new(&read::UNKNOWN_ROOT, message);
            let miss = root.map_or(miss.clone(), |(root, _)| miss.at(root));
            Err(miss.help(format!("to keep the text as it stands, write `$${{{}}}`", reference.body)))
        }
    }
}

/// The miss of a resource that the workload does not have.
pub fn unknown_resource(name: &Element, names: impl IntoIterator<Item = String>) -> Miss {
    let names: Vec<String> = names.into_iter().collect();
    let miss =
        Miss::new(&read::UNKNOWN_RESOURCE, format!("there is no resource named `{}`", name.text)).at(name);
    let help = format!("add `{}` under `resources:`", name.text);
    miss.among(&name.text, names).help(help)
}

/// The miss of a resource named without an output.
pub fn no_output(name: &Element, outputs: Vec<String>) -> Miss {
    let message = format!("`${{resources.{}}}` names no output of the resource", name.text);
    let example =
        outputs.first().map(|first| format!("write for example `${{resources.{}.{first}}}`", name.text));
    let miss = Miss::new(&codes::UNKNOWN_OUTPUT, message).at(name).among("", outputs);
    let miss = miss.note("a resource without an output stands only in `volumes.*.source`");
    match example {
        Some(example) => miss.help(example),
        None => miss,
    }
}

/// The miss of an output that a resource does not have.
pub fn unknown_output(key: &Element, kind: &str, outputs: Vec<String>) -> Miss {
    let message = format!("a `{kind}` has no output `{}`", key.text);
    Miss::new(&codes::UNKNOWN_OUTPUT, message).at(key).among(&key.text, outputs)
}

/// Walks down a value.
///
/// # Errors
/// When a key is not there. `what` says what the value is.
pub fn walk<'t>(tree: &'t Tree, keys: &[Element], code: &'static Code, what: &str) -> Result<&'t Tree, Miss> {
    keys.iter().try_fold(tree, |here, key| match here {
        Tree::Map(map) => map.get(&key.text).ok_or_else(|| {
            let message = format!("{what} has no `{}`", key.text);
            Miss::new(code, message).at(key).among(&key.text, map.keys().cloned())
        }),
        other => {
            let message =
                format!("`{}` cannot be looked up: {what} is {} here, not a map", key.text, other.kind());
            Err(Miss::new(code, message).at(key))
        }
    })
}

/// How a value reads as text: strings as they are, everything else as compact JSON.
pub fn text(tree: &Tree) -> Text {
    match tree {
        Tree::Text(text) => text.clone(),
        Tree::Str(text) | Tree::Time(text) => Text::from(text.as_str()),
        other => json(other),
    }
}

fn json(tree: &Tree) -> Text {
    match tree {
        Tree::Float(number) => Text::from(float(*number)),
        Tree::Text(text) => {
            let quoted = text.parts().iter().map(|part| match part {
                Part::Literal(literal) => Part::Literal(inside(&quote(literal)).to_owned()),
                hidden => hidden.clone(),
            });
            join("\"", quoted.map(Text::from), "", "\"")
        }
        Tree::Str(text) | Tree::Time(text) => Text::from(quote(text)),
        Tree::List(list) => join("[", list.iter().map(json), ",", "]"),
        Tree::Map(map) => {
            let entry = |(key, value): (&String, &Tree)| {
                let mut entry = Text::from(format!("{}:", quote(key)));
                entry.append(json(value));
                entry
            };
            join("{", map.iter().map(entry), ",", "}")
        }
        Tree::Null | Tree::Bool(_) | Tree::Int(_) | Tree::Uint(_) => Text::from(tree.to_json().to_string()),
    }
}

fn join(open: &str, items: impl Iterator<Item = Text>, between: &str, close: &str) -> Text {
    let mut made = Text::from(open);
    for (n, item) in items.enumerate() {
        made.append(Text::from(if n == 0 { "" } else { between }));
        made.append(item);
    }
    made.append(Text::from(close));
    made
}

/// A JSON string as Go's encoder writes it, safe inside HTML.
fn quote(text: &str) -> String {
    let quoted = serde_json::Value::from(text).to_string();
    quoted.replace('<', "\\u003c").replace('>', "\\u003e").replace('&', "\\u0026")
}

/// What stands between the quotes.
fn inside(quoted: &str) -> &str {
    quoted.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(quoted)
}

/// A number in its shortest form, with an exponent only where it is very large or very small.
fn float(number: f64) -> String {
    let size = number.abs();
    if size != 0.0 && !(1e-6..1e21).contains(&size) && number.is_finite() {
        let exponent = format!("{number:e}");
        return if size >= 1.0 { exponent.replace('e', "e+") } else { exponent };
    }
    number.to_string()
}

#[cfg(test)]
mod tests {
    use super::text;
    use crate::model::tree::Tree;

    #[test]
    fn values_read_as_text() {
        let map = Tree::from_pairs([("b", Tree::from(vec![1, 2])), ("a", "<x> & \"y\"".into())]);
        let table = [
            (Tree::Null, "null"),
            (true.into(), "true"),
            (5432.into(), "5432"),
            (Tree::Uint(u64::MAX), "18446744073709551615"),
            (Tree::Float(1.0), "1"),
            (Tree::Float(1.5), "1.5"),
            (Tree::Float(1e30), "1e+30"),
            (Tree::Float(1e-7), "1e-7"),
            ("a\nb".into(), "a\nb"),
            (map, r#"{"a":"\u003cx\u003e \u0026 \"y\"","b":[1,2]}"#),
        ];
        for (tree, wanted) in table {
            assert_eq!(text(&tree).masked(), wanted);
        }
    }
}
