//! One difference between two JSON values.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{checks::json_path::shown, excerpt::Excerpt};

/// A difference between an expected JSON value and the one that was found.
///
/// The path is a JSON Pointer (RFC 6901), such as `/answers/0/city`; it is empty for the whole value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Difference {
    /// It is expected, and not there.
    Missing {
        /// Where it is expected.
        path: String,
        /// What is expected there.
        expected: Excerpt,
    },
    /// It is there, and not expected.
    Extra {
        /// Where it is.
        path: String,
        /// What is there.
        found: Excerpt,
    },
    /// Another value is expected there.
    Different {
        /// Where it is.
        path: String,
        /// What is expected there.
        expected: Excerpt,
        /// What is there.
        found: Excerpt,
    },
}

impl Difference {
    /// Returns where the difference is.
    #[must_use]
    pub fn path(&self) -> &str {
        match self {
            Self::Missing { path, .. }
            | Self::Extra { path, .. }
            | Self::Different { path, .. } => path,
        }
    }
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let place = shown(self.path());
        match self {
            Self::Missing { expected, .. } => write!(f, "{place}: missing {expected}"),
            Self::Extra { found, .. } => write!(f, "{place}: unexpected {found}"),
            Self::Different { expected, found, .. } => {
                write!(f, "{place}: expected {expected}, found {found}")
            }
        }
    }
}
