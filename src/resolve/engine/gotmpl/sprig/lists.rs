//! Lists. Every function leaves its argument as it was and gives a new list.

use super::convert::{NIL_POINTER, int};
use crate::resolve::engine::gotmpl::compare::deep;
use crate::resolve::engine::gotmpl::function::{Args, Function, Outcome, Type};
use crate::resolve::engine::gotmpl::limits::{Walk, items_fit};
use crate::resolve::engine::gotmpl::value::{Elem, List, Value};

const A: &[Type] = &[Type::Any];
const AA: &[Type] = &[Type::Any, Type::Any];
const IA: &[Type] = &[Type::Int, Type::Any];

/// The table of these functions.
pub const TABLE: &[Function] = &[
    Function::many("list", &[], Type::Any, |args| Ok(Value::list(args.0.clone()))),
    Function::many("tuple", &[], Type::Any, |args| Ok(Value::list(args.0.clone()))),
    Function::pure("append", AA, append),
    Function::pure("push", AA, append),
    Function::pure("mustAppend", AA, append),
    Function::pure("mustPush", AA, append),
    Function::pure("prepend", AA, prepend),
    Function::pure("mustPrepend", AA, prepend),
    Function::pure("first", A, first),
    Function::pure("mustFirst", A, first),
    Function::pure("last", A, last),
    Function::pure("mustLast", A, last),
    Function::pure("rest", A, rest),
    Function::pure("mustRest", A, rest),
    Function::pure("initial", A, initial),
    Function::pure("mustInitial", A, initial),
    Function::pure("reverse", A, reverse),
    Function::pure("mustReverse", A, reverse),
    Function::pure("compact", A, compact),
    Function::pure("mustCompact", A, compact),
    Function::pure("uniq", A, uniq),
    Function::pure("mustUniq", A, uniq),
    Function::many("without", A, Type::Any, without),
    Function::many("mustWithout", A, Type::Any, without),
    Function::pure("has", AA, has),
    Function::pure("mustHas", AA, has),
    Function::many("slice", A, Type::Any, slice),
    Function::many("mustSlice", A, Type::Any, slice),
    Function::many("concat", &[], Type::Any, concat),
    Function::pure("chunk", IA, chunk),
    Function::pure("mustChunk", IA, chunk),
];

/// The list, or what Sprig says about anything else.
fn list<'v>(value: &'v Value, what: &str) -> Result<&'v List, String> {
    match value {
        Value::List(list) => Ok(list),
        Value::Missing | Value::Nil => Err(NIL_POINTER.to_owned()),
        other => Err(format!("{what} {}", other.kind())),
    }
}

fn append(args: &Args) -> Outcome {
    let mut items = list(args.any(0), "Cannot push on type")?.items.clone();
    items.push(args.any(1).clone());
    Ok(Value::list(items))
}

fn prepend(args: &Args) -> Outcome {
    let old = list(args.any(0), "Cannot prepend on type")?;
    Ok(Value::list(std::iter::once(args.any(1)).chain(&old.items).cloned().collect()))
}

fn first(args: &Args) -> Outcome {
    Ok(list(args.any(0), "Cannot find first on type")?.items.first().cloned().unwrap_or(Value::Nil))
}

fn last(args: &Args) -> Outcome {
    Ok(list(args.any(0), "Cannot find last on type")?.items.last().cloned().unwrap_or(Value::Nil))
}

fn rest(args: &Args) -> Outcome {
    let items = &list(args.any(0), "Cannot find rest on type")?.items;
    Ok(items.split_first().map_or_else(|| Value::nil_list(Elem::Any), |(_, rest)| Value::list(rest.to_vec())))
}

fn initial(args: &Args) -> Outcome {
    let items = &list(args.any(0), "Cannot find initial on type")?.items;
    Ok(items.split_last().map_or_else(|| Value::nil_list(Elem::Any), |(_, rest)| Value::list(rest.to_vec())))
}

fn reverse(args: &Args) -> Outcome {
    let items = &list(args.any(0), "Cannot find reverse on type")?.items;
    Ok(Value::list(items.iter().rev().cloned().collect()))
}

fn compact(args: &Args) -> Outcome {
    let items = &list(args.any(0), "Cannot compact on type")?.items;
    Ok(Value::list(items.iter().filter(|item| item.truth()).cloned().collect()))
}

fn contains(items: &[Value], wanted: &Value) -> Result<bool, String> {
    for item in items {
        if deep(wanted, item, &mut Walk::default())? {
            return Ok(true);
        }
    }
    Ok(false)
}

fn uniq(args: &Args) -> Outcome {
    let mut kept: Vec<Value> = Vec::new();
    for item in &list(args.any(0), "Cannot find uniq on type")?.items {
        if !contains(&kept, item)? {
            kept.push(item.clone());
        }
    }
    Ok(Value::list(kept))
}

fn without(args: &Args) -> Outcome {
    let mut kept = Vec::new();
    for item in &list(args.any(0), "Cannot find without on type")?.items {
        if !contains(args.from(1), item)? {
            kept.push(item.clone());
        }
    }
    Ok(Value::list(kept))
}

fn has(args: &Args) -> Outcome {
    if args.any(1).is_nothing() {
        return Ok(Value::Bool(false));
    }
    contains(&list(args.any(1), "Cannot find has on type")?.items, args.any(0)).map(Value::Bool)
}

fn slice(args: &Args) -> Outcome {
    let list = list(args.any(0), "list should be type of slice or array but")?;
    if list.items.is_empty() {
        return Ok(Value::Nil);
    }
    let start = args.from(1).first().map_or(0, int);
    let end = args.from(2).first().map_or(i64::try_from(list.items.len()).unwrap_or(i64::MAX), int);
    let bounds = usize::try_from(start).ok().zip(usize::try_from(end).ok());
    let items = bounds.and_then(|(start, end)| list.items.get(start..end));
    let items = items.ok_or_else(|| "reflect.Value.Slice: slice index out of bounds".to_owned())?;
    Ok(Value::list_of(items.to_vec(), list.elem.clone()))
}

fn concat(args: &Args) -> Outcome {
    let mut items = Vec::new();
    for value in &args.0 {
        match value {
            Value::List(list) => items.extend(list.items.iter().cloned()),
            Value::Missing | Value::Nil => return Err(NIL_POINTER.to_owned()),
            other => return Err(format!("Cannot concat type {} as list", other.kind())),
        }
        items_fit(items.len())?;
    }
    Ok(if items.is_empty() { Value::nil_list(Elem::Any) } else { Value::list(items) })
}

fn chunk(args: &Args) -> Outcome {
    let items = &list(args.any(1), "Cannot chunk type")?.items;
    let size = usize::try_from(args.int(0)).unwrap_or(0);
    if size == 0 {
        return Err("runtime error: makeslice: len out of range".to_owned());
    }
    Ok(Value::list_of(items.chunks(size).map(|chunk| Value::list(chunk.to_vec())).collect(), Elem::List))
}
