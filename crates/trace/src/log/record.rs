//! What a capture writes down: spans, events, late fields, and where they hang.

use tracing_core::Metadata;

use super::bytes::Entry;
use crate::clock::Ticks;

/// The place of a span's record: the segment it is in and its position there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct SpanKey {
    pub(crate) index: u32,
    pub(crate) segment: u32,
}

impl SpanKey {
    /// No span: the parent of a root.
    pub(crate) const NONE: Self = Self { index: u32::MAX, segment: u32::MAX };

    /// Returns the key unless it stands for no span.
    pub(crate) fn some(self) -> Option<Self> {
        (self != Self::NONE).then_some(self)
    }

    /// Returns a number that is unique among the records of one capture.
    pub(crate) fn number(self) -> u64 {
        u64::from(self.segment) << 32 | u64::from(self.index)
    }
}

/// A callsite: of the program, or (`None`) described in the segment's own table.
pub(crate) type Callsite = Option<&'static Metadata<'static>>;

#[derive(Debug, Clone, Copy)]
pub(crate) struct SpanRecord {
    pub(crate) callsite: Callsite,
    pub(crate) opened: Ticks,
    pub(crate) timing: Timing,
    pub(crate) fields: Entry,
    pub(crate) parent: SpanKey,
}

impl SpanRecord {
    /// A record that says nothing.
    pub(crate) fn blank() -> Self {
        Self {
            callsite: None,
            opened: 0,
            timing: Timing::default(),
            fields: Entry::default(),
            parent: SpanKey::NONE,
        }
    }
}

/// The edges of a span that come after its opening; 0 where there was none.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Timing {
    pub(crate) closed: Ticks,
    pub(crate) last_exit: Ticks,
    /// The sum of the times between entering and exiting.
    pub(crate) busy: u64,
}

impl Timing {
    /// Adds what another thread saw of the same span.
    pub(crate) fn merge(&mut self, other: Self) {
        self.closed = self.closed.max(other.closed);
        self.last_exit = self.last_exit.max(other.last_exit);
        self.busy += other.busy;
    }

    pub(crate) fn exit(&mut self, entered: Ticks, exited: Ticks) {
        self.busy += exited.saturating_sub(entered);
        self.last_exit = exited;
    }
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct EventRecord {
    pub(crate) callsite: Callsite,
    pub(crate) at: Ticks,
    pub(crate) fields: Entry,
    pub(crate) parent: SpanKey,
}

impl EventRecord {
    /// A record that says nothing.
    pub(crate) fn blank() -> Self {
        Self { callsite: None, at: 0, fields: Entry::default(), parent: SpanKey::NONE }
    }
}

/// Fields that a span got after it was opened.
#[derive(Debug, Clone)]
pub(crate) struct LateRecord {
    pub(crate) span: SpanKey,
    /// The order among all late fields of the capture, whichever thread wrote them.
    pub(crate) sequence: u32,
    pub(crate) fields: Entry,
}

/// `span` follows from `cause`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct LinkRecord {
    pub(crate) span: SpanKey,
    pub(crate) cause: SpanKey,
}
