//! A JSON-like value whose maps are sorted, so that order is a property of the type.
//!
//! **Invariant:** integers and floats stay apart; text that carries a secret is [`Tree::Text`], never [`Tree::Str`].

mod make;
mod read;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Number, Value};

use crate::model::path::{Path, Step, Trail};
use crate::model::text::Text;

pub use crate::model::map::Map;

/// A value as read from YAML, made by a template, or about to be written.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Tree {
    /// Nothing.
    #[default]
    Null,
    /// True or false.
    Bool(bool),
    /// An integer that fits 64 bits with sign.
    Int(i64),
    /// An integer above [`i64::MAX`].
    Uint(u64),
    /// A floating-point number, infinities and NaN included.
    Float(f64),
    /// A YAML timestamp, as it was written.
    Time(String),
    /// Plain text.
    Str(String),
    /// Text that has secret or environment parts.
    Text(Text),
    /// A list.
    List(Vec<Tree>),
    /// A map, sorted by key.
    Map(Map),
}

impl Tree {
    /// An empty map.
    pub const fn map() -> Self {
        Self::Map(Map::new())
    }

    /// A map of these pairs.
    pub fn from_pairs<K: Into<String>>(pairs: impl IntoIterator<Item = (K, Tree)>) -> Self {
        Self::Map(pairs.into_iter().map(|(key, value)| (key.into(), value)).collect())
    }

    /// The text of a plain string.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::Str(text) => Some(text),
            _ => None,
        }
    }

    /// The entries of a map.
    pub fn as_map(&self) -> Option<&Map> {
        match self {
            Self::Map(map) => Some(map),
            _ => None,
        }
    }

    /// The entries of a map, to change.
    pub fn as_map_mut(&mut self) -> Option<&mut Map> {
        match self {
            Self::Map(map) => Some(map),
            _ => None,
        }
    }

    /// The items of a list.
    pub fn as_list(&self) -> Option<&[Tree]> {
        match self {
            Self::List(list) => Some(list),
            _ => None,
        }
    }

    /// The integer, if it is one that fits.
    pub fn as_int(&self) -> Option<i64> {
        match self {
            Self::Int(number) => Some(*number),
            _ => None,
        }
    }

    /// True for null and for an empty map or list.
    pub fn is_blank(&self) -> bool {
        match self {
            Self::Null => true,
            Self::List(list) => list.is_empty(),
            Self::Map(map) => map.is_empty(),
            _ => false,
        }
    }

    /// The value under one key of a map.
    pub fn get(&self, key: &str) -> Option<&Tree> {
        self.as_map()?.get(key)
    }

    /// The value at a path.
    pub fn at(&self, path: &Path) -> Option<&Tree> {
        path.steps().iter().try_fold(self, |here, step| match (step, here) {
            (Step::Key(key), Self::Map(map)) => map.get(key),
            (Step::Index(index), Self::List(list)) => list.get(*index),
            _ => None,
        })
    }

    /// The value at a path, to be changed.
    pub fn at_mut(&mut self, path: &Path) -> Option<&mut Tree> {
        path.steps().iter().try_fold(self, |here, step| match (step, here) {
            (Step::Key(key), Self::Map(map)) => map.get_mut(key),
            (Step::Index(index), Self::List(list)) => list.get_mut(*index),
            _ => None,
        })
    }

    /// What a person would call the kind of this value.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "a boolean",
            Self::Int(_) | Self::Uint(_) => "an integer",
            Self::Float(_) => "a number",
            Self::Time(_) => "a timestamp",
            Self::Str(_) | Self::Text(_) => "a string",
            Self::List(_) => "a list",
            Self::Map(_) => "a map",
        }
    }

    /// Visits every scalar with its place, maps in key order.
    pub fn each_scalar(&self, visit: &mut dyn FnMut(&Trail<'_>, &Tree)) {
        fn walk(tree: &Tree, here: &Trail<'_>, visit: &mut dyn FnMut(&Trail<'_>, &Tree)) {
            match tree {
                Tree::List(list) => {
                    for (index, item) in list.iter().enumerate() {
                        walk(item, &here.index(index), visit);
                    }
                }
                Tree::Map(map) => {
                    for (key, value) in map {
                        walk(value, &here.key(key), visit);
                    }
                }
                scalar => visit(here, scalar),
            }
        }
        walk(self, &Trail::from(&Path::default()), visit);
    }

    /// Lays `patch` over this value as a JSON merge patch (RFC 7396): maps merge, null removes, all else replaces.
    pub fn merge_patch(&mut self, patch: &Tree) {
        let Self::Map(changes) = patch else {
            *self = patch.clone();
            return;
        };
        if !matches!(self, Self::Map(_)) {
            *self = Self::map();
        }
        let Self::Map(map) = self else { return };
        for (key, change) in changes {
            if matches!(change, Self::Null) {
                map.remove(key);
            } else if let Some(there) = map.get_mut(key) {
                there.merge_patch(change);
            } else {
                map.entry(key.clone()).or_default().merge_patch(change);
            }
        }
    }

    /// The same value for serde. Infinities become null; secret text becomes its masked form.
    pub fn to_json(&self) -> Value {
        match self {
            Self::Null => Value::Null,
            Self::Bool(flag) => Value::Bool(*flag),
            Self::Int(number) => Value::from(*number),
            Self::Uint(number) => Value::from(*number),
            Self::Float(number) => Number::from_f64(*number).map_or(Value::Null, Value::Number),
            Self::Time(text) | Self::Str(text) => Value::String(text.clone()),
            Self::Text(text) => Value::String(text.masked()),
            Self::List(list) => Value::Array(list.iter().map(Self::to_json).collect()),
            Self::Map(map) => Value::Object(map.iter().map(|(k, v)| (k.clone(), v.to_json())).collect()),
        }
    }

    /// Reads a typed value out of this one.
    ///
    /// # Errors
    /// When the shape does not fit the type.
    pub fn parse<T: DeserializeOwned>(&self) -> Result<T, serde_json::Error> {
        T::deserialize(self)
    }

    /// The tree of any serializable value.
    ///
    /// # Errors
    /// When the value has map keys that are not text.
    pub fn of<T: Serialize>(value: &T) -> Result<Self, serde_json::Error> {
        value.serialize(make::Making)
    }
}

