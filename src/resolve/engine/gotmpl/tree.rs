//! Values of the language from and to the values of the rest of the program.

use super::dates::parse::timestamp;
use super::limits::Walk;
use super::value::Value;
use crate::model::tree::Tree;

/// A secret stood where a template would have read it as text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SecretText;

impl TryFrom<&Tree> for Value {
    type Error = SecretText;

    /// Text with secret parts is refused: whoever calls spells it as a marker first.
    fn try_from(tree: &Tree) -> Result<Self, SecretText> {
        Ok(match tree {
            Tree::Null => Self::Nil,
            Tree::Bool(flag) => Self::Bool(*flag),
            Tree::Int(number) => Self::Int(*number),
            Tree::Uint(number) => Self::Uint64(*number),
            Tree::Float(number) => Self::Float(*number),
            Tree::Time(text) => timestamp(text).map_or_else(|| Self::from(text.as_str()), Self::Time),
            Tree::Str(text) => Self::from(text.as_str()),
            Tree::Text(_) => return Err(SecretText),
            Tree::List(list) => Self::list(list.iter().map(Self::try_from).collect::<Result<_, _>>()?),
            Tree::Map(map) => {
                Self::map(
                    map.iter()
                        .map(|(key, value)| Ok((key.clone(), Self::try_from(value)?)))
                        .collect::<Result<_, SecretText>>()?,
                )
            }
        })
    }
}

impl TryFrom<&Value> for Tree {
    type Error = String;

    /// Values that hold themselves are refused.
    fn try_from(value: &Value) -> Result<Self, String> {
        to_tree(value, &mut Walk::default())
    }
}

fn to_tree(value: &Value, walk: &mut Walk) -> Result<Tree, String> {
    walk.enter()?;
    let tree = match value {
        Value::Missing | Value::Nil => Tree::Null,
        Value::Bool(flag) => Tree::Bool(*flag),
        Value::Int(number) | Value::Int64(number) => Tree::Int(*number),
        Value::Uint64(number) => i64::try_from(*number).map_or(Tree::Uint(*number), Tree::Int),
        Value::Byte(number) => Tree::Int(i64::from(*number)),
        Value::Float(number) => Tree::Float(*number),
        Value::Str(text) => Tree::Str(text.to_string()),
        Value::List(list) if list.nil => Tree::Null,
        Value::List(list) => {
            Tree::List(list.items.iter().map(|item| to_tree(item, walk)).collect::<Result<_, _>>()?)
        }
        Value::Map(map) if map.nil => Tree::Null,
        Value::Map(map) => Tree::Map(
            map.entries
                .borrow()
                .iter()
                .map(|(key, item)| Ok((key.clone(), to_tree(item, walk)?)))
                .collect::<Result<_, String>>()?,
        ),
        Value::Record(record) => Tree::Map(
            record
                .fields
                .iter()
                .map(|field| Ok((field.json.clone(), to_tree(&field.value, walk)?)))
                .collect::<Result<_, String>>()?,
        ),
        Value::Time(time) => Tree::Str(time.rfc3339()),
        Value::Version(version) => Tree::Str(version.0.to_string()),
    };
    walk.leave();
    Ok(tree)
}
