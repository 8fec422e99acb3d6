//! How fast trials end, and how long the rest will take.

use std::{
    collections::VecDeque,
    time::{Duration, Instant},
};

use crate::stats::real;

/// The pace is that of the last while, so that it follows a run that becomes faster or slower.
const WHILE: Duration = Duration::from_secs(30);
/// Looks are kept this far apart.
const APART: Duration = Duration::from_millis(500);

/// How fast trials end.
#[derive(Debug)]
pub(super) struct Pace {
    /// When, and how many trials had ended; the oldest first.
    looks: VecDeque<(Instant, u64)>,
}

impl Pace {
    /// Begins with the trials that had ended before.
    pub(super) fn new(now: Instant, ended: u64) -> Self {
        Self { looks: VecDeque::from([(now, ended)]) }
    }

    /// Looks at how many trials have ended, and returns how many end in a second; `None` until one has.
    pub(super) fn look(&mut self, now: Instant, ended: u64) -> Option<f64> {
        // One look from before the while stays, so that there is always something to compare with.
        while self.looks.get(1).is_some_and(|(at, _)| now.duration_since(*at) >= WHILE) {
            self.looks.pop_front();
        }
        let (first, before) = *self.looks.front()?;
        if self.looks.back().is_some_and(|(at, _)| now.duration_since(*at) >= APART) {
            self.looks.push_back((now, ended));
        }
        let seconds = now.duration_since(first).as_secs_f64();
        let ended = ended.saturating_sub(before);
        (ended > 0 && seconds > 0.0).then(|| real(ended) / seconds)
    }
}

/// Returns how long so many trials take at a pace; `None` where that is beyond measure.
pub(super) fn time_for(trials: u64, per_second: f64) -> Option<Duration> {
    Duration::try_from_secs_f64(real(trials) / per_second).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seconds(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    #[test]
    fn the_pace_counts_what_has_ended_since_the_process_began() {
        let start = Instant::now();
        let mut pace = Pace::new(start, 500);
        assert_eq!(pace.look(start, 500), None);
        assert_eq!(pace.look(start + seconds(2), 500), None);
        assert_eq!(pace.look(start + seconds(4), 540), Some(10.0));
    }

    #[test]
    fn the_pace_is_that_of_the_last_half_minute() {
        let start = Instant::now();
        let mut pace = Pace::new(start, 0);
        // 10 in a second for a minute, then 1 in a second for a minute.
        for second in 1..=60 {
            pace.look(start + seconds(second), second * 10);
        }
        for second in 61..=120 {
            pace.look(start + seconds(second), 600 + second - 60);
        }
        assert_eq!(pace.look(start + seconds(120), 660), Some(1.0));
        assert!(pace.looks.len() < 70, "{}", pace.looks.len());
    }

    #[test]
    fn what_is_left_takes_its_number_by_the_pace() {
        assert_eq!(time_for(30, 10.0), Some(seconds(3)));
        assert_eq!(time_for(u64::MAX, 1e-300), None);
    }
}
