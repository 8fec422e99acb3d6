//! Which sample a trajectory is of.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The sample that a trajectory is of: a number, or a name.
///
/// In JSON it is a plain number or text. Numbers go before names, and names are in the order of their
/// characters.
///
/// # Examples
///
/// ```
/// use probity_trace::trajectory::Sample;
///
/// assert_eq!(Sample::from(7).to_string(), "7");
/// assert_eq!(serde_json::to_string(&Sample::from("question-1")).unwrap(), r#""question-1""#);
/// assert!(Sample::from(10) < Sample::from("1"));
/// ```
#[doc(alias = "case")]
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Sample {
    /// A number, such as that of a problem.
    Number(i64),
    /// A name.
    Name(String),
}

impl fmt::Display for Sample {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => number.fmt(f),
            Self::Name(name) => name.fmt(f),
        }
    }
}

impl From<&str> for Sample {
    fn from(name: &str) -> Self {
        Self::Name(name.to_owned())
    }
}

impl From<String> for Sample {
    fn from(name: String) -> Self {
        Self::Name(name)
    }
}

macro_rules! from_small_integers {
    ($($integer:ty),+) => {$(
        impl From<$integer> for Sample {
            fn from(number: $integer) -> Self {
                Self::Number(number.into())
            }
        }
    )+};
}

from_small_integers!(i8, i16, i32, i64, u8, u16, u32);

macro_rules! from_large_integers {
    ($($integer:ty),+) => {$(
        impl From<$integer> for Sample {
            /// Makes a number, or a name of the digits where they are more than 2^63 - 1.
            fn from(number: $integer) -> Self {
                i64::try_from(number).map_or_else(|_| Self::Name(number.to_string()), Self::Number)
            }
        }
    )+};
}

from_large_integers!(u64, usize);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sample_reads_back_as_it_was_written() {
        for sample in [Sample::from(-3), Sample::from("7"), Sample::from(u64::MAX)] {
            let text = serde_json::to_string(&sample).unwrap();
            assert_eq!(serde_json::from_str::<Sample>(&text).unwrap(), sample, "{text}");
        }
    }

    #[test]
    fn what_is_neither_a_number_nor_a_text_is_refused() {
        for text in ["null", "[1]", "1.5", "{}", "99999999999999999999"] {
            assert!(serde_json::from_str::<Sample>(text).is_err(), "{text}");
        }
    }
}
