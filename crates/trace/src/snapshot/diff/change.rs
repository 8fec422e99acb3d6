//! One difference between two traces.

use std::collections::HashMap;

use crate::{
    snapshot::{FieldRef, SpanOrEvent, compare::equal_fields},
    value::ValueRef,
};

/// A difference between two traces.
#[derive(Clone, Copy)]
#[non_exhaustive]
pub enum Change<'a> {
    /// It is only in the second trace; a span with everything in it that did not move there.
    Appeared(SpanOrEvent<'a>),
    /// It is only in the first trace; a span with everything in it that did not move away.
    Vanished(SpanOrEvent<'a>),
    /// It is at another place: in another span, or in another order among those next to it.
    Moved {
        /// Where it is in the first trace.
        before: SpanOrEvent<'a>,
        /// Where it is in the second trace.
        after: SpanOrEvent<'a>,
    },
    /// It has another level.
    Level {
        /// As it is in the first trace.
        before: SpanOrEvent<'a>,
        /// As it is in the second trace.
        after: SpanOrEvent<'a>,
    },
    /// A field has another value, or is there in only one of the traces.
    Field {
        /// What has the field in the first trace.
        before: SpanOrEvent<'a>,
        /// What has the field in the second trace.
        after: SpanOrEvent<'a>,
        /// The name of the field.
        key: &'a str,
        /// The value in the first trace.
        old: Option<ValueRef<'a>>,
        /// The value in the second trace.
        new: Option<ValueRef<'a>>,
    },
}

impl<'a> Change<'a> {
    /// Returns what it is about, as it is in the first trace; `None` if it appeared.
    #[must_use]
    pub fn before(&self) -> Option<SpanOrEvent<'a>> {
        match *self {
            Self::Appeared(_) => None,
            Self::Vanished(before)
            | Self::Moved { before, .. }
            | Self::Level { before, .. }
            | Self::Field { before, .. } => Some(before),
        }
    }

    /// Returns what it is about, as it is in the second trace; `None` if it vanished.
    #[must_use]
    pub fn after(&self) -> Option<SpanOrEvent<'a>> {
        match *self {
            Self::Vanished(_) => None,
            Self::Appeared(after)
            | Self::Moved { after, .. }
            | Self::Level { after, .. }
            | Self::Field { after, .. } => Some(after),
        }
    }
}

/// Adds what differs between a span or event and its partner, apart from their places.
pub(super) fn compare<'a>(
    before: SpanOrEvent<'a>,
    after: SpanOrEvent<'a>,
    changes: &mut Vec<Change<'a>>,
) {
    if before.level() != after.level() {
        changes.push(Change::Level { before, after });
    }
    if equal_fields(before.fields(), after.fields()) {
        return;
    }
    let change = |key, old, new| Change::Field { before, after, key, old, new };
    let in_after = by_key(after.fields());
    for field in before.fields() {
        let (key, old) = (field.key(), field.value());
        let new = in_after.get(key).copied();
        if !new.is_some_and(|new| old == new || old.is_identical(new)) {
            changes.push(change(key, Some(old), new));
        }
    }
    let in_before = by_key(before.fields());
    for field in after.fields() {
        if !in_before.contains_key(field.key()) {
            changes.push(change(field.key(), None, Some(field.value())));
        }
    }
}

fn by_key<'a>(fields: impl Iterator<Item = FieldRef<'a>>) -> HashMap<&'a str, ValueRef<'a>> {
    fields.map(|field| (field.key(), field.value())).collect()
}
