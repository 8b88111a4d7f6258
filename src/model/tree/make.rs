//! Trees out of Rust's own types, and trees as others write them, by way of serde.

use serde::ser::{
    Error as _, Serialize, SerializeMap, SerializeSeq, SerializeStruct, SerializeStructVariant,
    SerializeTuple, SerializeTupleStruct, SerializeTupleVariant, Serializer,
};
use serde_json::Error;

use crate::model::tree::{Map, Tree};

impl Serialize for Tree {
    /// Infinities become null; secret text becomes its masked form.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Bool(flag) => serializer.serialize_bool(*flag),
            Self::Int(number) => serializer.serialize_i64(*number),
            Self::Uint(number) => serializer.serialize_u64(*number),
            Self::Float(number) if number.is_finite() => serializer.serialize_f64(*number),
            Self::Null | Self::Float(_) => serializer.serialize_unit(),
            Self::Time(text) | Self::Str(text) => serializer.serialize_str(text),
            Self::Text(text) => serializer.serialize_str(&text.masked()),
            Self::List(list) => serializer.collect_seq(list),
            Self::Map(map) => serializer.collect_map(map),
        }
    }
}

/// Makes a tree of any serializable value.
pub(super) struct Making;

impl Serializer for Making {
    type Ok = Tree;
    type Error = Error;
    type SerializeSeq = Items;
    type SerializeTuple = Items;
    type SerializeTupleStruct = Items;
    type SerializeTupleVariant = Within<Items>;
    type SerializeMap = Entries;
    type SerializeStruct = Entries;
    type SerializeStructVariant = Within<Entries>;

    fn serialize_bool(self, flag: bool) -> Result<Tree, Error> {
        Ok(Tree::Bool(flag))
    }

    fn serialize_i8(self, number: i8) -> Result<Tree, Error> {
        Ok(Tree::Int(number.into()))
    }

    fn serialize_i16(self, number: i16) -> Result<Tree, Error> {
        Ok(Tree::Int(number.into()))
    }

    fn serialize_i32(self, number: i32) -> Result<Tree, Error> {
        Ok(Tree::Int(number.into()))
    }

    fn serialize_i64(self, number: i64) -> Result<Tree, Error> {
        Ok(Tree::Int(number))
    }

    fn serialize_u8(self, number: u8) -> Result<Tree, Error> {
        Ok(Tree::Int(number.into()))
    }

    fn serialize_u16(self, number: u16) -> Result<Tree, Error> {
        Ok(Tree::Int(number.into()))
    }

    fn serialize_u32(self, number: u32) -> Result<Tree, Error> {
        Ok(Tree::Int(number.into()))
    }

    fn serialize_u64(self, number: u64) -> Result<Tree, Error> {
        Ok(i64::try_from(number).map_or(Tree::Uint(number), Tree::Int))
    }

    fn serialize_f32(self, number: f32) -> Result<Tree, Error> {
        self.serialize_f64(number.into())
    }

    fn serialize_f64(self, number: f64) -> Result<Tree, Error> {
        Ok(if number.is_finite() { Tree::Float(number) } else { Tree::Null })
    }

    fn serialize_char(self, letter: char) -> Result<Tree, Error> {
        Ok(Tree::Str(letter.into()))
    }

    fn serialize_str(self, text: &str) -> Result<Tree, Error> {
        Ok(Tree::from(text))
    }

    fn serialize_bytes(self, bytes: &[u8]) -> Result<Tree, Error> {
        Ok(Tree::List(bytes.iter().map(|byte| Tree::Int((*byte).into())).collect()))
    }

