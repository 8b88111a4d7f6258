//! Layouts such as `2006-01-02`: reading them, and writing a time by them.

use std::fmt::Write as _;

use super::time::{DAYS, MONTHS, Time};

/// A part of a layout.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// `January`
    LongMonth,
    /// `Jan`
    Month,
    /// `1`
    NumMonth,
    /// `01`
    ZeroMonth,
    /// `Monday`
    LongDay,
    /// `Mon`
    WeekDay,
    /// `2`
    Day,
    /// `_2`
    UnderDay,
    /// `02`
    ZeroDay,
    /// `__2`
    UnderYearDay,
    /// `002`
    ZeroYearDay,
    /// `15`
    Hour,
    /// `3`
    Hour12,
    /// `03`
    ZeroHour12,
    /// `4`
    Minute,
    /// `04`
    ZeroMinute,
    /// `5`
    Second,
    /// `05`
    ZeroSecond,
    /// `2006`
    LongYear,
    /// `06`
    Year,
    /// `PM`
    Pm,
    /// `pm`
    LowPm,
    /// `MST`
    Zone,
    /// An offset: whether UTC is `Z`, whether it has colons, and how many of its parts are shown.
    Offset(bool, bool, u8),
    /// Digits of a second: how many, whether trailing zeros go, and what stands before them.
    Fraction(usize, bool, char),
}

/// Spellings, longest first where one starts another.
const SPELLINGS: [(&str, Part); 33] = [
    ("January", Part::LongMonth),
    ("Jan", Part::Month),
    ("Monday", Part::LongDay),
    ("Mon", Part::WeekDay),
    ("MST", Part::Zone),
    ("002", Part::ZeroYearDay),
    ("01", Part::ZeroMonth),
    ("02", Part::ZeroDay),
    ("03", Part::ZeroHour12),
    ("04", Part::ZeroMinute),
    ("05", Part::ZeroSecond),
    ("06", Part::Year),
    ("15", Part::Hour),
    ("1", Part::NumMonth),
    ("2006", Part::LongYear),
    ("2", Part::Day),
    ("__2", Part::UnderYearDay),
    ("_2", Part::UnderDay),
    ("3", Part::Hour12),
    ("4", Part::Minute),
    ("5", Part::Second),
    ("PM", Part::Pm),
    ("pm", Part::LowPm),
    ("-07:00:00", Part::Offset(false, true, 3)),
    ("-070000", Part::Offset(false, false, 3)),
    ("-07:00", Part::Offset(false, true, 2)),
    ("-0700", Part::Offset(false, false, 2)),
    ("-07", Part::Offset(false, false, 1)),
    ("Z07:00:00", Part::Offset(true, true, 3)),
    ("Z070000", Part::Offset(true, false, 3)),
    ("Z07:00", Part::Offset(true, true, 2)),
    ("Z0700", Part::Offset(true, false, 2)),
    ("Z07", Part::Offset(true, false, 1)),
];

/// Splits a layout at its first part: the text before, the part with its spelling, and what follows.
pub fn split(layout: &str) -> (&str, Option<(Part, &str)>, &str) {
    for (start, letter) in layout.char_indices() {
        let Some((before, rest)) = layout.split_at_checked(start) else { continue };
        if let Some((part, length)) = at(rest, letter) {
            let (spelling, after) = rest.split_at_checked(length).unwrap_or((rest, ""));
            return (before, Some((part, spelling)), after);
        }
    }
    (layout, None, "")
}

fn at(rest: &str, letter: char) -> Option<(Part, usize)> {
    if matches!(letter, '.' | ',') {
        return fraction(rest, letter);
    }
    // `_2006` is an underscore and a year.
    if rest.starts_with("_2006") {
        return None;
    }
    let (spelling, part) = SPELLINGS.iter().find(|(spelling, _)| rest.starts_with(spelling))?;
    let follows = rest.get(spelling.len()..).and_then(|after| after.chars().next());
    if *part == Part::Month && follows.is_some_and(|next| next.is_ascii_lowercase()) {
        return None;
    }
    if *part == Part::WeekDay && follows.is_some_and(|next| next.is_ascii_lowercase()) {
        return None;
    }
    Some((*part, spelling.len()))
}

