//! Strings into lists and back.

use std::collections::BTreeMap;

use super::convert::{text, texts};
use crate::resolve::engine::gotmpl::function::{Args, Function, Outcome, Type};
use crate::resolve::engine::gotmpl::limits::text_fits;
use crate::resolve::engine::gotmpl::value::{Elem, Value};

const SS: &[Type] = &[Type::Str, Type::Str];

/// The table of these functions.
pub const TABLE: &[Function] = &[
    Function::pure("split", SS, |args| Ok(numbered(split(args.text(1), args.text(0), None)))),
    Function::pure("splitn", &[Type::Str, Type::Int, Type::Str], |args| Ok(splitn(args))),
    Function::pure("splitList", SS, |args| Ok(Value::strings(split(args.text(1), args.text(0), None)))),
    Function::pure("join", &[Type::Str, Type::Any], join),
    Function::pure("toStrings", &[Type::Any], |args| Ok(Value::strings(texts(args.any(0))?))),
    Function::pure("sortAlpha", &[Type::Any], sort),
];

/// The pieces of a text; an empty separator parts all characters.
fn split<'t>(text: &'t str, separator: &str, most: Option<usize>) -> Vec<&'t str> {
    let most = most.unwrap_or(usize::MAX);
    if !separator.is_empty() {
        return text.splitn(most, separator).collect();
    }
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some(letter) = rest.chars().next() {
        if pieces.len() + 1 >= most {
            break;
        }
        let (piece, after) = rest.split_at(letter.len_utf8());
        pieces.push(piece);
        rest = after;
    }
    if !rest.is_empty() {
        pieces.push(rest);
    }
    pieces
}

/// Pieces under the keys `_0`, `_1` and so on.
fn numbered(pieces: Vec<&str>) -> Value {
    let entries: BTreeMap<String, Value> = pieces
        .into_iter()
        .enumerate()
        .map(|(index, piece)| (format!("_{index}"), Value::from(piece)))
        .collect();
    Value::map_of(entries, Elem::Str)
}

fn splitn(args: &Args) -> Value {
    let most = match args.int(1) {
        0 => return numbered(Vec::new()),
        most => usize::try_from(most).ok(),
    };
    numbered(split(args.text(2), args.text(0), most))
}

fn join(args: &Args) -> Outcome {
    let texts = texts(args.any(1))?;
    let size = texts.iter().map(String::len).sum::<usize>();
    text_fits(size.saturating_add(texts.len().saturating_mul(args.text(0).len())))?;
    Ok(Value::from(texts.join(args.text(0))))
}

fn sort(args: &Args) -> Outcome {
    let value = args.any(0);
    if !matches!(value, Value::List(_)) {
        return Ok(Value::strings([text(value)?]));
    }
    let mut texts = texts(value)?;
    texts.sort();
    Ok(Value::strings(texts))
}
