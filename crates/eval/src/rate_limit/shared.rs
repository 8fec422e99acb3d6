//! The calls of one provider, shared by all that make them, with the clock that they live by.

use std::{
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use super::{lane::Lane, limits::Rates};

/// The calls of one provider, shared by all that make them.
#[derive(Debug)]
pub(super) struct SharedLane {
    lane: Mutex<Lane>,
    /// The beginning of time.
    start: Instant,
}

impl SharedLane {
    pub(super) fn new(rates: Rates) -> Self {
        Self { lane: Mutex::new(Lane::new(rates)), start: Instant::now() }
    }

    /// Does something with the calls, told what time it is, and wakes those that may go on.
    pub(super) fn with<T>(&self, act: impl FnOnce(&mut Lane, Duration) -> T) -> T {
        let mut lane = self.lane.lock().unwrap_or_else(PoisonError::into_inner);
        // Looked at under the lock, so that the time never goes back.
        let output = act(&mut lane, self.start.elapsed());
        let woken = lane.take_woken();
        drop(lane);
        for (_, waker) in woken {
            waker.wake();
        }
        output
    }

    /// Returns how long it takes until a time.
    pub(super) fn until(&self, time: Duration) -> Duration {
        time.saturating_sub(self.start.elapsed())
    }
}
