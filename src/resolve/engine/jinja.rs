//! The template language of our own provisioners: minijinja, strict, with limits. A template and a scope in, text with
//! marks or a value out.
//!
//! **Invariant:** a secret stays opaque; a filter that would need its characters fails.

mod filters;

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Object, ObjectRepr, ValueKind};
use minijinja::{
    Environment, Error, ErrorKind, Expression, Output, State, Template, UndefinedBehavior, Value,
};

use crate::model::text::Text;
use crate::model::tree::{Map, Tree};
use crate::resolve::secrets::{self, Vault};

/// Steps that one template may take.
const FUEL: u64 = 200_000;
/// Depth of macros and includes.
const DEPTH: usize = 64;
/// Bytes that one template may make.
const LONGEST: usize = 4 << 20;

/// What went wrong in a template, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trouble {
    /// What, in one sentence.
    pub message: String,
    /// Bytes of the template.
    pub range: Option<Range<usize>>,
    /// Which kind of trouble.
    pub why: Why,
}

/// Kinds of trouble.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Why {
    /// The template is wrong.
    #[default]
    Template,
    /// The template refused by itself (`fail`).
    Refused,
    /// A secret is needed and there is no seed.
    NoSeed,
    /// Something needs the characters of a secret.
    Secret,
}

/// Carries a [`Why`] through minijinja's errors.
#[derive(Debug)]
struct Reason(Why);

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("said by a provisioner")
    }
}

impl std::error::Error for Reason {}

/// An error of a function or filter.
pub fn trouble(why: Why, message: impl Into<String>) -> Error {
    Error::new(ErrorKind::InvalidOperation, message.into()).with_source(Reason(why))
}

/// A text with secrets: it can be placed and joined, not read.
#[derive(Debug)]
struct Opaque {
    text: Text,
    marked: String,
}

impl Object for Opaque {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Plain
    }

    fn render(self: &Arc<Self>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.marked)
    }
}

/// What `omit` stands for: leave this key or item out.
#[derive(Debug)]
struct Omit;

impl Object for Omit {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Plain
    }
}

/// The name of templates that make YAML.
const YAML: &str = "yaml";

/// The variable that holds the [`Vault`] of the resource that is being made.
pub const VAULT: &str = " vault";

impl Object for Vault {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Plain
    }
}

/// The template language, made once for a run. Who asks is in the scope.
#[derive(Debug)]
pub struct Language {
    env: Environment<'static>,
}

impl Default for Language {
    fn default() -> Self {
        let mut env = Environment::new();
        env.set_undefined_behavior(UndefinedBehavior::SemiStrict);
        env.set_fuel(Some(FUEL));
        env.set_recursion_limit(DEPTH);
        env.set_debug(true);
        env.set_auto_escape_callback(|_| minijinja::AutoEscape::None);
        env.set_formatter(print);
        env.set_syntax(whole_text());
        env.remove_global("debug");
        env.remove_filter("pprint");
        env.add_global("omit", Value::from_object(Omit));
        filters::add(&mut env);
        Self { env }
    }
}

impl Language {
    /// Adds a function.
    pub fn function<F, Rv, Args>(&mut self, name: &'static str, function: F)
    where
        F: minijinja::functions::Function<Rv, Args>,
        Rv: minijinja::value::FunctionResult,
        Args: for<'a> minijinja::value::FunctionArgs<'a>,
    {
        self.env.add_function(name, function);
    }

    /// Adds a filter.
    pub fn filter<F, Rv, Args>(&mut self, name: &'static str, filter: F)
    where
        F: minijinja::functions::Function<Rv, Args>,
        Rv: minijinja::value::FunctionResult,
        Args: for<'a> minijinja::value::FunctionArgs<'a>,
    {
        self.env.add_filter(name, filter);
    }

    /// Takes an expression apart.
    ///
    /// # Errors
    /// When it is none.
    pub fn expression<'a>(&'a self, text: &'a str) -> Result<Expression<'a, 'a>, Trouble> {
        let env: &'a Environment<'a> = &self.env;
        env.compile_expression(text).map_err(|error| told(&error))
    }

    /// Takes a template apart.
    ///
    /// # Errors
    /// When it is none.
    pub fn template<'a>(&'a self, text: &'a str) -> Result<Template<'a, 'a>, Trouble> {
        let env: &'a Environment<'a> = &self.env;
        env.template_from_str(text).map_err(|error| told(&error))
    }

