//! Strings in, their spelling in YAML out: plain, literal block or double quotes.

use std::fmt::Write;

use crate::write::yaml::Style;

/// Words that some reader takes for a boolean, null or number.
const WORDS: &[&str] = &[
    "y",
    "n",
    "yes",
    "no",
    "on",
    "off",
    "true",
    "false",
    "null",
    "nil",
    "~",
    "nan",
    "inf",
    ".nan",
    ".inf",
    "-.inf",
    "+.inf",
    "infinity",
    "-inf",
    "-infinity",
    "=",
    "<<",
];

/// The length of the longest of them.
const LONGEST_WORD: usize = 9;

/// Characters that mean something at the start of a scalar.
const INDICATORS: &str = "-?:,[]{}#&*!|>'\"%@`=<~.+";

/// Longer keys are quoted, which every reader takes.
const MAX_PLAIN_KEY: usize = 120;

/// True when a string may stand without quotes: no reader of YAML 1.1 or 1.2 takes it for anything but this string.
pub fn is_plain(text: &str, key: bool) -> bool {
    let (Some(first), Some(last)) = (text.chars().next(), text.bytes().next_back()) else { return false };
    let safe_start = first.is_ascii_alphanumeric() || matches!(first, '/' | '$');
    first != ' '
        && last != b' '
        && last != b':'
        && !(key && text.len() > MAX_PLAIN_KEY)
        && is_plain_inside(text, safe_start)
        && (safe_start || !INDICATORS.contains(first) || starts_like_a_word(text))
        && !matches!(text, "---" | "...")
        && !text.starts_with("--- ")
        && !text.starts_with("... ")
        && !is_ambiguous(text)
}

/// True when no character means anything where it stands. Brackets and quotes only do after an odd start.
fn is_plain_inside(text: &str, safe_start: bool) -> bool {
    let (mut before, mut is_ascii) = (0, true);
    for byte in text.bytes() {
        let fits = match byte {
            b' ' => before != b':',
            b'#' => before != b' ',
            b'{' | b'}' | b'[' | b']' | b',' | b'"' | b'\'' | b'`' => safe_start,
            b'!'..=b'~' => true,
            0x80.. => {
                is_ascii = false;
                true
            }
            _ => false,
        };
        if !fits {
            return false;
        }
        before = byte;
    }
    is_ascii || text.chars().all(|c| is_printable(c) && c != '\u{a0}')
}

/// `./x`, `.x`, `-c` and `--flag` are words; numbers and indicators are not.
fn starts_like_a_word(text: &str) -> bool {
    let letter = |rest: &str| rest.starts_with(|c: char| c.is_ascii_alphabetic() || c == '/' || c == '_');
    if let Some(rest) = text.strip_prefix("--") {
        return rest.starts_with(|c: char| c.is_ascii_alphabetic());
    }
    text.strip_prefix(['.', '-']).is_some_and(letter)
}

/// True for words and for anything that begins like a number and holds only what numbers, dates and times hold.
fn is_ambiguous(text: &str) -> bool {
    if text.len() <= LONGEST_WORD && WORDS.iter().any(|word| word.eq_ignore_ascii_case(text)) {
        return true;
    }
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    let digits = digits.strip_prefix('.').unwrap_or(digits);
    let numeric = |c: char| c.is_ascii_digit() || "._,:-+exobacdftz ".contains(c.to_ascii_lowercase());
    digits.starts_with(|c: char| c.is_ascii_digit()) && digits.chars().all(numeric)
}

/// True when a literal block gives the same text to every reader.
pub fn is_literal(text: &str, style: Style) -> bool {
    let first = text.split('\n').next().unwrap_or_default();
    let blank = |line: &str| !line.is_empty() && line.trim_matches([' ', '\t']).is_empty();
    let fits = |c: char| is_printable(c) && !(style == Style::Go && is_astral(c));
    text.contains('\n')
        && !first.is_empty()
        && !first.starts_with([' ', '\t', '#'])
        && text.chars().all(fits)
        && !text.split('\n').any(blank)
}

/// Writes a string in double quotes.
pub fn double_quoted(text: &str, style: Style, out: &mut String) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            '\0' => out.push_str("\\0"),
            c if is_printable(c) && c != '\u{a0}' && !(style == Style::Go && is_astral(c)) => out.push(c),
            c => escape(c, out),
        }
    }
    out.push('"');
}

fn escape(c: char, out: &mut String) {
    let code = u32::from(c);
    let written = match code {
        0..=0xff => write!(out, "\\x{code:02X}"),
        0x100..=0xffff => write!(out, "\\u{code:04X}"),
        _ => write!(out, "\\U{code:08X}"),
    };
    // Writing to a String cannot fail.
    written.unwrap_or_default();
}

fn is_printable(c: char) -> bool {
    let kept = matches!(c, '\t' | '\n' | ' '..='~' | '\u{a0}'..='\u{d7ff}' | '\u{e000}'..='\u{fffd}')
        || is_astral(c);
    kept && !matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}')
}

/// Beyond the Basic Multilingual Plane, where Go's writer escapes.
pub const fn is_astral(c: char) -> bool {
    c as u32 > 0xffff
}
