//! Values of fields: borrowed views and their owned form.

use std::fmt;

/// The value of a field, borrowed from a snapshot.
///
/// It compares with the plain types: `span.field("model") == Some("gpt-5".into())`, or
/// `value == 3`. Numbers compare by value whatever type they were recorded as.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub enum ValueRef<'a> {
    /// A boolean.
    Bool(bool),
    /// A signed integer.
    I64(i64),
    /// An unsigned integer.
    U64(u64),
    /// A wide signed integer.
    I128(i128),
    /// A wide unsigned integer.
    U128(u128),
    /// A floating-point number.
    F64(f64),
    /// A string that was recorded as one.
    Str(&'a str),
    /// The text that a `Debug` or `Display` implementation wrote (`?value`, `%value`).
    Debug(&'a str),
}

/// The value of a field, owned.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Value {
    /// A boolean.
    Bool(bool),
    /// A signed integer.
    I64(i64),
    /// An unsigned integer.
    U64(u64),
    /// A wide signed integer.
    I128(i128),
    /// A wide unsigned integer.
    U128(u128),
    /// A floating-point number.
    F64(f64),
    /// A string that was recorded as one.
    Str(String),
    /// The text that a `Debug` or `Display` implementation wrote (`?value`, `%value`).
    Debug(String),
}

impl<'a> ValueRef<'a> {
    /// Returns the text of a [`Str`](Self::Str) or [`Debug`](Self::Debug) value.
    #[must_use]
    pub fn as_str(self) -> Option<&'a str> {
        match self {
            Self::Str(text) | Self::Debug(text) => Some(text),
            _ => None,
        }
    }

    /// Returns the value if it is a boolean.
    #[must_use]
    pub fn as_bool(self) -> Option<bool> {
        match self {
            Self::Bool(value) => Some(value),
            _ => None,
        }
    }

    /// Returns the value if it is an integer that fits.
    #[must_use]
    pub fn as_i64(self) -> Option<i64> {
        match self {
            Self::I64(value) => Some(value),
            Self::U64(value) => value.try_into().ok(),
            Self::I128(value) => value.try_into().ok(),
            Self::U128(value) => value.try_into().ok(),
            _ => None,
        }
    }

    /// Returns the value if it is an integer that fits.
    #[must_use]
    pub fn as_u64(self) -> Option<u64> {
        match self {
            Self::I64(value) => value.try_into().ok(),
            Self::U64(value) => Some(value),
            Self::I128(value) => value.try_into().ok(),
            Self::U128(value) => value.try_into().ok(),
            _ => None,
        }
    }

    /// Returns the value if it is a number, rounded to the nearest `f64`.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "the nearest number is what is promised")]
    pub fn as_f64(self) -> Option<f64> {
        match self {
            Self::I64(value) => Some(value as f64),
            Self::U64(value) => Some(value as f64),
            Self::I128(value) => Some(value as f64),
            Self::U128(value) => Some(value as f64),
            Self::F64(value) => Some(value),
            _ => None,
        }
    }

    /// Returns the value if it is an integer, as a sign and a magnitude.
    fn integer(self) -> Option<(bool, u128)> {
        match self {
            Self::I64(value) => Some((value < 0, u128::from(value.unsigned_abs()))),
            Self::U64(value) => Some((false, u128::from(value))),
            Self::I128(value) => Some((value < 0, value.unsigned_abs())),
            Self::U128(value) => Some((false, value)),
            _ => None,
        }
    }

    /// Copies the value.
    #[must_use]
    pub fn to_value(self) -> Value {
        match self {
            Self::Bool(value) => Value::Bool(value),
            Self::I64(value) => Value::I64(value),
            Self::U64(value) => Value::U64(value),
            Self::I128(value) => Value::I128(value),
            Self::U128(value) => Value::U128(value),
            Self::F64(value) => Value::F64(value),
            Self::Str(value) => Value::Str(value.to_owned()),
            Self::Debug(value) => Value::Debug(value.to_owned()),
        }
    }

    /// Returns whether both have the same type and, bit for bit, the same value.
    pub(crate) fn is_identical(self, other: ValueRef<'_>) -> bool {
        match (self, other) {
            (Self::Bool(a), ValueRef::Bool(b)) => a == b,
            (Self::I64(a), ValueRef::I64(b)) => a == b,
            (Self::U64(a), ValueRef::U64(b)) => a == b,
            (Self::I128(a), ValueRef::I128(b)) => a == b,
            (Self::U128(a), ValueRef::U128(b)) => a == b,
            (Self::F64(a), ValueRef::F64(b)) => a.to_bits() == b.to_bits(),
            (Self::Str(a), ValueRef::Str(b)) | (Self::Debug(a), ValueRef::Debug(b)) => a == b,
            _ => false,
        }
    }
}

impl Value {
    /// Borrows the value, for its methods.
    #[must_use]
    pub fn as_ref(&self) -> ValueRef<'_> {
        match self {
            Self::Bool(value) => ValueRef::Bool(*value),
            Self::I64(value) => ValueRef::I64(*value),
            Self::U64(value) => ValueRef::U64(*value),
            Self::I128(value) => ValueRef::I128(*value),
            Self::U128(value) => ValueRef::U128(*value),
            Self::F64(value) => ValueRef::F64(*value),
            Self::Str(value) => ValueRef::Str(value),
            Self::Debug(value) => ValueRef::Debug(value),
        }
    }
}

