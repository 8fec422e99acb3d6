//! The part of a capture's log that one thread writes.

use std::{collections::BTreeMap, sync::Arc};

use super::{
    Log,
    bytes::{Bytes, Entry},
    chunked::Chunked,
    record::{EventRecord, LateRecord, LinkRecord, SpanKey, SpanRecord, Timing},
    room::Shares,
    scratch::Scratch,
};
use crate::sync::{AtomicBool, AtomicU32, Mutex, MutexGuard, Ordering, lock};

/// One thread's records of one capture. Only the owner writes, so that its lock is waited for
/// only where listeners are told of a span from another thread; other threads' late edges go to those
/// threads' own segments.
#[derive(Debug)]
pub(crate) struct Segment {
    pub(crate) log: Arc<Log>,
    /// The number of the thread that writes.
    pub(crate) owner: u32,
    /// The position among the log's segments.
    pub(crate) number: u32,
    /// How many spans that were opened here have closed on other threads. Whoever remembers a span of
    /// this segment compares it, since a registry uses the numbers of closed spans again.
    foreign_closes: AtomicU32,
    /// The capture has ended while spans of this segment were open.
    pub(super) outlives: AtomicBool,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    buffer: Buffer,
    shares: Shares,
    /// The capture has ended and the buffer was taken.
    sealed: bool,
}

/// The records themselves; moved into the snapshot at the end.
#[derive(Debug, Default)]
pub(crate) struct Buffer {
    pub(crate) spans: Chunked<SpanRecord>,
    pub(crate) events: Chunked<EventRecord>,
    pub(crate) lates: Chunked<LateRecord>,
    pub(crate) links: Vec<LinkRecord>,
    pub(crate) bytes: Bytes,
    pub(crate) longs: Vec<Box<str>>,
    /// Records that are older than those before them were copied in.
    pub(crate) is_mixed: bool,
    /// Keys of fields that no callsite declared.
    pub(crate) keys: Vec<Arc<str>>,
    /// The positions of the keys, while records are written.
    key_numbers: BTreeMap<Arc<str>, u32>,
    /// What this thread saw of spans that were opened on others.
    pub(crate) foreign: BTreeMap<SpanKey, Timing>,
    /// Descriptions of callsites that are not the program's own, by record: see `described`.
    pub(crate) described_spans: BTreeMap<u32, Arc<Description>>,
    pub(crate) described_events: BTreeMap<u32, Arc<Description>>,
}

/// What a record's callsite says, where it is not a callsite of this program.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Description {
    pub(crate) name: Box<str>,
    pub(crate) target: Box<str>,
    pub(crate) level: tracing_core::Level,
    pub(crate) file: Option<Box<str>>,
    pub(crate) line: Option<u32>,
}

/// Why a record was not written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refused {
    /// The capture has ended.
    Late,
    /// A bound was reached.
    Full,
}

impl Buffer {
    /// Moves encoded fields in.
    #[inline]
    pub(crate) fn store(&mut self, scratch: &mut Scratch) -> Entry {
        self.bytes.push(scratch.finish(&mut self.longs))
    }

    /// Adds a key that no callsite declared, and returns its number.
    fn add_key(&mut self, key: &str) -> u32 {
        let number = u32::try_from(self.keys.len()).unwrap_or(u32::MAX);
        let key: Arc<str> = key.into();
        self.keys.push(Arc::clone(&key));
        self.key_numbers.insert(key, number);
        number
    }
}

/// The bytes that records take besides their fields.
const SPAN_BYTES: u64 = size_of::<SpanRecord>() as u64;
const EVENT_BYTES: u64 = size_of::<EventRecord>() as u64;
const LINK_BYTES: u64 = size_of::<LinkRecord>() as u64;
/// A key lies in a list and in a map.
const KEY_BYTES: u64 = 64;
const LATE_BYTES: u64 = size_of::<LateRecord>() as u64;

impl Segment {
    pub(crate) fn new(log: Arc<Log>, owner: u32, number: u32) -> Self {
        Self {
            log,
            owner,
            number,
            foreign_closes: AtomicU32::new(0),
            outlives: AtomicBool::new(false),
            state: Mutex::new(State::default()),
        }
    }

