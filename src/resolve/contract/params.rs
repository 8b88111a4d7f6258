//! What a contract lets users pass: a small subset of JSON Schema, judged at the user's line.

use std::sync::OnceLock;

use regex::Regex;

use crate::diag::nearest;
use crate::model::path::{Path, Step};
use crate::model::tree::{Map, Tree};

/// A type of the subset.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Type {
    /// Text.
    String,
    /// A whole number.
    Integer,
    /// Any number.
    Number,
    /// True or false.
    Boolean,
    /// A list.
    Array,
    /// A map.
    Object,
}

impl Type {
    /// The type of a name.
    pub fn find(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(known, _)| *known == name).map(|(_, kind)| *kind)
    }

    /// All types by name.
    pub const ALL: &[(&'static str, Self)] = &[
        ("string", Self::String),
        ("integer", Self::Integer),
        ("number", Self::Number),
        ("boolean", Self::Boolean),
        ("array", Self::Array),
        ("object", Self::Object),
    ];

    /// What a person calls it.
    pub const fn words(self) -> &'static str {
        match self {
            Self::String => "a string",
            Self::Integer => "a whole number",
            Self::Number => "a number",
            Self::Boolean => "`true` or `false`",
            Self::Array => "a list",
            Self::Object => "a map",
        }
    }

    /// The value as this type, where it is one or is one in all but quotes.
    pub fn accept(self, value: &Tree) -> Option<Tree> {
        match (self, value) {
            (Self::String, Tree::Str(_) | Tree::Text(_))
            | (Self::Integer, Tree::Int(_) | Tree::Uint(_))
            | (Self::Number, Tree::Int(_) | Tree::Uint(_) | Tree::Float(_))
            | (Self::Boolean, Tree::Bool(_))
            | (Self::Array, Tree::List(_))
            | (Self::Object, Tree::Map(_)) => Some(value.clone()),
            (Self::String, Tree::Time(text)) => Some(Tree::Str(text.clone())),
            (Self::String, Tree::Int(number)) => Some(Tree::Str(number.to_string())),
            (Self::String, Tree::Uint(number)) => Some(Tree::Str(number.to_string())),
            // Placeholders always make text, so numbers arrive in quotes.
            (Self::Integer, Tree::Str(text)) => text.parse().ok().map(Tree::Int),
            (Self::Number, Tree::Str(text)) => text.parse().ok().map(Tree::Float),
            (Self::Boolean, Tree::Str(text)) => text.parse().ok().map(Tree::Bool),
            _ => None,
        }
    }
}

/// Values that only a run can judge.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// The name of a workload.
    Workload,
    /// A file beside the Score file, whose text templates see as `contents.<param>`.
    File,
    /// A port of the service of the workload that the param `workload` names, else of the one that asks.
    Port,
}

/// A param of a contract.
#[derive(Debug, Clone, Default)]
pub struct Param {
    /// What it may be; anything where empty.
    pub types: Vec<Type>,
    /// The only values it may have; any where empty.
    pub allowed: Vec<Tree>,
    /// A regular expression that text must match.
    pub pattern: Option<String>,
    /// The same, made ready the first time it is asked; nothing where it is no regular expression.
    pub ready: OnceLock<Option<Regex>>,
    /// The least number.
    pub minimum: Option<f64>,
    /// The greatest number.
    pub maximum: Option<f64>,
    /// Whether it must be given.
    pub required: bool,
    /// Its value where it is not given.
    pub default: Option<Tree>,
    /// What only a run can judge.
    pub format: Option<Format>,
    /// What a map or a list may hold; anything where nothing is said.
    pub inside: Option<Box<Inside>>,
    /// One sentence.
    pub description: String,
}

/// What a map or a list may hold.
#[derive(Debug, Clone, Default)]
pub struct Inside {
    /// The keys of a map.
    pub names: Option<Param>,
    /// The values of a map.
    pub values: Option<Param>,
    /// The items of a list.
    pub items: Option<Param>,
}

