//! How single values are written in JSON.

use std::{fmt, time::Duration};

use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{self, MapAccess, Visitor},
    ser::SerializeMap as _,
};

use crate::value::{Value, ValueRef};

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it with a reference")]
pub(crate) fn is_false(value: &bool) -> bool {
    !*value
}

/// Points in time as decimal strings of nanoseconds since 1970, as OTLP writes them: a JSON number
/// of this size would lose digits in many readers.
pub(crate) mod unix_nanos {
    use std::time::{Duration, SystemTime, UNIX_EPOCH};

    use serde::{Deserialize as _, Deserializer, Serializer, de::Error as _};

    pub(crate) fn serialize<S: Serializer>(
        at: &SystemTime,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        let nanos = at.duration_since(UNIX_EPOCH).unwrap_or_default().as_nanos();
        match u64::try_from(nanos) {
            // Written five times as fast.
            Ok(nanos) => serializer.collect_str(&nanos),
            Err(_) => serializer.collect_str(&nanos),
        }
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<SystemTime, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        let nanos: u64 = text.parse().map_err(|_| {
            D::Error::custom(format_args!(
                "expected nanoseconds since 1970 as a decimal string, found {text:?}"
            ))
        })?;
        UNIX_EPOCH
            .checked_add(Duration::from_nanos(nanos))
            .ok_or_else(|| D::Error::custom("the time is out of range"))
    }
}

/// Durations as integers of nanoseconds.
pub(crate) mod nanos {
    use std::time::Duration;

    use serde::{Deserialize as _, Deserializer, Serializer};

    pub(crate) fn serialize<S: Serializer>(
        value: &Duration,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.serialize_u64(super::whole_nanos(*value))
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Duration, D::Error> {
        u64::deserialize(deserializer).map(Duration::from_nanos)
    }
}

/// Durations that may be missing, as integers of nanoseconds.
pub(crate) mod nanos_option {
    use std::time::Duration;

    use serde::{Deserialize as _, Deserializer, Serialize as _, Serializer};

    #[expect(clippy::ref_option, reason = "serde calls it with a reference to the field")]
    pub(crate) fn serialize<S: Serializer>(
        value: &Option<Duration>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        value.map(super::whole_nanos).serialize(serializer)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<Duration>, D::Error> {
        Ok(Option::<u64>::deserialize(deserializer)?.map(Duration::from_nanos))
    }
}

/// Levels by their names.
pub(crate) mod level {
    use serde::{Deserialize as _, Deserializer, Serializer, de::Error as _};
    use tracing_core::Level;

    pub(crate) fn default() -> Level {
        Level::INFO
    }

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it with a reference")]
    pub(crate) fn serialize<S: Serializer>(
        level: &Level,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(level.as_str())
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Level, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(|_| {
            D::Error::custom(format_args!(
                "expected a level (TRACE, DEBUG, INFO, WARN or ERROR), found {text:?}"
            ))
        })
    }
}

/// The most verbose level that passes, or `off`.
pub(crate) mod level_filter {
    use serde::{Deserialize as _, Deserializer, Serializer, de::Error as _};
    use tracing_core::LevelFilter;

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it with a reference")]
    pub(crate) fn serialize<S: Serializer>(
        level: &LevelFilter,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.collect_str(level)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<LevelFilter, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(|_| {
            D::Error::custom(format_args!("expected a level or \"off\", found {text:?}"))
        })
    }
}

pub(crate) fn whole_nanos(value: Duration) -> u64 {
    u64::try_from(value.as_nanos()).unwrap_or(u64::MAX)
}

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.as_ref().serialize(serializer)
    }
}

/// Strings and booleans are plain; other types are maps of one entry that names the type, so that
/// each comes back as it was: `{"u64":3}`, `{"debug":"Some(1)"}`. Integers of 128 bits are strings of
/// decimal digits, and so are floats that JSON has no number for (`"NaN"`, `"inf"`, `"-inf"`; another
/// NaN by its bits, `"NaN:7ff8000000000001"`).
impl Serialize for ValueRef<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let tagged = |serializer: S| serializer.serialize_map(Some(1));
        let mut map;
        match *self {
            Self::Bool(value) => return serializer.serialize_bool(value),
            Self::Str(text) => return serializer.serialize_str(text),
            Self::Debug(text) => {
                map = tagged(serializer)?;
                map.serialize_entry("debug", text)?;
            }
            Self::I64(value) => {
                map = tagged(serializer)?;
                map.serialize_entry("i64", &value)?;
            }
            Self::U64(value) => {
                map = tagged(serializer)?;
                map.serialize_entry("u64", &value)?;
            }
            Self::I128(value) => {
                map = tagged(serializer)?;
                map.serialize_entry("i128", &value.to_string())?;
            }
            Self::U128(value) => {
                map = tagged(serializer)?;
                map.serialize_entry("u128", &value.to_string())?;
            }
            Self::F64(value) if value.is_finite() => {
                map = tagged(serializer)?;
                map.serialize_entry("f64", &value)?;
            }
            Self::F64(value) => {
                map = tagged(serializer)?;
                map.serialize_entry("f64", &non_finite_text(value))?;
            }
        }
        map.end()
    }
}

