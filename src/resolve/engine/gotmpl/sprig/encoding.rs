//! Encodings and checksums.

use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha1::Digest as _;

use crate::resolve::engine::gotmpl::function::{Function, Type};
use crate::resolve::engine::gotmpl::value::Value;

const S: &[Type] = &[Type::Str];
const BASE32: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// The table of these functions.
pub const TABLE: &[Function] = &[
    Function::pure("b64enc", S, |args| Ok(Value::from(STANDARD.encode(args.text(0))))),
    // What cannot be decoded gives the message as the value, as upstream does.
    Function::pure("b64dec", S, |args| Ok(Value::from(base64_text(args.text(0))))),
    Function::pure("b32enc", S, |args| Ok(Value::from(base32_encode(args.text(0).as_bytes())))),
    Function::pure("b32dec", S, |args| Ok(Value::from(base32_text(args.text(0))))),
    Function::pure("sha1sum", S, |args| Ok(Value::from(hex(&sha1::Sha1::digest(args.text(0)))))),
    Function::pure("sha256sum", S, |args| Ok(Value::from(hex(&sha2::Sha256::digest(args.text(0)))))),
    Function::pure("sha512sum", S, |args| Ok(Value::from(hex(&sha2::Sha512::digest(args.text(0)))))),
    Function::pure("adler32sum", S, |args| Ok(Value::from(adler32(args.text(0).as_bytes()).to_string()))),
];

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut out, byte| {
        // Writing to a string cannot fail.
        let _ = write!(out, "{byte:02x}");
        out
    })
}

fn adler32(bytes: &[u8]) -> u32 {
    let (low, high) = bytes.iter().fold((1_u32, 0_u32), |(low, high), byte| {
        let low = (low + u32::from(*byte)) % 65_521;
        (low, (high + low) % 65_521)
    });
    (high << 16) | low
}

fn base64_text(text: &str) -> String {
    match base64_decode(text.as_bytes()) {
        Ok(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
        Err(place) => format!("illegal base64 data at input byte {place}"),
    }
}

/// Decodes as Go does: line ends are skipped, bits left over are ignored, and an error is a place.
fn base64_decode(text: &[u8]) -> Result<Vec<u8>, usize> {
    let digit = |byte: u8| match byte {
        b'A'..=b'Z' => Some(byte - b'A'),
        b'a'..=b'z' => Some(byte - b'a' + 26),
        b'0'..=b'9' => Some(byte - b'0' + 52),
        b'+' => Some(62),
        b'/' => Some(63),
        _ => None,
    };
    let mut letters = text.iter().copied().enumerate().filter(|(_, byte)| !matches!(byte, b'\n' | b'\r'));
    let mut bytes = Vec::new();
    let (mut bits, mut count) = (0_u32, 0_u32);
    while let Some((place, byte)) = letters.next() {
        if let Some(digit) = digit(byte) {
            bits = (bits << 6) | u32::from(digit);
            count += 1;
            if count == 4 {
                bytes.extend(bits.to_be_bytes().iter().skip(1));
                (bits, count) = (0, 0);
            }
            continue;
        }
        if byte != b'=' || count < 2 {
            return Err(place);
        }
        if count == 2 {
            match letters.next() {
                None => return Err(text.len()),
                Some((_, b'=')) => {}
                Some((place, _)) => return Err(place - 1),
            }
        }
        if let Some((place, _)) = letters.next() {
            return Err(place);
        }
        let whole = bits << (6 * (4 - count));
        bytes.extend(whole.to_be_bytes().iter().skip(1).take(usize::try_from(count).unwrap_or(1) - 1));
        return Ok(bytes);
    }
    if count > 0 { Err(text.len() - usize::try_from(count).unwrap_or(0)) } else { Ok(bytes) }
}

fn base32_encode(bytes: &[u8]) -> String {
    let mut out = String::new();
    for block in bytes.chunks(5) {
        let bits = block.iter().fold(0_u64, |bits, byte| (bits << 8) | u64::from(*byte));
        let bits = bits << (8 * (5 - block.len()));
        let letters = (block.len() * 8).div_ceil(5);
        for place in 0..8 {
            let index = usize::try_from((bits >> (35 - 5 * place)) & 31).unwrap_or(0);
            let letter = BASE32.get(index).filter(|_| place < letters);
            out.push(letter.map_or('=', |letter| char::from(*letter)));
        }
    }
    out
}

fn base32_text(text: &str) -> String {
    let clean: String = text.chars().filter(|letter| !matches!(letter, '\r' | '\n')).collect();
    match base32_decode(clean.as_bytes()) {
        Ok(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
        Err(place) => format!("illegal base32 data at input byte {place}"),
    }
}

fn base32_decode(text: &[u8]) -> Result<Vec<u8>, usize> {
    let mut bytes = Vec::new();
    for (number, block) in text.chunks(8).enumerate() {
        let letters = block.iter().position(|byte| *byte == b'=').unwrap_or(block.len());
        let mut bits = 0_u64;
        for (place, byte) in block.iter().take(letters).enumerate() {
            let digit = BASE32.iter().position(|letter| letter == byte).ok_or(number * 8 + place)?;
            bits = (bits << 5) | u64::try_from(digit).unwrap_or(0);
        }
        let count = match letters {
            8 => 5,
            7 => 4,
            5 => 3,
            4 => 2,
            2 => 1,
            _ => return Err(number * 8 + letters),
        };
        let padded = block.len() == 8 && block.iter().skip(letters).all(|byte| *byte == b'=');
        if !padded || (letters < 8 && (number + 1) * 8 < text.len()) {
            return Err(number * 8 + letters);
        }
        bits <<= 5 * (8 - letters);
        bytes.extend((0..count).map(|place| u8::try_from((bits >> (32 - 8 * place)) & 255).unwrap_or(0)));
    }
    Ok(bytes)
}
