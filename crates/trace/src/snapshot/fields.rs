//! Views of fields.

use std::fmt;

use crate::{log::decode::EncodedField, redact::Redaction, value::ValueRef};

/// A field of a span or event, borrowed from a snapshot.
#[derive(Clone, Copy)]
pub struct FieldRef<'a> {
    field: EncodedField<'a>,
}

impl<'a> FieldRef<'a> {
    pub(super) fn new(field: EncodedField<'a>) -> Self {
        Self { field }
    }

    /// Returns the name.
    #[must_use]
    pub fn key(self) -> &'a str {
        self.field.key
    }

    /// Returns the value.
    #[must_use]
    pub fn value(self) -> ValueRef<'a> {
        self.field.value
    }

    /// Returns whether the value was cut to [`CaptureLimits::max_field_bytes`](crate::CaptureLimits).
    #[must_use]
    pub fn is_cut(self) -> bool {
        self.field.cut
    }
}

/// Shows the field with well-known shapes of secrets masked.
impl fmt::Debug for FieldRef<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = self.value().to_string();
        let text = Redaction::shared_default().scrub(&text).into_owned();
        f.debug_struct("FieldRef").field("key", &self.key()).field("value", &text).finish()
    }
}

/// Returns each key once, at its first place, with the value recorded last.
///
/// Programs record few fields per span, so it compares each with each. A stored trace may come from
/// anywhere; its keys were made `unique` when it was read.
pub(super) fn effective<'a>(
    all: impl Iterator<Item = EncodedField<'a>> + Clone,
    unique: bool,
) -> impl Iterator<Item = EncodedField<'a>> + Clone {
    let fields = all.clone();
    all.enumerate().filter_map(move |(position, field)| {
        if unique {
            return Some(field);
        }
        if fields.clone().take(position).any(|before| before.key == field.key) {
            return None;
        }
        fields.clone().skip(position).filter(|other| other.key == field.key).last()
    })
}
