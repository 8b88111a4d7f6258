//! The values of the language: Go's kinds as far as templates can tell them apart.
//!
//! **Invariant:** `int`, `int64` and `float64` never mix; a missing value is not a nil one. Maps are shared and can be
//! changed by `set`, `unset` and `merge`, as in Go.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use super::dates::time::Time;
use super::log::Log;

/// What a list or map is declared to hold.
#[derive(Debug, Clone)]
pub enum Elem {
    /// Anything.
    Any,
    /// Strings.
    Str,
    /// Integers.
    Int,
    /// Lists of anything.
    List,
    /// Records like this empty one, which is also what a missing key of the map gives.
    Record(Rc<Record>),
}

impl Elem {
    /// The name of the type in Go.
    pub fn type_name(&self) -> String {
        match self {
            Self::Any => "interface {}".to_owned(),
            Self::Str => "string".to_owned(),
            Self::Int => "int".to_owned(),
            Self::List => "[]interface {}".to_owned(),
            Self::Record(zero) => zero.type_name.clone(),
        }
    }

    /// What a missing entry of a map reads as through `index`.
    pub fn zero(&self) -> Value {
        match self {
            Self::Any => Value::Nil,
            Self::Str => Value::from(""),
            Self::Int => Value::Int(0),
            Self::List => Value::nil_list(Self::Any),
            Self::Record(zero) => Value::Record(Rc::clone(zero)),
        }
    }

    /// True where entries are declared to be anything, so that nil is nil rather than an empty value.
    pub const fn is_any(&self) -> bool {
        matches!(self, Self::Any)
    }
}

/// A list.
#[derive(Debug, Clone)]
pub struct List {
    /// Its items.
    pub items: Vec<Value>,
    /// What it is declared to hold.
    pub elem: Elem,
    /// True for the nil list, which is empty but `null` in JSON.
    pub nil: bool,
}

/// A map with text keys.
#[derive(Debug, Clone)]
pub struct Map {
    /// Its entries, which functions may change.
    pub entries: RefCell<BTreeMap<String, Value>>,
    /// What it is declared to hold.
    pub elem: Elem,
    /// True for the nil map, which is empty but cannot be written to.
    pub nil: bool,
    /// Where changes are noted, for a map that outlives a rendering.
    pub log: Option<Rc<Log>>,
}

impl Map {
    /// A map that notes its changes.
    pub fn noting(entries: BTreeMap<String, Value>, log: &Rc<Log>) -> Rc<Self> {
        let log = Some(Rc::clone(log));
        Rc::new(Self { entries: RefCell::new(entries), elem: Elem::Any, nil: false, log })
    }

    /// Puts a value in the place of a key; nothing takes the key away.
    pub fn change(self: &Rc<Self>, key: &str, value: Option<Value>) {
        let mut entries = self.entries.borrow_mut();
        let before = match value {
            Some(value) => entries.insert(key.to_owned(), value),
            None => entries.remove(key),
        };
        if let Some(log) = &self.log {
            log.note(self, key, before);
        }
    }
}

/// A field of a record.
#[derive(Debug, Clone)]
pub struct Field {
    /// Its name in templates.
    pub name: String,
    /// Its name in JSON.
    pub json: String,
    /// Its value.
    pub value: Value,
}

/// A record: fields are fixed, in order, and reading any other one is an error.
#[derive(Debug, Clone)]
pub struct Record {
    /// The name of its type, as error texts show it.
    pub type_name: String,
    /// Its fields in order.
    pub fields: Vec<Field>,
    /// True when the template got a pointer to it.
    pub pointer: bool,
}

impl Record {
    /// A record of these fields: name in templates, name in JSON, value.
    pub fn new<'n>(type_name: &str, fields: impl IntoIterator<Item = (&'n str, &'n str, Value)>) -> Self {
        let fields = fields.into_iter();
        let fields =
            fields.map(|(name, json, value)| Field { name: name.to_owned(), json: json.to_owned(), value });
        Self { type_name: type_name.to_owned(), fields: fields.collect(), pointer: false }
    }
}

/// A value of the language.
#[derive(Debug, Clone)]
pub enum Value {
    /// Not there: a key the map has not.
    Missing,
    /// There, and nil.
    Nil,
    /// `bool`.
    Bool(bool),
    /// `int`.
    Int(i64),
    /// `int64`.
    Int64(i64),
    /// `uint64`.
    Uint64(u64),
    /// `uint8`, one byte of a string.
    Byte(u8),
    /// `float64`.
    Float(f64),
    /// `string`.
    Str(Rc<str>),
    /// A slice.
    List(Rc<List>),
    /// A map.
    Map(Rc<Map>),
    /// A struct.
    Record(Rc<Record>),
    /// `time.Time`.
    Time(Time),
    /// `*semver.Version`, with its spelling.
    Version(Rc<(super::sprig::semver::Version, String)>),
}

impl Value {
    /// A list of anything.
    pub fn list(items: Vec<Self>) -> Self {
        Self::list_of(items, Elem::Any)
    }

    /// A list declared to hold something.
    pub fn list_of(items: Vec<Self>, elem: Elem) -> Self {
        Self::List(Rc::new(List { items, elem, nil: false }))
    }

    /// The nil list.
    pub fn nil_list(elem: Elem) -> Self {
        Self::List(Rc::new(List { items: Vec::new(), elem, nil: true }))
    }

