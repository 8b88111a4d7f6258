//! What a contract lets users pass: a small subset of JSON Schema, judged at the user's line.

use std::sync::OnceLock;

use regex::Regex;

use crate::diag::nearest;
use crate::model::tree::Tree;

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
    /// One sentence.
    pub description: String,
}

/// What is wrong with a value, and the way out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Complaint {
    /// What is wrong, to be put after the param's name.
    pub message: String,
    /// The way out.
    pub help: Option<String>,
}

impl Complaint {
    fn new(message: String) -> Self {
        Self { message, help: None }
    }
}

impl Param {
    /// The value as the contract wants it.
    ///
    /// # Errors
    /// When the contract does not want it.
    pub fn judge(&self, value: &Tree) -> Result<Tree, Complaint> {
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
            let complaint = Complaint::new(format!("must be {}, not {}", words.join(" or "), value.kind()));
            match value {
                Tree::Float(number) if self.types.contains(&Type::String) => {
                    Complaint { help: Some(format!("write it in quotes: `\"{number:?}\"`")), ..complaint }
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
        Err(Complaint {
            message: format!("must be one of {}", ticked(&names)),
            help: near.map(|name| format!("did you mean `{name}`?")),
        })
    }

    fn matched(&self, value: &Tree) -> Result<(), Complaint> {
        let (Some(pattern), Tree::Str(text)) = (&self.pattern, value) else { return Ok(()) };
        let ready = self.ready.get_or_init(|| Regex::new(&format!("^(?:{pattern})$")).ok());
        if ready.as_ref().is_some_and(|regex| regex.is_match(text)) {
            Ok(())
        } else {
            Err(Complaint::new(format!("must match `{pattern}`")))
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
            return Err(Complaint::new(format!("must be at least {minimum}")));
        }
        if let Some(maximum) = self.maximum.filter(|maximum| number > *maximum) {
            return Err(Complaint::new(format!("must be at most {maximum}")));
        }
        Ok(())
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
            (&path, "api\n/x".into(), Err("must match `/.*`")),
            (&path, "/x\nevil: true".into(), Err("must match `/.*`")),
            (&path, Tree::List(vec![]), Err("must be a string, not a list")),
        ];
        for (param, value, wanted) in table {
            assert_eq!(
                param.judge(&value).map_err(|c| c.message),
                wanted.map_err(str::to_owned),
                "{value:?}"
            );
        }
    }
}