fn non_finite_text(value: f64) -> String {
    if value.is_nan() && value.to_bits() != f64::NAN.to_bits() {
        format!("NaN:{:016x}", value.to_bits())
    } else {
        value.to_string()
    }
}

/// A float as JSON can say it: a number, or the name of what is no number.
struct Float(f64);

impl<'de> Deserialize<'de> for Float {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct FloatVisitor;

        impl Visitor<'_> for FloatVisitor {
            type Value = Float;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a number, \"NaN\", \"inf\" or \"-inf\"")
            }

            fn visit_f64<E: de::Error>(self, value: f64) -> Result<Float, E> {
                Ok(Float(value))
            }

            #[expect(clippy::cast_precision_loss, reason = "a float written without a fraction")]
            fn visit_u64<E: de::Error>(self, value: u64) -> Result<Float, E> {
                Ok(Float(value as f64))
            }

            #[expect(clippy::cast_precision_loss, reason = "a float written without a fraction")]
            fn visit_i64<E: de::Error>(self, value: i64) -> Result<Float, E> {
                Ok(Float(value as f64))
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Float, E> {
                let bits = text.strip_prefix("NaN:").map(|bits| u64::from_str_radix(bits, 16));
                match (text, bits) {
                    ("NaN", _) => Ok(Float(f64::NAN)),
                    ("inf", _) => Ok(Float(f64::INFINITY)),
                    ("-inf", _) => Ok(Float(f64::NEG_INFINITY)),
                    (_, Some(Ok(bits))) if f64::from_bits(bits).is_nan() => {
                        Ok(Float(f64::from_bits(bits)))
                    }
                    _ => Err(E::invalid_value(de::Unexpected::Str(text), &self)),
                }
            }
        }

        deserializer.deserialize_any(FloatVisitor)
    }
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ValueVisitor)
    }
}

struct ValueVisitor;

const TAGS: &[&str] = &["debug", "i64", "u64", "i128", "u128", "f64"];

impl<'de> Visitor<'de> for ValueVisitor {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string, a boolean, or a map of one entry such as {\"u64\": 3}")
    }

    fn visit_bool<E: de::Error>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Value, E> {
        Ok(Value::Str(text.to_owned()))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let Some(tag) = map.next_key::<std::borrow::Cow<'de, str>>()? else {
            return Err(de::Error::invalid_length(0, &self));
        };
        let value = match &*tag {
            "debug" => Value::Debug(map.next_value()?),
            "i64" => Value::I64(map.next_value()?),
            "u64" => Value::U64(map.next_value()?),
            "i128" => Value::I128(parse_digits(&map.next_value::<String>()?)?),
            "u128" => Value::U128(parse_digits(&map.next_value::<String>()?)?),
            "f64" => Value::F64(map.next_value::<Float>()?.0),
            other => return Err(de::Error::unknown_variant(other, TAGS)),
        };
        match map.next_key::<de::IgnoredAny>()? {
            None => Ok(value),
            Some(_) => Err(de::Error::invalid_length(2, &self)),
        }
    }
}

fn parse_digits<T: std::str::FromStr, E: de::Error>(text: &str) -> Result<T, E> {
    text.parse().map_err(|_| {
        E::invalid_value(de::Unexpected::Str(text), &"an integer of at most 128 bits in digits")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_comes_back_bit_for_bit() {
        let values = [
            Value::Bool(true),
            Value::I64(i64::MIN),
            Value::U64(u64::MAX),
            Value::I128(i128::MIN),
            Value::U128(u128::MAX),
            Value::F64(0.1 + 0.2),
            Value::F64(-0.0),
            Value::F64(5e-324),
            Value::F64(f64::MAX),
            Value::F64(f64::NAN),
            Value::F64(f64::from_bits(0x7ff8_0000_0000_0001)),
            Value::F64(f64::INFINITY),
            Value::F64(f64::NEG_INFINITY),
            Value::F64(3.0),
            Value::Str("a \"quote\" \u{1F980}\0".to_owned()),
            Value::Debug("Some(1)".to_owned()),
        ];
        for value in values {
            let json = serde_json::to_string(&value).unwrap();
            let back: Value = serde_json::from_str(&json).unwrap();
            assert!(back.as_ref().is_identical(value.as_ref()), "{json} became {back:?}");
        }
    }

    #[test]
    fn values_of_no_known_form_are_refused_with_what_would_be_right() {
        for (json, part) in [
            ("{}", "a map of one entry"),
            ("{\"u65\":1}", "unknown variant `u65`"),
            ("{\"u64\":-1}", "u64"),
            ("{\"u64\":1,\"i64\":1}", "a map of one entry"),
            ("{\"i128\":\"x\"}", "128 bits"),
            ("{\"f64\":\"nan\"}", "\"NaN\""),
            ("3", "a string, a boolean"),
        ] {
            let error = serde_json::from_str::<Value>(json).unwrap_err().to_string();
            assert!(error.contains(part), "{json}: {error}");
        }
    }
}