    /// A list of strings.
    pub fn strings<S: Into<Rc<str>>>(items: impl IntoIterator<Item = S>) -> Self {
        Self::list_of(items.into_iter().map(|item| Self::Str(item.into())).collect(), Elem::Str)
    }

    /// A map of anything.
    pub fn map(entries: BTreeMap<String, Self>) -> Self {
        Self::map_of(entries, Elem::Any)
    }

    /// A map declared to hold something.
    pub fn map_of(entries: BTreeMap<String, Self>, elem: Elem) -> Self {
        Self::Map(Rc::new(Map { entries: RefCell::new(entries), elem, nil: false, log: None }))
    }

    /// The nil map: what a resource without params or metadata has.
    pub fn nil_map() -> Self {
        Self::nil_map_of(Elem::Any)
    }

    /// The nil map of a declared type.
    pub fn nil_map_of(elem: Elem) -> Self {
        Self::Map(Rc::new(Map { entries: RefCell::default(), elem, nil: true, log: None }))
    }

    /// A record of these fields: name in templates, name in JSON, value.
    pub fn record<'n>(type_name: &str, fields: impl IntoIterator<Item = (&'n str, &'n str, Self)>) -> Self {
        Self::Record(Rc::new(Record::new(type_name, fields)))
    }

    /// A record behind a pointer, as the data of a template usually is.
    pub fn pointer<'n>(type_name: &str, fields: impl IntoIterator<Item = (&'n str, &'n str, Self)>) -> Self {
        Self::Record(Rc::new(Record { pointer: true, ..Record::new(type_name, fields) }))
    }

    /// Its text, for a string.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::Str(text) => Some(text),
            _ => None,
        }
    }

    /// True for nothing at all: missing or nil.
    pub const fn is_nothing(&self) -> bool {
        matches!(self, Self::Missing | Self::Nil)
    }

    /// The name of its type in Go, as `%T` prints it.
    pub fn type_name(&self) -> String {
        match self {
            Self::Missing | Self::Nil => "<nil>".to_owned(),
            Self::Bool(_) => "bool".to_owned(),
            Self::Int(_) => "int".to_owned(),
            Self::Int64(_) => "int64".to_owned(),
            Self::Uint64(_) => "uint64".to_owned(),
            Self::Byte(_) => "uint8".to_owned(),
            Self::Float(_) => "float64".to_owned(),
            Self::Str(_) => "string".to_owned(),
            Self::List(list) => format!("[]{}", list.elem.type_name()),
            Self::Map(map) => format!("map[string]{}", map.elem.type_name()),
            Self::Record(record) => format!("{}{}", if record.pointer { "*" } else { "" }, record.type_name),
            Self::Time(_) => "time.Time".to_owned(),
            Self::Version(_) => "*semver.Version".to_owned(),
        }
    }

    /// The name of its kind in Go.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Missing | Self::Nil => "invalid",
            Self::Bool(_) => "bool",
            Self::Int(_) => "int",
            Self::Int64(_) => "int64",
            Self::Uint64(_) => "uint64",
            Self::Byte(_) => "uint8",
            Self::Float(_) => "float64",
            Self::Str(_) => "string",
            Self::List(_) => "slice",
            Self::Map(_) => "map",
            Self::Record(record) if record.pointer => "ptr",
            Self::Record(_) | Self::Time(_) => "struct",
            Self::Version(_) => "ptr",
        }
    }

    /// Whether it counts as true. Records always do.
    pub fn truth(&self) -> bool {
        match self {
            Self::Missing | Self::Nil => false,
            Self::Bool(flag) => *flag,
            Self::Int(number) | Self::Int64(number) => *number != 0,
            Self::Uint64(number) => *number != 0,
            Self::Byte(number) => *number != 0,
            Self::Float(number) => *number != 0.0,
            Self::Str(text) => !text.is_empty(),
            Self::List(list) => !list.items.is_empty(),
            Self::Map(map) => !map.entries.borrow().is_empty(),
            Self::Record(_) | Self::Time(_) | Self::Version(_) => true,
        }
    }

    /// The size that counts against the steps of a rendering.
    pub(super) fn weight(&self) -> usize {
        match self {
            Self::Str(text) => text.len() / 64,
            Self::List(list) => list.items.len(),
            Self::Map(map) => map.entries.borrow().len(),
            _ => 0,
        }
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Str(text.into())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Str(text.into())
    }
}

impl From<bool> for Value {
    fn from(flag: bool) -> Self {
        Self::Bool(flag)
    }
}

impl Drop for List {
    /// Takes deep lists apart without deep recursion.
    fn drop(&mut self) {
        dismantle(std::mem::take(&mut self.items));
    }
}

impl Drop for Map {
    /// Takes deep maps apart without deep recursion.
    fn drop(&mut self) {
        dismantle(std::mem::take(self.entries.get_mut()).into_values().collect());
    }
}

fn dismantle(mut waiting: Vec<Value>) {
    while let Some(value) = waiting.pop() {
        match value {
            Value::List(list) => {
                if let Some(mut list) = Rc::into_inner(list) {
                    waiting.append(&mut list.items);
                }
            }
            Value::Map(map) => {
                if let Some(mut map) = Rc::into_inner(map) {
                    waiting.extend(std::mem::take(map.entries.get_mut()).into_values());
                }
            }
            _ => {}
        }
    }
}
