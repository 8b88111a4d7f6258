//! JSON, spelled as Go spells it.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::resolve::engine::gotmpl::function::{Args, Function, Outcome, Type};
use crate::resolve::engine::gotmpl::limits::{Walk, text_fits};
use crate::resolve::engine::gotmpl::show::shortest;
use crate::resolve::engine::gotmpl::value::Value;

const A: &[Type] = &[Type::Any];
const S: &[Type] = &[Type::Str];

/// The table of these functions.
pub const TABLE: &[Function] = &[
    // What cannot be written is swallowed here, and an error in the `must` forms.
    Function::pure("toJson", A, |args| Ok(Value::from(write(args, true, false).unwrap_or_default()))),
    Function::pure("mustToJson", A, |args| write(args, true, false).map(Value::from)),
    Function::pure("toPrettyJson", A, |args| Ok(Value::from(write(args, true, true).unwrap_or_default()))),
    Function::pure("mustToPrettyJson", A, |args| write(args, true, true).map(Value::from)),
    Function::pure("toRawJson", A, |args| write(args, false, false).map(Value::from)),
    Function::pure("mustToRawJson", A, |args| write(args, false, false).map(Value::from)),
    Function::pure("fromJson", S, |args| Ok(read(args.text(0)).unwrap_or(Value::Nil))),
    Function::pure("mustFromJson", S, |args| read(args.text(0))),
];

struct Writer {
    out: String,
    html: bool,
    pretty: bool,
    level: usize,
    walk: Walk,
}

fn write(args: &Args, html: bool, pretty: bool) -> Result<String, String> {
    let mut writer = Writer { out: String::new(), html, pretty, level: 0, walk: Walk::default() };
    writer.value(args.any(0))?;
    Ok(writer.out)
}

impl Writer {
    fn value(&mut self, value: &Value) -> Result<(), String> {
        self.walk.enter()?;
        text_fits(self.out.len())?;
        match value {
            Value::Missing | Value::Nil => self.out.push_str("null"),
            Value::Bool(flag) => self.out.push_str(if *flag { "true" } else { "false" }),
            Value::Int(number) | Value::Int64(number) => self.out.push_str(&number.to_string()),
            Value::Uint64(number) => self.out.push_str(&number.to_string()),
            Value::Byte(number) => self.out.push_str(&number.to_string()),
            Value::Float(number) => self.out.push_str(&float(*number)?),
            Value::Str(text) => self.string(text),
            Value::List(list) if list.nil => self.out.push_str("null"),
            Value::List(list) => self.block('[', ']', list.items.iter().map(|item| (None, item)))?,
            Value::Map(map) if map.nil => self.out.push_str("null"),
            Value::Map(map) => {
                let entries = map.entries.borrow();
                self.block('{', '}', entries.iter().map(|(key, item)| (Some(key.as_str()), item)))?;
            }
            Value::Record(record) => {
                let fields = record.fields.iter().map(|field| (Some(field.json.as_str()), &field.value));
                self.block('{', '}', fields)?;
            }
            Value::Time(time) => self.string(&time.rfc3339()),
            Value::Version(version) => self.string(&version.0.to_string()),
        }
        self.walk.leave();
        Ok(())
    }

    fn block<'v>(
        &mut self,
        open: char,
        close: char,
        items: impl Iterator<Item = (Option<&'v str>, &'v Value)>,
    ) -> Result<(), String> {
        self.out.push(open);
        self.level += 1;
        let mut empty = true;
        for (key, item) in items {
            if !std::mem::take(&mut empty) {
                self.out.push(',');
            }
            self.line();
            if let Some(key) = key {
                self.string(key);
                self.out.push_str(if self.pretty { ": " } else { ":" });
            }
            self.value(item)?;
        }
        self.level -= 1;
        if !empty {
            self.line();
        }
        self.out.push(close);
        Ok(())
    }

    fn line(&mut self) {
        if self.pretty {
            self.out.push('\n');
            self.out.push_str(&"  ".repeat(self.level));
        }
    }

    fn string(&mut self, text: &str) {
        self.out.push('"');
        for letter in text.chars() {
            match letter {
                '"' | '\\' => {
                    self.out.push('\\');
                    self.out.push(letter);
                }
                '\u{8}' => self.out.push_str("\\b"),
                '\u{c}' => self.out.push_str("\\f"),
                '\n' => self.out.push_str("\\n"),
                '\r' => self.out.push_str("\\r"),
                '\t' => self.out.push_str("\\t"),
                '<' | '>' | '&' if !self.html => self.out.push(letter),
                '\0'..' ' | '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => {
                    // Writing to a string cannot fail.
                    let _ = write!(self.out, "\\u{:04x}", u32::from(letter));
                }
                _ => self.out.push(letter),
            }
        }
        self.out.push('"');
    }
}

fn float(number: f64) -> Result<String, String> {
    if !number.is_finite() {
        return Err(format!("json: unsupported value: {}", shortest(number, 21)));
    }
    let size = number.abs();
    if size == 0.0 || (1e-6..1e21).contains(&size) {
        return Ok(format!("{number}"));
    }
    // Exponents have no leading zero here.
    let text = format!("{number:e}");
    Ok(if size >= 1.0 { text.replace('e', "e+") } else { text })
}

fn read(text: &str) -> Outcome {
    match serde_json::from_str::<serde_json::Value>(text) {
        Ok(value) => Ok(convert(value)),
        Err(error) if error.is_eof() => Err("unexpected end of JSON input".to_owned()),
        Err(error) => Err(invalid(text, &error)),
    }
}

/// The character that reading stopped at, and what was expected there.
fn invalid(text: &str, error: &serde_json::Error) -> String {
    let line = text.split_inclusive('\n').nth(error.line().saturating_sub(1)).unwrap_or_default();
    let letter = line.get(..error.column()).and_then(|before| before.chars().last());
    let message = error.to_string();
    let place = match message.split(" at line ").next().unwrap_or_default() {
        "expected value" | "trailing comma" => "looking for beginning of value",
        "key must be a string" => "looking for beginning of object key string",
        "expected `:`" => "after object key",
        "expected `,` or `}`" => "after object key:value pair",
        "expected `,` or `]`" => "after array element",
        "trailing characters" => "after top-level value",
        _ => "in JSON input",
    };
    match letter {
        Some(letter) => format!("invalid character '{letter}' {place}"),
        None => "invalid JSON input".to_owned(),
    }
}

/// All numbers are floating-point, as in Go.
fn convert(value: serde_json::Value) -> Value {
    match value {
        serde_json::Value::Null => Value::Nil,
        serde_json::Value::Bool(flag) => Value::Bool(flag),
        serde_json::Value::Number(number) => Value::Float(number.as_f64().unwrap_or(f64::NAN)),
        serde_json::Value::String(text) => Value::from(text),
        serde_json::Value::Array(items) => Value::list(items.into_iter().map(convert).collect()),
        serde_json::Value::Object(entries) => {
            let entries: BTreeMap<String, Value> =
                entries.into_iter().map(|(key, item)| (key, convert(item))).collect();
            Value::map(entries)
        }
    }
}
