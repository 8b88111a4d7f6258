//! Values as text, as Go's `%v` prints them.

use super::limits::{Walk, text_fits};
use super::value::Value;

/// What a value prints as on its own: nothing at all is `<no value>`.
///
/// # Errors
/// When the value is too deep or its text too long.
pub fn printed(value: &Value) -> Result<String, String> {
    match value {
        Value::Missing | Value::Nil => Ok("<no value>".to_owned()),
        // A pointer to a record prints as the record itself.
        Value::Record(record) => {
            let mut out = String::new();
            let fields = record.fields.iter().map(|field| &field.value);
            join(&mut out, '{', '}', fields, &mut Walk::default())?;
            Ok(out)
        }
        _ => shown(value),
    }
}

/// What a value prints as inside others and through functions: nothing at all is `<nil>`.
///
/// # Errors
/// When the value is too deep or its text too long.
pub fn shown(value: &Value) -> Result<String, String> {
    let mut out = String::new();
    show(&mut out, value, &mut Walk::default())?;
    Ok(out)
}

fn show(out: &mut String, value: &Value, walk: &mut Walk) -> Result<(), String> {
    walk.enter()?;
    text_fits(out.len())?;
    match value {
        Value::Missing | Value::Nil => out.push_str("<nil>"),
        Value::Bool(flag) => out.push_str(if *flag { "true" } else { "false" }),
        Value::Int(number) | Value::Int64(number) => out.push_str(&number.to_string()),
        Value::Uint64(number) => out.push_str(&number.to_string()),
        Value::Byte(number) => out.push_str(&number.to_string()),
        Value::Float(number) => out.push_str(&float(*number)),
        Value::Str(text) => out.push_str(text),
        Value::List(list) => join(out, '[', ']', list.items.iter(), walk)?,
        Value::Map(map) => {
            out.push_str("map[");
            for (index, (key, value)) in map.entries.borrow().iter().enumerate() {
                if index > 0 {
                    out.push(' ');
                }
                out.push_str(key);
                out.push(':');
                show(out, value, walk)?;
            }
            out.push(']');
        }
        Value::Record(record) => {
            if record.pointer {
                out.push('&');
            }
            join(out, '{', '}', record.fields.iter().map(|field| &field.value), walk)?;
        }
        Value::Time(time) => out.push_str(&time.shown()),
        Value::Version(version) => out.push_str(&version.0.to_string()),
    }
    walk.leave();
    Ok(())
}

fn join<'v>(
    out: &mut String,
    open: char,
    close: char,
    items: impl Iterator<Item = &'v Value>,
    walk: &mut Walk,
) -> Result<(), String> {
    out.push(open);
    for (index, item) in items.enumerate() {
        if index > 0 {
            out.push(' ');
        }
        show(out, item, walk)?;
    }
    out.push(close);
    Ok(())
}

/// A float in its shortest form, with an exponent from a million on.
pub fn float(number: f64) -> String {
    shortest(number, 6)
}

/// The shortest text that reads back as the number; from ten to the power of `limit` on it has an exponent.
pub fn shortest(number: f64, limit: i32) -> String {
    if number.is_nan() {
        return "NaN".to_owned();
    }
    if number.is_infinite() {
        return if number > 0.0 { "+Inf" } else { "-Inf" }.to_owned();
    }
    let scientific = format!("{number:e}");
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let power: i32 = exponent.parse().unwrap_or(0);
    if number != 0.0 && (power < -4 || power >= limit) {
        return format!("{mantissa}{}", exponent_text(power));
    }
    format!("{number}")
}

/// An exponent as Go writes it: a sign and at least two digits.
pub fn exponent_text(power: i32) -> String {
    format!("e{}{:02}", if power < 0 { '-' } else { '+' }, power.abs())
}
