//! `html`, `js` and `urlquery`.

use std::fmt::Write as _;

/// Escapes text for HTML.
pub fn html(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '\0' => out.push('\u{fffd}'),
            '"' => out.push_str("&#34;"),
            '\'' => out.push_str("&#39;"),
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            _ => out.push(letter),
        }
    }
    out
}

/// Escapes text for a JavaScript string.
pub fn js(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        // Writing to a string cannot fail.
        let _ = match letter {
            '\\' | '\'' | '"' => write!(out, "\\{letter}"),
            '<' | '>' | '&' | '=' | '\0'..' ' => write!(out, "\\u{:04X}", u32::from(letter)),
            _ if letter.is_ascii() || super::quote::is_print(letter) => write!(out, "{letter}"),
            _ => write!(out, "\\u{:04X}", u32::from(letter)),
        };
    }
    out
}

/// Escapes text for the query of an address.
pub fn query(text: &str) -> String {
    percent(text, "-_.~", true)
}

/// Escapes all but letters, digits and `kept`; blanks become `+` where asked.
pub fn percent(text: &str, kept: &str, plus: bool) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        let letter = char::from(byte);
        if byte.is_ascii_alphanumeric() || (byte.is_ascii() && kept.contains(letter)) {
            out.push(letter);
        } else if plus && byte == b' ' {
            out.push('+');
        } else {
            // Writing to a string cannot fail.
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}
