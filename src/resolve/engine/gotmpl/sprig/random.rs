//! Random text, drawn from the dice of the caller alone.

use std::fmt::Write as _;

use crate::resolve::engine::gotmpl::function::{Args, Function, Host, Outcome, Type};
use crate::resolve::engine::gotmpl::limits::{items_fit, text_fits};
use crate::resolve::engine::gotmpl::value::Value;

const I: &[Type] = &[Type::Int];
const LETTERS: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const DIGITS: &str = "0123456789";

/// The table of these functions.
pub const TABLE: &[Function] = &[
    Function::host("randAlphaNum", I, |args, host| text(args, host, &format!("{DIGITS}{LETTERS}"))),
    Function::host("randAlpha", I, |args, host| text(args, host, LETTERS)),
    Function::host("randNumeric", I, |args, host| text(args, host, DIGITS)),
    Function::host("randAscii", I, |args, host| text(args, host, &(' '..='~').collect::<String>())),
    Function::host("randBytes", I, |args, host| {
        use base64::Engine as _;
        let count = usize::try_from(args.int(0))
            .map_err(|_| "runtime error: makeslice: len out of range".to_owned())?;
        items_fit(count)?;
        Ok(Value::from(base64::engine::general_purpose::STANDARD.encode(host.dice(count))))
    }),
    Function::host("randInt", &[Type::Int, Type::Int], |args, host| {
        let span = args.int(1).wrapping_sub(args.int(0));
        let span = u64::try_from(span).ok().filter(|span| *span > 0);
        let span = span.ok_or_else(|| "invalid argument to Intn".to_owned())?;
        let drawn = i64::try_from(below(host, span)).unwrap_or(0);
        Ok(Value::Int(args.int(0).wrapping_add(drawn)))
    }),
    Function::host("shuffle", &[Type::Str], |args, host| {
        let mut letters: Vec<char> = args.text(0).chars().collect();
        items_fit(letters.len())?;
        for end in (1..letters.len()).rev() {
            let other = below(host, u64::try_from(end).unwrap_or(0) + 1);
            letters.swap(end, usize::try_from(other).unwrap_or(0));
        }
        Ok(Value::from(letters.into_iter().collect::<String>()))
    }),
    Function::host("uuidv4", &[], |_, host| Ok(Value::from(uuid(&host.dice(16))))),
];

/// Characters of an alphabet, each as likely as the next.
fn text(args: &Args, host: &mut dyn Host, alphabet: &str) -> Outcome {
    // A negative count gives no text, as upstream swallows the error.
    let count = usize::try_from(args.int(0)).unwrap_or(0);
    text_fits(count)?;
    items_fit(count)?;
    let alphabet = alphabet.as_bytes();
    let fair = 256 - 256 % alphabet.len().max(1);
    let mut out = String::with_capacity(count);
    while out.len() < count {
        let thrown = host.dice(count - out.len());
        if thrown.is_empty() {
            return Err("there are no dice to throw".to_owned());
        }
        for byte in thrown {
            let byte = usize::from(byte);
            if let Some(letter) = alphabet.get(byte % alphabet.len()).filter(|_| byte < fair) {
                out.push(char::from(*letter));
            }
        }
    }
    Ok(Value::from(out))
}

fn below(host: &mut dyn Host, bound: u64) -> u64 {
    let bytes = host.dice(16);
    let wide = bytes.iter().fold(0_u128, |wide, byte| (wide << 8) | u128::from(*byte));
    u64::try_from(wide % u128::from(bound.max(1))).unwrap_or(0)
}

fn uuid(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(36);
    for (index, byte) in bytes.iter().enumerate() {
        if matches!(index, 4 | 6 | 8 | 10) {
            out.push('-');
        }
        let byte = match index {
            6 => (byte & 0x0f) | 0x40,
            8 => (byte & 0x3f) | 0x80,
            _ => *byte,
        };
        // Writing to a string cannot fail.
        let _ = write!(out, "{byte:02x}");
    }
    out
}