/// What is wrong with a value, and the way out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Complaint {
    /// What is wrong, to be put after the param's name.
    pub message: String,
    /// The way out.
    pub help: Option<String>,
    /// Which part of the param is meant; all of it where empty.
    pub below: Path,
    /// True when the key of that part is meant.
    pub key: bool,
}

impl Complaint {
    /// A complaint about all of a param.
    pub const fn new(message: String, help: Option<String>) -> Self {
        Self { message, help, below: Path::top(), key: false }
    }

    /// The same, of something that holds what was judged.
    fn within(self, step: Step) -> Self {
        Self { below: Path::of([step]).join(&self.below), ..self }
    }
}

impl Param {
    /// The value as the contract wants it.
    ///
    /// # Errors
    /// When the contract does not want it; every part that it does not want is told.
    pub fn judge(&self, value: &Tree) -> Result<Tree, Vec<Complaint>> {
        let value = self.whole(value).map_err(|complaint| vec![complaint])?;
        let Some(inside) = &self.inside else { return Ok(value) };
        let mut wrong = Vec::new();
        let value = inside.judge(value, &mut wrong);
        if wrong.is_empty() { Ok(value) } else { Err(wrong) }
    }

    fn whole(&self, value: &Tree) -> Result<Tree, Complaint> {
        let value = self.typed(value)?;
        self.listed(&value)?;
        self.matched(&value)?;
        self.bounded(&value)?;
        Ok(value)
    }

    fn typed(&self, value: &Tree) -> Result<Tree, Complaint> {
        let exact = self.types.iter().find_map(|kind| kind.accept(value).filter(|typed| typed == value));
        let near = || self.types.iter().find_map(|kind| kind.accept(value));
        if self.types.is_empty() {
            return Ok(value.clone());
        }
        exact.or_else(near).ok_or_else(|| {
            let words: Vec<&str> = self.types.iter().map(|kind| kind.words()).collect();
            let message = format!("must be {}, not {}", words.join(" or "), value.kind());
            let complaint = Complaint::new(message, None);
            match value {
                Tree::Float(number) if self.types.contains(&Type::String) => {
                    Complaint { help: Some(format!("write it in quotes: `\"{number:?}\"`")), ..complaint }
                }
                Tree::Bool(flag) if self.types.contains(&Type::String) => {
                    Complaint { help: Some(format!("write it in quotes: `\"{flag}\"`")), ..complaint }
                }
                _ => complaint,
            }
        })
    }

    fn listed(&self, value: &Tree) -> Result<(), Complaint> {
        if self.allowed.is_empty() || self.allowed.contains(value) {
            return Ok(());
        }
        let names: Vec<String> = self.allowed.iter().map(plain).collect();
        let near = nearest(&plain(value), names.iter().map(String::as_str));
        let help = near.map(|name| format!("did you mean `{name}`?"));
        Err(Complaint::new(format!("must be one of {}", ticked(&names)), help))
    }

    fn matched(&self, value: &Tree) -> Result<(), Complaint> {
        let (Some(pattern), Tree::Str(text)) = (&self.pattern, value) else { return Ok(()) };
        let ready = self.ready.get_or_init(|| Regex::new(&format!("^(?:{pattern})$")).ok());
        if ready.as_ref().is_some_and(|regex| regex.is_match(text)) {
            Ok(())
        } else if text.chars().any(char::is_control) {
            let message = "must be one line, without control characters".to_owned();
            Err(Complaint::new(message, None))
        } else {
            // A pattern alone is hard to read.
            let usual = self.default.as_ref().and_then(Tree::as_str).filter(|usual| !usual.is_empty());
            let help =
                usual.map(|usual| format!("write it as in `{usual}`, which it is where nothing is said"));
            Err(Complaint::new(format!("must match `{pattern}`"), help))
        }
    }

