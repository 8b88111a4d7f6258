//! One directive of `printf` applied to one value.

use std::fmt::Write as _;

use super::limits::{Walk, text_fits};
use super::quote::{quote, quote_char};
use super::show::{exponent_text, shortest, shown};
use super::value::Value;

/// What stands between `%` and the verb.
#[derive(Debug, Clone, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own in the language")]
pub struct Spec {
    /// `+`
    pub plus: bool,
    /// `+` before `v`: names of fields are shown.
    pub named: bool,
    /// `-`
    pub minus: bool,
    /// `#`
    pub sharp: bool,
    /// A blank.
    pub space: bool,
    /// `0`
    pub zero: bool,
    /// How wide at least.
    pub width: Option<usize>,
    /// How precise.
    pub precision: Option<usize>,
}

impl Spec {
    /// Fills up with blanks, or with zeros when asked to.
    pub fn pad(&self, text: &str) -> String {
        let missing = self.width.unwrap_or(0).saturating_sub(text.chars().count());
        if self.zero && !self.minus { format!("{}{text}", "0".repeat(missing)) } else { self.pad_blank(text) }
    }

    /// Fills up with blanks alone.
    fn pad_blank(&self, text: &str) -> String {
        let missing = self.width.unwrap_or(0).saturating_sub(text.chars().count());
        if self.minus {
            format!("{text}{}", " ".repeat(missing))
        } else {
            format!("{}{text}", " ".repeat(missing))
        }
    }

    /// Fills up a number, with zeros after its sign when asked to.
    fn pad_number(&self, sign: &str, digits: &str) -> String {
        let missing = self.width.unwrap_or(0).saturating_sub(sign.len() + digits.chars().count());
        if self.zero && !self.minus {
            format!("{sign}{}{digits}", "0".repeat(missing))
        } else {
            self.pad_blank(&format!("{sign}{digits}"))
        }
    }
}

/// Formats a value that is there.
///
/// # Errors
/// When the text grows too long or the value is too deep.
pub fn format(
    out: &mut String,
    spec: &Spec,
    verb: char,
    value: &Value,
    walk: &mut Walk,
) -> Result<(), String> {
    walk.enter()?;
    text_fits(out.len())?;
    let text = match value {
        Value::Missing | Value::Nil => Some(spec.pad("<nil>")),
        Value::Bool(flag) => matches!(verb, 't' | 'v').then(|| spec.pad(&flag.to_string())),
        Value::Int(number) | Value::Int64(number) => integer(spec, verb, i128::from(*number), value),
        Value::Uint64(number) => integer(spec, verb, i128::from(*number), value),
        Value::Byte(number) => integer(spec, verb, i128::from(*number), value),
        Value::Float(number) => float(spec, verb, *number),
        Value::Str(text) => string(spec, verb, text),
        Value::Time(time) => string(spec, verb, &time.shown()),
        Value::Version(version) => string(spec, verb, &version.0.to_string()),
        Value::List(_) | Value::Map(_) | Value::Record(_) => {
            parts(out, spec, verb, value, walk)?;
            Some(String::new())
        }
    };
    match text {
        Some(text) => out.push_str(&text),
        None => bad_verb(out, verb, value)?,
    }
    walk.leave();
    Ok(())
}

/// Says that a verb does not go with a value.
///
/// # Errors
/// When the value is too deep.
pub fn bad_verb(out: &mut String, verb: char, value: &Value) -> Result<(), String> {
    let (kind, text) = (value.type_name(), shown(value)?);
    out.extend(["%!", &verb.to_string(), "(", &kind, "=", &text, ")"]);
    Ok(())
}

