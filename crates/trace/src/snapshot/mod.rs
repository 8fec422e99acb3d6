//! The trace of a capture, as a value.

#[cfg(test)]
mod arbitrary;
mod compare;
mod csr;
mod diff;
mod event;
mod fields;
mod index;
mod item;
mod json;
mod nodes;
mod order;
mod query;
mod span;
pub(crate) mod store;
mod text;
mod tree;
mod walk;

use std::{
    panic::{RefUnwindSafe, UnwindSafe},
    sync::{Arc, OnceLock},
    time::{Duration, SystemTime},
};

use self::index::Index;
pub(crate) use self::tree::Tree;
pub use self::{
    diff::{Change, TraceDiff},
    event::EventRef,
    fields::FieldRef,
    item::SpanOrEvent,
    json::{FromJsonError, ToJsonError},
    span::{Descendants, SpanRef},
    tree::Redacted,
};
use crate::{
    clock::Ticks,
    ids::{SpanId, TraceId},
    limits::Dropped,
    log::{Ended, Log, owned::Owner, record::SpanKey, segment::Buffer},
    redact::Redaction,
    status::CaptureStatus,
};

/// All spans and events that a capture kept: a value that never changes.
///
/// Spans are in the order in which they were opened, events in the order in which they happened.
/// [`SpanRef`] and [`EventRef`] are views of it that can be copied; cloning the snapshot copies a
/// pointer. It holds no lock, and what it answers never allocates, but for a small index that the
/// first question builds (24 bytes per span, in linear time).
///
/// In memory it holds what the program recorded. When it is printed or serialized, what has the shape
/// of a secret is masked; see [`Redaction`].
#[derive(Clone, Default)]
pub struct TraceSnapshot {
    inner: Arc<Inner>,
}

#[derive(Default)]
struct Inner {
    header: Header,
    buffers: Vec<Buffer>,
    index: OnceLock<Index>,
}

struct Header {
    trace_id: Option<TraceId>,
    ids: Ids,
    started_at: SystemTime,
    started: Ticks,
    ended: Ticks,
    status: CaptureStatus,
    dropped: Dropped,
    /// The log of the capture, which still counts what comes late.
    log: Option<Arc<Log>>,
    redaction: Arc<Redaction>,
}

/// Where the identifiers of spans come from.
enum Ids {
    /// Derived from the capture's seed and the place of the record.
    Derived(u64),
    /// Stored, by position in the only buffer.
    Stored(Vec<SpanId>),
}

impl Default for Header {
    fn default() -> Self {
        Self {
            trace_id: None,
            ids: Ids::Stored(Vec::new()),
            started_at: SystemTime::UNIX_EPOCH,
            started: 0,
            ended: 0,
            status: CaptureStatus::default(),
            dropped: Dropped::default(),
            log: None,
            redaction: Redaction::shared_default(),
        }
    }
}

// A snapshot never changes but for a count and an index that is built once, so that a panic leaves
// nothing half done. It is not so by itself only because callsites are trait objects.
impl UnwindSafe for TraceSnapshot {}
impl RefUnwindSafe for TraceSnapshot {}

impl TraceSnapshot {
    /// Moves the records of a capture that has ended into a snapshot.
    pub(crate) fn of_log(log: &Arc<Log>, ended: Ended, status: CaptureStatus) -> Self {
        let header = Header {
            trace_id: Some(log.trace_id),
            ids: Ids::Derived(log.span_seed),
            started_at: log.started_at,
            started: log.started,
            ended: ended.at,
            status,
            dropped: ended.dropped,
            log: Some(Arc::clone(log)),
            redaction: ended.redaction,
        };
        let inner = Inner { header, buffers: ended.buffers, index: OnceLock::new() };
        Self { inner: Arc::new(inner) }
    }

    fn index(&self) -> &Index {
        self.inner.index.get_or_init(|| Index::of(&self.inner.buffers))
    }

    /// Returns whether the records were not captured but read or built; then each key of a record
    /// is there once.
    fn is_stored(&self) -> bool {
        matches!(self.header().ids, Ids::Stored(_))
    }

    fn header(&self) -> &Header {
        &self.inner.header
    }

    fn buffer(&self, key: SpanKey) -> Option<&Buffer> {
        self.inner.buffers.get(key.segment as usize)
    }

    fn owner(&self) -> Owner<'_> {
        let header = self.header();
        Owner {
            started_at: header.started_at,
            started: header.started,
            redaction: &header.redaction,
        }
    }

    /// Returns the identifier of the trace; `None` for a snapshot that no capture made.
    #[must_use]
    pub fn trace_id(&self) -> Option<TraceId> {
        self.header().trace_id
    }

    /// Returns when the capture started.
    #[must_use]
    pub fn started_at(&self) -> SystemTime {
        self.header().started_at
    }

    /// Returns the time from the start of the capture to its end.
    #[must_use]
    pub fn duration(&self) -> Duration {
        Duration::from_nanos(self.header().ended.saturating_sub(self.header().started))
    }

    /// Returns whether anything was recorded and, if not, why.
    #[must_use]
    pub fn status(&self) -> &CaptureStatus {
        &self.header().status
    }

    /// Returns the counts of what was not kept.
    #[must_use]
    pub fn dropped(&self) -> Dropped {
        Dropped {
            late: self.header().dropped.late
                + self.header().log.as_ref().map_or(0, |log| log.late()),
            ..self.header().dropped
        }
    }

    /// Returns the number of spans.
    #[must_use]
    pub fn len(&self) -> usize {
        self.inner.buffers.iter().map(|buffer| buffer.spans.len()).sum()
    }

    /// Returns whether there is neither a span nor an event.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.inner.buffers.iter().all(|buffer| buffer.spans.len() + buffer.events.len() == 0)
    }

    pub(crate) fn count_panicked_observer(&mut self) {
        // The snapshot was made just now, so no one else has it.
        if let Some(inner) = Arc::get_mut(&mut self.inner) {
            inner.header.dropped.panicked_listeners += 1;
        }
    }
}

impl std::fmt::Debug for TraceSnapshot {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TraceSnapshot")
            .field("trace_id", &self.trace_id())
            .field("status", self.status())
            .field("spans", &self.all_spans().map(SpanRef::to_node).collect::<Vec<_>>())
            .field("events", &self.all_events().map(EventRef::to_node).collect::<Vec<_>>())
            .finish_non_exhaustive()
    }
}
