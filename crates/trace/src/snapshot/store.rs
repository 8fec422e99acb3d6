//! Puts records that no capture of this process wrote into a snapshot.

use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, OnceLock},
    time::SystemTime,
};

use super::{Header, Ids, Inner, TraceSnapshot};
use crate::{
    clock::Ticks,
    ids::{SpanId, TraceId},
    limits::Dropped,
    log::{
        bytes::Entry,
        record::{EventRecord, LinkRecord, SpanKey, SpanRecord},
        scratch::Scratch,
        segment::{Buffer, Description},
        whole::encode_whole,
    },
    node::FieldNode,
    status::CaptureStatus,
};

/// The tick at which every stored trace starts; 0 means "not yet".
pub(crate) const STARTED: Ticks = 1;

/// The records of a stored trace, in one buffer whose order is the order of the trace.
#[derive(Debug, Default)]
pub(crate) struct Store {
    buffer: Buffer,
    ids: Vec<SpanId>,
    scratch: Scratch,
    keys: HashMap<Box<str>, u32>,
    descriptions: HashSet<Arc<Description>>,
}

/// What a stored trace says of itself.
#[derive(Debug, Default)]
pub(crate) struct StoredHeader {
    pub(crate) trace_id: Option<TraceId>,
    pub(crate) started_at: Option<SystemTime>,
    /// The nanoseconds from start to end.
    pub(crate) duration: u64,
    pub(crate) status: CaptureStatus,
    pub(crate) dropped: Dropped,
}

impl Store {
    pub(crate) fn span_count(&self) -> usize {
        self.buffer.spans.len()
    }

    pub(crate) fn event_count(&self) -> usize {
        self.buffer.events.len()
    }

    /// Adds a span and returns its place. Its fields must have different keys.
    pub(crate) fn push_span(
        &mut self,
        id: SpanId,
        description: Description,
        record: SpanRecord,
        fields: &[FieldNode],
    ) -> SpanKey {
        let key = place(self.span_count());
        let fields = self.encode(fields);
        let description = self.describe(description);
        self.buffer.described_spans.insert(key.index, description);
        self.buffer.spans.push(SpanRecord { fields, ..record });
        self.ids.push(id);
        key
    }

    /// Adds an event. Its fields must have different keys.
    pub(crate) fn push_event(
        &mut self,
        description: Description,
        record: EventRecord,
        fields: &[FieldNode],
    ) {
        let key = place(self.event_count());
        let fields = self.encode(fields);
        let description = self.describe(description);
        self.buffer.described_events.insert(key.index, description);
        self.buffer.events.push(EventRecord { fields, ..record });
    }

    /// Says that a span follows from another.
    pub(crate) fn link(&mut self, span: SpanKey, cause: SpanKey) {
        self.buffer.links.push(LinkRecord { span, cause });
    }

    /// Gives each span to `change` with its position.
    pub(crate) fn change_spans<E>(
        &mut self,
        mut change: impl FnMut(usize, &mut SpanRecord) -> Result<(), E>,
    ) -> Result<(), E> {
        for position in 0..self.span_count() {
            if let Some(record) = self.buffer.spans.get_mut(position) {
                change(position, record)?;
            }
        }
        Ok(())
    }

    /// Gives each event to `change` with its position.
    pub(crate) fn change_events<E>(
        &mut self,
        mut change: impl FnMut(usize, &mut EventRecord) -> Result<(), E>,
    ) -> Result<(), E> {
        for position in 0..self.event_count() {
            if let Some(record) = self.buffer.events.get_mut(position) {
                change(position, record)?;
            }
        }
        Ok(())
    }

    pub(crate) fn into_snapshot(self, header: StoredHeader) -> TraceSnapshot {
        let header = Header {
            trace_id: header.trace_id,
            ids: Ids::Stored(self.ids),
            started_at: header.started_at.unwrap_or(SystemTime::UNIX_EPOCH),
            started: STARTED,
            ended: STARTED.saturating_add(header.duration),
            status: header.status,
            dropped: header.dropped,
            log: None,
            redaction: crate::redact::Redaction::shared_default(),
        };
        let inner = Inner { header, buffers: vec![self.buffer], index: OnceLock::new() };
        TraceSnapshot { inner: Arc::new(inner) }
    }

    fn encode(&mut self, fields: &[FieldNode]) -> Entry {
        self.scratch.clear();
        for field in fields {
            let key = self.intern(&field.key);
            encode_whole(&mut self.scratch, key, field.value.as_ref(), field.cut);
        }
        self.buffer.store(&mut self.scratch)
    }

    /// Returns the number of a key.
    fn intern(&mut self, key: &str) -> u32 {
        if let Some(&number) = self.keys.get(key) {
            return number;
        }
        let number = u32::try_from(self.buffer.keys.len()).unwrap_or(u32::MAX);
        self.buffer.keys.push(key.into());
        self.keys.insert(key.into(), number);
        number
    }

    fn describe(&mut self, description: Description) -> Arc<Description> {
        if let Some(known) = self.descriptions.get(&description) {
            return Arc::clone(known);
        }
        let description = Arc::new(description);
        self.descriptions.insert(Arc::clone(&description));
        description
    }
}

/// Returns the place of the record at a position of the only buffer.
pub(crate) fn place(position: usize) -> SpanKey {
    SpanKey { index: u32::try_from(position).unwrap_or(u32::MAX), segment: 0 }
}
