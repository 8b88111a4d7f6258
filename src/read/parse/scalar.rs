//! The text of a scalar in, its type and value out: the rules of Go's yaml.v3, which the other Score tools follow.
//! Notable: `yes` and `on` are text, `0644` and `0o644` are octal, `1_000` is a number, dates are timestamps.

use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use granit_parser::Tag;

use crate::model::node::Kind;

/// A tag as people write it: `!!str`.
pub(super) fn tag_name(tag: &Tag) -> String {
    let handle = tag.handle();
    let short = if handle == "tag:yaml.org,2002:" { "!!" } else { handle };
    format!("{short}{}", tag.suffix())
}

/// Types a scalar. The error says what is wrong.
pub(super) fn typed(tag: &str, text: &str, plain: bool) -> Result<Kind, String> {
    let found = match tag {
        "" | "!" if plain => return Ok(untagged(text, true)),
        "!!binary" => return binary(text),
        "!!bool" | "!!int" | "!!float" | "!!null" => untagged(text, false),
        "!!timestamp" => untagged(text, true),
        _ => return Ok(Kind::Str(text.to_owned())),
    };
    match (tag, found) {
        #[expect(clippy::cast_precision_loss, reason = "`!!float 1` asks for exactly this")]
        ("!!float", Kind::Int(number)) => Ok(Kind::Float(number as f64)),
        ("!!float", found @ Kind::Float(_))
        | ("!!int", found @ (Kind::Int(_) | Kind::Uint(_)))
        | ("!!bool", found @ Kind::Bool(_))
        | ("!!null", found @ Kind::Null)
        | ("!!timestamp", found @ Kind::Time(_)) => Ok(found),
        _ => Err(format!("`{text}` is not what its tag `{tag}` says")),
    }
}

fn untagged(text: &str, times: bool) -> Kind {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Kind::Null,
        "true" | "True" | "TRUE" => return Kind::Bool(true),
        "false" | "False" | "FALSE" => return Kind::Bool(false),
        ".nan" | ".NaN" | ".NAN" => return Kind::Float(f64::NAN),
        ".inf" | ".Inf" | ".INF" | "+.inf" | "+.Inf" | "+.INF" => return Kind::Float(f64::INFINITY),
        "-.inf" | "-.Inf" | "-.INF" => return Kind::Float(f64::NEG_INFINITY),
        _ => {}
    }
    let found = match text.as_bytes().first() {
        Some(b'.') => float(text),
        Some(b'0'..=b'9' | b'+' | b'-') if times && is_time(text).is_some() => {
            Some(Kind::Time(text.to_owned()))
        }
        Some(b'0'..=b'9' | b'+' | b'-') => {
            let bare: String = text.chars().filter(|letter| *letter != '_').collect();
            integer(&bare).or_else(|| float(&bare))
        }
        _ => None,
    };
    found.unwrap_or_else(|| Kind::Str(text.to_owned()))
}

/// Digits, perhaps with a point and an exponent.
fn float(text: &str) -> Option<Kind> {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, exponent.strip_prefix(['+', '-']).unwrap_or(exponent)),
        None => (unsigned, "0"),
    };
    let (whole, part) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let shaped = digits(whole) && digits(part) && digits(exponent) && !exponent.is_empty();
    if !shaped || (whole.is_empty() && part.is_empty()) {
        return None;
    }
    text.parse().ok().filter(|number: &f64| number.is_finite()).map(Kind::Float)
}

/// Decimal, `0x`, `0b`, `0o`, or octal after a plain `0`.
fn integer(text: &str) -> Option<Kind> {
    let (negative, signed, unsigned) = match text.as_bytes().first()? {
        b'-' => (true, true, text.get(1..)?),
        b'+' => (false, true, text.get(1..)?),
        _ => (false, false, text),
    };
    let lower = unsigned.to_ascii_lowercase();
    let (radix, digits) = match lower.get(..2) {
        Some("0x") => (16, lower.get(2..)?),
        Some("0b") => (2, lower.get(2..)?),
        Some("0o") => (8, lower.get(2..)?),
        Some(_) if lower.starts_with('0') => (8, lower.get(1..)?),
        _ => (10, lower.as_str()),
    };
    if !digits.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return None;
    }
    let number = u64::from_str_radix(digits, radix).ok()?;
    if negative {
        return 0_i64.checked_sub_unsigned(number).map(Kind::Int);
    }
    match i64::try_from(number) {
        Ok(small) => Some(Kind::Int(small)),
        Err(_) => (!signed).then_some(Kind::Uint(number)),
    }
}

/// Reads a date or a date with a time: `2024-1-31`, `2024-01-31T10:00:00.5+01:00`, `2024-01-31 10:00:00`.
fn is_time(text: &str) -> Option<()> {
    let (date, time) = match text.find(['T', 't', ' ']) {
        Some(at) => (text.get(..at)?, Some((text.as_bytes().get(at)?, text.get(at + 1..)?))),
        None => (text, None),
    };
    let mut fields = date.split('-');
    let (year, month, day) = (fields.next()?, number(fields.next()?)?, number(fields.next()?)?);
    let years =
        year.parse::<u32>().ok().filter(|_| year.len() == 4 && year.bytes().all(|b| b.is_ascii_digit()))?;
    let real = fields.next().is_none() && (1..=days(years, month)?).contains(&day);
    let Some((between, time)) = time else { return real.then_some(()) };
    let (clock, zone) = match time.find(['Z', '+', '-']) {
        Some(at) => (time.get(..at)?, time.get(at..)),
        None => (time, None),
    };
    let zoned = match zone {
        None => *between == b' ',
        Some(zone) => *between != b' ' && (zone == "Z" || is_offset(zone)),
    };
    (real && zoned && is_clock(clock)?).then_some(())
}