fn fraction(rest: &str, point: char) -> Option<(Part, usize)> {
    let digit = rest.chars().nth(1).filter(|digit| matches!(digit, '0' | '9'))?;
    let count = rest.chars().skip(1).take_while(|letter| *letter == digit).count();
    let next = rest.chars().nth(1 + count);
    (!next.is_some_and(|next| next.is_ascii_digit()))
        .then_some((Part::Fraction(count, digit == '9', point), 1 + count))
}

/// Writes a time by a layout.
pub fn format(time: Time, layout: &str) -> String {
    let mut out = String::new();
    let mut rest = layout;
    loop {
        let (before, part, after) = split(rest);
        out.push_str(before);
        let Some((part, _)) = part else { return out };
        write_part(&mut out, time, part);
        rest = after;
    }
}

fn name(names: &[&'static str], index: u32) -> &'static str {
    names.get(usize::try_from(index).unwrap_or(usize::MAX)).copied().unwrap_or_default()
}

fn write_part(out: &mut String, time: Time, part: Part) {
    let civil = time.civil();
    let hour12 = if civil.hour.is_multiple_of(12) { 12 } else { civil.hour % 12 };
    // Writing to a string cannot fail.
    let _ = match part {
        Part::LongMonth => write!(out, "{}", name(&MONTHS, civil.month - 1)),
        Part::Month => write!(out, "{:.3}", name(&MONTHS, civil.month - 1)),
        Part::NumMonth => write!(out, "{}", civil.month),
        Part::ZeroMonth => write!(out, "{:02}", civil.month),
        Part::LongDay => write!(out, "{}", name(&DAYS, civil.weekday)),
        Part::WeekDay => write!(out, "{:.3}", name(&DAYS, civil.weekday)),
        Part::Day => write!(out, "{}", civil.day),
        Part::UnderDay => write!(out, "{:2}", civil.day),
        Part::ZeroDay => write!(out, "{:02}", civil.day),
        Part::UnderYearDay => write!(out, "{:3}", civil.yearday),
        Part::ZeroYearDay => write!(out, "{:03}", civil.yearday),
        Part::Hour => write!(out, "{:02}", civil.hour),
        Part::Hour12 => write!(out, "{hour12}"),
        Part::ZeroHour12 => write!(out, "{hour12:02}"),
        Part::Minute => write!(out, "{}", civil.minute),
        Part::ZeroMinute => write!(out, "{:02}", civil.minute),
        Part::Second => write!(out, "{}", civil.second),
        Part::ZeroSecond => write!(out, "{:02}", civil.second),
        Part::LongYear => write!(out, "{:04}", civil.year),
        Part::Year => write!(out, "{:02}", civil.year.rem_euclid(100)),
        Part::Pm => write!(out, "{}", if civil.hour >= 12 { "PM" } else { "AM" }),
        Part::LowPm => write!(out, "{}", if civil.hour >= 12 { "pm" } else { "am" }),
        Part::Zone if time.offset == 0 => write!(out, "UTC"),
        Part::Zone => write!(out, "{}", offset(time.offset, false, 2)),
        Part::Offset(true, ..) if time.offset == 0 => write!(out, "Z"),
        Part::Offset(_, colons, parts) => write!(out, "{}", offset(time.offset, colons, parts)),
        Part::Fraction(digits, trim, point) => write!(out, "{}", nanos(time.nanos, digits, trim, point)),
    };
}

fn offset(seconds: i32, colons: bool, parts: u8) -> String {
    let size = seconds.unsigned_abs();
    let gap = if colons { ":" } else { "" };
    let mut out = format!("{}{:02}", if seconds < 0 { '-' } else { '+' }, size / 3600);
    for part in [size / 60 % 60, size % 60].iter().take(usize::from(parts) - 1) {
        // Writing to a string cannot fail.
        let _ = write!(out, "{gap}{part:02}");
    }
    out
}

fn nanos(nanos: u32, digits: usize, trim: bool, point: char) -> String {
    let all = format!("{nanos:09}");
    let kept: String = all.chars().take(digits).collect();
    let kept = if trim { kept.trim_end_matches('0') } else { &kept };
    if kept.is_empty() && trim { String::new() } else { format!("{point}{kept}") }
}
