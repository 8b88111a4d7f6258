//! What a function is: its name, what it takes, and how it is called.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use super::value::Value;

/// What a parameter takes. Go checks arguments against the signature before it calls, and so do we.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Type {
    /// Anything; missing values come as nil.
    Any,
    /// Anything, missing values included: what functions of the language itself take.
    Raw,
    /// A string.
    Str,
    /// An `int`, not an `int64`.
    Int,
    /// A `float64`.
    Float,
    /// A `bool`.
    Bool,
    /// A map of anything.
    Map,
    /// A point in time.
    Time,
}

impl Type {
    /// The name in Go.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Any => "interface {}",
            Self::Raw => "reflect.Value",
            Self::Str => "string",
            Self::Int => "int",
            Self::Float => "float64",
            Self::Bool => "bool",
            Self::Map => "map[string]interface {}",
            Self::Time => "time.Time",
        }
    }

    /// Whether nil will do.
    pub const fn takes_nil(self) -> bool {
        matches!(self, Self::Any | Self::Raw | Self::Map)
    }

    /// Whether a value that is there has this type.
    pub fn fits(self, value: &Value) -> bool {
        match self {
            Self::Any | Self::Raw => true,
            Self::Str => matches!(value, Value::Str(_)),
            Self::Int => matches!(value, Value::Int(_)),
            Self::Float => matches!(value, Value::Float(_)),
            Self::Bool => matches!(value, Value::Bool(_)),
            Self::Map => matches!(value, Value::Map(map) if map.elem.is_any()),
            Self::Time => matches!(value, Value::Time(_)),
        }
    }
}

/// What templates may ask of the world.
pub trait Host {
    /// Throws dice.
    fn dice(&mut self, count: usize) -> Vec<u8>;
    /// A variable of the environment; unset ones are empty.
    ///
    /// # Errors
    /// When this template may not read the environment.
    fn env(&mut self, name: &str) -> Result<String, String>;
    /// Nanoseconds since 1970.
    fn now(&self) -> i64;
    /// Calls a function that [`Extra`] announced.
    ///
    /// # Errors
    /// When the function fails.
    fn extra(&mut self, name: &str, args: &[Value]) -> Result<Value, String> {
        let _ = args;
        Err(format!("function `{name}` is not available here"))
    }
}

/// A function of the caller's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Extra {
    /// Its name.
    pub name: &'static str,
    /// What it takes.
    pub params: &'static [Type],
}

/// The arguments of a call, checked against the signature.
#[derive(Debug)]
pub struct Args(pub Vec<Value>);

impl Args {
    /// An argument; nil when there are fewer.
    pub fn any(&self, index: usize) -> &Value {
        self.0.get(index).unwrap_or(&Value::Nil)
    }

    /// A string argument.
    pub fn text(&self, index: usize) -> &str {
        self.any(index).as_str().unwrap_or_default()
    }

    /// An integer argument.
    pub fn int(&self, index: usize) -> i64 {
        if let Value::Int(number) = self.any(index) { *number } else { 0 }
    }

    /// A floating-point argument.
    pub fn float(&self, index: usize) -> f64 {
        if let Value::Float(number) = self.any(index) { *number } else { 0.0 }
    }

    /// The arguments from one on.
    pub fn from(&self, index: usize) -> &[Value] {
        self.0.get(index..).unwrap_or_default()
    }
}

/// What a call gives.
pub type Outcome = Result<Value, String>;

/// How a function is called.
#[derive(Debug, Clone, Copy)]
pub enum Run {
    /// With its arguments alone.
    Pure(fn(&Args) -> Outcome),
    /// With its arguments and the world.
    Host(fn(&Args, &mut dyn Host) -> Outcome),
    /// By the evaluator, which may leave arguments unevaluated: `and`, `or`, `call`.
    Special,
    /// By the caller of the template.
    Extra,
}

/// A function of the language.
#[derive(Debug, Clone, Copy)]
pub struct Function {
    /// Its name.
    pub name: &'static str,
    /// What it takes.
    pub params: &'static [Type],
    /// What it takes any number of after that.
    pub rest: Option<Type>,
    /// How it is called.
    pub run: Run,
}

impl Function {
    /// A function that only looks at its arguments.
    pub const fn pure(name: &'static str, params: &'static [Type], run: fn(&Args) -> Outcome) -> Self {
        Self { name, params, rest: None, run: Run::Pure(run) }
    }

    /// A function with any number of further arguments.
    pub const fn many(
        name: &'static str,
        params: &'static [Type],
        rest: Type,
        run: fn(&Args) -> Outcome,
    ) -> Self {
        Self { name, params, rest: Some(rest), run: Run::Pure(run) }
    }

    /// A function that asks the world.
    pub const fn host(
        name: &'static str,
        params: &'static [Type],
        run: fn(&Args, &mut dyn Host) -> Outcome,
    ) -> Self {
        Self { name, params, rest: None, run: Run::Host(run) }
    }
}

/// The function of a name: Sprig's first, since it is laid over the language's own.
pub fn find(name: &str) -> Option<Function> {
    static INDEX: LazyLock<BTreeMap<&str, &Function>> = LazyLock::new(|| {
        let tables = [super::builtin::TABLE].into_iter().chain(super::sprig::TABLES.iter().rev().copied());
        tables.flat_map(|table| table.iter().rev()).map(|function| (function.name, function)).collect()
    });
    INDEX.get(name).map(|function| **function)
}
