//! Sprig's functions, one file a topic, each with its table.
//!
//! The subject of a function is its last argument, so that values can be piped in.

use super::function::Function;
use super::value::Value;

pub mod cases;
pub mod convert;
pub mod crypto;
pub mod defaults;
pub mod dialect;
pub mod dicts;
pub mod encoding;
pub mod json;
pub mod lists;
pub mod math;
pub mod merge;
pub mod numbers;
pub mod paths;
pub mod pieces;
pub mod random;
pub mod regex;
pub mod secrets;
pub mod semver;
pub mod strings;
pub mod times;
pub mod url;
pub mod words;

/// All tables.
pub const TABLES: &[&[Function]] = &[
    strings::TABLE,
    defaults::TABLE,
    dicts::TABLE,
    lists::TABLE,
    pieces::TABLE,
    numbers::TABLE,
    math::TABLE,
    random::TABLE,
    json::TABLE,
    encoding::TABLE,
    regex::TABLE,
    merge::TABLE,
    words::TABLE,
    paths::TABLE,
    url::TABLE,
    semver::TABLE,
    times::TABLE,
    crypto::TABLE,
    secrets::TABLE,
];

/// A method of a value, for those kinds that have any.
pub fn method(value: &Value, name: &str) -> Option<Function> {
    let table = match value {
        Value::Time(_) => times::METHODS,
        Value::Version(_) => semver::METHODS,
        _ => return None,
    };
    table.iter().find(|method| method.name == name).copied()
}
