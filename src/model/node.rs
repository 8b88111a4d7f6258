//! A tree with places: every key and value knows the bytes it was written in.

use std::ops::Range;

use crate::model::flow::SourceId;
use crate::model::path::{Path, Step};
use crate::model::tree::Tree;

/// A value and where it was written. An overlay grafts nodes of other sources into a document.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// The text it was written in.
    pub source: SourceId,
    /// The bytes of that text.
    pub span: Range<usize>,
    /// How a scalar was written.
    pub style: Style,
    /// The value.
    pub kind: Kind,
}

/// How a scalar was written; what offsets inside it mean depends on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Style {
    /// Without quotes, or not a scalar.
    #[default]
    Plain,
    /// In single or double quotes.
    Quoted,
    /// After `|` or `>`.
    Block,
}

/// A value with places below it. Scalars are typed as Go's yaml.v3 types them.
#[derive(Debug, Clone, PartialEq)]
pub enum Kind {
    /// Nothing.
    Null,
    /// True or false.
    Bool(bool),
    /// An integer that fits 64 bits with sign.
    Int(i64),
    /// An integer above [`i64::MAX`].
    Uint(u64),
    /// A floating-point number.
    Float(f64),
    /// A timestamp, as it was written.
    Time(String),
    /// Text.
    Str(String),
    /// A list.
    List(Vec<Node>),
    /// A map in written order; keys are scalars and unique.
    Map(Vec<(Node, Node)>),
}

impl Node {
    /// The text of a string.
    pub fn as_str(&self) -> Option<&str> {
        match &self.kind {
            Kind::Str(text) => Some(text),
            _ => None,
        }
    }

    /// The entries of a map.
    pub fn as_map(&self) -> Option<&[(Node, Node)]> {
        match &self.kind {
            Kind::Map(entries) => Some(entries),
            _ => None,
        }
    }

    /// The items of a list.
    pub fn as_list(&self) -> Option<&[Node]> {
        match &self.kind {
            Kind::List(items) => Some(items),
            _ => None,
        }
    }

    /// What this node says as a map key: text as it is, other scalars as they print.
    pub fn key_text(&self) -> String {
        match &self.kind {
            Kind::Null => "null".to_owned(),
            Kind::Bool(flag) => flag.to_string(),
            Kind::Int(number) => number.to_string(),
            Kind::Uint(number) => number.to_string(),
            Kind::Float(number) => number.to_string(),
            Kind::Time(text) | Kind::Str(text) => text.clone(),
            Kind::List(_) | Kind::Map(_) => String::new(),
        }
    }

    /// The entry of a map, key and value.
    pub fn entry(&self, key: &str) -> Option<&(Node, Node)> {
        self.as_map()?.iter().find(|(name, _)| match &name.kind {
            Kind::Time(text) | Kind::Str(text) => text == key,
            _ => name.key_text() == key,
        })
    }

    /// The value under a key of a map.
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.entry(key).map(|(_, value)| value)
    }

    /// The value at a path.
    pub fn at(&self, path: &Path) -> Option<&Node> {
        path.steps().iter().try_fold(self, |here, step| match step {
            Step::Key(key) => here.get(key),
            Step::Index(index) => here.as_list()?.get(*index),
        })
    }

    /// The key at a path; the value itself for an item of a list.
    pub fn key_at(&self, path: &Path) -> Option<&Node> {
        let above = self.at(&path.parent()?)?;
        match path.steps().last()? {
            Step::Key(key) => above.entry(key).map(|(name, _)| name),
            Step::Index(index) => above.as_list()?.get(*index),
        }
    }

    /// The value without its places.
    pub fn tree(&self) -> Tree {
        match &self.kind {
            Kind::Null => Tree::Null,
            Kind::Bool(flag) => Tree::Bool(*flag),
            Kind::Int(number) => Tree::Int(*number),
            Kind::Uint(number) => Tree::Uint(*number),
            Kind::Float(number) => Tree::Float(*number),
            Kind::Time(text) => Tree::Time(text.clone()),
            Kind::Str(text) => Tree::Str(text.clone()),
            Kind::List(items) => Tree::List(items.iter().map(Self::tree).collect()),
            Kind::Map(entries) => Tree::Map(entries.iter().map(|(k, v)| (k.key_text(), v.tree())).collect()),
        }
    }
}
