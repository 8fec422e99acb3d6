//! One cell, read as the type that is asked for.

use serde::{
    Deserializer,
    de::{
        Error as _, Unexpected, Visitor,
        value::{BorrowedStrDeserializer, Error},
    },
};
use serde_json::Value;

use crate::dataset::complaint::of_json;

/// The text of a cell.
pub(super) struct Cell<'r>(pub(super) &'r str);

/// Reads scalars as their types read themselves.
macro_rules! parse {
    ($($method:ident, $visit:ident, $what:literal;)*) => {$(
        fn $method<V: Visitor<'r>>(self, visitor: V) -> Result<V::Value, Error> {
            match self.0.trim().parse() {
                Ok(value) => visitor.$visit(value),
                Err(_) => Err(Error::invalid_value(Unexpected::Str(self.0), &$what)),
            }
        }
    )*};
}

/// Reads what consists of parts as JSON.
macro_rules! json {
    ($($method:ident($($name:ident: $type:ty),*);)*) => {$(
        fn $method<V: Visitor<'r>>(self, $($name: $type,)* visitor: V) -> Result<V::Value, Error> {
            json(self.0, |json| json.$method($($name,)* visitor))
        }
    )*};
}

fn not_json(cell: &str, error: &serde_json::Error) -> Error {
    if cell.is_empty() {
        return Error::custom("the cell is empty; what has parts is written as JSON");
    }
    Error::custom(format_args!("the cell is read as JSON: {}", of_json(error)))
}

/// Reads a whole cell as JSON.
fn json<'r, T>(
    cell: &'r str,
    read: impl FnOnce(&mut Json<'r>) -> serde_json::Result<T>,
) -> Result<T, Error> {
    let mut json = Json::from_str(cell);
    let value = read(&mut json).and_then(|value| json.end().map(|()| value));
    value.map_err(|error| not_json(cell, &error))
}

type Json<'r> = serde_json::Deserializer<serde_json::de::StrRead<'r>>;

impl<'r> Deserializer<'r> for Cell<'r> {
    type Error = Error;

    /// Reads nothing, `true`, `false`, a number that would be printed as it stands here, or else a text.
    fn deserialize_any<V: Visitor<'r>>(self, visitor: V) -> Result<V::Value, Error> {
        let Self(cell) = self;
        match cell {
            "" => visitor.visit_unit(),
            "true" => visitor.visit_bool(true),
            "false" => visitor.visit_bool(false),
            _ => match number(cell) {
                Some(number) => number.deserialize_any(visitor).map_err(Error::custom),
                None => visitor.visit_borrowed_str(cell),
            },
        }
    }

    parse! {
        deserialize_bool, visit_bool, "true or false";
        deserialize_i8, visit_i8, "a whole number (i8)";
        deserialize_i16, visit_i16, "a whole number (i16)";
        deserialize_i32, visit_i32, "a whole number (i32)";
        deserialize_i64, visit_i64, "a whole number (i64)";
        deserialize_i128, visit_i128, "a whole number (i128)";
        deserialize_u8, visit_u8, "a whole number (u8)";
        deserialize_u16, visit_u16, "a whole number (u16)";
        deserialize_u32, visit_u32, "a whole number (u32)";
        deserialize_u64, visit_u64, "a whole number (u64)";
        deserialize_u128, visit_u128, "a whole number (u128)";
        deserialize_f32, visit_f32, "a number";
        deserialize_f64, visit_f64, "a number";
    }

    json! {
        deserialize_seq();
        deserialize_tuple(length: usize);
        deserialize_tuple_struct(name: &'static str, length: usize);
        deserialize_map();
        deserialize_struct(name: &'static str, fields: &'static [&'static str]);
    }

    fn deserialize_char<V: Visitor<'r>>(self, visitor: V) -> Result<V::Value, Error> {
        self.deserialize_str(visitor)
    }

    fn deserialize_str<V: Visitor<'r>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_borrowed_str(self.0)
    }

    fn deserialize_string<V: Visitor<'r>>(self, visitor: V) -> Result<V::Value, Error> {
        self.deserialize_str(visitor)
    }

    fn deserialize_bytes<V: Visitor<'r>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_borrowed_bytes(self.0.as_bytes())
    }

    fn deserialize_byte_buf<V: Visitor<'r>>(self, visitor: V) -> Result<V::Value, Error> {
        self.deserialize_bytes(visitor)
    }

    fn deserialize_option<V: Visitor<'r>>(self, visitor: V) -> Result<V::Value, Error> {
        if self.0.is_empty() { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_unit<V: Visitor<'r>>(self, visitor: V) -> Result<V::Value, Error> {
        if self.0.is_empty() {
            visitor.visit_unit()
        } else {
            Err(Error::invalid_type(Unexpected::Str(self.0), &visitor))
        }
    }

    fn deserialize_unit_struct<V: Visitor<'r>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.deserialize_unit(visitor)
    }

    fn deserialize_newtype_struct<V: Visitor<'r>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }

    /// Reads the name of a variant, or one with parts as JSON.
    fn deserialize_enum<V: Visitor<'r>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        if self.0.starts_with('{') {
            return json(self.0, |json| json.deserialize_enum(name, variants, visitor));
        }
        BorrowedStrDeserializer::new(self.0).deserialize_enum(name, variants, visitor)
    }

    fn deserialize_identifier<V: Visitor<'r>>(self, visitor: V) -> Result<V::Value, Error> {
        self.deserialize_str(visitor)
    }

    fn deserialize_ignored_any<V: Visitor<'r>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_unit()
    }
}

/// Reads a number that would be printed as it stands here, so that `007`, `1.10` and a long row of digits stay texts.
fn number(cell: &str) -> Option<Value> {
    if !cell.starts_with(|first: char| first == '-' || first.is_ascii_digit()) {
        return None;
    }
    let number: Value = serde_json::from_str(cell).ok()?;
    let printed = number.to_string();
    (number.is_number() && printed == cell).then_some(number)
}
