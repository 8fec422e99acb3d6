//! How long a server that went away is waited for.

use std::{
    mem,
    time::{Duration, Instant},
};

/// The waits between attempts.
const FIRST_WAIT: Duration = Duration::from_millis(20);
const LONGEST_WAIT: Duration = Duration::from_secs(1);

/// However little patience there is, an answer may take so long.
const LEAST: Duration = Duration::from_secs(3);

/// So many bytes are given a second to arrive.
const BYTES_PER_SECOND: usize = 64 * 1024;

/// How long a server that went away is waited for.
#[derive(Debug)]
pub(super) struct Patience {
    whole: Duration,
    /// Since when nothing has worked.
    since: Option<Instant>,
    wait: Duration,
}

impl Patience {
    pub(super) fn new(whole: Duration) -> Self {
        Self { whole, since: None, wait: FIRST_WAIT }
    }

    /// Returns how long the answer to so many bytes may take: half of the patience that is left, so that some is left
    /// for another connection.
    pub(super) fn for_answer(&self, bytes: usize) -> Duration {
        let since = self.since.map_or(Duration::ZERO, |since| since.elapsed());
        let arriving = u64::try_from(bytes / BYTES_PER_SECOND).unwrap_or(u64::MAX);
        let answering = LEAST.max(self.whole.saturating_sub(since) / 2);
        answering.saturating_add(Duration::from_secs(arriving))
    }

    /// Notes that something has worked.
    pub(super) fn restore(&mut self) {
        (self.since, self.wait) = (None, FIRST_WAIT);
    }

    /// Notes that something that began then has not worked, and returns how long to wait before it is tried again;
    /// `None` where the patience is used up.
    pub(super) fn lose(&mut self, began: Instant) -> Option<Duration> {
        let since = *self.since.get_or_insert(began);
        let longer = LONGEST_WAIT.min(self.wait * 2);
        let wait = mem::replace(&mut self.wait, longer);
        (since.elapsed() + wait < self.whole).then_some(wait)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_until_something_works() {
        let mut patience = Patience::new(Duration::from_mins(1));
        let waits: Vec<_> = (0..8).filter_map(|_| patience.lose(Instant::now())).collect();
        let millis: Vec<_> = waits.iter().map(Duration::as_millis).collect();
        assert_eq!(millis, [20, 40, 80, 160, 320, 640, 1_000, 1_000]);
        patience.restore();
        assert_eq!(patience.lose(Instant::now()), Some(FIRST_WAIT));
    }

    #[test]
    fn patience_that_is_used_up_stays_so_until_something_works() {
        let mut patience = Patience::new(Duration::from_millis(10));
        assert_eq!(patience.lose(Instant::now()), None);
        assert_eq!(patience.lose(Instant::now()), None);
        assert_eq!(patience.for_answer(0), LEAST);
    }

    #[test]
    fn an_answer_may_take_half_of_what_is_left_and_longer_where_much_is_sent() {
        let mut patience = Patience::new(Duration::from_mins(2));
        assert_eq!(patience.for_answer(0), Duration::from_mins(1));
        assert_eq!(patience.for_answer(640 * 1024), Duration::from_secs(70));
        patience.lose(Instant::now().checked_sub(Duration::from_mins(1)).unwrap());
        assert!(patience.for_answer(0) <= Duration::from_secs(30));
    }
}