fn is_clock(clock: &str) -> Option<bool> {
    let (whole, part) = clock.split_once(['.', ',']).map_or((clock, "0"), |(whole, part)| (whole, part));
    let mut fields = whole.split(':');
    let (hour, minute, second) = (number(fields.next()?)?, number(fields.next()?)?, number(fields.next()?)?);
    let real = hour < 24 && minute < 60 && second < 60 && fields.next().is_none();
    Some(real && !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()))
}

fn is_offset(zone: &str) -> bool {
    let fields = zone.get(1..).and_then(|zone| zone.split_once(':'));
    fields.is_some_and(|(hours, minutes)| {
        hours.len() == 2
            && minutes.len() == 2
            && number(hours).is_some_and(|hours| hours <= 24)
            && number(minutes).is_some_and(|minutes| minutes <= 60)
    })
}

/// One or two digits.
fn number(text: &str) -> Option<u32> {
    let shaped = (1..=2).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|_| shaped)
}

const fn days(year: u32, month: u32) -> Option<u32> {
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => Some(31),
        4 | 6 | 9 | 11 => Some(30),
        2 if leap => Some(29),
        2 => Some(28),
        _ => None,
    }
}

fn binary(text: &str) -> Result<Kind, String> {
    let lenient = GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true);
    let bare: String = text.chars().filter(|letter| !letter.is_whitespace()).collect();
    let bytes = GeneralPurpose::new(&STANDARD, lenient).decode(bare);
    let bytes = bytes.map_err(|wrong| format!("this is not base64, as its tag `!!binary` says: {wrong}"))?;
    String::from_utf8(bytes)
        .map(Kind::Str)
        .map_err(|_| "what `!!binary` holds here is not UTF-8 text".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn show(text: &str) -> String {
        format!("{:?}", untagged(text, true))
    }

    #[test]
    fn plain_scalars() {
        for (text, expected) in [
            ("", "Null"),
            ("~", "Null"),
            ("nUll", r#"Str("nUll")"#),
            ("True", "Bool(true)"),
            ("yes", r#"Str("yes")"#),
            ("on", r#"Str("on")"#),
            ("12", "Int(12)"),
            ("-12", "Int(-12)"),
            ("+12", "Int(12)"),
            ("0", "Int(0)"),
            ("-0", "Int(0)"),
            ("0644", "Int(420)"),
            ("0o644", "Int(420)"),
            ("0x1f", "Int(31)"),
            ("0b11", "Int(3)"),
            ("09", "Float(9.0)"),
            ("1_000", "Int(1000)"),
            ("9223372036854775807", "Int(9223372036854775807)"),
            ("-9223372036854775808", "Int(-9223372036854775808)"),
            ("9223372036854775808", "Uint(9223372036854775808)"),
            ("18446744073709551616", "Float(1.8446744073709552e19)"),
            ("1.5", "Float(1.5)"),
            (".5", "Float(0.5)"),
            ("1.", "Float(1.0)"),
            ("1e3", "Float(1000.0)"),
            ("1e", r#"Str("1e")"#),
            (".", r#"Str(".")"#),
            ("1.2.3", r#"Str("1.2.3")"#),
            ("-", r#"Str("-")"#),
            (".inf", "Float(inf)"),
            ("500m", r#"Str("500m")"#),
            ("12:30", r#"Str("12:30")"#),
            ("2024-01-31", r#"Time("2024-01-31")"#),
            ("2024-1-3", r#"Time("2024-1-3")"#),
            ("2024-02-30", r#"Str("2024-02-30")"#),
            ("2024-01-31T10:00:00Z", r#"Time("2024-01-31T10:00:00Z")"#),
            ("2024-01-31t10:00:00.25+01:00", r#"Time("2024-01-31t10:00:00.25+01:00")"#),
            ("2024-01-31 10:00:00", r#"Time("2024-01-31 10:00:00")"#),
            ("2024-01-31 10:00:00Z", r#"Str("2024-01-31 10:00:00Z")"#),
            ("2024-01-31T25:00:00Z", r#"Str("2024-01-31T25:00:00Z")"#),
        ] {
            assert_eq!(show(text), expected, "{text:?}");
        }
    }

    #[test]
    fn tags() {
        for (tag, text, plain, expected) in [
            ("", "12", false, r#"Ok(Str("12"))"#),
            ("!!str", "12", true, r#"Ok(Str("12"))"#),
            ("!!int", "12", false, "Ok(Int(12))"),
            ("!!float", "12", true, "Ok(Float(12.0))"),
            ("!!bool", "maybe", true, r#"Err("`maybe` is not what its tag `!!bool` says")"#),
            ("!!binary", "aGVsbG8=", true, r#"Ok(Str("hello"))"#),
            ("!custom", "12", true, r#"Ok(Str("12"))"#),
        ] {
            assert_eq!(format!("{:?}", typed(tag, text, plain)), expected, "{tag} {text}");
        }
    }
}
