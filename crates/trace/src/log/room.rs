//! The bounds of a capture, and the shares of them that its segments hold.

use super::{Counts, Log, segment::Refused};
use crate::sync::{AtomicU64, Ordering};

/// What is left of the bounds.
#[derive(Debug)]
pub(crate) struct Room {
    pub(super) spans: AtomicU64,
    pub(super) events: AtomicU64,
    pub(super) bytes: AtomicU64,
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
            self.spans = share_of(log, &log.room.spans);
        }
        let granted = self.spans > 0 && self.take_bytes(log, weight);
        self.spans -= u64::from(granted);
        granted
    }

    #[inline]
    pub(super) fn take_event(&mut self, log: &Log, weight: u64) -> bool {
        if self.events == 0 {
            self.events = share_of(log, &log.room.events);
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
        log.room.spans.fetch_add(spans, Ordering::Relaxed);
        log.room.events.fetch_add(events, Ordering::Relaxed);
        log.room.bytes.fetch_add(bytes, Ordering::Relaxed);
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
fn share_of(log: &Log, room: &AtomicU64) -> u64 {
    let share = || take(room, |left| left.div_ceil(64).min(1024));
    match share() {
        0 => {
            log.reclaim();
            share()
        }
        taken => taken,
    }
}

#[cold]
fn more_bytes(log: &Log, missing: u64) -> u64 {
    let share = |missing| take(&log.room.bytes, |left| left.div_ceil(64).min(1 << 16).max(missing));
    let taken = share(missing);
    if taken >= missing {
        return taken;
    }
    log.reclaim();
    taken + share(missing - taken)
}

/// Takes from `room` as much as `wish` says of what is left, at most all of it.
fn take(room: &AtomicU64, wish: impl Fn(u64) -> u64) -> u64 {
    let mut left = room.load(Ordering::Relaxed);
    loop {
        let taken = wish(left).min(left);
        let rest = left - taken;
        match room.compare_exchange_weak(left, rest, Ordering::Relaxed, Ordering::Relaxed) {
            Ok(_) => return taken,
            Err(now) => left = now,
        }
    }
}