/// Integers are equal across types, texts are equal whether recorded as string or through `Debug`.
impl<'b> PartialEq<ValueRef<'b>> for ValueRef<'_> {
    fn eq(&self, other: &ValueRef<'b>) -> bool {
        match (*self, *other) {
            (Self::Bool(a), ValueRef::Bool(b)) => a == b,
            (Self::F64(a), ValueRef::F64(b)) => a == b,
            (a, b) => match (a.integer(), b.integer(), a.as_str(), b.as_str()) {
                (Some(a), Some(b), _, _) => a == b,
                (_, _, Some(a), Some(b)) => a == b,
                _ => false,
            },
        }
    }
}

impl PartialEq for Value {
    fn eq(&self, other: &Self) -> bool {
        self.as_ref() == other.as_ref()
    }
}

impl fmt::Display for ValueRef<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bool(value) => write!(f, "{value}"),
            Self::I64(value) => write!(f, "{value}"),
            Self::U64(value) => write!(f, "{value}"),
            Self::I128(value) => write!(f, "{value}"),
            Self::U128(value) => write!(f, "{value}"),
            Self::F64(value) => write!(f, "{value}"),
            Self::Str(value) | Self::Debug(value) => f.pad(value),
        }
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.as_ref().fmt(f)
    }
}

macro_rules! from_plain {
    ($($plain:ty => $variant:ident as $wide:ty),* $(,)?) => {$(
        impl From<$plain> for ValueRef<'_> {
            fn from(value: $plain) -> Self {
                Self::$variant(<$wide>::from(value))
            }
        }

        impl From<$plain> for Value {
            fn from(value: $plain) -> Self {
                Self::$variant(<$wide>::from(value))
            }
        }

        impl PartialEq<$plain> for ValueRef<'_> {
            fn eq(&self, other: &$plain) -> bool {
                *self == ValueRef::from(*other)
            }
        }

        impl PartialEq<$plain> for Value {
            fn eq(&self, other: &$plain) -> bool {
                self.as_ref() == *other
            }
        }
    )*};
}

from_plain! {
    bool => Bool as bool,
    i8 => I64 as i64, i16 => I64 as i64, i32 => I64 as i64, i64 => I64 as i64, i128 => I128 as i128,
    u8 => U64 as u64, u16 => U64 as u64, u32 => U64 as u64, u64 => U64 as u64, u128 => U128 as u128,
    f32 => F64 as f64, f64 => F64 as f64,
}

impl PartialEq<usize> for ValueRef<'_> {
    fn eq(&self, other: &usize) -> bool {
        self.as_u64() == u64::try_from(*other).ok()
    }
}

impl From<usize> for Value {
    fn from(value: usize) -> Self {
        Self::U64(value as u64)
    }
}

impl<'a> From<&'a str> for ValueRef<'a> {
    fn from(value: &'a str) -> Self {
        Self::Str(value)
    }
}

impl From<&str> for Value {
    fn from(value: &str) -> Self {
        Self::Str(value.to_owned())
    }
}

impl From<String> for Value {
    fn from(value: String) -> Self {
        Self::Str(value)
    }
}

impl From<&String> for Value {
    fn from(value: &String) -> Self {
        Self::Str(value.clone())
    }
}

impl PartialEq<&str> for ValueRef<'_> {
    fn eq(&self, other: &&str) -> bool {
        self.as_str() == Some(*other)
    }
}

impl PartialEq<str> for ValueRef<'_> {
    fn eq(&self, other: &str) -> bool {
        self.as_str() == Some(other)
    }
}

impl PartialEq<&str> for Value {
    fn eq(&self, other: &&str) -> bool {
        self.as_ref() == *other
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_compare_by_value_and_texts_by_content() {
        assert_eq!(ValueRef::U64(3), 3_i32);
        assert_eq!(ValueRef::I128(-3), -3_i64);
        assert_ne!(ValueRef::U128(u128::MAX), -1_i128);
        assert_eq!(ValueRef::Debug("a"), "a");
        assert_ne!(ValueRef::Str("3"), 3_u8);
        assert_ne!(ValueRef::F64(f64::NAN), f64::NAN);
        assert!(ValueRef::F64(f64::NAN).is_identical(ValueRef::F64(f64::NAN)));
        assert!(!ValueRef::U64(3).is_identical(ValueRef::I64(3)));
    }

    #[test]
    fn conversions_say_no_where_a_number_does_not_fit() {
        assert_eq!(ValueRef::U64(u64::MAX).as_i64(), None);
        assert_eq!(ValueRef::I64(-1).as_u64(), None);
        assert_eq!(ValueRef::I128(7).as_u64(), Some(7));
        assert_eq!(ValueRef::Str("7").as_u64(), None);
        assert_eq!(ValueRef::U64(7).as_f64(), Some(7.0));
    }
}
