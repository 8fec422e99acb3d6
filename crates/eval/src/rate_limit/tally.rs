//! Adds up how long calls waited, for one part of a run and for the whole.

use std::{
    iter,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use super::waited::{Share, Waited};

/// The account of how long calls waited.
#[derive(Debug, Default)]
pub(super) struct Tally {
    state: Mutex<State>,
    /// The account that this one is a part of.
    whole: Option<Arc<Tally>>,
}

#[derive(Debug, Default)]
struct State {
    waited: Waited,
    /// How many calls wait, and since when at least one does.
    waiting: usize,
    since: Option<Instant>,
}

impl Tally {
    /// Makes an account that counts for itself, and whose waits count with `whole` too.
    pub(super) fn part_of(whole: &Arc<Self>) -> Self {
        Self { whole: Some(Arc::clone(whole)), ..Self::default() }
    }

    /// Returns what was waited so far.
    pub(super) fn waited(&self) -> Waited {
        let state = self.lock();
        let under_way = state.since.map_or(Duration::ZERO, |since| since.elapsed());
        let elapsed = state.waited.elapsed.saturating_add(under_way);
        Waited { elapsed, ..state.waited }
    }

    /// Counts a refusal.
    pub(super) fn count_refusal(&self) {
        self.each(|state| state.waited.refused += 1);
    }

    /// Begins a wait.
    pub(super) fn begin(self: &Arc<Self>) -> Waiting {
        let now = Instant::now();
        self.each(|state| {
            state.waiting += 1;
            state.since.get_or_insert(now);
        });
        Waiting { tally: Arc::clone(self), began: now, is_over: false }
    }

    fn each(&self, change: impl Fn(&mut State)) {
        for tally in iter::successors(Some(self), |tally| tally.whole.as_deref()) {
            change(&mut tally.lock());
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A wait under way. Dropped without more, it was one between two attempts.
#[derive(Debug)]
pub(crate) struct Waiting {
    tally: Arc<Tally>,
    began: Instant,
    is_over: bool,
}

impl Waiting {
    /// Ends a wait for the permission to send a call.
    pub(super) fn end(mut self, share: Share) {
        self.count(|waited| {
            waited.limits = waited.limits.saturating_add(share.limits);
            waited.refusals = waited.refusals.saturating_add(share.refusals);
            waited.waits += 1;
        });
    }

    fn count(&mut self, add: impl Fn(&mut Waited)) {
        self.is_over = true;
        let now = Instant::now();
        self.tally.each(|state| {
            add(&mut state.waited);
            state.waiting = state.waiting.saturating_sub(1);
            if state.waiting == 0
                && let Some(since) = state.since.take()
            {
                let passed = now.saturating_duration_since(since);
                state.waited.elapsed = state.waited.elapsed.saturating_add(passed);
            }
        });
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        if !self.is_over {
            let time = self.began.elapsed();
            self.count(|waited| {
                waited.retries = waited.retries.saturating_add(time);
                waited.retried += 1;
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_at_once_are_added_up_and_pass_once_by_the_clock() {
        let whole = Arc::new(Tally::default());
        let part = Arc::new(Tally::part_of(&whole));
        let (first, second) = (part.begin(), whole.begin());
        let share = Share { limits: Duration::from_secs(5), refusals: Duration::from_secs(2) };
        first.end(share);
        second.end(share);
        let (part, whole) = (part.waited(), whole.waited());
        assert_eq!((part.limits, part.waits), (share.limits, 1));
        assert_eq!(
            (whole.limits, whole.refusals, whole.waits),
            (share.limits * 2, share.refusals * 2, 2)
        );
        assert!(whole.elapsed < share.limits && part.elapsed <= whole.elapsed);
    }

    #[test]
    fn a_wait_that_goes_on_counts_by_the_clock() {
        let tally = Arc::new(Tally::default());
        let waiting = tally.begin();
        let (before, after) = (tally.waited(), tally.waited());
        assert!(before.elapsed <= after.elapsed && after.total().is_zero());
        drop(waiting);
        assert_eq!(tally.waited().retried, 1);
        assert_eq!(tally.waited().elapsed, tally.waited().elapsed);
    }
}
