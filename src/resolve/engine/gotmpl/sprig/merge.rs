//! Merging maps into the first one, which is changed.

use std::rc::Rc;

use super::dicts::put;
use crate::resolve::engine::gotmpl::function::{Args, Function, Outcome, Type};
use crate::resolve::engine::gotmpl::limits::Walk;
use crate::resolve::engine::gotmpl::value::{Map, Value};

const M: &[Type] = &[Type::Map];

/// The table of these functions.
pub const TABLE: &[Function] = &[
    Function::many("merge", M, Type::Map, |args| merge(args, false)),
    Function::many("mustMerge", M, Type::Map, |args| merge(args, false)),
    Function::many("mergeOverwrite", M, Type::Map, |args| merge(args, true)),
    Function::many("mustMergeOverwrite", M, Type::Map, |args| merge(args, true)),
];

fn merge(args: &Args, overwrite: bool) -> Outcome {
    let target = match args.any(0) {
        // A nil map cannot be changed, so a new one takes its place.
        Value::Map(map) if map.nil && args.from(1).iter().any(Value::truth) => {
            Value::map(std::collections::BTreeMap::new())
        }
        other => other.clone(),
    };
    if let Value::Map(into) = &target {
        for source in args.from(1) {
            if let Value::Map(source) = source {
                lay_over(into, source, overwrite, &mut Walk::default())?;
            }
        }
    }
    Ok(target)
}

fn lay_over(into: &Rc<Map>, from: &Rc<Map>, overwrite: bool, walk: &mut Walk) -> Result<(), String> {
    walk.enter()?;
    let source = from.entries.borrow().clone();
    for (key, new) in source {
        let old = into.entries.borrow().get(&key).cloned();
        if new.is_nothing() {
            if overwrite {
                put(into, &key, &new)?;
            }
            continue;
        }
        if let (Value::Map(new), Some(Value::Map(old))) = (&new, &old)
            && !Rc::ptr_eq(new, old)
            && !old.nil
        {
            lay_over(old, new, overwrite, walk)?;
        }
        match old.filter(Value::truth) {
            Some(Value::Map(_)) if matches!(new, Value::Map(_)) => {}
            Some(_) if !overwrite => {}
            _ => put(into, &key, &new)?,
        }
    }
    walk.leave();
    Ok(())
}
