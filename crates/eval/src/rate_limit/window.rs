//! How many calls may wait for a provider at once, by how many it refuses.

use std::{collections::BTreeMap, time::Duration};

/// A call that has no answer after this time no longer takes up room, since whoever made it may have stopped to
/// ask for the answer. So no call waits for another without an end.
const LEASE: Duration = Duration::from_mins(1);

/// How many calls may wait for the beginning of an answer at once: any number, until a provider refuses one.
///
/// Additive increase, multiplicative decrease (Chiu and Jain 1989): with the first refusal the window becomes the
/// number of calls that were under way. Those are one burst, whose other refusals are no further news. When the burst
/// is over, the window shrinks by a tenth, and at least by one; where fewer than half of the burst were accepted, to
/// a quarter, or to the number that was accepted if that is larger. From then on it grows by one with each round of
/// calls that are accepted, as long as it is used.
#[derive(Debug, Default)]
pub(super) struct Window {
    size: Option<f64>,
    /// The calls that take up room, each with when it no longer does.
    under_way: BTreeMap<u64, Duration>,
    burst: Option<Burst>,
    next: u64,
    /// Calls with a lower number were sent before the window was full for the last time.
    filled: u64,
}

/// The calls that were under way when one of them was refused.
#[derive(Debug)]
struct Burst {
    /// Calls with a lower number belong to it.
    end: u64,
    unanswered: usize,
    accepted: u32,
    refused: u32,
}

impl Window {
    /// Returns whether there is room for another call; `Err` is when there will be at the latest.
    pub(super) fn room(&mut self, now: Duration) -> Result<(), Duration> {
        while let Some(first) = self.under_way.first_entry().filter(|first| *first.get() <= now) {
            let (call, _) = first.remove_entry();
            self.count_out(call, |_| ());
        }
        let Some((size, (_, end))) = self.size.zip(self.under_way.first_key_value()) else {
            return Ok(());
        };
        if as_size(self.under_way.len()) + 1.0 <= size { Ok(()) } else { Err(*end) }
    }

    /// Notes a call, and returns its number.
    pub(super) fn enter(&mut self, now: Duration) -> u64 {
        let call = self.next;
        self.next += 1;
        self.under_way.insert(call, now.saturating_add(LEASE));
        if self.size.is_some_and(|size| as_size(self.under_way.len()) + 1.0 > size) {
            self.filled = self.next;
        }
        call
    }

    /// A call was accepted: its answer has begun.
    pub(super) fn accepted(&mut self, call: u64) {
        if self.under_way.remove(&call).is_none() {
            return;
        }
        let in_burst = self.count_out(call, |burst| burst.accepted += 1);
        if let Some(size) = self.size.as_mut().filter(|_| !in_burst && call < self.filled) {
            *size += 1.0 / *size;
        }
    }

    /// A call ended without a word from the provider about its limits.
    pub(super) fn left(&mut self, call: u64) {
        if self.under_way.remove(&call).is_some() {
            self.count_out(call, |_| ());
        }
    }

    /// A call was refused.
    pub(super) fn refused(&mut self, call: u64) {
        let was_under_way = self.under_way.remove(&call).is_some();
        if self.burst.as_ref().is_some_and(|burst| call < burst.end) {
            if was_under_way {
                self.count_out(call, |burst| burst.refused += 1);
            }
            return;
        }
        self.conclude();
        let unanswered = self.under_way.len();
        let all = as_size(unanswered + 1);
        self.size = Some(self.size.map_or(all, |size| size.min(all)));
        self.burst = Some(Burst { end: self.next, unanswered, accepted: 0, refused: 1 });
        if unanswered == 0 {
            self.conclude();
        }
    }

    /// Counts a call out of the burst; returns whether it was in it.
    fn count_out(&mut self, call: u64, count: impl FnOnce(&mut Burst)) -> bool {
        let Some(burst) = self.burst.as_mut().filter(|burst| call < burst.end) else {
            return false;
        };
        burst.unanswered = burst.unanswered.saturating_sub(1);
        count(burst);
        if burst.unanswered == 0 {
            self.conclude();
        }
        true
    }

