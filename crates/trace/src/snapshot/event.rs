//! A view of one event.

use std::{
    fmt,
    sync::Arc,
    time::{Duration, SystemTime},
};

use tracing_core::Level;

use super::{FieldRef, SpanRef, TraceSnapshot, fields::effective};
use crate::{
    log::{
        callsite::CallsiteRef,
        decode::EncodedField,
        record::EventRecord,
        segment::{Buffer, Description},
    },
    value::ValueRef,
};

/// An event of a snapshot. It can be copied, and lives as long as the snapshot is borrowed.
#[derive(Clone, Copy)]
pub struct EventRef<'a> {
    trace: &'a TraceSnapshot,
    rank: u32,
}

impl<'a> EventRef<'a> {
    pub(super) fn new(trace: &'a TraceSnapshot, rank: usize) -> Self {
        Self { trace, rank: u32::try_from(rank).unwrap_or(u32::MAX) }
    }

    /// Returns the record, with the buffer that it is in. Every rank that is handed out has one.
    pub(crate) fn record(self) -> Option<(&'a Buffer, &'a EventRecord)> {
        let key = self.trace.index().order.event_key(self.rank);
        let buffer = self.trace.buffer(key)?;
        Some((buffer, buffer.events.get(key.index as usize)?))
    }

    pub(super) fn callsite(self) -> CallsiteRef<'a> {
        let key = self.trace.index().order.event_key(self.rank);
        let buffer = self.trace.buffer(key);
        buffer.map_or(CallsiteRef::Unknown, |buffer| buffer.event_callsite(key.index))
    }

    /// Returns what a stored trace says of the callsite.
    pub(crate) fn description(self) -> Option<Arc<Description>> {
        let key = self.trace.index().order.event_key(self.rank);
        self.trace.buffer(key)?.described_events.get(&key.index).cloned()
    }

    pub(super) fn encoded_fields(self) -> impl Iterator<Item = EncodedField<'a>> + Clone {
        self.record().map(|(buffer, record)| buffer.event_fields(record)).into_iter().flatten()
    }

    /// Returns the trace that the event is in.
    #[must_use]
    pub fn trace(self) -> &'a TraceSnapshot {
        self.trace
    }

    /// Returns the position among all events of the trace, in the order in which they happened.
    #[must_use]
    pub fn position(self) -> usize {
        self.rank as usize
    }

    /// Returns the name that the callsite gives: `event <file>:<line>` unless the program names it.
    #[must_use]
    pub fn name(self) -> &'a str {
        self.callsite().name()
    }

    /// Returns the target, by default the module that the callsite is in.
    #[must_use]
    pub fn target(self) -> &'a str {
        self.callsite().target()
    }

    /// Returns the level.
    #[must_use]
    pub fn level(self) -> Level {
        self.callsite().level()
    }

    /// Returns the source file of the callsite.
    #[must_use]
    pub fn file(self) -> Option<&'a str> {
        self.callsite().file()
    }

    /// Returns the line of the callsite in its file.
    #[must_use]
    pub fn line(self) -> Option<u32> {
        self.callsite().line()
    }

    /// Returns the text of the event.
    #[must_use]
    pub fn message(self) -> Option<&'a str> {
        self.field("message").and_then(ValueRef::as_str)
    }

    /// Returns the value of a field.
    #[must_use]
    pub fn field(self, key: &str) -> Option<ValueRef<'a>> {
        let last = self.encoded_fields().filter(|field| field.key == key).last();
        last.map(|field| field.value)
    }

    /// Returns the fields, `message` among them.
    pub fn fields(self) -> impl Iterator<Item = FieldRef<'a>> + Clone {
        effective(self.encoded_fields(), self.trace.is_stored()).map(FieldRef::new)
    }

    /// Returns the span that the event is in: the nearest that was kept; `None` for a root event.
    #[must_use]
    pub fn span(self) -> Option<SpanRef<'a>> {
        let (_, record) = self.record()?;
        let rank = self.trace.index().order.rank(record.parent)?;
        (rank < self.trace.index().span_count).then(|| SpanRef::new(self.trace, rank as usize))
    }

    /// Returns when the event happened.
    #[must_use]
    pub fn at(self) -> SystemTime {
        let at = self.record().map_or(0, |(_, record)| record.at);
        self.trace.owner().wall_clock(at)
    }

    /// Returns the time from the start of the capture to the event, by a monotonic clock.
    #[must_use]
    pub fn start(self) -> Duration {
        let at = self.record().map_or(0, |(_, record)| record.at);
        Duration::from_nanos(at.saturating_sub(self.trace.header().started))
    }
}

impl PartialEq for EventRef<'_> {
    /// Two views are equal if they are of the same event of the same snapshot.
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.trace, other.trace) && self.rank == other.rank
    }
}

impl Eq for EventRef<'_> {}

impl fmt::Debug for EventRef<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.to_node().fmt(f)
    }
}
