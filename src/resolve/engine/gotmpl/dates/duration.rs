//! Durations such as `1h30m`, in nanoseconds.

use crate::resolve::engine::gotmpl::quote::quote;

/// Units, with their length.
const UNITS: [(&str, i64); 8] = [
    ("ns", 1),
    ("us", 1_000),
    ("µs", 1_000),
    ("μs", 1_000),
    ("ms", 1_000_000),
    ("s", 1_000_000_000),
    ("m", 60_000_000_000),
    ("h", 3_600_000_000_000),
];

/// Reads a duration.
///
/// # Errors
/// When the text is none, in Go's words.
pub fn parse(text: &str) -> Result<i64, String> {
    let invalid = || format!("time: invalid duration {}", quote(text));
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    if unsigned == "0" {
        return Ok(0);
    }
    if unsigned.is_empty() {
        return Err(invalid());
    }
    let mut rest = unsigned;
    let mut total = 0_i128;
    while !rest.is_empty() {
        let number = rest.bytes().take_while(|byte| byte.is_ascii_digit() || *byte == b'.').count();
        let (digits, after) = rest.split_at(number);
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        if (whole.is_empty() && fraction.is_empty()) || fraction.contains('.') {
            return Err(invalid());
        }
        let unit = after.find(|letter: char| letter.is_ascii_digit() || letter == '.').unwrap_or(after.len());
        let (unit, after) = after.split_at(unit);
        if unit.is_empty() {
            return Err(format!("time: missing unit in duration {}", quote(text)));
        }
        let Some((_, length)) = UNITS.iter().find(|(name, _)| *name == unit) else {
            return Err(format!("time: unknown unit {} in duration {}", quote(unit), quote(text)));
        };
        total += part(whole, fraction, *length).ok_or_else(invalid)?;
        rest = after;
    }
    let signed = if text.starts_with('-') { -total } else { total };
    i64::try_from(signed).map_err(|_| invalid())
}

fn part(whole: &str, fraction: &str, length: i64) -> Option<i128> {
    let whole: i128 = if whole.is_empty() { 0 } else { whole.parse().ok()? };
    let mut below = 0_i128;
    for digit in fraction.chars().take(18) {
        below = below * 10 + i128::from(digit.to_digit(10)?);
    }
    let places = u32::try_from(fraction.len().min(18)).ok()?;
    let length = i128::from(length);
    whole.checked_mul(length)?.checked_add(below.checked_mul(length)? / 10_i128.checked_pow(places)?)
}

/// Writes a duration.
pub fn show(nanos: i64) -> String {
    let size = nanos.unsigned_abs();
    let sign = if nanos < 0 { "-" } else { "" };
    let (unit, length) = match size {
        0 => return "0s".to_owned(),
        1..1_000 => ("ns", 1),
        1_000..1_000_000 => ("µs", 1_000),
        1_000_000..1_000_000_000 => ("ms", 1_000_000),
        _ => ("s", 1_000_000_000),
    };
    if length < 1_000_000_000 {
        return format!("{sign}{}{unit}", decimal(size, length));
    }
    let minutes = size / 60_000_000_000;
    let seconds = decimal(size % 60_000_000_000, length);
    match (minutes / 60, minutes % 60) {
        (0, 0) => format!("{sign}{seconds}s"),
        (0, minutes) => format!("{sign}{minutes}m{seconds}s"),
        (hours, minutes) => format!("{sign}{hours}h{minutes}m{seconds}s"),
    }
}

fn decimal(size: u64, length: u64) -> String {
    let digits = length.to_string().len() - 1;
    let fraction = format!("{:0digits$}", size % length);
    let fraction = fraction.trim_end_matches('0');
    if length == 1 || fraction.is_empty() {
        (size / length).to_string()
    } else {
        format!("{}.{fraction}", size / length)
    }
}

/// Rounds to whole seconds, halves away from zero.
pub fn round_seconds(nanos: i64) -> i64 {
    const SECOND: i64 = 1_000_000_000;
    let rest = nanos % SECOND;
    let whole = nanos - rest;
    if rest.abs() * 2 < SECOND { whole } else { whole.saturating_add(SECOND * nanos.signum()) }
}

/// The largest unit that the duration is longer than, as `durationRound` shows it.
pub fn coarse(nanos: i64) -> String {
    const SECOND: u64 = 1_000_000_000;
    const DAY: u64 = 86_400 * SECOND;
    let size = nanos.unsigned_abs();
    let units = [
        (DAY * 365, "y"),
        (DAY * 30, "mo"),
        (DAY, "d"),
        (3600 * SECOND, "h"),
        (60 * SECOND, "m"),
        (SECOND, "s"),
    ];
    let found = units.iter().find(|(length, _)| size > *length);
    found.map_or_else(|| "0s".to_owned(), |(length, unit)| format!("{}{unit}", size / length))
}