    #[inline]
    fn lock(&self) -> MutexGuard<'_, State> {
        lock(&self.state)
    }

    pub(crate) fn foreign_closes(&self) -> u32 {
        self.foreign_closes.load(Ordering::Acquire)
    }

    pub(crate) fn note_foreign_close(&self) {
        self.foreign_closes.fetch_add(1, Ordering::Release);
    }

    /// Gives back what the segment holds of the bounds and does not use. Returns false if it is being
    /// written at this moment, so that it keeps what it holds.
    pub(super) fn give_back(&self) -> bool {
        let Ok(mut state) = self.state.try_lock() else { return false };
        state.shares.give_back(&self.log);
        true
    }

    /// Takes the records out; nothing is written afterwards.
    pub(crate) fn seal(&self) -> Buffer {
        let mut state = self.lock();
        state.sealed = true;
        state.buffer.key_numbers = BTreeMap::new();
        std::mem::take(&mut state.buffer)
    }

    pub(crate) fn read<T>(&self, read: impl FnOnce(&Buffer) -> T) -> T {
        read(&self.lock().buffer)
    }

    /// Returns the number of a key that no callsite declared; `None` if there is no room for it.
    pub(crate) fn intern(&self, key: &str) -> Option<u32> {
        let mut state = self.lock();
        let state = state.open(&self.log).ok()?;
        if let Some(&number) = state.buffer.key_numbers.get(key) {
            return Some(number);
        }
        if !state.shares.take_bytes(&self.log, KEY_BYTES + key.len() as u64) {
            self.log.refuse(|dropped| &dropped.fields);
            return None;
        }
        Some(state.buffer.add_key(key))
    }

    pub(crate) fn describe_span(&self, key: SpanKey, description: Arc<Description>) {
        self.write(|buffer| buffer.described_spans.insert(key.index, description));
    }

    pub(crate) fn describe_event(&self, index: u32, description: Arc<Description>) {
        self.write(|buffer| buffer.described_events.insert(index, description));
    }

    pub(crate) fn push_link(&self, span: SpanKey, cause: SpanKey) {
        let mut state = self.lock();
        let Ok(state) = state.open(&self.log) else { return };
        if state.shares.take_bytes(&self.log, LINK_BYTES) {
            state.buffer.links.push(LinkRecord { span, cause });
        } else {
            self.log.refuse(|dropped| &dropped.fields);
        }
    }

    /// Runs `write` on the buffer if the capture still runs, and counts a late record otherwise.
    pub(crate) fn write<T>(&self, write: impl FnOnce(&mut Buffer) -> T) -> Option<T> {
        let mut state = self.lock();
        if state.sealed {
            self.log.count_late();
            return None;
        }
        Some(write(&mut state.buffer))
    }

    #[inline]
    pub(crate) fn push_span(
        &self,
        record: SpanRecord,
        scratch: &mut Scratch,
    ) -> Result<SpanKey, Refused> {
        let mut state = self.lock();
        let state = state.open(&self.log)?;
        if !state.shares.take_span(&self.log, SPAN_BYTES + scratch.weight()) {
            return Err(self.log.refuse(|dropped| &dropped.spans));
        }
        let index = u32::try_from(state.buffer.spans.len()).map_err(|_| Refused::Full)?;
        let fields = state.store(&self.log, scratch);
        state.buffer.spans.push(SpanRecord { fields, ..record });
        Ok(SpanKey { index, segment: self.number })
    }

    #[inline]
    pub(crate) fn push_event(
        &self,
        record: EventRecord,
        scratch: &mut Scratch,
    ) -> Result<u32, Refused> {
        let mut state = self.lock();
        let state = state.open(&self.log)?;
        if !state.shares.take_event(&self.log, EVENT_BYTES + scratch.weight()) {
            return Err(self.log.refuse(|dropped| &dropped.events));
        }
        let index = u32::try_from(state.buffer.events.len()).map_err(|_| Refused::Full)?;
        let fields = state.store(&self.log, scratch);
        state.buffer.events.push(EventRecord { fields, ..record });
        Ok(index)
    }

    /// Adds fields to a span of this or another segment of the same log.
    #[inline]
    pub(crate) fn push_late(&self, span: SpanKey, scratch: &mut Scratch) -> Result<(), Refused> {
        let mut state = self.lock();
        let state = state.open(&self.log)?;
        if !state.shares.take_bytes(&self.log, LATE_BYTES + scratch.weight()) {
            return Err(self.log.refuse(|dropped| &dropped.fields));
        }
        let fields = state.store(&self.log, scratch);
        let sequence = self.log.next_late();
        state.buffer.lates.push(LateRecord { span, sequence, fields });
        Ok(())
    }

    /// Changes the timing of a span of this or another segment of the same log.
    #[inline]
    pub(crate) fn time(&self, span: SpanKey, change: impl FnOnce(&mut Timing)) {
        let mut state = self.lock();
        if state.sealed {
            self.log.count_late();
            return;
        }
        if span.segment != self.number {
            change(state.buffer.foreign.entry(span).or_default());
        } else if let Some(record) = state.buffer.spans.get_mut(span.index as usize) {
            change(&mut record.timing);
        }
    }
}

impl State {
    #[inline]
    fn store(&mut self, log: &Log, scratch: &mut Scratch) -> Entry {
        if scratch.cut_values() > 0 {
            log.dropped.cut_values.fetch_add(scratch.cut_values().into(), Ordering::Relaxed);
        }
        self.buffer.store(scratch)
    }

    #[inline]
    fn open(&mut self, log: &Log) -> Result<&mut Self, Refused> {
        if self.sealed {
            log.count_late();
            return Err(Refused::Late);
        }
        Ok(self)
    }
}
