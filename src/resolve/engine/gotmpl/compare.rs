//! Comparing values: `eq` and its kin, and the deep equality that Sprig's lists use.

use std::cmp::Ordering;

use super::format::{Spec, format};
use super::limits::Walk;
use super::show::shown;
use super::value::Value;

enum Basic<'v> {
    Bool(bool),
    Int(i128),
    Float(f64),
    Str(&'v str),
}

/// The value as one of the kinds that can be compared.
fn basic(value: &Value) -> Option<Basic<'_>> {
    Some(match value {
        Value::Bool(flag) => Basic::Bool(*flag),
        Value::Int(number) | Value::Int64(number) => Basic::Int(i128::from(*number)),
        Value::Uint64(number) => Basic::Int(i128::from(*number)),
        Value::Byte(number) => Basic::Int(i128::from(*number)),
        Value::Float(number) => Basic::Float(*number),
        Value::Str(text) => Basic::Str(text),
        _ => return None,
    })
}

fn incompatible(left: &Value, right: &Value) -> String {
    format!("incompatible types for comparison: {} and {}", left.type_name(), right.type_name())
}

/// Whether two values are equal, as `eq` asks.
///
/// # Errors
/// When they cannot be compared.
pub fn equal(left: &Value, right: &Value) -> Result<bool, String> {
    match (basic(left), basic(right)) {
        (Some(Basic::Bool(a)), Some(Basic::Bool(b))) => Ok(a == b),
        (Some(Basic::Int(a)), Some(Basic::Int(b))) => Ok(a == b),
        #[expect(clippy::float_cmp, reason = "the language compares floats exactly")]
        (Some(Basic::Float(a)), Some(Basic::Float(b))) => Ok(a == b),
        (Some(Basic::Str(a)), Some(Basic::Str(b))) => Ok(a == b),
        (None, None) => equal_others(left, right),
        _ if left.is_nothing() || right.is_nothing() => Ok(false),
        _ => Err(incompatible(left, right)),
    }
}

fn equal_others(left: &Value, right: &Value) -> Result<bool, String> {
    let nil = |value: &Value| match value {
        Value::Missing | Value::Nil => true,
        Value::List(list) => list.nil,
        Value::Map(map) => map.nil,
        _ => false,
    };
    let nothing = left.is_nothing() || right.is_nothing();
    if !nothing && left.kind() != right.kind() {
        let mut shown_left = String::new();
        format(&mut shown_left, &Spec::default(), 's', left, &mut Walk::default())?;
        let (left, right_type, right) = (left.type_name(), right.type_name(), shown(right)?);
        return Err(format!("non-comparable types {shown_left}: {left}, {right_type}: {right}"));
    }
    if nil(left) || nil(right) {
        return Ok(nil(left) == nil(right));
    }
    match right {
        Value::Record(other) if other.pointer => {
            Ok(matches!(left, Value::Record(record) if std::rc::Rc::ptr_eq(record, other)))
        }
        Value::Time(_) => Ok(deep(left, right, &mut Walk::default())?),
        Value::Version(other) => {
            Ok(matches!(left, Value::Version(version) if std::rc::Rc::ptr_eq(version, other)))
        }
        _ => {
            let mut text = String::new();
            format(&mut text, &Spec::default(), 's', right, &mut Walk::default())?;
            Err(format!("non-comparable type {text}: {}", right.type_name()))
        }
    }
}

/// Whether one value comes before another, as `lt` asks.
///
/// # Errors
/// When they have no order.
pub fn less(left: &Value, right: &Value) -> Result<bool, String> {
    const NO_ORDER: &str = "invalid type for comparison";
    let (Some(first), Some(second)) = (basic(left), basic(right)) else { return Err(NO_ORDER.to_owned()) };
    match (first, second) {
        (Basic::Int(a), Basic::Int(b)) => Ok(a < b),
        (Basic::Float(a), Basic::Float(b)) => Ok(a.partial_cmp(&b) == Some(Ordering::Less)),
        (Basic::Str(a), Basic::Str(b)) => Ok(a < b),
        (Basic::Bool(_), Basic::Bool(_)) => Err(NO_ORDER.to_owned()),
        _ => Err(incompatible(left, right)),
    }
}

/// Whether two values are the same all the way down, types included.
///
/// # Errors
/// When they are too deep or too large.
pub fn deep(left: &Value, right: &Value, walk: &mut Walk) -> Result<bool, String> {
    walk.enter()?;
    let same = match (left, right) {
        (Value::Missing | Value::Nil, Value::Missing | Value::Nil) => true,
        (Value::List(a), Value::List(b)) => {
            let mut same =
                left.type_name() == right.type_name() && a.nil == b.nil && a.items.len() == b.items.len();
            for (a, b) in a.items.iter().zip(&b.items) {
                same = same && deep(a, b, walk)?;
            }
            same
        }
        (Value::Map(a), Value::Map(b)) => {
            let (first, second) = (a.entries.borrow(), b.entries.borrow());
            let mut same =
                left.type_name() == right.type_name() && a.nil == b.nil && first.len() == second.len();
            for ((key, a), (other, b)) in first.iter().zip(second.iter()) {
                same = same && key == other && deep(a, b, walk)?;
            }
            same
        }
        (Value::Record(a), Value::Record(b)) => {
            let mut same = left.type_name() == right.type_name();
            for (a, b) in a.fields.iter().zip(&b.fields) {
                same = same && deep(&a.value, &b.value, walk)?;
            }
            same
        }
        (Value::Time(a), Value::Time(b)) => a == b,
        (Value::Version(a), Value::Version(b)) => a == b,
        _ => left.type_name() == right.type_name() && matches!(equal(left, right), Ok(true)),
    };
    walk.leave();
    Ok(same)
}
