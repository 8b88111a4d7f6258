//! Text that knows which of its parts must not be seen: a secret is a type, not a string.

use std::fmt;
use std::sync::Arc;

/// A value that never shows itself in debug output, diagnostics or logs.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Hidden(Arc<str>);

impl Hidden {
    /// Hides a value.
    pub fn new(value: impl Into<Arc<str>>) -> Self {
        Self(value.into())
    }

    /// Shows the value. Every call is a place where a secret leaves its type: a private file or a `Secret` object.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Hidden {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

/// A secret value kept under `key` of a store: on Kubernetes the `Secret` object of that name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct SecretRef {
    /// The name of the store.
    pub store: String,
    /// The key in the store.
    pub key: String,
    /// The value, where this run knows it. A store that a manifest defines by itself keeps its value to itself.
    pub value: Option<Hidden>,
}

/// A variable that the environment supplies.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct EnvRef {
    /// The variable's name.
    pub name: String,
    /// The value, where an env file gave one.
    pub value: Option<Hidden>,
}

/// A part of a [`Text`].
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// Characters as they are.
    Literal(String),
    /// A secret.
    Secret(SecretRef),
    /// A variable of the environment.
    Env(EnvRef),
}

/// Text made of literal, secret and environment parts; literals never stand side by side and are never empty.
///
/// ```
/// use sightread::model::text::{Hidden, Part, SecretRef, Text};
/// let mut text = Text::from("redis://:");
/// text.push(Part::Secret(SecretRef { store: "db".into(), key: "password".into(), value: Some(Hidden::new("s3cret")) }));
/// assert_eq!(text.masked(), "redis://:***");
/// assert_eq!(text.reveal().as_deref(), Some("redis://:s3cret"));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Text(Vec<Part>);

impl Text {
    /// The parts in order.
    pub fn parts(&self) -> &[Part] {
        &self.0
    }

    /// Adds a part at the end.
    pub fn push(&mut self, part: Part) {
        match (self.0.last_mut(), part) {
            (_, Part::Literal(more)) if more.is_empty() => {}
            (Some(Part::Literal(text)), Part::Literal(more)) => text.push_str(&more),
            (_, part) => self.0.push(part),
        }
    }

    /// Adds all parts of another text at the end.
    pub fn append(&mut self, other: Text) {
        for part in other.0 {
            self.push(part);
        }
    }

    /// The text, when all of it is literal.
    pub fn as_literal(&self) -> Option<&str> {
        match self.0.as_slice() {
            [] => Some(""),
            [Part::Literal(text)] => Some(text),
            _ => None,
        }
    }

    /// The secret parts in order.
    pub fn secrets(&self) -> impl Iterator<Item = &SecretRef> {
        self.0.iter().filter_map(|part| match part {
            Part::Secret(secret) => Some(secret),
            Part::Literal(_) | Part::Env(_) => None,
        })
    }

    /// The environment parts in order.
    pub fn envs(&self) -> impl Iterator<Item = &EnvRef> {
        self.0.iter().filter_map(|part| match part {
            Part::Env(env) => Some(env),
            Part::Literal(_) | Part::Secret(_) => None,
        })
    }

    /// True when nothing of it is secret.
    pub fn is_public(&self) -> bool {
        self.secrets().next().is_none()
    }

    /// The text for people: secrets as `***`, variables as `${NAME}`.
    pub fn masked(&self) -> String {
        self.0
            .iter()
            .map(|part| match part {
                Part::Literal(text) => text.clone(),
                Part::Secret(_) => "***".to_owned(),
                Part::Env(env) => format!("${{{}}}", env.name),
            })
            .collect()
    }

    /// The text with every value in clear, where all of them are known.
    pub fn reveal(&self) -> Option<String> {
        self.0
            .iter()
            .map(|part| match part {
                Part::Literal(text) => Some(text.clone()),
                Part::Secret(secret) => secret.value.as_ref().map(|value| value.reveal().to_owned()),
                Part::Env(env) => env.value.as_ref().map(|value| value.reveal().to_owned()),
            })
            .collect()
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        Self::from(text.to_owned())
    }
}

impl From<String> for Text {
    fn from(text: String) -> Self {
        let mut made = Self::default();
        made.push(Part::Literal(text));
        made
    }
}

impl From<Part> for Text {
    fn from(part: Part) -> Self {
        let mut made = Self::default();
        made.push(part);
        made
    }
}