    /// Ends the burst, and shrinks the window by what came of it.
    fn conclude(&mut self) {
        let (Some(burst), Some(size)) = (self.burst.take(), &mut self.size) else {
            return;
        };
        let (accepted, refused) = (f64::from(burst.accepted), f64::from(burst.refused));
        let smaller = if accepted < refused {
            accepted.max(*size / 4.0)
        } else {
            *size - (*size / 10.0).max(1.0)
        };
        *size = smaller.clamp(1.0, size.max(1.0));
    }

    #[cfg(test)]
    pub(super) fn under_way(&self) -> usize {
        self.under_way.len()
    }
}

#[expect(clippy::cast_precision_loss, reason = "no process has so many calls under way")]
fn as_size(calls: usize) -> f64 {
    calls as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Duration = Duration::ZERO;

    /// Lets in as many calls as there is room for, at most `wanted`.
    fn fill(window: &mut Window, wanted: usize) -> Vec<u64> {
        let mut calls = Vec::new();
        while calls.len() < wanted && window.room(NOW).is_ok() {
            calls.push(window.enter(NOW));
        }
        calls
    }

    /// Sends a round of calls to a provider that accepts so many of them at once; returns how many were sent and
    /// refused.
    fn round(window: &mut Window, wanted: usize, accepts: usize) -> (usize, usize) {
        let calls = fill(window, wanted);
        // Refusals come first, since they are quickly said.
        let (accepted, refused) = calls.split_at(accepts.min(calls.len()));
        for call in refused {
            window.refused(*call);
        }
        for call in accepted {
            window.accepted(*call);
        }
        (calls.len(), refused.len())
    }

    #[test]
    fn nothing_is_limited_before_a_refusal() {
        let mut window = Window::default();
        assert_eq!(round(&mut window, 5_000, 5_000), (5_000, 0));
        assert_eq!(window.under_way(), 0);
    }

    #[test]
    fn the_refusals_of_one_burst_cut_once() {
        let mut window = Window::default();
        assert_eq!(round(&mut window, 100, 60), (100, 40));
        assert_eq!(round(&mut window, 100, 100), (90, 0));
    }

    #[test]
    fn a_window_finds_what_the_provider_takes_and_then_is_rarely_refused() {
        for accepts in [1, 3, 17, 60] {
            let mut window = Window::default();
            for _ in 0..20 {
                round(&mut window, 64, accepts);
            }
            let rounds: Vec<_> = (0..100).map(|_| round(&mut window, 64, accepts)).collect();
            let sent: usize = rounds.iter().map(|(sent, _)| sent).sum();
            let refused: usize = rounds.iter().map(|(_, refused)| refused).sum();
            assert!(sent - refused >= 100 * accepts * 3 / 4, "{accepts}: {sent} - {refused}");
            // One more is tried now and then, which for a provider that takes one call is half of all.
            assert!(refused <= 100 && refused * 2 <= sent, "{accepts}: {refused} of {sent}");
        }
    }

    #[test]
    fn a_window_grows_again_only_while_it_is_used() {
        let mut window = Window::default();
        round(&mut window, 64, 0);
        for _ in 0..30 {
            round(&mut window, 1, 64);
        }
        assert!(fill(&mut window, 64).len() <= 16);
        let mut window = Window::default();
        round(&mut window, 64, 0);
        for _ in 0..60 {
            round(&mut window, 64, 64);
        }
        assert_eq!(fill(&mut window, 64).len(), 64);
    }

    #[test]
    fn a_call_that_nobody_ends_takes_up_room_for_a_while_only() {
        let mut window = Window::default();
        round(&mut window, 1, 0);
        window.enter(NOW);
        assert_eq!(window.room(LEASE.saturating_sub(Duration::from_nanos(1))), Err(LEASE));
        assert_eq!(window.room(LEASE), Ok(()));
    }

    #[test]
    fn calls_that_end_without_a_word_leave_nothing_behind() {
        let mut window = Window::default();
        let calls = fill(&mut window, 10);
        window.refused(calls[0]);
        for call in calls {
            window.left(call);
        }
        assert_eq!((window.under_way(), window.burst.is_none()), (0, true));
        assert_eq!(
            fill(&mut window, 64).len(),
            2,
            "one refused and none accepted: a quarter of ten"
        );
    }
}