impl From<Value> for Tree {
    fn from(value: Value) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Bool(flag) => Self::Bool(flag),
            Value::Number(number) => match (number.as_i64(), number.as_u64()) {
                (Some(small), _) => Self::Int(small),
                (None, Some(large)) => Self::Uint(large),
                (None, None) => Self::Float(number.as_f64().unwrap_or(f64::NAN)),
            },
            Value::String(text) => Self::Str(text),
            Value::Array(list) => Self::List(list.into_iter().map(Self::from).collect()),
            Value::Object(map) => Self::Map(map.into_iter().map(|(k, v)| (k, Self::from(v))).collect()),
        }
    }
}

impl From<&str> for Tree {
    fn from(text: &str) -> Self {
        Self::Str(text.to_owned())
    }
}

impl From<String> for Tree {
    fn from(text: String) -> Self {
        Self::Str(text)
    }
}

impl From<bool> for Tree {
    fn from(flag: bool) -> Self {
        Self::Bool(flag)
    }
}

impl From<i64> for Tree {
    fn from(number: i64) -> Self {
        Self::Int(number)
    }
}

impl From<Text> for Tree {
    /// Plain text becomes [`Tree::Str`], so that [`Tree::Text`] always has something to hide.
    fn from(text: Text) -> Self {
        match text.as_literal() {
            Some(_) => Self::Str(text.masked()),
            None => Self::Text(text),
        }
    }
}

impl<T: Into<Tree>> From<Vec<T>> for Tree {
    fn from(list: Vec<T>) -> Self {
        Self::List(list.into_iter().map(Into::into).collect())
    }
}
