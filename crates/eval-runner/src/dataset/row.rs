//! One row of any format as a case.

use std::{fmt, marker::PhantomData};

use serde::{
    Deserialize, Deserializer,
    de::{DeserializeOwned, Error, MapAccess, Visitor},
};
use serde_json::{Map, Value};

use super::names;
use crate::{case::Case, nearest::nearest};

/// The fields of a row.
pub(super) const FIELDS: [&str; 6] = ["id", "input", "expected", "tags", "group", "metadata"];

/// A row that is a case.
pub(super) struct Row<I, E>(pub(super) Case<I, E>);

/// Says that a field is none of a row's, and which was meant.
pub(super) fn unknown_field(name: &str) -> String {
    let near = nearest(name, FIELDS, 1);
    let meant = match near.first() {
        Some(near) => format!("did you mean {near:?}? "),
        None => String::new(),
    };
    format!(
        "there is no field {name:?}; {meant}the fields are {}, and what else is known goes into metadata",
        FIELDS.join(", ")
    )
}

/// Says that a row has no id.
pub(super) const NO_ID: &str = "the field \"id\" is missing: a name that is unique and stays the same, since results are stored by it";

impl<'de, I: DeserializeOwned, E: DeserializeOwned> Deserialize<'de> for Row<I, E> {
    fn deserialize<D: Deserializer<'de>>(row: D) -> Result<Self, D::Error> {
        row.deserialize_map(RowVisitor(PhantomData)).map(Self)
    }
}

struct RowVisitor<I, E>(PhantomData<(I, E)>);

impl<'de, I: DeserializeOwned, E: DeserializeOwned> Visitor<'de> for RowVisitor<I, E> {
    type Value = Case<I, E>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a case with the fields \"id\" and \"input\"")
    }

    fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Case<I, E>, M::Error> {
        let mut row = Fields { id: None, input: None, case: Case::new(String::new(), ()) };
        let mut seen = Vec::new();
        while let Some(name) = map.next_key::<String>()? {
            if seen.contains(&name) {
                return Err(Error::custom(format_args!("the field {name:?} is there twice")));
            }
            row.read(&name, &mut map)?;
            seen.push(name);
        }
        row.into_case()
    }
}

/// The fields of a row as they are read, in any order.
struct Fields<I, E> {
    id: Option<String>,
    input: Option<I>,
    /// The optional ones.
    case: Case<(), E>,
}

impl<I: DeserializeOwned, E: DeserializeOwned> Fields<I, E> {
    fn read<'de, M: MapAccess<'de>>(&mut self, name: &str, map: &mut M) -> Result<(), M::Error> {
        match name {
            "id" => self.id = Some(map.next_value::<Id>()?.0),
            "input" => self.input = Some(map.next_value()?),
            "expected" => self.case.expected = map.next_value()?,
            "tags" => self.case.tags = map.next_value::<Option<Tags>>()?.unwrap_or_default().0,
            "group" => self.case.group = map.next_value::<Option<Group>>()?.map(|group| group.0),
            "metadata" => {
                let metadata: Option<Map<String, Value>> = map.next_value()?;
                self.case.metadata = metadata.unwrap_or_default();
            }
            unknown => return Err(Error::custom(unknown_field(unknown))),
        }
        Ok(())
    }

    fn into_case<X: Error>(self) -> Result<Case<I, E>, X> {
        let Case { expected, tags, group, metadata, .. } = self.case;
        Ok(Case {
            id: self.id.ok_or_else(|| Error::custom(NO_ID))?,
            input: self.input.ok_or_else(|| Error::custom("the field \"input\" is missing"))?,
            expected,
            tags,
            group,
            metadata,
        })
    }
}

struct Id(String);

impl<'de> Deserialize<'de> for Id {
    fn deserialize<D: Deserializer<'de>>(id: D) -> Result<Self, D::Error> {
        let id = id.deserialize_any(IdVisitor)?;
        names::check("the id", &id).map_err(Error::custom)?;
        Ok(Self(id))
    }
}

struct IdVisitor;

impl Visitor<'_> for IdVisitor {
    type Value = String;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text or a whole number")
    }

    fn visit_str<X: Error>(self, id: &str) -> Result<String, X> {
        Ok(id.to_owned())
    }

    fn visit_u64<X: Error>(self, id: u64) -> Result<String, X> {
        Ok(id.to_string())
    }

    fn visit_i64<X: Error>(self, id: i64) -> Result<String, X> {
        Ok(id.to_string())
    }
}

#[derive(Default)]
struct Tags(Vec<String>);

impl<'de> Deserialize<'de> for Tags {
    fn deserialize<D: Deserializer<'de>>(tags: D) -> Result<Self, D::Error> {
        let tags = Vec::<String>::deserialize(tags)?;
        tags.iter().try_for_each(|tag| names::check("a tag", tag)).map_err(Error::custom)?;
        Ok(Self(tags))
    }
}

struct Group(String);

impl<'de> Deserialize<'de> for Group {
    fn deserialize<D: Deserializer<'de>>(group: D) -> Result<Self, D::Error> {
        let group = String::deserialize(group)?;
        names::check("the group", &group).map_err(Error::custom)?;
        Ok(Self(group))
    }
}
