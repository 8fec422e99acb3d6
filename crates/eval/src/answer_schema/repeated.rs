//! Finds keys that an object in a JSON text names twice.

use std::{collections::HashSet, fmt};

use serde::{
    Deserialize, Deserializer,
    de::{Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor},
};

/// Returns what is wrong if an object in a reply names a key twice, since nobody can say which one counts. The
/// reply has been read as JSON before; what stands around the JSON is passed over.
pub(super) fn find(reply: &str) -> Option<String> {
    let (_, json) = reply.split_at(reply.find(['{', '['])?);
    let read = Unrepeated::deserialize(&mut serde_json::Deserializer::from_str(json));
    read.err().filter(serde_json::Error::is_data).map(|error| error.to_string())
}

/// JSON in which no object names a key twice.
struct Unrepeated;

impl<'de> Deserialize<'de> for Unrepeated {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Walk)
    }
}

struct Walk;

/// Passes over a value that holds no others.
macro_rules! pass_over {
    ($($visit:ident($type:ty)),*) => {$(
        fn $visit<E>(self, _: $type) -> Result<Unrepeated, E> {
            Ok(Unrepeated)
        }
    )*};
}

impl<'de> Visitor<'de> for Walk {
    type Value = Unrepeated;

    pass_over!(visit_bool(bool), visit_i64(i64), visit_u64(u64), visit_f64(f64), visit_str(&str));

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Unrepeated, E> {
        Ok(Unrepeated)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Unrepeated, A::Error> {
        while items.next_element::<Unrepeated>()?.is_some() {}
        Ok(Unrepeated)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Unrepeated, A::Error> {
        let mut keys = HashSet::new();
        while let Some(key) = entries.next_key::<String>()? {
            if keys.contains(&key) {
                entries.next_value::<IgnoredAny>()?;
                return Err(A::Error::custom(format_args!("{key:?} is answered more than once")));
            }
            entries.next_value::<Unrepeated>()?;
            keys.insert(key);
        }
        Ok(Unrepeated)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_of_different_objects_may_be_the_same() {
        for reply in [
            r#"{"a": {"x": 1}, "b": {"x": [1, -1, 0.5, null, true, {"x": "x"}]}}"#,
            r#"[{"a": 1}, {"a": 2}]"#,
            "3",
            r#""a word with { in it""#,
            "",
        ] {
            assert_eq!(find(reply), None, "{reply}");
        }
    }

    #[test]
    fn a_key_that_is_named_twice_is_found_at_any_depth() {
        for reply in [
            r#"{"x": 1, "x": 1}"#,
            r#"{"a": [{"b": {"x": 1, "y": 2, "x": 3}}]}"#,
            "```json\n{\"x\": 1, \"x\": 2}\n```",
        ] {
            let wrong = find(reply).unwrap_or_default();
            assert!(wrong.starts_with("\"x\" is answered more than once"), "{reply}: {wrong}");
        }
    }
}