fn parts(out: &mut String, spec: &Spec, verb: char, value: &Value, walk: &mut Walk) -> Result<(), String> {
    let syntax = verb == 'v' && spec.sharp;
    let gap = if syntax { ", " } else { " " };
    let (open, close) = match (value, syntax) {
        (Value::List(_), false) => ("[".to_owned(), "]"),
        (Value::Map(_), false) => ("map[".to_owned(), "]"),
        (Value::Record(record), false) if record.pointer => ("&{".to_owned(), "}"),
        (_, false) => ("{".to_owned(), "}"),
        (_, true) => (format!("{}{{", value.type_name()), "}"),
    };
    out.push_str(&open);
    let mut first = true;
    let mut part = |out: &mut String, key: Option<&str>, item: &Value| {
        if !std::mem::take(&mut first) {
            out.push_str(gap);
        }
        if let Some(key) = key {
            if matches!(value, Value::Map(_)) {
                format(out, spec, verb, &Value::from(key), walk)?;
            } else {
                out.push_str(key);
            }
            out.push(':');
        }
        if syntax && item.is_nothing() {
            out.push_str("interface {}(nil)");
            return Ok(());
        }
        format(out, spec, verb, item, walk)
    };
    match value {
        Value::List(list) => list.items.iter().try_for_each(|item| part(out, None, item))?,
        Value::Map(map) => {
            map.entries.borrow().iter().try_for_each(|(key, item)| part(out, Some(key), item))?;
        }
        Value::Record(record) => {
            let named = verb == 'v' && (spec.named || spec.sharp);
            let mut fields = record.fields.iter();
            fields.try_for_each(|field| part(out, named.then_some(field.name.as_str()), &field.value))?;
        }
        _ => {}
    }
    out.push_str(close);
    Ok(())
}

fn integer(spec: &Spec, verb: char, number: i128, value: &Value) -> Option<String> {
    let size = number.unsigned_abs();
    let unsigned = matches!(value, Value::Uint64(_) | Value::Byte(_));
    let mut digits = match verb {
        'v' if spec.sharp && unsigned => format!("0x{size:x}"),
        'd' | 'v' => size.to_string(),
        'b' => format!("{size:b}"),
        'o' | 'O' => format!("{size:o}"),
        'x' => format!("{size:x}"),
        'X' => format!("{size:X}"),
        'c' => return Some(spec.pad(&letter(number).to_string())),
        'q' if spec.plus => return Some(spec.pad(&ascii(&quote_char(letter(number))))),
        'q' => return Some(spec.pad(&quote_char(letter(number)))),
        'U' => return Some(spec.pad_blank(&code_point(spec, number))),
        _ => return None,
    };
    if let Some(precision) = spec.precision {
        if precision == 0 && number == 0 {
            return Some(spec.pad_blank(""));
        }
        digits = format!("{}{digits}", "0".repeat(precision.saturating_sub(digits.len())));
    }
    let prefix = match verb {
        'x' if spec.sharp => "0x",
        'X' if spec.sharp => "0X",
        'b' if spec.sharp => "0b",
        'o' if spec.sharp && !digits.starts_with('0') => "0",
        'O' => "0o",
        _ => "",
    };
    let sign = sign(spec, number < 0);
    if spec.precision.is_some() {
        return Some(spec.pad_blank(&format!("{sign}{prefix}{digits}")));
    }
    // Zeros go between the prefix and the digits, and the prefix does not count towards the width.
    if spec.zero && !spec.minus {
        let body = spec.pad_number(sign, &digits);
        let rest = body.strip_prefix(sign).unwrap_or(&body);
        return Some(format!("{sign}{prefix}{rest}"));
    }
    Some(spec.pad_blank(&format!("{sign}{prefix}{digits}")))
}

fn sign(spec: &Spec, negative: bool) -> &'static str {
    match (negative, spec.plus, spec.space) {
        (true, _, _) => "-",
        (false, true, _) => "+",
        (false, false, true) => " ",
        (false, false, false) => "",
    }
}

fn letter(number: i128) -> char {
    u32::try_from(number).ok().and_then(char::from_u32).unwrap_or(char::REPLACEMENT_CHARACTER)
}

fn code_point(spec: &Spec, number: i128) -> String {
    let shown = if spec.sharp { format!(" {}", quote_char(letter(number))) } else { String::new() };
    format!("U+{number:04X}{shown}")
}

fn float(spec: &Spec, verb: char, number: f64) -> Option<String> {
    let size = number.abs();
    let digits = match verb {
        'v' | 'g' | 'G' => general(size, spec.precision),
        'f' | 'F' => format!("{size:.*}", spec.precision.unwrap_or(6)),
        'b' => bits_float(size),
        'x' | 'X' => hex_float(size),
        'e' | 'E' => scientific(size, spec.precision.unwrap_or(6)),
        _ => return None,
    };
    let digits = if verb.is_ascii_uppercase() { digits.to_uppercase() } else { digits };
    if number.is_nan() {
        return Some(spec.pad_blank(&format!("{}NaN", sign(spec, false))));
    }
    if number.is_infinite() {
        let sign = if number < 0.0 { "-" } else { "+" };
        return Some(spec.pad_blank(&format!("{sign}Inf")));
    }
    Some(spec.pad_number(sign(spec, number.is_sign_negative()), &digits))
}

