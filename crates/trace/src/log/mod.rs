//! The log of one capture: append-only records, one segment per thread that writes.

pub(crate) mod bytes;
pub(crate) mod callsite;
pub(crate) mod chunked;
pub(crate) mod decode;
pub(crate) mod encode;
pub(crate) mod owned;
pub(crate) mod record;
pub(crate) mod scratch;
pub(crate) mod segment;
mod text;
pub(crate) mod whole;

use std::{
    sync::{
        Arc, Mutex, MutexGuard, OnceLock, PoisonError,
        atomic::{AtomicBool, AtomicU32, AtomicU64, AtomicUsize, Ordering},
    },
    time::SystemTime,
};

use self::{
    owned::Owner,
    record::{Callsite, SpanKey, Timing},
    segment::{Buffer, Segment},
};
use crate::{
    clock::{self, Ticks},
    delivery::Delivery,
    ids::{SpanId, TraceId},
    limits::{CaptureLimits, Dropped},
    raw::{RawLog, RawPayload},
    redact::Redaction,
};

/// The number of captures that run now. While it is 0 the layer does nothing at all.
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
    pub(crate) delivery: Option<Box<Delivery>>,
    pub(crate) raw: bool,
}

/// The log of one capture, shared by all threads that write to it.
#[derive(Debug)]
pub(crate) struct Log {
    pub(crate) limits: CaptureLimits,
    pub(crate) trace_id: TraceId,
    /// The seed of the span identifiers.
    pub(crate) span_seed: u64,
    pub(crate) started_at: SystemTime,
    pub(crate) started: Ticks,
    /// A layer has seen something of this capture, kept or not.
    pub(crate) layer_seen: AtomicBool,
    /// Which layers' rules for secrets hold; those of the first layer that saw the capture.
    redaction: OnceLock<Arc<Redaction>>,
    pub(crate) delivery: Option<Box<Delivery>>,
    pub(crate) raw: Option<RawLog>,
    pub(crate) room: Room,
    pub(crate) dropped: Counts,
    /// Shared with the snapshot, since late records come after it was made.
    late: Arc<AtomicU64>,
    late_sequence: AtomicU32,
    done: AtomicBool,
    segments: Mutex<Vec<Arc<Segment>>>,
}

/// What is left of the bounds.
#[derive(Debug)]
pub(crate) struct Room {
    pub(crate) spans: AtomicU64,
    pub(crate) events: AtomicU64,
    pub(crate) bytes: AtomicU64,
}

#[derive(Debug, Default)]
pub(crate) struct Counts {
    pub(crate) spans: AtomicU64,
    pub(crate) events: AtomicU64,
    pub(crate) fields: AtomicU64,
    pub(crate) cut_values: AtomicU64,
    pub(crate) raw_entries: AtomicU64,
}

/// What is left of a log when its capture has ended.
#[derive(Debug)]
pub(crate) struct Ended {
    pub(crate) buffers: Vec<Buffer>,
    pub(crate) ended: Ticks,
    pub(crate) dropped: Dropped,
    pub(crate) late: Arc<AtomicU64>,
    pub(crate) redaction: Arc<Redaction>,
    pub(crate) layer_seen: bool,
}

impl Log {
    pub(crate) fn start(settings: Settings) -> Arc<Self> {
        let limits = settings.limits;
        let log = Arc::new(Self {
            limits,
            trace_id: settings.trace_id.unwrap_or_else(TraceId::random),
            span_seed: fastrand::u64(..),
            started_at: SystemTime::now(),
            started: clock::now(),
            layer_seen: AtomicBool::new(false),
            redaction: OnceLock::new(),
            delivery: settings.delivery,
            raw: settings.raw.then(RawLog::default),
            room: Room {
                spans: AtomicU64::new(limits.max_spans),
                events: AtomicU64::new(limits.max_events),
                bytes: AtomicU64::new(limits.max_total_bytes),
            },
            dropped: Counts::default(),
            late: Arc::default(),
            late_sequence: AtomicU32::new(0),
            done: AtomicBool::new(false),
            segments: Mutex::default(),
        });
        LIVE.fetch_add(1, Ordering::Relaxed);
        log
    }

    fn segments(&self) -> MutexGuard<'_, Vec<Arc<Segment>>> {
        self.segments.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns the segment that the thread of number `owner` writes, unless the capture has ended.
    pub(crate) fn segment_of(self: &Arc<Self>, owner: u32) -> Option<Arc<Segment>> {
        let mut segments = self.segments();
        if self.is_done() {
            self.count_late();
            return None;
        }
        if let Some(segment) = segments.iter().find(|segment| segment.owner == owner) {
            return Some(Arc::clone(segment));
        }
        let number = u16::try_from(segments.len())
            .ok()
            .filter(|&number| number < u16::MAX)?;
        let segment = Arc::new(Segment::new(Arc::clone(self), owner, number));
        segments.push(Arc::clone(&segment));
        Some(segment)
    }

