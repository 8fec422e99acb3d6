//! The identifier of a run.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize, de::Error as _};
use uuid::Uuid;

/// The identifier of a run: a UUID of version 7, so that later runs sort after earlier ones.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RunId(Uuid);

/// Says that a text is no identifier of a run.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "{text:?} is no identifier of a run, which looks like 019abcde-0000-7000-8000-000000000000"
)]
pub struct InvalidRunId {
    text: String,
}

impl RunId {
    /// Makes an identifier that no other run has.
    #[must_use]
    #[expect(clippy::new_without_default, reason = "every call gives another")]
    pub fn new() -> Self {
        Self(Uuid::now_v7())
    }
}

impl fmt::Display for RunId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.hyphenated().fmt(f)
    }
}

impl fmt::Debug for RunId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RunId({self})")
    }
}

impl FromStr for RunId {
    type Err = InvalidRunId;

    fn from_str(text: &str) -> Result<Self, InvalidRunId> {
        Uuid::try_parse(text).map(Self).map_err(|_| InvalidRunId { text: text.to_owned() })
    }
}

impl Serialize for RunId {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for RunId {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_identifier_is_read_from_what_it_prints() {
        let id = RunId::new();
        assert_eq!(id.to_string().parse(), Ok(id));
        let json = serde_json::to_string(&id).unwrap();
        assert_eq!(serde_json::from_str::<RunId>(&json).unwrap(), id);
    }

    #[test]
    fn what_is_no_identifier_is_refused_with_the_text() {
        let error = "main".parse::<RunId>().unwrap_err();
        assert!(error.to_string().starts_with(r#""main" is no identifier"#), "{error}");
    }
}
