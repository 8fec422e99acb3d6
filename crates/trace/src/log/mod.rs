//! The log of one capture: append-only records, one segment per thread that writes.

pub(crate) mod bytes;
pub(crate) mod callsite;
pub(crate) mod chunked;
pub(crate) mod decode;
pub(crate) mod delivery;
pub(crate) mod encode;
pub(crate) mod owned;
mod raw_log;
pub(crate) mod record;
mod room;
pub(crate) mod scratch;
pub(crate) mod segment;
mod text;
pub(crate) mod whole;

#[cfg(all(test, probity_loom))]
mod model;

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, OnceLock, Weak, atomic::AtomicUsize},
    time::SystemTime,
};

use self::{
    delivery::Delivery,
    owned::Owner,
    raw_log::{Pushed, RawLog},
    record::{Callsite, SpanKey, Timing},
    room::Room,
    segment::{Buffer, Segment},
};
use crate::{
    clock::{self, Ticks},
    ids::{SpanId, TraceId, entropy},
    limits::{CaptureLimits, Dropped},
    raw::RawPayload,
    redact::Redaction,
    sync::{AtomicBool, AtomicU32, AtomicU64, Mutex, MutexGuard, Ordering, lock},
};

/// The number of captures that run now, and of segments of ended ones that open spans still refer to:
/// what comes late is counted. While it is 0 the layer does nothing at all.
static LIVE: AtomicUsize = AtomicUsize::new(0);

/// Returns whether any capture runs.
///
/// A relaxed load is enough: whatever belongs to a capture happens after its start.
#[inline]
pub(crate) fn any_live() -> bool {
    LIVE.load(Ordering::Relaxed) != 0
}

/// What is settled when a capture starts.
#[derive(Debug, Default)]
pub(crate) struct Settings {
    pub(crate) limits: CaptureLimits,
    pub(crate) trace_id: Option<TraceId>,
    /// In a box, since most captures have none and settings are moved often.
    pub(crate) delivery: Option<Box<Delivery>>,
    pub(crate) raw: bool,
    /// The rules of the layer that is there when the capture starts.
    pub(crate) redaction: Option<Arc<Redaction>>,
    /// The sample of the trajectory that the capture is, or lies in.
    pub(crate) trajectory: Option<Weak<str>>,
}

/// The log of one capture, shared by all threads that write to it.
#[derive(Debug)]
pub(crate) struct Log {
    pub(crate) limits: CaptureLimits,
    pub(crate) trace_id: TraceId,
    /// The seed of the span identifiers.
    pub(crate) span_seed: u64,
    /// The sample of the trajectory that the capture is, or lies in; gone once that has ended.
    pub(crate) trajectory: Option<Weak<str>>,
    pub(crate) started_at: SystemTime,
    pub(crate) started: Ticks,
    /// A layer has seen something of this capture, kept or not.
    pub(crate) layer_seen: AtomicBool,
    /// Which layers' rules for secrets hold; those of the first layer that saw the capture.
    redaction: OnceLock<Arc<Redaction>>,
    /// Who is told, while the capture runs. A thread that remembers one of its spans may hold the log
    /// for longer, but must not hold what the listeners own.
    delivery: Option<Mutex<Option<Arc<Delivery>>>>,
    pub(crate) raw: Option<RawLog>,
    pub(crate) room: Room,
    pub(crate) dropped: Counts,
    /// Read by the snapshot, since late records come after it was made.
    late: AtomicU64,
    late_sequence: AtomicU32,
    /// The tags of each span that has any.
    tags: Mutex<BTreeMap<SpanKey, Vec<String>>>,
    /// The spans whose code has set their output itself.
    own_outputs: Mutex<BTreeSet<SpanKey>>,
    done: AtomicBool,
    segments: Mutex<Segments>,
}

#[derive(Debug, Default)]
pub(crate) struct Counts {
    pub(crate) spans: AtomicU64,
    pub(crate) events: AtomicU64,
    pub(crate) fields: AtomicU64,
    pub(crate) cut_values: AtomicU64,
    pub(crate) raw_entries: AtomicU64,
}

/// The segments by their numbers.
#[derive(Debug, Default)]
struct Segments {
    list: Vec<Arc<Segment>>,
    /// The owners are not in the order of their numbers.
    is_mixed: bool,
}

impl Segments {
    /// Finds the segment of a thread. There may be very many, mostly in the order of their owners.
    fn of(&self, owner: u32) -> Option<&Arc<Segment>> {
        if self.is_mixed {
            return self.list.iter().find(|segment| segment.owner == owner);
        }
        let position = self.list.binary_search_by_key(&owner, |segment| segment.owner).ok()?;
        self.list.get(position)
    }

    fn push(&mut self, segment: Arc<Segment>) {
        self.is_mixed |= self.list.last().is_some_and(|last| last.owner > segment.owner);
        self.list.push(segment);
    }
}

