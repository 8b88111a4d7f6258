//! The functions of the language itself. `slice` is not among them: Sprig's is laid over it.

use std::rc::Rc;

use super::compare::{equal, less};
use super::function::{Args, Function, Outcome, Run, Type};
use super::show::shown;
use super::value::{Record, Value};

const RAW2: &[Type] = &[Type::Raw, Type::Raw];

/// The table of these functions.
pub const TABLE: &[Function] = &[
    Function { name: "and", params: &[Type::Raw], rest: Some(Type::Raw), run: Run::Special },
    Function { name: "or", params: &[Type::Raw], rest: Some(Type::Raw), run: Run::Special },
    Function { name: "call", params: &[Type::Raw], rest: Some(Type::Raw), run: Run::Special },
    Function::pure("not", &[Type::Raw], |args| Ok(Value::Bool(!args.any(0).truth()))),
    Function::many("eq", &[Type::Raw], Type::Raw, eq),
    Function::pure("ne", RAW2, |args| Ok(Value::Bool(!equal(args.any(0), args.any(1))?))),
    Function::pure("lt", RAW2, |args| Ok(Value::Bool(less(args.any(0), args.any(1))?))),
    Function::pure("le", RAW2, |args| at_most(args).map(Value::Bool)),
    Function::pure("gt", RAW2, |args| Ok(Value::Bool(!at_most(args)?))),
    Function::pure("ge", RAW2, |args| Ok(Value::Bool(!less(args.any(0), args.any(1))?))),
    Function::many("index", &[Type::Raw], Type::Raw, index),
    Function::pure("len", &[Type::Raw], len),
    Function::many("print", &[], Type::Any, |args| Ok(Value::from(print(&args.0)?))),
    Function::many("println", &[], Type::Any, println),
    Function::many("printf", &[Type::Str], Type::Any, |args| {
        super::printf::printf(args.text(0), args.from(1)).map(Value::from)
    }),
    Function::many("html", &[], Type::Any, |args| Ok(Value::from(super::escape::html(&plain(args)?)))),
    Function::many("js", &[], Type::Any, |args| Ok(Value::from(super::escape::js(&plain(args)?)))),
    Function::many("urlquery", &[], Type::Any, |args| Ok(Value::from(super::escape::query(&plain(args)?)))),
];

fn eq(args: &Args) -> Outcome {
    if args.from(1).is_empty() {
        return Err("missing argument for comparison".to_owned());
    }
    for other in args.from(1) {
        if equal(args.any(0), other)? {
            return Ok(Value::Bool(true));
        }
    }
    Ok(Value::Bool(false))
}

fn at_most(args: &Args) -> Result<bool, String> {
    Ok(less(args.any(0), args.any(1))? || equal(args.any(0), args.any(1))?)
}

fn index(args: &Args) -> Outcome {
    let mut item = args.any(0).clone();
    if item.is_nothing() {
        return Err("index of untyped nil".to_owned());
    }
    for key in args.from(1) {
        item = match &item {
            Value::Missing | Value::Nil => return Err("index of nil pointer".to_owned()),
            Value::List(list) => {
                let at = position(key, list.items.len())?;
                list.items.get(at).cloned().ok_or("reflect: slice index out of range")?
            }
            Value::Str(text) => {
                let at = position(key, text.len())?;
                let byte = text.as_bytes().get(at).copied();
                Value::Byte(byte.ok_or("reflect: string index out of range")?)
            }
            Value::Map(map) => match key {
                Value::Str(key) => {
                    map.entries.borrow().get(&**key).cloned().unwrap_or_else(|| map.elem.zero())
                }
                _ if key.is_nothing() => return Err("value is nil; should be of type string".to_owned()),
                _ => return Err(format!("value has type {}; should be string", key.type_name())),
            },
            other => {
                return Err(format!(
                    "can't index item of type {}",
                    other.type_name().trim_start_matches('*')
                ));
            }
        };
    }
    Ok(item)
}

/// A position in a list or text; one past the end passes here, as in Go, and fails later with other words.
fn position(key: &Value, len: usize) -> Result<usize, String> {
    let number = match key {
        Value::Int(number) | Value::Int64(number) => *number,
        Value::Uint64(number) => i64::try_from(*number).unwrap_or(-1),
        Value::Byte(number) => i64::from(*number),
        _ if key.is_nothing() => return Err("cannot index slice/array with nil".to_owned()),
        _ => return Err(format!("cannot index slice/array with type {}", key.type_name())),
    };
    usize::try_from(number)
        .ok()
        .filter(|at| *at <= len)
        .ok_or_else(|| format!("index out of range: {number}"))
}

fn len(args: &Args) -> Outcome {
    let count = match args.any(0) {
        Value::Str(text) => text.len(),
        Value::List(list) => list.items.len(),
        Value::Map(map) => map.entries.borrow().len(),
        Value::Missing => {
            return Err("reflect: call of reflect.Value.Type on zero Value".to_owned());
        }
        Value::Nil => return Err("len of nil pointer".to_owned()),
        other => return Err(format!("len of type {}", other.type_name().trim_start_matches('*'))),
    };
    Ok(Value::Int(i64::try_from(count).unwrap_or(i64::MAX)))
}

/// All values as one text; blanks only between two that are both no strings.
fn print(args: &[Value]) -> Result<String, String> {
    let mut out = String::new();
    let mut after_text = true;
    for arg in args {
        let is_text = matches!(arg, Value::Str(_));
        if !after_text && !is_text {
            out.push(' ');
        }
        out.push_str(&shown(arg)?);
        super::limits::text_fits(out.len())?;
        after_text = is_text;
    }
    Ok(out)
}

/// The text that an escaping function works on: here nil is what it prints as on its own.
fn plain(args: &Args) -> Result<String, String> {
    let values: Vec<Value> = args
        .0
        .iter()
        .map(|value| match value {
            Value::Missing | Value::Nil => Value::from("<no value>"),
            Value::Record(record) => {
                Value::Record(Rc::new(Record { pointer: false, ..Record::clone(record) }))
            }
            other => other.clone(),
        })
        .collect();
    print(&values)
}

fn println(args: &Args) -> Outcome {
    let mut out = String::new();
    for (index, arg) in args.0.iter().enumerate() {
        if index > 0 {
            out.push(' ');
        }
        out.push_str(&shown(arg)?);
        super::limits::text_fits(out.len())?;
    }
    out.push('\n');
    Ok(Value::from(out))
}
