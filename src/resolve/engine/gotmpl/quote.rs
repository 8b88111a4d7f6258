//! Go's string literals: reading them, and writing them as `%q` does.

use std::fmt::Write as _;

/// Writes text as a Go string literal in double quotes.
pub fn quote(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    let mut rest = text;
    // Most text is plain.
    while let Some(at) =
        rest.find(|letter: char| !matches!(letter, ' '..='~') || matches!(letter, '"' | '\\'))
    {
        let (plain, after) = rest.split_at(at);
        out.push_str(plain);
        let mut letters = after.chars();
        letters.by_ref().take(1).for_each(|letter| push_escaped(&mut out, letter, '"'));
        rest = letters.as_str();
    }
    out.push_str(rest);
    out.push('"');
    out
}

/// Writes a character as a Go character literal in single quotes.
pub fn quote_char(letter: char) -> String {
    let mut out = String::from('\'');
    push_escaped(&mut out, letter, '\'');
    out.push('\'');
    out
}

fn push_escaped(out: &mut String, letter: char, around: char) {
    let simple = match letter {
        '\u{7}' => Some('a'),
        '\u{8}' => Some('b'),
        '\u{c}' => Some('f'),
        '\n' => Some('n'),
        '\r' => Some('r'),
        '\t' => Some('t'),
        '\u{b}' => Some('v'),
        '\\' => Some('\\'),
        _ if letter == around => Some(letter),
        _ => None,
    };
    let code = u32::from(letter);
    // Writing to a string cannot fail.
    let _ = match simple {
        Some(escape) => write!(out, "\\{escape}"),
        None if is_print(letter) => write!(out, "{letter}"),
        None if code < 0x20 || code == 0x7f => write!(out, "\\x{code:02x}"),
        None if code < 0x1_0000 => write!(out, "\\u{code:04x}"),
        None => write!(out, "\\U{code:08x}"),
    };
}

/// Whether Go prints the character as it is.
pub fn is_print(letter: char) -> bool {
    match letter {
        ' ' => true,
        '\u{ad}'
        | '\u{200b}'..='\u{200f}'
        | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}'
        | '\u{e000}'..='\u{f8ff}'
        | '\u{feff}'
        | '\u{fff0}'..='\u{fffb}'
        | '\u{f0000}'.. => false,
        _ => !letter.is_control() && !letter.is_whitespace(),
    }
}

/// Reads a Go string literal with its quotes: `"…"` or the raw form in backquotes.
///
/// # Errors
/// When the literal is not well formed.
pub fn unquote(literal: &str) -> Result<String, String> {
    let wrong = || "invalid syntax".to_owned();
    if let Some(raw) = literal.strip_prefix('`') {
        return Ok(raw.strip_suffix('`').ok_or_else(wrong)?.replace('\r', ""));
    }
    let body = literal.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).ok_or_else(wrong)?;
    decode(body, '"').ok_or_else(wrong)
}

/// Reads a Go character literal with its quotes.
///
/// # Errors
/// When the literal is not well formed.
pub fn unquote_char(literal: &str) -> Result<char, String> {
    let body = literal.strip_prefix('\'').and_then(|rest| rest.strip_suffix('\''));
    let text = body.and_then(|body| decode(body, '\'')).ok_or_else(|| "invalid syntax".to_owned())?;
    let mut letters = text.chars();
    match (letters.next(), letters.next()) {
        (Some(letter), None) => Ok(letter),
        (None, _) => Err("invalid syntax".to_owned()),
        (Some(_), Some(_)) => Err(format!("malformed character constant: {literal}")),
    }
}

fn decode(body: &str, around: char) -> Option<String> {
    let mut bytes = Vec::with_capacity(body.len());
    let mut letters = body.chars();
    let mut buffer = [0_u8; 4];
    while let Some(letter) = letters.next() {
        if letter != '\\' {
            if letter == around || letter == '\n' {
                return None;
            }
            bytes.extend_from_slice(letter.encode_utf8(&mut buffer).as_bytes());
            continue;
        }
        let plain = match letters.next()? {
            'a' => 7,
            'b' => 8,
            'f' => 12,
            'n' => b'\n',
            'r' => b'\r',
            't' => b'\t',
            'v' => 11,
            '\\' => b'\\',
            quote @ ('"' | '\'') if quote == around => u8::try_from(quote).ok()?,
            'x' => u8::try_from(digits(&mut letters, 2, 16)?).ok()?,
            'u' => {
                let letter = char::from_u32(digits(&mut letters, 4, 16)?)?;
                bytes.extend_from_slice(letter.encode_utf8(&mut buffer).as_bytes());
                continue;
            }
            'U' => {
                let letter = char::from_u32(digits(&mut letters, 8, 16)?)?;
                bytes.extend_from_slice(letter.encode_utf8(&mut buffer).as_bytes());
                continue;
            }
            first @ '0'..='7' => {
                let rest = digits(&mut letters, 2, 8)?;
                u8::try_from(first.to_digit(8)? * 64 + rest).ok()?
            }
            _ => return None,
        };
        bytes.push(plain);
    }
    Some(
        String::from_utf8(bytes)
            .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned()),
    )
}

fn digits(letters: &mut std::str::Chars<'_>, count: usize, radix: u32) -> Option<u32> {
    let mut number = 0_u32;
    for _ in 0..count {
        number = number.checked_mul(radix)?.checked_add(letters.next()?.to_digit(radix)?)?;
    }
    Some(number)
}
