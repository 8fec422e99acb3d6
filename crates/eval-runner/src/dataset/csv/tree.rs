//! A row of cells as levels of fields, to be read as any type.

use serde::{
    Deserializer,
    de::{
        IntoDeserializer, Visitor,
        value::{
            BorrowedStrDeserializer, Error, MapAccessDeserializer, MapDeserializer, SeqDeserializer,
        },
    },
};

use super::cell::Cell;

/// What a field of a row holds.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Node<'r> {
    /// One cell, of whichever type is asked for.
    Cell(&'r str),
    /// One cell that is a text, whatever it looks like.
    Text(&'r str),
    /// Tags with semicolons between them.
    Tags(&'r str),
    /// Fields, in the order of the columns.
    Table(Vec<(&'r str, Self)>),
}

impl<'r> Node<'r> {
    /// Puts a node at a path, whose levels are made as they are needed.
    pub(super) fn insert(&mut self, path: &'r [String], leaf: Self) {
        let (Self::Table(fields), Some((first, rest))) = (self, path.split_first()) else { return };
        if rest.is_empty() {
            fields.push((first, leaf));
            return;
        }
        if let Some((_, level)) = fields.iter_mut().find(|(name, _)| name == first) {
            level.insert(rest, leaf);
        } else {
            let mut level = Self::Table(Vec::new());
            level.insert(rest, leaf);
            fields.push((first, level));
        }
    }
}

impl<'r> IntoDeserializer<'r> for Node<'r> {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

/// Hands a method on to what a node holds.
macro_rules! hand_on {
    ($($method:ident($($name:ident: $type:ty),*);)*) => {$(
        fn $method<V: Visitor<'r>>(self, $($name: $type,)* visitor: V) -> Result<V::Value, Error> {
            match self {
                Self::Cell(cell) => Cell(cell).$method($($name,)* visitor),
                Self::Text(text) => BorrowedStrDeserializer::new(text).$method($($name,)* visitor),
                Self::Tags(tags) => tag_list(tags).$method($($name,)* visitor),
                Self::Table(fields) => table(fields).$method($($name,)* visitor),
            }
        }
    )*};
}

type Fields<'r> = MapDeserializer<'r, std::vec::IntoIter<(&'r str, Node<'r>)>, Error>;

fn table<'r>(fields: Vec<(&'r str, Node<'r>)>) -> MapAccessDeserializer<Fields<'r>> {
    MapAccessDeserializer::new(MapDeserializer::new(fields.into_iter()))
}

fn tag_list(tags: &str) -> impl Deserializer<'_, Error = Error> {
    let tags = tags.split(';').map(str::trim).filter(|tag| !tag.is_empty());
    SeqDeserializer::new(tags)
}

impl<'r> Deserializer<'r> for Node<'r> {
    type Error = Error;

    hand_on! {
        deserialize_any();
        deserialize_bool();
        deserialize_i8();
        deserialize_i16();
        deserialize_i32();
        deserialize_i64();
        deserialize_i128();
        deserialize_u8();
        deserialize_u16();
        deserialize_u32();
        deserialize_u64();
        deserialize_u128();
        deserialize_f32();
        deserialize_f64();
        deserialize_char();
        deserialize_str();
        deserialize_string();
        deserialize_bytes();
        deserialize_byte_buf();
        deserialize_unit();
        deserialize_unit_struct(name: &'static str);
        deserialize_seq();
        deserialize_tuple(length: usize);
        deserialize_tuple_struct(name: &'static str, length: usize);
        deserialize_map();
        deserialize_struct(name: &'static str, fields: &'static [&'static str]);
        deserialize_enum(name: &'static str, variants: &'static [&'static str]);
        deserialize_identifier();
        deserialize_ignored_any();
    }

    fn deserialize_option<V: Visitor<'r>>(self, visitor: V) -> Result<V::Value, Error> {
        if self == Self::Cell("") { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_newtype_struct<V: Visitor<'r>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }
}
