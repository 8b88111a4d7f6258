//! Strings: trimming, cutting, quoting, searching.

use super::convert::{cut, repeat_count, text};
use crate::resolve::engine::gotmpl::function::{Args, Function, Outcome, Type};
use crate::resolve::engine::gotmpl::limits::text_fits;
use crate::resolve::engine::gotmpl::quote::quote;
use crate::resolve::engine::gotmpl::value::Value;

const S: &[Type] = &[Type::Str];
const SS: &[Type] = &[Type::Str, Type::Str];
const IS: &[Type] = &[Type::Int, Type::Str];

/// The table of these functions.
pub const TABLE: &[Function] = &[
    Function::pure("hello", &[], |_| Ok(Value::from("Hello!"))),
    Function::pure("trim", S, |args| Ok(Value::from(args.text(0).trim()))),
    Function::pure("upper", S, |args| Ok(Value::from(upper(args.text(0))))),
    Function::pure("lower", S, |args| Ok(Value::from(lower(args.text(0))))),
    Function::pure("substr", &[Type::Int, Type::Int, Type::Str], substr),
    Function::pure("trunc", IS, trunc),
    Function::pure("repeat", IS, repeat),
    Function::pure("trimall", SS, |args| Ok(trim_all(args))),
    Function::pure("trimAll", SS, |args| Ok(trim_all(args))),
    Function::pure("trimSuffix", SS, |args| {
        Ok(Value::from(args.text(1).strip_suffix(args.text(0)).unwrap_or(args.text(1))))
    }),
    Function::pure("trimPrefix", SS, |args| {
        Ok(Value::from(args.text(1).strip_prefix(args.text(0)).unwrap_or(args.text(1))))
    }),
    Function::pure("contains", SS, |args| Ok(Value::Bool(args.text(1).contains(args.text(0))))),
    Function::pure("hasPrefix", SS, |args| Ok(Value::Bool(args.text(1).starts_with(args.text(0))))),
    Function::pure("hasSuffix", SS, |args| Ok(Value::Bool(args.text(1).ends_with(args.text(0))))),
    Function::many("quote", &[], Type::Any, |args| each(&args.0, |value| Ok(quote(&text(value)?)))),
    Function::many("squote", &[], Type::Any, |args| each(&args.0, |value| Ok(format!("'{}'", text(value)?)))),
    Function::many("cat", &[], Type::Any, |args| each(&args.0, text)),
    Function::pure("indent", IS, |args| indent(args, "")),
    Function::pure("nindent", IS, |args| indent(args, "\n")),
    Function::pure("replace", &[Type::Str, Type::Str, Type::Str], replace),
    Function::pure("plural", &[Type::Str, Type::Str, Type::Int], |args| {
        Ok(args.any(usize::from(args.int(2) != 1)).clone())
    }),
    Function::pure("toString", &[Type::Any], |args| Ok(Value::from(text(args.any(0))?))),
];

/// A character in upper case, where that is one character as well.
pub fn upper_letter(letter: char) -> char {
    let mut letters = letter.to_uppercase();
    match (letters.next(), letters.next()) {
        (Some(only), None) => only,
        _ => letter,
    }
}

/// A character in lower case.
pub fn lower_letter(letter: char) -> char {
    letter.to_lowercase().next().unwrap_or(letter)
}

fn upper(text: &str) -> String {
    text.chars().map(upper_letter).collect()
}

fn lower(text: &str) -> String {
    text.chars().map(lower_letter).collect()
}

/// All values that are there, each in a form, joined by blanks.
fn each(values: &[Value], form: impl Fn(&Value) -> Result<String, String>) -> Outcome {
    let mut out = String::new();
    for (index, value) in values.iter().filter(|value| !value.is_nothing()).enumerate() {
        if index > 0 {
            out.push(' ');
        }
        out.push_str(&form(value)?);
        text_fits(out.len())?;
    }
    Ok(Value::from(out))
}

fn substr(args: &Args) -> Outcome {
    let (start, end, text) = (args.int(0), args.int(1), args.text(2));
    let len = i64::try_from(text.len()).unwrap_or(i64::MAX);
    let part = if start < 0 {
        cut(text, None, Some(end))
    } else if end < 0 || end > len {
        cut(text, Some(start), None)
    } else {
        cut(text, Some(start), Some(end))
    };
    part.map(Value::from)
}

fn trunc(args: &Args) -> Outcome {
    let (count, text) = (args.int(0), args.text(1));
    let len = i64::try_from(text.len()).unwrap_or(i64::MAX);
    let part = if count < 0 && len.saturating_add(count) > 0 {
        cut(text, Some(len + count), None)
    } else if count >= 0 && len > count {
        cut(text, None, Some(count))
    } else {
        Ok(text.to_owned())
    };
    part.map(Value::from)
}

fn repeat(args: &Args) -> Outcome {
    let count = repeat_count(args.int(0))?;
    text_fits(count.saturating_mul(args.text(1).len()))?;
    Ok(Value::from(args.text(1).repeat(count)))
}

fn trim_all(args: &Args) -> Value {
    let set = args.text(0);
    Value::from(args.text(1).trim_matches(|letter| set.contains(letter)))
}

fn indent(args: &Args, start: &str) -> Outcome {
    let count = repeat_count(args.int(0))?;
    let text = args.text(1);
    let lines = text.matches('\n').count() + 1;
    text_fits(lines.saturating_mul(count).saturating_add(text.len()))?;
    let pad = " ".repeat(count);
    Ok(Value::from(format!("{start}{pad}{}", text.replace('\n', &format!("\n{pad}")))))
}

fn replace(args: &Args) -> Outcome {
    let (old, new, text) = (args.text(0), args.text(1), args.text(2));
    text_fits(text.matches(old).count().saturating_mul(new.len()).saturating_add(text.len()))?;
    Ok(Value::from(text.replace(old, new)))
}
