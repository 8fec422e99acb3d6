//! A view of one span.

use std::{
    fmt,
    sync::Arc,
    time::{Duration, SystemTime},
};

use tracing_core::Level;

use super::{EventRef, FieldRef, Ids, TraceSnapshot, fields::effective};
use crate::{
    ids::SpanId,
    log::{
        callsite::CallsiteRef,
        decode::{EncodedField, Fields},
        record::{SpanKey, SpanRecord, Timing},
        segment::{Buffer, Description},
    },
    value::ValueRef,
};

/// A span of a snapshot. It can be copied, and lives as long as the snapshot is borrowed.
#[derive(Clone, Copy)]
pub struct SpanRef<'a> {
    trace: &'a TraceSnapshot,
    rank: u32,
}

impl<'a> SpanRef<'a> {
    pub(super) fn new(trace: &'a TraceSnapshot, rank: usize) -> Self {
        Self { trace, rank: u32::try_from(rank).unwrap_or(u32::MAX) }
    }

    fn key(self) -> SpanKey {
        self.trace.index().order.span_key(self.rank)
    }

    /// Returns the record, with the buffer that it is in. Every rank that is handed out has one.
    pub(crate) fn record(self) -> Option<(&'a Buffer, &'a SpanRecord)> {
        let key = self.key();
        let buffer = self.trace.buffer(key)?;
        Some((buffer, buffer.spans.get(key.index as usize)?))
    }

    pub(super) fn callsite(self) -> CallsiteRef<'a> {
        let key = self.key();
        self.trace
            .buffer(key)
            .map_or(CallsiteRef::Unknown, |buffer| buffer.span_callsite(key.index))
    }

    pub(crate) fn timing(self) -> Timing {
        let mut timing = self.record().map(|(_, record)| record.timing).unwrap_or_default();
        if let Some(seen) = self.trace.index().foreign_timing(self.key()) {
            timing.merge(seen);
        }
        timing
    }

    /// Returns what a stored trace says of the callsite.
    pub(crate) fn description(self) -> Option<Arc<Description>> {
        let key = self.key();
        self.trace.buffer(key)?.described_spans.get(&key.index).cloned()
    }

    fn since_opened(self, at: u64) -> Duration {
        let opened = self.record().map_or(0, |(_, record)| record.opened);
        Duration::from_nanos(at.saturating_sub(opened))
    }

    /// Returns the position among all spans of the trace, in the order in which they were opened.
    #[must_use]
    pub fn position(self) -> usize {
        self.rank as usize
    }

    /// Returns the identifier, unique within the trace.
    #[must_use]
    pub fn id(self) -> SpanId {
        match &self.trace.header().ids {
            Ids::Derived(seed) => SpanId::derive(*seed, self.key().number()),
            Ids::Stored(ids) => {
                let stored = ids.get(self.rank as usize).copied();
                stored.unwrap_or_else(|| SpanId::derive(0, self.key().number()))
            }
        }
    }

    /// Returns the trace that the span is in.
    #[must_use]
    pub fn trace(self) -> &'a TraceSnapshot {
        self.trace
    }

    /// Returns the name that the callsite gives.
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

    /// Returns the value of a field, the one that was recorded last.
    #[must_use]
    pub fn field(self, key: &str) -> Option<ValueRef<'a>> {
        let last = self.encoded_fields().filter(|field| field.key == key).last();
        last.map(|field| field.value)
    }

    /// Returns the fields, each key once, with the value that was recorded last.
    pub fn fields(self) -> impl Iterator<Item = FieldRef<'a>> + Clone {
        effective(self.encoded_fields(), self.trace.is_stored()).map(FieldRef::new)
    }

    pub(crate) fn encoded_fields(self) -> impl Iterator<Item = EncodedField<'a>> + Clone {
        let record = self.record();
        let callsite = record.and_then(|(_, record)| record.callsite);
        let declared = record.map(|(buffer, record)| buffer.span_fields(record));
        let buffers = &self.trace.inner.buffers;
        let late = self.trace.index().lates(self.rank).filter_map(move |(buffer, position)| {
            let buffer = buffers.get(buffer)?;
            let record = buffer.lates.get(position)?;
            Some(Fields::new(buffer, callsite, buffer.bytes.get(record.fields)))
        });
        declared.into_iter().chain(late).flatten()
    }

    /// Returns the events in this span, in the order in which they happened.
    pub fn events(
        self,
    ) -> impl DoubleEndedIterator<Item = EventRef<'a>> + ExactSizeIterator + Clone {
        let trace = self.trace;
        trace.index().events(self.rank).iter().map(move |&rank| EventRef::new(trace, rank as usize))
    }

    /// Returns the first event in this span with this message.
    #[must_use]
    pub fn event(self, message: &str) -> Option<EventRef<'a>> {
        self.events().find(|event| event.message() == Some(message))
    }

    /// Returns the parent: the nearest ancestor that was kept.
    #[must_use]
    pub fn parent(self) -> Option<Self> {
        let (_, record) = self.record()?;
        let rank = self.trace.index().order.rank(record.parent)?;
        (rank < self.rank).then_some(Self { rank, ..self })
    }

    /// Returns the parent, its parent, and so on.
    pub fn ancestors(self) -> impl Iterator<Item = Self> + Clone {
        std::iter::successors(self.parent(), |span| span.parent())
    }

    /// Returns the children, in the order in which they were opened.
    pub fn children(self) -> impl DoubleEndedIterator<Item = Self> + ExactSizeIterator + Clone {
        let trace = self.trace;
        let children = trace.index().children(self.rank);
        children.iter().map(move |&rank| Self { trace, rank })
    }

    /// Returns the first child of this name.
    #[must_use]
    pub fn child(self, name: &str) -> Option<Self> {
        self.children().find(|span| span.name() == name)
    }

    /// Returns the children, each followed by its own descendants.
    pub fn descendants(self) -> Descendants<'a> {
        Descendants { root: self, current: Some(self) }
    }

    /// Returns the other spans with the same parent, in the order in which they were opened; for a
    /// root, the other roots.
    pub fn siblings(self) -> impl DoubleEndedIterator<Item = Self> + Clone {
        let index = self.trace.index();
        let all = self.parent().map_or(index.roots(), |parent| index.children(parent.rank));
        let trace = self.trace;
        let others = all.iter().filter(move |&&rank| rank != self.rank);
        others.map(move |&rank| Self { trace, rank })
    }

    /// Returns the spans that this one follows from.
    pub fn follows_from(self) -> impl DoubleEndedIterator<Item = Self> + ExactSizeIterator + Clone {
        let trace = self.trace;
        trace.index().links(self.rank).iter().map(move |&rank| Self { trace, rank })
    }

    /// Returns when the span was opened.
    #[must_use]
    pub fn started_at(self) -> SystemTime {
        let opened = self.record().map_or(0, |(_, record)| record.opened);
        self.trace.owner().wall_clock(opened)
    }

    /// Returns the time from the start of the capture to the opening of the span.
    #[must_use]
    pub fn start(self) -> Duration {
        let opened = self.record().map_or(0, |(_, record)| record.opened);
        Duration::from_nanos(opened.saturating_sub(self.trace.header().started))
    }

    /// Returns the time from opening to closing, by a monotonic clock; for a span that was open at
    /// the end, to the end of the capture.
    ///
    /// A span closes when its last handle and its last child have gone, so work that was left behind
    /// stretches it; see [`last_exit`](Self::last_exit).
    #[must_use]
    pub fn duration(self) -> Duration {
        let closed = self.timing().closed;
        self.since_opened(if closed == 0 { self.trace.header().ended } else { closed })
    }

    /// Returns the time from opening to the last time that the span was left; `None` if it never was.
    #[must_use]
    pub fn last_exit(self) -> Option<Duration> {
        let last_exit = self.timing().last_exit;
        (last_exit != 0).then(|| self.since_opened(last_exit))
    }

    /// Returns the sum of the times in which the span was entered. Where several threads were in it
    /// at once, each counts.
    #[must_use]
    pub fn busy(self) -> Duration {
        Duration::from_nanos(self.timing().busy)
    }

    /// Returns the part of the duration in which the span was not entered.
    #[must_use]
    pub fn idle(self) -> Duration {
        self.duration().saturating_sub(self.busy())
    }

    /// Returns whether the span had not closed when the capture ended.
    #[must_use]
    pub fn is_open(self) -> bool {
        self.timing().closed == 0
    }
}

