//! Numbers as templates write them, and as functions read them from text.

use super::ast::Number;
use super::quote::quote;

/// Reads the literal of a number.
///
/// # Errors
/// When it is none, or does not fit.
pub fn literal(text: &str) -> Result<Number, String> {
    let int = integer(text, 0);
    let huge = int.is_none() && unsigned(text).is_some();
    let number = |int, huge, float| Ok(Number { text: text.to_owned(), int, huge, float });
    if let Some(int) = int {
        #[expect(clippy::cast_precision_loss, reason = "the language reads an integer as a float this way")]
        return number(Some(int), false, int as f64);
    }
    if huge {
        return number(None, true, 0.0);
    }
    let Some(parsed) = float(text) else { return Err(format!("illegal number syntax: {}", quote(text))) };
    if !text.contains(['.', 'e', 'E', 'p', 'P']) {
        return Err(format!("integer overflow: {}", quote(text)));
    }
    number(whole(parsed), false, parsed)
}

/// The integer a float stands for, if it is whole and fits.
pub fn whole(float: f64) -> Option<i64> {
    #[expect(clippy::cast_possible_truncation, reason = "checked by the round trip")]
    let int = float as i64;
    #[expect(clippy::cast_precision_loss, reason = "the round trip is the check")]
    #[expect(clippy::float_cmp, reason = "the round trip must be exact")]
    (int as f64 == float && float.abs() < 9.3e18).then_some(int)
}

/// Splits sign, base and digits, underscores checked and removed; base 0 takes it from the prefix.
fn parts(text: &str, base: u32) -> Option<(bool, u32, String)> {
    let (negative, rest) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    if base != 0 {
        return (!rest.contains('_')).then(|| (negative, base, rest.to_owned()));
    }
    let lower = rest.to_ascii_lowercase();
    let (radix, digits) = match lower.get(..2) {
        Some("0x") => (16, lower.get(2..)?),
        Some("0o") => (8, lower.get(2..)?),
        Some("0b") => (2, lower.get(2..)?),
        _ if lower.len() > 1 && lower.starts_with('0') => (8, lower.get(1..)?),
        _ => (10, lower.as_str()),
    };
    if digits.contains("__") || digits.ends_with('_') || (radix == 10 && digits.starts_with('_')) {
        return None;
    }
    Some((negative, radix, digits.replace('_', "")))
}

fn magnitude(radix: u32, digits: &str) -> Option<u64> {
    if digits.is_empty() || !digits.chars().all(|digit| digit.is_digit(radix)) {
        return None;
    }
    u64::from_str_radix(digits, radix).ok()
}

/// Reads an integer as Go does; base 0 takes the base from the prefix.
pub fn integer(text: &str, base: u32) -> Option<i64> {
    let (negative, radix, digits) = parts(text, base)?;
    let value = i128::from(magnitude(radix, &digits)?);
    i64::try_from(if negative { -value } else { value }).ok()
}

fn unsigned(text: &str) -> Option<u64> {
    if text.starts_with(['-', '+']) {
        return None;
    }
    let (_, radix, digits) = parts(text, 0)?;
    magnitude(radix, &digits)
}

/// Reads a floating-point number as Go does, hexadecimal ones included.
pub fn float(text: &str) -> Option<f64> {
    let plain = text.replace('_', "");
    if plain.len() < text.len() && !(text.starts_with(char::is_alphanumeric) && spaced_well(text)) {
        return None;
    }
    let text = plain.as_str();
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let lower = unsigned.to_ascii_lowercase();
    if let Some(hex) = lower.strip_prefix("0x") {
        let value = hex_float(hex)?;
        return Some(if text.starts_with('-') { -value } else { value });
    }
    let named = matches!(lower.as_str(), "inf" | "infinity" | "nan");
    let numeric = lower.chars().all(|letter| letter.is_ascii_digit() || "+-.e".contains(letter));
    if !named && !numeric {
        return None;
    }
    text.parse::<f64>().ok().filter(|value| named || value.is_finite())
}

/// Whether every underscore stands between digits.
fn spaced_well(text: &str) -> bool {
    !text.contains("__")
        && text.split('_').all(|part| !part.is_empty() && !part.starts_with('.') && !part.ends_with('.'))
}

fn hex_float(hex: &str) -> Option<f64> {
    let (mantissa, exponent) = hex.split_once('p')?;
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let mut value = 0.0_f64;
    for digit in whole.chars().chain(fraction.chars()) {
        value = value.mul_add(16.0, f64::from(digit.to_digit(16)?));
    }
    let shift = 4 * i32::try_from(fraction.len()).ok()?;
    Some(value * 2.0_f64.powi(exponent.parse::<i32>().ok()?.checked_sub(shift)?))
}