/// What is left of a log when its capture has ended.
#[derive(Debug)]
pub(crate) struct Ended {
    pub(crate) buffers: Vec<Buffer>,
    pub(crate) at: Ticks,
    pub(crate) dropped: Dropped,
    pub(crate) redaction: Arc<Redaction>,
    pub(crate) layer_seen: bool,
}

impl Log {
    pub(crate) fn start(settings: Settings) -> Arc<Self> {
        let limits = settings.limits;
        let [high, low, span_seed] = entropy();
        let log = Arc::new(Self {
            limits,
            trace_id: settings.trace_id.unwrap_or(TraceId::of(high, low)),
            span_seed,
            trajectory: settings.trajectory,
            started_at: SystemTime::now(),
            started: clock::now(),
            layer_seen: AtomicBool::new(settings.redaction.is_some()),
            redaction: settings.redaction.map(OnceLock::from).unwrap_or_default(),
            delivery: settings.delivery.map(|delivery| Mutex::new(Some(Arc::from(delivery)))),
            raw: settings.raw.then(RawLog::new),
            room: Room::new(&limits),
            dropped: Counts::default(),
            late: AtomicU64::new(0),
            late_sequence: AtomicU32::new(0),
            tags: Mutex::new(BTreeMap::new()),
            own_outputs: Mutex::new(BTreeSet::new()),
            done: AtomicBool::new(false),
            segments: Mutex::new(Segments::default()),
        });
        LIVE.fetch_add(1, Ordering::Relaxed);
        log
    }