    /// Takes a template apart that makes YAML: text that could be read as more than one plain value of it is refused, so
    /// that a value stays in its place here too.
    ///
    /// # Errors
    /// When it is none.
    pub fn yaml<'a>(&'a self, text: &'a str) -> Result<Template<'a, 'a>, Trouble> {
        let env: &'a Environment<'a> = &self.env;
        env.template_from_named_str(YAML, text).map_err(|error| told(&error))
    }
}

/// Values of one resource as templates see them, and back.
#[derive(Debug, Default)]
pub struct Jinja {
    vault: Vault,
}

impl Jinja {
    /// Where the parts of text are kept that templates do not see.
    pub const fn vault(&self) -> &Vault {
        &self.vault
    }

    /// A text with secrets as templates see it.
    pub fn opaque(text: Text, vault: &Vault) -> Value {
        let marked = vault.mark(&text);
        Value::from_object(Opaque { text, marked })
    }

    /// Renders a template to text with marks.
    ///
    /// # Errors
    /// When the template fails or a limit is reached.
    pub fn render(template: &Template<'_, '_>, scope: &Value) -> Result<String, Trouble> {
        let text = template.render(scope.clone()).map_err(|error| told(&error))?;
        if text.len() > LONGEST {
            let message = format!("the template makes more than {} MiB of text", LONGEST >> 20);
            return Err(Trouble { message, range: None, why: Why::Template });
        }
        Ok(text)
    }

    /// Evaluates an expression that was written as `text`. `None` when it says `omit`.
    ///
    /// # Errors
    /// As [`Jinja::render`].
    pub fn evaluate(
        &self,
        expression: &Expression<'_, '_>,
        text: &str,
        scope: &Value,
    ) -> Result<Option<Tree>, Trouble> {
        let value = expression.eval(scope.clone()).map_err(|error| told(&error))?;
        if value.is_undefined() {
            let message = format!("`{}` is not defined", text.trim());
            return Err(Trouble { message, range: Some(0..text.len()), why: Why::Template });
        }
        self.tree(&value).map_err(|error| told(&error))
    }

    /// Text with marks as a value: plain, or with its secrets.
    ///
    /// # Errors
    /// When a mark was cut.
    pub fn unmark(&self, marked: &str) -> Result<Tree, Trouble> {
        self.vault.unmark(marked).map(Tree::from).ok_or_else(|| told(&cut()))
    }

    /// A value as templates see it.
    pub fn value(&self, tree: &Tree) -> Value {
        match tree {
            Tree::Null => Value::from(()),
            Tree::Bool(flag) => Value::from(*flag),
            Tree::Int(number) => Value::from(*number),
            Tree::Uint(number) => Value::from(*number),
            Tree::Float(number) => Value::from(*number),
            Tree::Time(text) | Tree::Str(text) => Value::from(text.as_str()),
            Tree::Text(text) => Self::opaque(text.clone(), &self.vault),
            Tree::List(list) => list.iter().map(|item| self.value(item)).collect(),
            Tree::Map(map) => self.map(map),
        }
    }

    /// A map as templates see it.
    pub fn map(&self, map: &Map) -> Value {
        Value::from_pairs(map.iter().map(|(key, value)| (key.clone(), self.value(value))))
    }

    fn tree(&self, value: &Value) -> Result<Option<Tree>, Error> {
        if value.downcast_object_ref::<Omit>().is_some() {
            return Ok(None);
        }
        if let Some(opaque) = value.downcast_object_ref::<Opaque>() {
            return Ok(Some(Tree::Text(opaque.text.clone())));
        }
        Ok(Some(match value.kind() {
            ValueKind::None => Tree::Null,
            ValueKind::Bool => Tree::Bool(value.is_true()),
            ValueKind::Number => number(value),
            ValueKind::String => self.vault.unmark(&value.to_string()).map(Tree::from).ok_or_else(cut)?,
            ValueKind::Seq | ValueKind::Iterable => {
                let items = value.try_iter()?.filter_map(|item| self.tree(&item).transpose());
                Tree::List(items.collect::<Result<_, _>>()?)
            }
            ValueKind::Map => Tree::Map(self.entries(value)?),
            ValueKind::Undefined => {
                return Err(Error::new(ErrorKind::UndefinedError, "a part of the value is not defined"));
            }
            kind => {
                return Err(trouble(Why::Template, format!("a {kind} is not something that YAML can hold")));
            }
        }))
    }