fn scientific(size: f64, precision: usize) -> String {
    let text = format!("{size:.precision$e}");
    let (mantissa, power) = text.split_once('e').unwrap_or((&text, "0"));
    format!("{mantissa}{}", exponent_text(power.parse().unwrap_or(0)))
}

/// `%b`: a whole number times a power of two.
fn bits_float(size: f64) -> String {
    let bits = size.to_bits();
    let (power, fraction) = (i64::try_from(bits >> 52).unwrap_or(0), bits & ((1 << 52) - 1));
    let whole = if power == 0 { fraction } else { fraction | (1 << 52) };
    format!("{whole}p{:+}", power.max(1) - 1075)
}

/// `%x`: the bits of the number, in full.
fn hex_float(size: f64) -> String {
    let bits = size.to_bits();
    let (power, fraction) = (i64::try_from(bits >> 52).unwrap_or(0), bits & ((1 << 52) - 1));
    if bits == 0 {
        return "0x0p+00".to_owned();
    }
    // Numbers too small for a leading one are shifted until they have it.
    let shift = if power == 0 { fraction.leading_zeros() - 11 } else { 0 };
    let fraction = (fraction << shift) & ((1 << 52) - 1);
    let power = power.max(1) - 1023 - i64::from(shift);
    let digits = format!("{fraction:013x}");
    let digits = digits.trim_end_matches('0');
    let point = if digits.is_empty() { "" } else { "." };
    format!("0x1{point}{digits}p{}{:02}", if power < 0 { '-' } else { '+' }, power.abs())
}

/// `%g`: as many digits as asked for, trailing zeros dropped.
fn general(size: f64, precision: Option<usize>) -> String {
    let Some(precision) = precision else { return shortest(size, 6) };
    let precision = precision.max(1);
    let text = format!("{size:.*e}", precision - 1);
    let (mantissa, power) = text.split_once('e').unwrap_or((&text, "0"));
    let power: i32 = power.parse().unwrap_or(0);
    let trimmed =
        if mantissa.contains('.') { mantissa.trim_end_matches('0').trim_end_matches('.') } else { mantissa };
    let digits = i32::try_from(trimmed.chars().filter(char::is_ascii_digit).count()).unwrap_or(i32::MAX);
    let limit = i32::try_from(precision).unwrap_or(i32::MAX);
    let limit = if limit > digits && digits > power { digits } else { limit };
    if size != 0.0 && (power < -4 || power >= limit) {
        return format!("{trimmed}{}", exponent_text(power));
    }
    let places = usize::try_from(i32::try_from(precision).unwrap_or(0) - 1 - power).unwrap_or(0);
    let plain = format!("{size:.places$}");
    if plain.contains('.') { plain.trim_end_matches('0').trim_end_matches('.').to_owned() } else { plain }
}

fn string(spec: &Spec, verb: char, text: &str) -> Option<String> {
    let cut = || -> String { text.chars().take(spec.precision.unwrap_or(usize::MAX)).collect() };
    let shown = match verb {
        'v' if spec.sharp => quote(text),
        'v' | 's' => cut(),
        'q' if spec.sharp && !text.contains(['`', '\n', '\r']) => format!("`{}`", cut()),
        'q' if spec.plus => ascii(&quote(&cut())),
        'q' => quote(&cut()),
        'x' | 'X' => hex(spec, verb == 'X', text),
        _ => return None,
    };
    Some(spec.pad(&shown))
}

fn ascii(text: &str) -> String {
    let mut out = String::new();
    for letter in text.chars() {
        let code = u32::from(letter);
        match code {
            0..0x80 => out.push(letter),
            // Writing to a string cannot fail.
            0x80..0x1_0000 => drop(write!(out, "\\u{code:04x}")),
            _ => drop(write!(out, "\\U{code:08x}")),
        }
    }
    out
}

fn hex(spec: &Spec, upper: bool, text: &str) -> String {
    let prefix = match (spec.sharp, upper) {
        (false, _) => "",
        (true, false) => "0x",
        (true, true) => "0X",
    };
    let bytes = text.bytes().take(spec.precision.unwrap_or(usize::MAX));
    let pairs = bytes.map(|byte| if upper { format!("{byte:02X}") } else { format!("{byte:02x}") });
    let pairs: Vec<String> = pairs.collect();
    match (spec.space, pairs.is_empty()) {
        (_, true) => String::new(),
        (true, false) => format!("{prefix}{}", pairs.join(&format!(" {prefix}"))),
        (false, false) => format!("{prefix}{}", pairs.concat()),
    }
}
