//! Maps. Order is by key where Go's is left to chance.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::convert::text;
use crate::resolve::engine::gotmpl::function::{Args, Function, Outcome, Type};
use crate::resolve::engine::gotmpl::limits::Walk;
use crate::resolve::engine::gotmpl::value::{Map, Value};

const M: &[Type] = &[Type::Map];
const MS: &[Type] = &[Type::Map, Type::Str];

/// The table of these functions.
pub const TABLE: &[Function] = &[
    Function::many("dict", &[], Type::Any, dict),
    Function::pure("get", MS, |args| Ok(entry(args.any(0), args.text(1)).unwrap_or_else(|| Value::from("")))),
    Function::pure("set", &[Type::Map, Type::Str, Type::Any], set),
    Function::pure("unset", MS, |args| Ok(unset(args))),
    Function::pure("hasKey", MS, |args| Ok(Value::Bool(entry(args.any(0), args.text(1)).is_some()))),
    Function::many("pluck", &[Type::Str], Type::Map, |args| {
        Ok(Value::list(args.from(1).iter().filter_map(|map| entry(map, args.text(0))).collect()))
    }),
    Function::many("keys", &[], Type::Map, |args| {
        Ok(Value::strings(args.0.iter().flat_map(|map| entries(map).into_keys()).collect::<Vec<_>>()))
    }),
    Function::pure("values", M, |args| Ok(Value::list(entries(args.any(0)).into_values().collect()))),
    Function::many("pick", M, Type::Str, |args| Ok(chosen(args, true))),
    Function::many("omit", M, Type::Str, |args| Ok(chosen(args, false))),
    Function::many("dig", &[], Type::Any, dig),
];

/// An entry of a map value.
fn entry(map: &Value, key: &str) -> Option<Value> {
    if let Value::Map(map) = map { map.entries.borrow().get(key).cloned() } else { None }
}

fn entries(map: &Value) -> BTreeMap<String, Value> {
    if let Value::Map(map) = map { map.entries.borrow().clone() } else { BTreeMap::new() }
}

fn dict(args: &Args) -> Outcome {
    let mut entries = BTreeMap::new();
    for pair in args.0.chunks(2) {
        if let Some(key) = pair.first() {
            entries.insert(text(key)?, pair.get(1).cloned().unwrap_or_else(|| Value::from("")));
        }
    }
    Ok(Value::map(entries))
}

/// Puts a value into a map that templates share. A map cannot come to hold itself.
///
/// # Errors
/// When the map is nil, or would hold itself.
pub fn put(map: &Rc<Map>, key: &str, value: &Value) -> Result<(), String> {
    if map.nil {
        return Err("assignment to entry in nil map".to_owned());
    }
    if holds(value, map, &mut Walk::default())? {
        return Err("a map cannot hold itself".to_owned());
    }
    map.change(key, Some(value.clone()));
    Ok(())
}

fn holds(value: &Value, map: &Rc<Map>, walk: &mut Walk) -> Result<bool, String> {
    walk.enter()?;
    let mut found = false;
    match value {
        Value::Map(inner) if Rc::ptr_eq(inner, map) => found = true,
        Value::Map(inner) => {
            for item in inner.entries.borrow().values() {
                found = found || holds(item, map, walk)?;
            }
        }
        Value::List(list) => {
            for item in &list.items {
                found = found || holds(item, map, walk)?;
            }
        }
        _ => {}
    }
    walk.leave();
    Ok(found)
}

fn set(args: &Args) -> Outcome {
    if let Value::Map(map) = args.any(0) {
        put(map, args.text(1), args.any(2))?;
    }
    Ok(args.any(0).clone())
}

fn unset(args: &Args) -> Value {
    if let Value::Map(map) = args.any(0) {
        map.change(args.text(1), None);
    }
    args.any(0).clone()
}

fn chosen(args: &Args, named: bool) -> Value {
    let mut entries = entries(args.any(0));
    entries.retain(|key, _| args.from(1).iter().any(|name| name.as_str() == Some(key)) == named);
    Value::map(entries)
}

fn wrong_kind(value: &Value, wanted: &str) -> String {
    let got = if value.is_nothing() { "nil".to_owned() } else { value.type_name() };
    format!("interface conversion: interface {{}} is {got}, not {wanted}")
}

fn dig(args: &Args) -> Outcome {
    let Some(([keys @ .., default], last)) =
        args.0.split_last().map(|(last, before)| (before, last)).filter(|(before, _)| before.len() > 1)
    else {
        return Err("dig needs at least three arguments".to_owned());
    };
    let map_type = Type::Map.name();
    let mut here = last.clone();
    if !Type::Map.fits(&here) {
        return Err(wrong_kind(&here, map_type));
    }
    for key in keys {
        if !Type::Str.fits(key) {
            return Err(wrong_kind(key, "string"));
        }
    }
    for key in keys {
        if !Type::Map.fits(&here) {
            return Err(wrong_kind(&here, map_type));
        }
        match entry(&here, key.as_str().unwrap_or_default()) {
            Some(next) => here = next,
            None => return Ok(default.clone()),
        }
    }
    Ok(here)
}
