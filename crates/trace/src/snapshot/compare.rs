//! Compares whole snapshots.

use std::sync::Arc;

use super::{EventRef, FieldRef, SpanRef, TraceSnapshot};

/// Two snapshots are equal if they say the same: trace identifier, start, duration, status, the
/// counts of what was dropped, and all spans and events in their order, each with its identifier,
/// place in the tree, name, target, level, source, times, links and fields.
///
/// Fields are compared in their order with type, value and mark of a cut; values bit for bit, so that
/// `NaN` equals itself and `0.0` differs from `-0.0`, unlike in a [`ValueRef`](crate::ValueRef).
/// A snapshot equals itself written as JSON and read again, unless a secret was masked on the way or a
/// late record was counted since. To see what two runs of a program did differently, whose times and
/// identifiers never agree, use [`TraceDiff`](crate::TraceDiff).
impl PartialEq for TraceSnapshot {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.inner, &other.inner)
            || (self.has_equal_header(other)
                && self.all_spans().len() == other.all_spans().len()
                && self.all_events().len() == other.all_events().len()
                && self.all_spans().zip(other.all_spans()).all(|(a, b)| equal_spans(a, b))
                && self.all_events().zip(other.all_events()).all(|(a, b)| equal_events(a, b)))
    }
}

impl Eq for TraceSnapshot {}

impl TraceSnapshot {
    fn has_equal_header(&self, other: &Self) -> bool {
        self.trace_id() == other.trace_id()
            && self.started_at() == other.started_at()
            && self.duration() == other.duration()
            && self.status() == other.status()
            && self.dropped() == other.dropped()
    }
}

fn equal_spans(a: SpanRef<'_>, b: SpanRef<'_>) -> bool {
    a.id() == b.id()
        && a.parent().map(SpanRef::position) == b.parent().map(SpanRef::position)
        && (a.name(), a.target(), a.level()) == (b.name(), b.target(), b.level())
        && (a.file(), a.line()) == (b.file(), b.line())
        && (a.start(), a.duration()) == (b.start(), b.duration())
        && (a.busy(), a.last_exit()) == (b.busy(), b.last_exit())
        && a.is_open() == b.is_open()
        && a.follows_from().map(SpanRef::position).eq(b.follows_from().map(SpanRef::position))
        && equal_fields(a.fields(), b.fields())
}

fn equal_events(a: EventRef<'_>, b: EventRef<'_>) -> bool {
    a.span().map(SpanRef::position) == b.span().map(SpanRef::position)
        && (a.name(), a.target(), a.level()) == (b.name(), b.target(), b.level())
        && (a.file(), a.line()) == (b.file(), b.line())
        && a.start() == b.start()
        && equal_fields(a.fields(), b.fields())
}

/// Returns whether both have the same fields in the same order.
pub(super) fn equal_fields<'a, 'b>(
    mut a: impl Iterator<Item = FieldRef<'a>>,
    mut b: impl Iterator<Item = FieldRef<'b>>,
) -> bool {
    let same = |a: FieldRef<'_>, b: FieldRef<'_>| {
        a.key() == b.key() && a.is_cut() == b.is_cut() && a.value().is_identical(b.value())
    };
    a.all(|a| b.next().is_some_and(|b| same(a, b))) && b.next().is_none()
}
