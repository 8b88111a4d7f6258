//! The template language of our own provisioners: minijinja, strict, with limits. A template and a scope in, text with
//! marks or a value out.
//!
//! **Invariant:** a secret stays opaque; a filter that would need its characters fails.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Object, ObjectRepr, Rest, ValueKind};
use minijinja::{Environment, Error, ErrorKind, Output, State, UndefinedBehavior, Value, filters};

use crate::model::text::Text;
use crate::model::tree::{Map, Tree};
use crate::resolve::secrets::{Vault, has_mark};

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

/// A template environment for one resource.
#[derive(Debug)]
pub struct Jinja {
    env: Environment<'static>,
    vault: Vault,
}

impl Jinja {
    /// An environment whose marks go into this vault.
    pub fn new(vault: Vault) -> Self {
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
        add_filters(&mut env, &vault);
        Self { env, vault }
    }

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

    /// A text with secrets as templates see it.
    pub fn opaque(text: Text, vault: &Vault) -> Value {
        let marked = vault.mark(&text);
        Value::from_object(Opaque { text, marked })
    }

    /// Renders a template to text with marks.
    ///
    /// # Errors
    /// When the template is wrong or a limit is reached.
    pub fn render(&self, template: &str, scope: &Value) -> Result<String, Trouble> {
        let text = self.env.render_str(template, scope.clone()).map_err(|error| told(&error))?;
        if text.len() > LONGEST {
            let message = format!("the template makes more than {} MiB of text", LONGEST >> 20);
            return Err(Trouble { message, range: None, why: Why::Template });
        }
        Ok(text)
    }

    /// Evaluates an expression. `None` when it says `omit`.
    ///
    /// # Errors
    /// As [`Jinja::render`].
    pub fn evaluate(&self, expression: &str, scope: &Value) -> Result<Option<Tree>, Trouble> {
        let value = self
            .env
            .compile_expression(expression)
            .and_then(|e| e.eval(scope.clone()))
            .map_err(|error| told(&error))?;
        if value.is_undefined() {
            let message = format!("`{}` is not defined", expression.trim());
            return Err(Trouble { message, range: Some(0..expression.len()), why: Why::Template });
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
fn print(out: &mut Output, _: &mut State, value: &Value) -> Result<(), Error> {
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

/// Replaces filters that read characters by ones that refuse secrets, and adds ours.
fn add_filters(env: &mut Environment<'static>, vault: &Vault) {
    macro_rules! public_only {
        ($($name:literal => $filter:expr),* $(,)?) => {$(
            env.add_filter(concat!("public ", $name), $filter);
            env.add_filter($name, |state: &mut State, args: Rest<Value>| {
                refuse_secrets($name, &args)?;
                state.apply_filter(concat!("public ", $name), &args)
            });
        )*};
    }
    public_only! {
        "upper" => filters::upper, "lower" => filters::lower, "title" => filters::title,
        "capitalize" => filters::capitalize, "replace" => filters::replace, "trim" => filters::trim,
        "split" => filters::split, "lines" => filters::lines, "indent" => filters::indent,
        "reverse" => filters::reverse, "length" => filters::length, "count" => filters::length,
        "int" => filters::int, "float" => filters::float, "bool" => filters::bool, "escape" => filters::escape,
        "e" => filters::escape, "b64encode" => b64encode, "b64decode" => b64decode, "sha256" => sha256,
    }
    let kept = vault.clone();
    env.add_filter("tojson", move |value: &Value| quoted("tojson", &kept, value));
    // JSON is YAML, on one line and with every string quoted: nothing can break out of it.
    let kept = vault.clone();
    env.add_filter("toyaml", move |value: &Value| quoted("toyaml", &kept, value));
    let kept = vault.clone();
    env.add_filter("urlencode", move |value: &Value| {
        let text = value.to_string();
        if has_mark(&text) {
            return if kept.is_plain(&text) { Ok(text) } else { Err(closed("urlencode")) };
        }
        Ok(urlencode(&text))
    });
}

fn urlencode(text: &str) -> String {
    let encoded = text.bytes().map(|byte| match byte {
        b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => char::from(byte).to_string(),
        other => format!("%{other:02X}"),
    });
    encoded.collect()
}

fn quoted(name: &str, vault: &Vault, value: &Value) -> Result<String, Error> {
    let text =
        serde_json::to_string(value).map_err(|error| trouble(Why::Template, format!("`{name}`: {error}")))?;
    if has_mark(&text) && !vault.is_plain(&text) { Err(closed(name)) } else { Ok(text) }
}

fn refuse_secrets(name: &str, args: &[Value]) -> Result<(), Error> {
    if args.iter().any(holds_mark) { Err(closed(name)) } else { Ok(()) }
}

fn holds_mark(value: &Value) -> bool {
    value.downcast_object_ref::<Opaque>().is_some() || value.as_str().is_some_and(has_mark)
}

fn closed(name: &str) -> Error {
    trouble(
        Why::Secret,
        format!("`{name}` would need the characters of a secret, which templates do not see"),
    )
}

fn b64encode(text: &str) -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::STANDARD.encode(text)
}

fn b64decode(text: &str) -> Result<String, Error> {
    use base64::Engine as _;
    let bytes = base64::engine::general_purpose::STANDARD.decode(text).ok();
    let decoded = bytes.and_then(|bytes| String::from_utf8(bytes).ok());
    decoded.ok_or_else(|| trouble(Why::Template, "`b64decode`: not the Base64 of a text"))
}

fn sha256(text: &str) -> String {
    crate::resolve::names::short_hash(text, 64)
}
