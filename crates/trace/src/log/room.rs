//! The bounds of a capture, and the shares of them that its segments hold.

use super::{Counts, Log, segment::Refused};
use crate::{
    limits::CaptureLimits,
    sync::{AtomicBool, AtomicU64, Ordering},
};

/// What is left of the bounds.
#[derive(Debug)]
pub(crate) struct Room {
    spans: Bound,
    events: Bound,
    bytes: Bound,
}

/// What is left of one bound.
#[derive(Debug)]
struct Bound {
    left: AtomicU64,
    /// Nothing is left here, nor was there anything to take back when it was looked for. So many
    /// records may be refused that each must be refused fast.
    is_dry: AtomicBool,
}

impl Room {
    pub(super) fn new(limits: &CaptureLimits) -> Self {
        let bound = |max| Bound { left: AtomicU64::new(max), is_dry: AtomicBool::new(false) };
        Self {
            spans: bound(limits.max_spans),
            events: bound(limits.max_events),
            bytes: bound(limits.max_total_bytes),
        }
    }

    /// Takes bytes for something that no segment writes.
    pub(super) fn take_bytes(&self, weight: u64) -> bool {
        self.bytes.take(weight, |_| weight) == weight
    }
}

/// What a segment may still write before it asks the log for another share. Threads of one capture
/// would otherwise have to count together, record by record.
#[derive(Debug, Default)]
pub(super) struct Shares {
    spans: u64,
    events: u64,
    bytes: u64,
}

impl Shares {
    #[inline]
    pub(super) fn take_span(&mut self, log: &Log, weight: u64) -> bool {
        if self.spans == 0 {
            self.spans = share_of(log, |room| &room.spans);
        }
        let granted = self.spans > 0 && self.take_bytes(log, weight);
        self.spans -= u64::from(granted);
        granted
    }

    #[inline]
    pub(super) fn take_event(&mut self, log: &Log, weight: u64) -> bool {
        if self.events == 0 {
            self.events = share_of(log, |room| &room.events);
        }
        let granted = self.events > 0 && self.take_bytes(log, weight);
        self.events -= u64::from(granted);
        granted
    }

    #[inline]
    pub(super) fn take_bytes(&mut self, log: &Log, weight: u64) -> bool {
        if self.bytes < weight {
            self.bytes += more_bytes(log, weight - self.bytes);
        }
        let left = self.bytes.checked_sub(weight);
        self.bytes = left.unwrap_or(self.bytes);
        left.is_some()
    }

    /// Gives all back.
    pub(super) fn give_back(&mut self, log: &Log) {
        let Self { spans, events, bytes } = std::mem::take(self);
        log.room.spans.left.fetch_add(spans, Ordering::Relaxed);
        log.room.events.left.fetch_add(events, Ordering::Relaxed);
        log.room.bytes.left.fetch_add(bytes, Ordering::Relaxed);
    }
}

impl Log {
    /// Counts a record that does not fit.
    #[cold]
    pub(super) fn refuse(&self, count: impl Fn(&Counts) -> &AtomicU64) -> Refused {
        count(&self.dropped).fetch_add(1, Ordering::Relaxed);
        Refused::Full
    }
}

/// Takes a share: small against what is left, so that another thread finds some too.
#[cold]
fn share_of(log: &Log, bound: impl Fn(&Room) -> &Bound) -> u64 {
    bound(&log.room).take_or_reclaim(log, 1, |left| left.div_ceil(64).min(1024))
}

#[cold]
fn more_bytes(log: &Log, missing: u64) -> u64 {
    let wish = |left: u64| left.div_ceil(64).min(1 << 16).max(missing);
    log.room.bytes.take_or_reclaim(log, missing, wish)
}

impl Bound {
    /// Takes as much as `wish` says of what is left, at least `need`; where that is not there, looks
    /// for what other segments hold and do not use. Takes nothing if there is less than `need`.
    fn take_or_reclaim(&self, log: &Log, need: u64, wish: impl Fn(u64) -> u64) -> u64 {
        if self.is_dry.load(Ordering::Relaxed) {
            return 0;
        }
        let taken = self.take(need, &wish);
        if taken > 0 {
            return taken;
        }
        let has_asked_all = log.reclaim();
        let taken = self.take(need, wish);
        if taken == 0 && has_asked_all && self.left.load(Ordering::Relaxed) == 0 {
            self.is_dry.store(true, Ordering::Relaxed);
        }
        taken
    }

    /// Takes as much as `wish` says of what is left, at least `need` and at most all of it; nothing if
    /// there is less.
    fn take(&self, need: u64, wish: impl Fn(u64) -> u64) -> u64 {
        let mut left = self.left.load(Ordering::Relaxed);
        loop {
            if left < need {
                return 0;
            }
            let taken = wish(left).min(left);
            let rest = left - taken;
            let swapped =
                self.left.compare_exchange_weak(left, rest, Ordering::Relaxed, Ordering::Relaxed);
            match swapped {
                Ok(_) => return taken,
                Err(now) => left = now,
            }
        }
    }
}