    fn segments(&self) -> MutexGuard<'_, Segments> {
        lock(&self.segments)
    }

    /// Returns the segment that the thread of number `owner` writes, unless the capture has ended.
    pub(crate) fn segment_of(self: &Arc<Self>, owner: u32) -> Option<Arc<Segment>> {
        let mut segments = self.segments();
        if self.is_done() {
            self.count_late();
            return None;
        }
        if let Some(segment) = segments.of(owner) {
            return Some(Arc::clone(segment));
        }
        let number = u32::try_from(segments.list.len()).ok()?;
        let segment = Arc::new(Segment::new(Arc::clone(self), owner, number));
        segments.push(Arc::clone(&segment));
        Some(segment)
    }

    /// Takes back what segments hold of the bounds and do not use. Returns whether all but the one that
    /// asks were asked: those that are being written are not.
    fn reclaim(&self) -> bool {
        let segments = self.all_segments();
        let asked = segments.iter().filter(|segment| segment.give_back()).count();
        asked + 1 >= segments.len()
    }

    /// Returns the segments as they are now. Their locks are not to be taken under that of the list.
    fn all_segments(&self) -> Vec<Arc<Segment>> {
        self.segments().list.clone()
    }

    pub(crate) fn is_done(&self) -> bool {
        self.done.load(Ordering::Acquire)
    }

    /// Returns how many records came after the end until now.
    pub(crate) fn late(&self) -> u64 {
        self.late.load(Ordering::Relaxed)
    }

    pub(crate) fn count_late(&self) {
        self.late.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn next_late(&self) -> u32 {
        self.late_sequence.fetch_add(1, Ordering::Relaxed)
    }

    /// Notes that a layer saw the capture, with its rules for secrets.
    #[inline]
    pub(crate) fn note_layer(&self, redaction: &Arc<Redaction>) {
        if self.redaction.get().is_none() {
            // Another thread's layer may have come first; then its rules stay.
            let _ = self.redaction.set(Arc::clone(redaction));
            self.layer_seen.store(true, Ordering::Relaxed);
        }
    }

    pub(crate) fn redaction(&self) -> Arc<Redaction> {
        self.redaction.get().cloned().unwrap_or_else(Redaction::shared_default)
    }

    /// Ends the capture: takes the records out and refuses what comes later. Returns `None` if it has
    /// ended before.
    pub(crate) fn end(&self) -> Option<Ended> {
        let segments = {
            let mut segments = self.segments();
            if self.done.swap(true, Ordering::AcqRel) {
                return None;
            }
            std::mem::take(&mut segments.list)
        };
        for segment in segments.iter().filter(|segment| Arc::strong_count(segment) > 1) {
            segment.outlive();
        }
        LIVE.fetch_sub(1, Ordering::Relaxed);
        let buffers = segments.iter().map(|segment| segment.seal()).collect();
        let delivery = self.delivery.as_ref().and_then(|delivery| lock(delivery).take());
        Some(Ended {
            buffers,
            at: clock::now(),
            dropped: self.dropped.read(delivery.as_deref()),
            redaction: self.redaction(),
            layer_seen: self.layer_seen.load(Ordering::Relaxed),
        })
    }

    /// Returns whether anyone is told of records.
    #[inline]
    pub(crate) fn has_delivery(&self) -> bool {
        self.delivery.is_some()
    }

    /// Returns who is told of records, if anyone is.
    #[inline]
    pub(crate) fn delivery(&self) -> Option<Arc<Delivery>> {
        self.delivery.as_ref().and_then(|delivery| lock(delivery).clone())
    }

    /// Returns what threads other than the span's own saw of its timing.
    pub(crate) fn foreign_timing(&self, key: SpanKey) -> Timing {
        let mut timing = Timing::default();
        for segment in self.all_segments() {
            if let Some(seen) = segment.read(|buffer| buffer.foreign.get(&key).copied()) {
                timing.merge(seen);
            }
        }
        timing
    }

    /// Adds tags to those of a span, and writes all that it has. `None` if there is no room for one, or
    /// if `write` says so.
    ///
    /// The tags are locked meanwhile, so that the list that is written last is whole.
    pub(crate) fn add_tags<T>(
        &self,
        span: SpanKey,
        new: Vec<String>,
        write: impl FnOnce(&[String]) -> Option<T>,
    ) -> Option<T> {
        let mut tags = lock(&self.tags);
        let of_span = tags.entry(span).or_default();
        for tag in new {
            if of_span.contains(&tag) {
                continue;
            }
            if !self.room.take_bytes((tag.len() + size_of::<String>()) as u64) {
                self.refuse(|dropped| &dropped.fields);
                return None;
            }
            of_span.push(tag);
        }
        write(of_span)
    }

    /// Notes that the code in a span has set its output itself; false if there is no room for that.
    pub(crate) fn note_own_output(&self, span: SpanKey) -> bool {
        let mut spans = lock(&self.own_outputs);
        if spans.contains(&span) {
            return true;
        }
        self.room.take_bytes(size_of::<SpanKey>() as u64) && spans.insert(span)
    }

    /// Returns whether the code in a span has set its output itself.
    #[cfg(feature = "macros")]
    pub(crate) fn has_own_output(&self, span: SpanKey) -> bool {
        lock(&self.own_outputs).contains(&span)
    }

    /// Returns the callsite of a span, whichever segment it is in.
    pub(crate) fn callsite_of(&self, key: SpanKey) -> Callsite {
        let segment = self.segments().list.get(key.segment as usize).cloned()?;
        segment.read(|buffer| buffer.spans.get(key.index as usize)?.callsite)
    }

    /// Returns the spans that a span follows from.
    pub(crate) fn links_of(&self, span: SpanKey) -> Vec<SpanId> {
        let mut causes = Vec::new();
        for segment in self.all_segments() {
            segment.read(|buffer| {
                let links = buffer.links.iter().filter(|link| link.span == span);
                causes.extend(links.filter_map(|link| self.span_id(link.cause)));
            });
        }
        causes
    }

    /// Returns what makes nodes of this log's records.
    pub(crate) fn owner<'a>(&self, redaction: &'a Redaction) -> Owner<'a> {
        Owner { started_at: self.started_at, started: self.started, redaction }
    }

    /// Keeps a raw entry, if the capture is a raw one that still runs.
    pub(crate) fn record_raw(&self, payload: RawPayload, span: SpanKey) -> bool {
        let Some(raw) = &self.raw else { return false };
        let pushed = raw.push(payload, self.span_id(span), &self.redaction(), &self.room);
        match pushed {
            Pushed::Kept => {}
            Pushed::Full => _ = self.dropped.raw_entries.fetch_add(1, Ordering::Relaxed),
            Pushed::Late => self.count_late(),
        }
        pushed == Pushed::Kept
    }

    /// Returns the identifier of a kept span.
    pub(crate) fn span_id(&self, key: SpanKey) -> Option<SpanId> {
        key.some().map(|key| SpanId::derive(self.span_seed, key.number()))
    }
}

impl Counts {
    fn read(&self, delivery: Option<&Delivery>) -> Dropped {
        let (undelivered, panicked_listeners) = delivery.map_or((0, 0), Delivery::dropped);
        Dropped {
            spans: self.spans.load(Ordering::Relaxed),
            events: self.events.load(Ordering::Relaxed),
            fields: self.fields.load(Ordering::Relaxed),
            cut_values: self.cut_values.load(Ordering::Relaxed),
            raw_entries: self.raw_entries.load(Ordering::Relaxed),
            late: 0,
            undelivered,
            panicked_listeners,
        }
    }
}

impl Segment {
    /// Keeps the layer awake for as long as a span of this segment is open after the end.
    fn outlive(&self) {
        if !self.outlives.swap(true, Ordering::Relaxed) {
            LIVE.fetch_add(1, Ordering::Relaxed);
        }
    }
}

impl Drop for Segment {
    fn drop(&mut self) {
        if self.outlives.load(Ordering::Relaxed) {
            LIVE.fetch_sub(1, Ordering::Relaxed);
        }
    }
}
