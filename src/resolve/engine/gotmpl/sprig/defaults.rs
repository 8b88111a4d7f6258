//! Defaults, emptiness, and asking what a value is.

use crate::resolve::engine::gotmpl::compare::deep;
use crate::resolve::engine::gotmpl::function::{Args, Function, Outcome, Type};
use crate::resolve::engine::gotmpl::limits::Walk;
use crate::resolve::engine::gotmpl::value::{Elem, Value};

const A: &[Type] = &[Type::Any];
const SA: &[Type] = &[Type::Str, Type::Any];

/// The table of these functions.
pub const TABLE: &[Function] = &[
    Function::many("default", A, Type::Any, |args| {
        let given = args.from(1).first().filter(|value| value.truth());
        Ok(given.unwrap_or(args.any(0)).clone())
    }),
    Function::pure("empty", A, |args| Ok(Value::Bool(!args.any(0).truth()))),
    Function::many("coalesce", &[], Type::Any, |args| {
        Ok(args.0.iter().find(|value| value.truth()).cloned().unwrap_or(Value::Nil))
    }),
    Function::many("all", &[], Type::Any, |args| Ok(Value::Bool(args.0.iter().all(Value::truth)))),
    Function::many("any", &[], Type::Any, |args| Ok(Value::Bool(args.0.iter().any(Value::truth)))),
    Function::pure("ternary", &[Type::Any, Type::Any, Type::Bool], |args| {
        Ok(args.any(usize::from(!args.any(2).truth())).clone())
    }),
    Function::pure("fail", &[Type::Str], |args| Err(args.text(0).to_owned())),
    Function::pure("typeOf", A, |args| Ok(Value::from(args.any(0).type_name()))),
    Function::pure("typeIs", SA, |args| Ok(Value::Bool(args.any(1).type_name() == args.text(0)))),
    Function::pure("typeIsLike", SA, |args| {
        let name = args.any(1).type_name();
        Ok(Value::Bool(
            name.strip_prefix('*').is_some_and(|rest| rest == args.text(0)) || name == args.text(0),
        ))
    }),
    Function::pure("kindOf", A, |args| Ok(Value::from(args.any(0).kind()))),
    Function::pure("kindIs", SA, |args| Ok(Value::Bool(args.any(1).kind() == args.text(0)))),
    Function::pure("deepEqual", &[Type::Any, Type::Any], |args| {
        deep(args.any(0), args.any(1), &mut Walk::default()).map(Value::Bool)
    }),
    Function::pure("deepCopy", A, copy),
    Function::pure("mustDeepCopy", A, copy),
];

fn copy(args: &Args) -> Outcome {
    deep_copy(args.any(0), &mut Walk::default())
}

/// A copy that shares nothing with the value.
fn deep_copy(value: &Value, walk: &mut Walk) -> Outcome {
    walk.enter()?;
    let copy = match value {
        Value::List(list) => {
            let items = list.items.iter().map(|item| deep_copy(item, walk)).collect::<Result<_, _>>()?;
            Value::list_of(items, list.elem.clone())
        }
        Value::Map(map) => {
            let entries = map.entries.borrow();
            let entries = entries.iter().map(|(key, item)| Ok((key.clone(), deep_copy(item, walk)?)));
            Value::map_of(entries.collect::<Result<_, String>>()?, map.elem.clone())
        }
        _ => value.clone(),
    };
    walk.leave();
    Ok(match (value, copy) {
        (Value::List(list), _) if list.nil => Value::nil_list(Elem::Any),
        (_, copy) => copy,
    })
}
