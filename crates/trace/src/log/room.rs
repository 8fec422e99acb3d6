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
            self.spans = share_of(&log.room.spans);
        }
        let granted = self.spans > 0 && self.take_bytes(log, weight);
        self.spans -= u64::from(granted);
        granted
    }

    #[inline]
    pub(super) fn take_event(&mut self, log: &Log, weight: u64) -> bool {
        if self.events == 0 {
            self.events = share_of(&log.room.events);
        }
        let granted = self.events > 0 && self.take_bytes(log, weight);
        self.events -= u64::from(granted);
        granted
    }

    #[inline]
    pub(super) fn take_bytes(&mut self, log: &Log, weight: u64) -> bool {
        if self.bytes < weight {
            self.bytes += more_bytes(&log.room.bytes, weight - self.bytes);
        }
        let left = self.bytes.checked_sub(weight);
        self.bytes = left.unwrap_or(self.bytes);
        left.is_some()
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
fn share_of(room: &AtomicU64) -> u64 {
    take(room, |left| left.div_ceil(64).min(1024))
}

#[cold]
fn more_bytes(room: &AtomicU64, missing: u64) -> u64 {
    take(room, |left| left.div_ceil(64).min(1 << 16).max(missing))
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