    fn serialize_none(self) -> Result<Tree, Error> {
        Ok(Tree::Null)
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<Tree, Error> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<Tree, Error> {
        Ok(Tree::Null)
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<Tree, Error> {
        Ok(Tree::Null)
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, name: &'static str) -> Result<Tree, Error> {
        Ok(Tree::from(name))
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        value: &T,
    ) -> Result<Tree, Error> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        name: &'static str,
        value: &T,
    ) -> Result<Tree, Error> {
        Ok(Tree::from_pairs([(name, value.serialize(self)?)]))
    }

    fn serialize_seq(self, length: Option<usize>) -> Result<Items, Error> {
        Ok(Items(Vec::with_capacity(length.unwrap_or_default())))
    }

    fn serialize_tuple(self, length: usize) -> Result<Items, Error> {
        self.serialize_seq(Some(length))
    }

    fn serialize_tuple_struct(self, _: &'static str, length: usize) -> Result<Items, Error> {
        self.serialize_seq(Some(length))
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        name: &'static str,
        length: usize,
    ) -> Result<Within<Items>, Error> {
        Ok(Within { name, inner: self.serialize_seq(Some(length))? })
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Entries, Error> {
        Ok(Entries::default())
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Entries, Error> {
        Ok(Entries::default())
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        name: &'static str,
        _: usize,
    ) -> Result<Within<Entries>, Error> {
        Ok(Within { name, inner: Entries::default() })
    }
}

/// A list in the making.
pub(super) struct Items(Vec<Tree>);

impl Items {
    fn add<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        self.0.push(value.serialize(Making)?);
        Ok(())
    }
}

/// A map in the making.
#[derive(Default)]
pub(super) struct Entries {
    map: Map,
    key: Option<String>,
}

impl Entries {
    fn add<T: Serialize + ?Sized>(&mut self, key: String, value: &T) -> Result<(), Error> {
        self.map.insert(key, value.serialize(Making)?);
        Ok(())
    }
}

/// What a variant holds, under the variant's name.
pub(super) struct Within<T> {
    name: &'static str,
    inner: T,
}

impl SerializeSeq for Items {
    type Ok = Tree;
    type Error = Error;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        self.add(value)
    }

    fn end(self) -> Result<Tree, Error> {
        Ok(Tree::List(self.0))
    }
}

impl SerializeTuple for Items {
    type Ok = Tree;
    type Error = Error;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        self.add(value)
    }

    fn end(self) -> Result<Tree, Error> {
        Ok(Tree::List(self.0))
    }
}

impl SerializeTupleStruct for Items {
    type Ok = Tree;
    type Error = Error;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        self.add(value)
    }

    fn end(self) -> Result<Tree, Error> {
        Ok(Tree::List(self.0))
    }
}

impl SerializeTupleVariant for Within<Items> {
    type Ok = Tree;
    type Error = Error;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        self.inner.add(value)
    }

    fn end(self) -> Result<Tree, Error> {
        Ok(Tree::from_pairs([(self.name, Tree::List(self.inner.0))]))
    }
}

impl SerializeMap for Entries {
    type Ok = Tree;
    type Error = Error;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Error> {
        self.key = Some(match key.serialize(Making)? {
            Tree::Str(text) => text,
            Tree::Int(number) => number.to_string(),
            Tree::Uint(number) => number.to_string(),
            Tree::Bool(flag) => flag.to_string(),
            other => return Err(Error::custom(format!("{} cannot be a key", other.kind()))),
        });
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        let key = self.key.take().unwrap_or_default();
        self.add(key, value)
    }

    fn end(self) -> Result<Tree, Error> {
        Ok(Tree::Map(self.map))
    }
}

impl SerializeStruct for Entries {
    type Ok = Tree;
    type Error = Error;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, key: &'static str, value: &T) -> Result<(), Error> {
        self.add(key.to_owned(), value)
    }

    fn end(self) -> Result<Tree, Error> {
        Ok(Tree::Map(self.map))
    }
}

impl SerializeStructVariant for Within<Entries> {
    type Ok = Tree;
    type Error = Error;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, key: &'static str, value: &T) -> Result<(), Error> {
        self.inner.add(key.to_owned(), value)
    }

    fn end(self) -> Result<Tree, Error> {
        Ok(Tree::from_pairs([(self.name, Tree::Map(self.inner.map))]))
    }
}