impl PartialEq for SpanRef<'_> {
    /// Two views are equal if they are of the same span of the same snapshot.
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.trace, other.trace) && self.rank == other.rank
    }
}

impl Eq for SpanRef<'_> {}

/// Iterator of [`SpanRef::descendants`].
#[derive(Debug, Clone)]
pub struct Descendants<'a> {
    root: SpanRef<'a>,
    current: Option<SpanRef<'a>>,
}

impl<'a> Iterator for Descendants<'a> {
    type Item = SpanRef<'a>;

    fn next(&mut self) -> Option<SpanRef<'a>> {
        let current = self.current?;
        let next = current.children().next().or_else(|| self.next_branch(current));
        self.current = next;
        next
    }
}

impl<'a> Descendants<'a> {
    /// Returns the next sibling of a span or of its nearest ancestor below the root that has one.
    fn next_branch(&self, span: SpanRef<'a>) -> Option<SpanRef<'a>> {
        let mut span = span;
        while span.rank != self.root.rank {
            let parent = span.parent()?;
            // Children are in the order of their ranks.
            let siblings = span.trace.index().children(parent.rank);
            let position = siblings.partition_point(|&rank| rank <= span.rank);
            if let Some(&rank) = siblings.get(position) {
                return Some(SpanRef { rank, ..span });
            }
            span = parent;
        }
        None
    }
}

impl fmt::Debug for SpanRef<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.to_node().fmt(f)
    }
}
