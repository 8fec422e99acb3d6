//! Identifiers of traces and spans, in the sizes of W3C Trace Context.

use std::{
    fmt,
    hash::{BuildHasher as _, RandomState},
    num::NonZeroU64,
    str::FromStr,
    sync::{
        OnceLock,
        atomic::{AtomicU64, Ordering},
    },
};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

/// Identifier of one captured trace: 128 bits, shown as 32 lowercase hexadecimal digits.
///
/// A capture makes a random one unless it is told to continue a trace; see
/// [`Capture::continues`](crate::Capture::continues).
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TraceId(u128);

/// Identifier of one captured span: 64 bits, shown as 16 lowercase hexadecimal digits.
///
/// Unlike [`tracing::span::Id`], which a registry uses again after a span has closed, it is unique
/// within its trace.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SpanId(NonZeroU64);

/// Says why a text is no trace or span identifier.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("expected {digits} hexadecimal digits that are not all zero, found {found:?}")]
pub struct ParseIdError {
    digits: usize,
    found: String,
}

impl TraceId {
    /// Makes an identifier from its bytes, most significant first; `None` if all are zero.
    #[must_use]
    pub fn from_bytes(bytes: [u8; 16]) -> Option<Self> {
        let value = u128::from_be_bytes(bytes);
        (value != 0).then_some(Self(value))
    }

    /// Returns the identifier's bytes, most significant first.
    #[must_use]
    pub fn to_bytes(self) -> [u8; 16] {
        self.0.to_be_bytes()
    }

    /// Makes an identifier of two numbers.
    pub(crate) fn of(high: u64, low: u64) -> Self {
        // Two numbers are both zero once in 2^128 times, which is no valid identifier.
        Self((u128::from(high) << 64 | u128::from(low)).max(1))
    }
}

/// Returns three numbers that differ from all others, in this process and, but for bad luck, in others.
/// It does not touch the random numbers of the program, which may be seeded.
pub(crate) fn entropy() -> [u64; 3] {
    static SEEDS: OnceLock<[u64; 3]> = OnceLock::new();
    static NEXT: AtomicU64 = AtomicU64::new(0);
    // The keys of a hash map's hasher are the random numbers that the standard library has.
    let seeds = SEEDS.get_or_init(|| [0, 1, 2].map(|n| RandomState::new().hash_one(n)));
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    seeds.map(|seed| mix(seed, number))
}

/// The finalizer of `SplitMix64` (Steele, Lea, Flood 2014), which is a bijection of `number`.
fn mix(seed: u64, number: u64) -> u64 {
    let mut z = seed.wrapping_add(number.wrapping_mul(0x9e37_79b9_7f4a_7c15));
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

impl SpanId {
    /// Makes an identifier from its bytes, most significant first; `None` if all are zero.
    #[must_use]
    pub fn from_bytes(bytes: [u8; 8]) -> Option<Self> {
        NonZeroU64::new(u64::from_be_bytes(bytes)).map(Self)
    }

    /// Returns the identifier's bytes, most significant first.
    #[must_use]
    pub fn to_bytes(self) -> [u8; 8] {
        self.0.get().to_be_bytes()
    }

    /// Derives the identifier of the `number`th record of a capture from the capture's seed, so that
    /// identifiers of one capture never collide and need not be stored.
    pub(crate) fn derive(seed: u64, number: u64) -> Self {
        // One number in 2^64 is mixed to zero, which is no valid identifier.
        Self(NonZeroU64::new(mix(seed, number)).unwrap_or(NonZeroU64::MAX))
    }
}

fn parse_hex(text: &str, digits: usize) -> Result<u128, ParseIdError> {
    let well_formed = text.len() == digits && text.bytes().all(|b| b.is_ascii_hexdigit());
    let value = if well_formed { u128::from_str_radix(text, 16).ok() } else { None };
    value
        .filter(|&value| value != 0)
        .ok_or_else(|| ParseIdError { digits, found: text.chars().take(40).collect() })
}

impl FromStr for TraceId {
    type Err = ParseIdError;

    fn from_str(text: &str) -> Result<Self, ParseIdError> {
        parse_hex(text, 32).map(Self)
    }
}

impl FromStr for SpanId {
    type Err = ParseIdError;

    fn from_str(text: &str) -> Result<Self, ParseIdError> {
        let value = parse_hex(text, 16)?;
        let value = u64::try_from(value).ok().and_then(NonZeroU64::new);
        value.map(Self).ok_or_else(|| ParseIdError { digits: 16, found: text.to_owned() })
    }
}

macro_rules! hex_identifier {
    ($type:ident, $format:literal, $value:expr) => {
        impl fmt::Display for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                let value: fn(&Self) -> _ = $value;
                write!(f, $format, value(self))
            }
        }

        impl fmt::Debug for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($type), "({})"), self)
            }
        }

        impl Serialize for $type {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $type {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
                text.parse().map_err(D::Error::custom)
            }
        }
    };
}

hex_identifier!(TraceId, "{:032x}", |id| id.0);
hex_identifier!(SpanId, "{:016x}", |id| id.0);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_survive_their_text_form() {
        for number in 0..100 {
            let id = SpanId::derive(7, number);
            assert_eq!(id.to_string().parse(), Ok(id));
            assert_eq!(SpanId::from_bytes(id.to_bytes()), Some(id));
        }
        let [high, low, _] = entropy();
        let id = TraceId::of(high, low);
        assert_eq!(id.to_string().parse(), Ok(id));
        assert_eq!(TraceId::from_bytes(id.to_bytes()), Some(id));
    }

    #[test]
    fn text_that_is_no_identifier_is_refused_with_a_reason() {
        for text in ["", "0000000000000000", "xyz", "+123456789abcdef", "00000000000000000"] {
            let error = text.parse::<SpanId>().unwrap_err();
            assert!(error.to_string().contains("16 hexadecimal digits"), "{error}");
        }
    }
}