    pub(crate) fn is_done(&self) -> bool {
        self.done.load(Ordering::Acquire)
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
        self.redaction.get().cloned().unwrap_or_default()
    }

    /// Takes one from a segment's share, and a new share from the log where that is used up.
    #[inline]
    pub(crate) fn take_share(&self, share: &mut u64, room: impl Fn(&Self) -> &AtomicU64) -> bool {
        if *share == 0 {
            *share = grant(room(self), |left| left.div_ceil(64).min(1024));
        }
        let granted = *share > 0;
        *share -= u64::from(granted);
        granted
    }

    /// Takes `weight` from a segment's share of bytes, and more from the log where that is too small.
    #[inline]
    pub(crate) fn take_bytes(&self, share: &mut u64, weight: u64) -> bool {
        if *share < weight {
            *share += grant(&self.room.bytes, |left| {
                left.div_ceil(64)
                    .clamp(weight.min(left), (1 << 16).max(weight))
            });
        }
        let granted = *share >= weight;
        *share -= if granted { weight } else { 0 };
        granted
    }

    /// Ends the capture: takes the records out and refuses what comes later. Returns `None` if it has
    /// ended before.
    pub(crate) fn end(&self) -> Option<Ended> {
        let segments = {
            let mut segments = self.segments();
            if self.done.swap(true, Ordering::AcqRel) {
                return None;
            }
            std::mem::take(&mut *segments)
        };
        LIVE.fetch_sub(1, Ordering::Relaxed);
        // Taken out one by one, in the order of their numbers.
        let buffers = segments.iter().map(|segment| segment.seal()).collect();
        Some(Ended {
            buffers,
            ended: clock::now(),
            dropped: self.dropped(),
            late: Arc::clone(&self.late),
            redaction: self.redaction(),
            layer_seen: self.layer_seen.load(Ordering::Relaxed),
        })
    }

    /// Returns what threads other than the span's own saw of its timing.
    pub(crate) fn foreign_timing(&self, key: SpanKey) -> Timing {
        let mut timing = Timing::default();
        for segment in self.segments().iter() {
            if let Some(seen) = segment.read(|buffer| buffer.foreign.get(&key).copied()) {
                timing.merge(seen);
            }
        }
        timing
    }

    /// Returns the callsite of a span, whichever segment it is in.
    pub(crate) fn callsite_of(&self, key: SpanKey) -> Callsite {
        let segment = self.segments().get(usize::from(key.segment)).cloned()?;
        segment.read(|buffer| buffer.spans.get(key.index as usize)?.callsite)
    }

    /// Returns what makes nodes of this log's records.
    pub(crate) fn owner<'a>(&self, redaction: &'a Redaction) -> Owner<'a> {
        Owner {
            started_at: self.started_at,
            started: self.started,
            redaction,
        }
    }

    /// Keeps a raw entry, if the capture is a raw one that still runs.
    pub(crate) fn record_raw(&self, payload: RawPayload, span: SpanKey) -> bool {
        let Some(raw) = &self.raw else { return false };
        if self.is_done() {
            self.count_late();
            return false;
        }
        let kept = raw.push(
            payload,
            self.span_id(span),
            &self.redaction(),
            &self.room.bytes,
        );
        if !kept {
            self.dropped.raw_entries.fetch_add(1, Ordering::Relaxed);
        }
        kept
    }

    /// Returns the identifier of a kept span.
    pub(crate) fn span_id(&self, key: SpanKey) -> Option<SpanId> {
        key.some()
            .map(|key| SpanId::derive(self.span_seed, key.number()))
    }

    fn dropped(&self) -> Dropped {
        let (undelivered, panicked_listeners) = self
            .delivery
            .as_ref()
            .map_or((0, 0), |delivery| delivery.dropped());
        Dropped {
            spans: self.dropped.spans.load(Ordering::Relaxed),
            events: self.dropped.events.load(Ordering::Relaxed),
            fields: self.dropped.fields.load(Ordering::Relaxed),
            cut_values: self.dropped.cut_values.load(Ordering::Relaxed),
            raw_entries: self.dropped.raw_entries.load(Ordering::Relaxed),
            late: 0,
            undelivered,
            panicked_listeners,
        }
    }
}

/// Takes from `room` as much as `wish` says of what is left, at most all of it.
#[cold]
fn grant(room: &AtomicU64, wish: impl Fn(u64) -> u64) -> u64 {
    let mut left = room.load(Ordering::Relaxed);
    loop {
        let granted = wish(left).min(left);
        match room.compare_exchange_weak(left, left - granted, Ordering::Relaxed, Ordering::Relaxed)
        {
            Ok(_) => return granted,
            Err(now) => left = now,
        }
    }
}
