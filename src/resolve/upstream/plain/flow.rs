//! What stands on one line: words, whole numbers, quoted text, and flow collections of them.

use super::DEEPEST;
use crate::model::tree::{Map, Tree};

/// Keys may be longer in YAML, up to a limit of its own.
const LONGEST_KEY: usize = 128;

/// What may stand in a key.
const fn in_key(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.' | b'/')
}

/// What may stand in a word of a flow collection.
const fn in_word(byte: u8) -> bool {
    in_key(byte) || !byte.is_ascii() || matches!(byte, b'=' | b'+' | b'@' | b'$' | b'(' | b')' | b';')
}

/// What may stand in a value that has its line for itself.
const fn in_phrase(byte: u8) -> bool {
    in_word(byte) || matches!(byte, b',' | b':' | b' ')
}

/// A key without quotes that is nothing but text.
pub(super) fn is_word(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_alphabetic())
        && text.len() <= LONGEST_KEY
        && text.bytes().all(in_key)
        && !is_typed(text)
}

/// A value without quotes that is nothing but text.
fn is_text(text: &str, inside: impl Fn(u8) -> bool) -> bool {
    let begins = |first: char| first.is_ascii_alphabetic() || !first.is_ascii() || first == '/';
    let dashes = text.len() - text.trim_start_matches('-').len();
    let hidden =
        text.strip_prefix('.').filter(|name| !["inf", "nan"].iter().any(|n| n.eq_ignore_ascii_case(name)));
    let named = dashes <= 2 && hidden.or(text.get(dashes..)).is_some_and(|name| name.starts_with(begins));
    (named && text.bytes().all(inside) && !is_typed(text)) || is_amount(text)
}

fn is_typed(text: &str) -> bool {
    ["true", "false", "null"].iter().any(|word| word.eq_ignore_ascii_case(text))
}

/// A whole number with a unit, such as `500m`, `1Gi` or `2s`.
fn is_amount(text: &str) -> bool {
    let unit = text.trim_start_matches(|c: char| c.is_ascii_digit());
    text.len() > unit.len() && ["m", "k", "M", "G", "Ki", "Mi", "Gi", "s", "ms"].contains(&unit)
}

/// Several words.
fn is_phrase(text: &str) -> bool {
    is_text(text, in_phrase) && !text.ends_with([' ', ':']) && !text.contains(": ")
}

/// A key in quotes and what follows its colon.
pub(super) fn quoted_key(text: &str) -> Option<(&str, &str)> {
    let mut flow = Flow { rest: text };
    let key = flow.string().filter(|key| is_key(key))?;
    Some((key, flow.rest.strip_prefix(':')?))
}

fn is_key(text: &str) -> bool {
    text.len() <= LONGEST_KEY && text != "<<"
}

/// The value of one line; nothing where it is not plain.
pub(super) fn scalar(text: &str) -> Option<Tree> {
    match text {
        "true" | "false" => Some(Tree::Bool(text == "true")),
        "null" => Some(Tree::Null),
        _ if text.starts_with(['{', '[', '"', '\'']) => {
            let mut flow = Flow { rest: text };
            let value = flow.value(0)?;
            flow.rest.is_empty().then_some(value)
        }
        _ if is_phrase(text) => Some(Tree::from(text)),
        _ => number(text),
    }
}

/// A number that every YAML takes for the same integer.
fn number(text: &str) -> Option<Tree> {
    let plain = text.len() < 16 && text.bytes().all(|byte| byte.is_ascii_digit());
    let whole = plain && (text == "0" || !text.starts_with('0'));
    if whole { text.parse().ok().map(Tree::Int) } else { None }
}

/// JSON or flow YAML on one line, without backslashes.
struct Flow<'a> {
    rest: &'a str,
}

impl<'a> Flow<'a> {
    /// Takes a mark and the spaces after it.
    fn eat(&mut self, mark: char) -> Option<()> {
        self.rest = self.rest.strip_prefix(mark)?.trim_start_matches(' ');
        Some(())
    }

    fn value(&mut self, depth: usize) -> Option<Tree> {
        match self.rest.as_bytes().first()? {
            _ if depth > DEEPEST => None,
            b'{' => self.map(depth),
            b'[' => self.list(depth),
            b'"' | b'\'' => self.string().map(Tree::from),
            _ => match self.word()? {
                "true" => Some(Tree::Bool(true)),
                "false" => Some(Tree::Bool(false)),
                "null" => Some(Tree::Null),
                word if is_text(word, in_word) => Some(Tree::from(word)),
                word => number(word),
            },
        }
    }

    /// What stands before the next mark.
    fn word(&mut self) -> Option<&'a str> {
        let end = self.rest.find([',', ']', '}', ':', ' ']).unwrap_or(self.rest.len());
        let (word, rest) = self.rest.split_at_checked(end)?;
        self.rest = rest.trim_start_matches(' ');
        Some(word)
    }

    fn string(&mut self) -> Option<&'a str> {
        let quote = self.rest.chars().next()?;
        let (text, rest) = self.rest.strip_prefix(quote)?.split_once(quote)?;
        // A quote that is doubled is one of the text.
        if text.contains('\\') && quote == '"' || rest.starts_with(quote) {
            return None;
        }
        self.rest = rest.trim_start_matches(' ');
        Some(text)
    }

    fn key(&mut self) -> Option<&'a str> {
        let key = if self.rest.starts_with(['"', '\'']) {
            let key = self.string()?;
            self.rest.starts_with(':').then_some(key)
        } else {
            let key = self.word().filter(|word| is_word(word))?;
            self.rest.starts_with(": ").then_some(key)
        };
        key.filter(|key| is_key(key))
    }

    fn map(&mut self, depth: usize) -> Option<Tree> {
        let mut map = Map::new();
        self.eat('{')?;
        while self.eat('}').is_none() {
            if !map.is_empty() {
                self.eat(',')?;
            }
            let key = self.key()?;
            self.eat(':')?;
            let value = self.value(depth + 1)?;
            if map.insert(key.to_owned(), value).is_some() {
                return None;
            }
        }
        Some(Tree::Map(map))
    }

    fn list(&mut self, depth: usize) -> Option<Tree> {
        let mut items = Vec::new();
        self.eat('[')?;
        while self.eat(']').is_none() {
            if !items.is_empty() {
                self.eat(',')?;
            }
            items.push(self.value(depth + 1)?);
        }
        Some(Tree::List(items))
    }
}