    fn bounded(&self, value: &Tree) -> Result<(), Complaint> {
        let number = match value {
            #[expect(clippy::cast_precision_loss, reason = "bounds are small numbers")]
            Tree::Int(number) => *number as f64,
            Tree::Float(number) => *number,
            _ => return Ok(()),
        };
        if let Some(minimum) = self.minimum.filter(|minimum| number < *minimum) {
            return Err(Complaint::new(format!("must be at least {minimum}"), None));
        }
        if let Some(maximum) = self.maximum.filter(|maximum| number > *maximum) {
            return Err(Complaint::new(format!("must be at most {maximum}"), None));
        }
        Ok(())
    }
}

impl Inside {
    fn judge(&self, value: Tree, wrong: &mut Vec<Complaint>) -> Tree {
        let mut part = |param: &Option<Param>, step: Step, value: Tree| {
            let Some(param) = param else { return Some(value) };
            let judged = param.judge(&value);
            judged.map_err(|said| wrong.extend(said.into_iter().map(|one| one.within(step.clone())))).ok()
        };
        match value {
            Tree::Map(map) => {
                let entries: Vec<_> = map
                    .into_iter()
                    .filter_map(|(key, value)| Some((part(&self.values, Step::from(&key), value)?, key)))
                    .collect();
                wrong.extend(entries.iter().filter_map(|(_, key)| self.name(key)));
                Tree::Map(entries.into_iter().map(|(value, key)| (key, value)).collect::<Map>())
            }
            Tree::List(list) => Tree::List(
                list.into_iter()
                    .enumerate()
                    .filter_map(|(index, item)| part(&self.items, Step::from(index), item))
                    .collect(),
            ),
            other => other,
        }
    }

    /// What is wrong with a key.
    fn name(&self, key: &str) -> Option<Complaint> {
        let said = self.names.as_ref()?.judge(&Tree::from(key)).err()?.into_iter().next()?;
        let message = format!("has the key `{}`, which {}", key.escape_debug(), said.message);
        Some(Complaint { message, help: said.help, below: Path::of([key]), key: true })
    }
}

/// A scalar as a person would write it.
pub fn plain(value: &Tree) -> String {
    match value {
        Tree::Str(text) | Tree::Time(text) => text.clone(),
        other => other.to_json().to_string(),
    }
}

/// Names in backticks, with commas.
pub fn ticked<S: AsRef<str>>(names: &[S]) -> String {
    names.iter().map(|name| format!("`{}`", name.as_ref())).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::{Param, Type};
    use crate::model::tree::Tree;

    #[test]
    fn params_are_judged() {
        let of = |types: &[Type]| Param { types: types.to_vec(), ..Param::default() };
        let port = Param { minimum: Some(1.0), maximum: Some(65535.0), ..of(&[Type::Integer]) };
        let class = Param { allowed: vec!["small".into(), "large".into()], ..of(&[Type::String]) };
        let path = Param { pattern: Some("/.*".to_owned()), ..of(&[Type::String]) };
        let text = || Tree::from("8080");
        let table: Vec<(&Param, Tree, Result<Tree, &str>)> = vec![
            (&port, 8080.into(), Ok(8080.into())),
            (&port, text(), Ok(8080.into())),
            (&port, 0.into(), Err("must be at least 1")),
            (&port, "web".into(), Err("must be a whole number, not a string")),
            (&class, "small".into(), Ok("small".into())),
            (&class, "smal".into(), Err("must be one of `small`, `large`")),
            (&class, 1.into(), Err("must be one of `small`, `large`")),
            (&path, "/api".into(), Ok("/api".into())),
            (&path, "api".into(), Err("must match `/.*`")),
            (&path, "/x\nevil: true".into(), Err("must be one line, without control characters")),
            (&path, Tree::List(vec![]), Err("must be a string, not a list")),
        ];
        for (param, value, wanted) in table {
            assert_eq!(
                param.judge(&value).map_err(|said| said.into_iter().map(|one| one.message).collect()),
                wanted.map_err(|words| vec![words.to_owned()]),
                "{value:?}"
            );
        }
    }
}
