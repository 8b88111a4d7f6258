//! Lenient conversions that many functions share.

use crate::resolve::engine::gotmpl::number::{float, integer};
use crate::resolve::engine::gotmpl::show::shown;
use crate::resolve::engine::gotmpl::value::Value;

/// The value as text.
///
/// # Errors
/// When it is too deep or too long.
pub fn text(value: &Value) -> Result<String, String> {
    shown(value)
}

/// The value as an integer; zero where it is none.
pub fn int(value: &Value) -> i64 {
    match value {
        Value::Int(number) | Value::Int64(number) => *number,
        #[expect(clippy::cast_possible_wrap, reason = "the language wraps here")]
        Value::Uint64(number) => *number as i64,
        Value::Byte(number) => i64::from(*number),
        #[expect(clippy::cast_possible_truncation, reason = "the language cuts the fraction off")]
        Value::Float(number) => *number as i64,
        Value::Str(text) => integer(without_zeros(text), 0).unwrap_or(0),
        Value::Bool(flag) => i64::from(*flag),
        _ => 0,
    }
}

/// `3.00` may stand for an integer.
fn without_zeros(text: &str) -> &str {
    let trimmed = text.trim_end_matches('0');
    if trimmed.len() < text.len() { trimmed.strip_suffix('.').unwrap_or(text) } else { text }
}

/// The value as a floating-point number; zero where it is none.
pub fn float64(value: &Value) -> f64 {
    match value {
        #[expect(clippy::cast_precision_loss, reason = "the language rounds here")]
        Value::Int(number) | Value::Int64(number) => *number as f64,
        #[expect(clippy::cast_precision_loss, reason = "the language rounds here")]
        Value::Uint64(number) => *number as f64,
        Value::Byte(number) => f64::from(*number),
        Value::Float(number) => *number,
        Value::Str(text) => float(text).unwrap_or(0.0),
        Value::Bool(flag) => f64::from(u8::from(*flag)),
        _ => 0.0,
    }
}

/// The value as a list of texts: nil items are left out, and anything else is a list of itself.
///
/// # Errors
/// When something is too deep or too long.
pub fn texts(value: &Value) -> Result<Vec<String>, String> {
    match value {
        Value::List(list) => list.items.iter().filter(|item| !item.is_nothing()).map(text).collect(),
        _ if value.is_nothing() => Ok(Vec::new()),
        _ => Ok(vec![text(value)?]),
    }
}

/// What Go says when it follows a nil pointer.
pub const NIL_POINTER: &str = "runtime error: invalid memory address or nil pointer dereference";

/// A size from an integer argument, or what Go says when it is negative.
///
/// # Errors
/// When it is negative.
pub fn repeat_count(count: i64) -> Result<usize, String> {
    usize::try_from(count).map_err(|_| "strings: negative Repeat count".to_owned())
}

/// The bytes `start..end` of a text; a cut through a character leaves a replacement character.
///
/// # Errors
/// When the bounds are outside the text, in Go's words.
pub fn cut(text: &str, start: Option<i64>, end: Option<i64>) -> Result<String, String> {
    let len = i64::try_from(text.len()).unwrap_or(i64::MAX);
    let problem = match (start, end) {
        (None, Some(end)) if end < 0 => Some(format!("[:{end}]")),
        (_, Some(end)) if end > len => Some(format!("[:{end}] with length {len}")),
        (Some(start), None) if start > len => Some(format!("[{start}:{len}]")),
        (Some(start), Some(end)) if start > end => Some(format!("[{start}:{end}]")),
        _ => None,
    };
    if let Some(problem) = problem {
        return Err(format!("runtime error: slice bounds out of range {problem}"));
    }
    let at = |bound: i64| usize::try_from(bound).unwrap_or(0);
    let bytes = text.as_bytes().get(at(start.unwrap_or(0))..at(end.unwrap_or(len))).unwrap_or_default();
    Ok(String::from_utf8_lossy(bytes).into_owned())
}
