//! Strings as words: letter case, initials, wrapping, shortening.

use super::convert::cut;
use super::strings::{lower_letter, upper_letter};
use crate::resolve::engine::gotmpl::function::{Args, Function, Outcome, Type};
use crate::resolve::engine::gotmpl::limits::text_fits;
use crate::resolve::engine::gotmpl::value::Value;

const S: &[Type] = &[Type::Str];
const IS: &[Type] = &[Type::Int, Type::Str];

/// The table of these functions.
pub const TABLE: &[Function] = &[
    Function::pure("title", S, |args| Ok(Value::from(title(args.text(0))))),
    Function::pure("untitle", S, |args| Ok(Value::from(untitle(args.text(0))))),
    Function::pure("swapcase", S, |args| Ok(Value::from(swap(args.text(0))))),
    Function::pure("initials", S, |args| Ok(Value::from(initials(args.text(0))))),
    Function::pure("nospace", S, |args| Ok(Value::from(no_space(args.text(0))))),
    Function::pure("snakecase", S, |args| Ok(Value::from(super::cases::joined(args.text(0), '_')))),
    Function::pure("kebabcase", S, |args| Ok(Value::from(super::cases::joined(args.text(0), '-')))),
    Function::pure("camelcase", S, |args| Ok(Value::from(super::cases::pascal(args.text(0))))),
    Function::pure("wrap", IS, |args| wrap(args.text(1), args.int(0), "\n", false)),
    Function::pure("wrapWith", &[Type::Int, Type::Str, Type::Str], |args| {
        let line = if args.text(1).is_empty() { "\n" } else { args.text(1) };
        wrap(args.text(2), args.int(0), line, true)
    }),
    Function::pure("abbrev", IS, |args| abbreviate(args.text(1), 0, args.int(0)).map(Value::from)),
    Function::pure("abbrevboth", &[Type::Int, Type::Int, Type::Str], abbreviate_both),
];

fn title(text: &str) -> String {
    let mut separated = true;
    let part = |letter: char| {
        letter == '_' || letter.is_alphanumeric() || (!letter.is_ascii() && !letter.is_whitespace())
    };
    let letter = |letter: char| {
        let shown = if separated { upper_letter(letter) } else { letter };
        separated = !part(letter);
        shown
    };
    text.chars().map(letter).collect()
}

fn untitle(text: &str) -> String {
    let mut start = true;
    let letter = |letter: char| {
        if letter.is_whitespace() {
            start = true;
            return letter;
        }
        if std::mem::take(&mut start) { lower_letter(letter) } else { letter }
    };
    text.chars().map(letter).collect()
}

fn swap(text: &str) -> String {
    let letter = |letter: char| {
        if letter.is_uppercase() {
            lower_letter(letter)
        } else if letter.is_lowercase() {
            upper_letter(letter)
        } else {
            letter
        }
    };
    text.chars().map(letter).collect()
}

/// Whether a byte, taken for a character, is a blank.
fn is_blank(byte: u8) -> bool {
    char::from(byte).is_whitespace()
}

fn initials(text: &str) -> String {
    // compat(score-k8s): bytes are taken for characters.
    let mut gap = true;
    let mut out = String::new();
    for byte in text.bytes() {
        if is_blank(byte) {
            gap = true;
        } else if std::mem::take(&mut gap) {
            out.push(char::from(byte));
        }
    }
    out
}

fn no_space(text: &str) -> String {
    // compat(score-k8s): bytes are taken for characters, but only where there is a blank.
    if text.bytes().any(is_blank) {
        return text.bytes().filter(|byte| !is_blank(*byte)).map(char::from).collect();
    }
    text.to_owned()
}

fn wrap(text: &str, width: i64, line: &str, break_words: bool) -> Outcome {
    let width = usize::try_from(width).unwrap_or(0).max(1);
    let breaks = if break_words { text.len() / width + 1 } else { text.matches(' ').count() + 1 };
    text_fits(text.len().saturating_add(breaks.saturating_mul(line.len())))?;
    let bytes = text.as_bytes();
    let mut out: Vec<u8> = Vec::with_capacity(text.len());
    let mut at = 0;
    while bytes.len() - at > width {
        let rest = bytes.get(at..).unwrap_or_default();
        if rest.first() == Some(&b' ') {
            at += 1;
            continue;
        }
        let space = |bytes: &[u8]| bytes.iter().rposition(|byte| *byte == b' ');
        let (kept, next) = if let Some(end) = space(rest.get(..=width).unwrap_or(rest)) {
            (end, end + 1)
        } else if break_words {
            (width, width)
        } else {
            let later = rest.iter().skip(width).position(|byte| *byte == b' ');
            let Some(later) = later else { break };
            (width + later, width + later + 1)
        };
        out.extend_from_slice(rest.get(..kept).unwrap_or_default());
        out.extend_from_slice(line.as_bytes());
        at += next;
    }
    out.extend_from_slice(bytes.get(at..).unwrap_or_default());
    Ok(Value::from(String::from_utf8_lossy(&out).into_owned()))
}

fn abbreviate_both(args: &Args) -> Outcome {
    let (left, right, text) = (args.int(0), args.int(1), args.text(2));
    if right < 4 || (left > 0 && right < 7) {
        return Ok(Value::from(text));
    }
    abbreviate(text, left, right).map(Value::from)
}

/// At most `width` bytes from `offset` on, with dots for what is left out.
fn abbreviate(text: &str, offset: i64, width: i64) -> Result<String, String> {
    let len = i64::try_from(text.len()).unwrap_or(i64::MAX);
    if width < 4 || len <= width {
        return Ok(text.to_owned());
    }
    let kept = width - 3;
    let offset = offset.min(len);
    let offset = if len - offset < kept { len - kept } else { offset };
    if offset <= 4 {
        return Ok(format!("{}...", cut(text, None, Some(kept))?));
    }
    if width < 7 {
        return Ok(String::new());
    }
    if offset + kept < len {
        let rest = cut(text, Some(offset), None)?;
        return Ok(format!("...{}", abbreviate_rest(&rest, kept)?));
    }
    Ok(format!("...{}", cut(text, Some(len - kept), None)?))
}

fn abbreviate_rest(text: &str, width: i64) -> Result<String, String> {
    // Narrower than four there is no room for a letter and dots.
    if width < 4 { Ok(String::new()) } else { abbreviate(text, 0, width) }
}