    fn entries(&self, value: &Value) -> Result<Map, Error> {
        let mut map = Map::new();
        for key in value.try_iter()? {
            let inner = value.get_item(&key)?;
            if let Some(tree) = self.tree(&inner)? {
                map.insert(key.to_string(), tree);
            }
        }
        Ok(map)
    }
}

/// The usual syntax; the newline at the end of a text stays, as files want it.
fn whole_text() -> SyntaxConfig {
    SyntaxConfig::builder().keep_trailing_newline(true).build().unwrap_or_default()
}

fn number(value: &Value) -> Tree {
    if let Some(small) = value.as_i64().filter(|_| value.is_integer()) {
        return Tree::Int(small);
    }
    match u64::try_from(value.clone()) {
        Ok(large) if value.is_integer() => Tree::Uint(large),
        _ => Tree::Float(f64::try_from(value.clone()).unwrap_or(f64::NAN)),
    }
}

fn cut() -> Error {
    trouble(Why::Secret, "a secret was cut or changed: its characters are not known to templates")
}

/// Prints what text can hold. YAML's spellings, not Python's.
fn print(out: &mut Output, state: &mut State, value: &Value) -> Result<(), Error> {
    let is_text = value.kind() == ValueKind::String || value.downcast_object_ref::<Opaque>().is_some();
    if is_text && state.name() == YAML && !value.is_safe() && !is_plain_yaml(&value.to_string()) {
        let words = "this text could be read as more YAML than one plain value: add `| tojson`, or `| safe` where YAML is meant";
        return Err(trouble(Why::Template, words));
    }
    if value.downcast_object_ref::<Omit>().is_some() {
        return Err(trouble(Why::Template, "`omit` must be the whole value"));
    }
    let printed = match value.kind() {
        ValueKind::None => out.write_str("null"),
        ValueKind::Bool if value.is_true() => out.write_str("true"),
        ValueKind::Bool => out.write_str("false"),
        ValueKind::Number | ValueKind::String => out.write_fmt(format_args!("{value}")),
        ValueKind::Plain if value.downcast_object_ref::<Opaque>().is_some() => {
            out.write_fmt(format_args!("{value}"))
        }
        ValueKind::Undefined => return Err(Error::from(ErrorKind::UndefinedError)),
        kind => {
            return Err(trouble(
                Why::Template,
                format!("a {kind} cannot stand inside text: add `| tojson`, or make it the whole value"),
            ));
        }
    };
    printed.map_err(|_| Error::from(ErrorKind::WriteFailure))
}

/// True for text that is one plain value, or a part of one, wherever it stands in YAML.
fn is_plain_yaml(text: &str) -> bool {
    let plain = |c: char| {
        c.is_alphanumeric() || " -_./@+=~:%".contains(c) || secrets::has_mark(c.encode_utf8(&mut [0; 4]))
    };
    text.chars().all(plain) && !text.contains(": ") && !text.ends_with(':')
}

/// Our words for minijinja's error.
fn told(error: &Error) -> Trouble {
    let source = std::error::Error::source(error).and_then(|source| source.downcast_ref::<Reason>());
    let why = source.map_or(Why::Template, |reason| reason.0);
    let detail = error.detail().map(str::to_owned);
    let message = match (error.kind(), detail) {
        (ErrorKind::OutOfFuel, _) => "the template takes too many steps".to_owned(),
        (ErrorKind::UndefinedError, None) => "a value is not defined".to_owned(),
        (_, Some(detail)) => detail,
        (kind, None) => kind.to_string(),
    };
    Trouble { message, range: error.range(), why }
}
