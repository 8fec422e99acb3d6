//! What may be sent per minute, evenly spread.

use std::{
    num::NonZeroU32,
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

use governor::{
    Quota, RateLimiter,
    clock::Clock,
    middleware::NoOpMiddleware,
    state::{InMemoryState, NotKeyed},
};

const MINUTE: Duration = Duration::from_mins(1);
/// What is not used is saved up for this part of a minute, so that a late timer costs nothing.
const PARTS: u32 = 60;

/// What may be sent per minute, evenly spread (GCRA).
///
/// About a second's worth may be sent at once. That and the rate at which more comes are such that together they
/// keep to the number in every minute, whenever it begins. An even pace is also what providers enforce, who write
/// of 60 per minute and may mean 1 per second.
#[derive(Debug)]
pub(super) struct Meter {
    cells: RateLimiter<NotKeyed, InMemoryState, Hands, NoOpMiddleware<Duration>>,
    /// How much can be taken at once, and how much of what was given back is kept.
    burst: NonZeroU32,
    /// What was given back; below 0, what was used and not yet taken.
    balance: i64,
}

impl Meter {
    /// Meters requests, which are never given back.
    pub(super) fn of_requests(per_minute: NonZeroU32) -> Self {
        Self::new(per_minute, 0)
    }

    /// Meters tokens, of which what was not needed is given back.
    pub(super) fn of_tokens(per_minute: NonZeroU32) -> Self {
        Self::new(per_minute, burst(per_minute).get())
    }

    /// In any minute at most `burst - 1 + rate` can be taken (of a full store, and as it fills up), and `spare` more
    /// that was given back before.
    fn new(per_minute: NonZeroU32, spare: u32) -> Self {
        let burst = burst(per_minute);
        let rate = per_minute.get().saturating_sub(burst.get() - 1).saturating_sub(spare).max(1);
        // Rounded up, so that no minute has one more.
        let nanos = MINUTE.as_nanos().div_ceil(u128::from(rate));
        let every = Duration::from_nanos(u64::try_from(nanos).unwrap_or(u64::MAX));
        // The period is 14 nanoseconds at least.
        let quota = Quota::with_period(every).unwrap_or(Quota::per_minute(per_minute));
        let cells = RateLimiter::direct_with_clock(quota.allow_burst(burst), Hands::default());
        Self { cells, burst, balance: 0 }
    }

    /// Takes what is missing, as far as it is there; `Err` is when more will be.
    ///
    /// What is larger than can be taken at once is taken bit by bit, so that nothing is too large.
    pub(super) fn take(&mut self, missing: &mut u64, now: Duration) -> Result<(), Duration> {
        self.cells.clock().set(now);
        if self.balance < 0 {
            *missing = missing.saturating_add(self.balance.unsigned_abs());
            self.balance = 0;
        }
        let given_back = self.balance.unsigned_abs().min(*missing);
        self.add(-signed(given_back));
        *missing -= given_back;
        while let Some(wanted) = at_most(*missing, self.burst) {
            // A burst is never more than the capacity, for which the error stands that is not there.
            match self.cells.check_n(wanted) {
                Ok(Err(not_until)) => return Err(not_until.earliest_possible()),
                Ok(Ok(())) | Err(_) => *missing -= u64::from(wanted.get()),
            }
        }
        Ok(())
    }

    /// Gives back what was taken and not used.
    pub(super) fn give_back(&mut self, amount: u64) {
        self.add(signed(amount));
    }

    /// Notes what was used and not taken: it is taken with what is taken next.
    pub(super) fn owe(&mut self, amount: u64) {
        self.add(-signed(amount));
    }

    /// Forgets what was given back and is not wanted, beyond what may be kept.
    pub(super) fn forget_surplus(&mut self) {
        self.balance = self.balance.min(i64::from(self.burst.get()));
    }

    fn add(&mut self, amount: i64) {
        self.balance = self.balance.saturating_add(amount);
    }
}

fn burst(per_minute: NonZeroU32) -> NonZeroU32 {
    NonZeroU32::new(per_minute.get() / PARTS).unwrap_or(NonZeroU32::MIN)
}

fn at_most(amount: u64, limit: NonZeroU32) -> Option<NonZeroU32> {
    NonZeroU32::new(u32::try_from(amount).unwrap_or(u32::MAX).min(limit.get()))
}

fn signed(amount: u64) -> i64 {
    i64::try_from(amount).unwrap_or(i64::MAX)
}

/// A clock that shows what it was set to, as the time since the limiter was made.
#[derive(Debug, Default)]
struct Hands(AtomicU64);

impl Hands {
    fn set(&self, now: Duration) {
        let nanos = u64::try_from(now.as_nanos()).unwrap_or(u64::MAX);
        self.0.store(nanos, Ordering::Relaxed);
    }
}

impl Clock for Hands {
    type Instant = Duration;

    fn now(&self) -> Duration {
        Duration::from_nanos(self.0.load(Ordering::Relaxed))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(amount: u32) -> NonZeroU32 {
        NonZeroU32::new(amount).unwrap()
    }

    /// When so much could be taken, asked for at `now`.
    fn taken_at(meter: &mut Meter, mut missing: u64, mut now: Duration) -> Duration {
        while let Err(later) = meter.take(&mut missing, now) {
            assert!(later > now, "a wait ends later than it begins");
            now = later;
        }
        now
    }

    #[test]
    fn no_minute_has_more_than_the_number_whenever_it_begins() {
        for per_minute in [1, 2, 7, 59, 60, 61, 500, 3_001] {
            let mut meter = Meter::of_requests(number(per_minute));
            let mut now = Duration::ZERO;
            let mut taken = Vec::new();
            for _ in 0..2 * per_minute + 2 {
                now = taken_at(&mut meter, 1, now);
                taken.push(now);
            }
            let count = per_minute as usize;
            for pair in taken.windows(count + 1) {
                assert!(
                    pair[count].saturating_sub(pair[0]) >= MINUTE,
                    "{per_minute}: {:?}",
                    pair[count]
                );
            }
            // Nor is much less than the number taken.
            assert!(now <= MINUTE.mul_f64(2.1) + MINUTE * 2 / per_minute, "{per_minute}: {now:?}");
        }
    }

    #[test]
    fn what_is_larger_than_a_minute_s_number_takes_its_time_and_no_more() {
        let mut meter = Meter::of_tokens(number(6_000));
        let at = taken_at(&mut meter, 12_000, Duration::ZERO);
        assert!(at > MINUTE.mul_f64(1.9) && at < MINUTE.mul_f64(2.2), "{at:?}");
    }

    #[test]
    fn what_is_given_back_is_there_at_once_and_what_is_owed_is_taken_first() {
        let mut meter = Meter::of_tokens(number(6_000));
        assert_eq!(taken_at(&mut meter, 100, Duration::ZERO), Duration::ZERO);
        meter.give_back(60);
        assert_eq!(taken_at(&mut meter, 60, Duration::ZERO), Duration::ZERO);
        let next = taken_at(&mut meter, 100, Duration::ZERO);
        meter.owe(100);
        let after = taken_at(&mut meter, 100, next);
        assert!(after.saturating_sub(next) > (next * 19) / 10, "{next:?} {after:?}");
    }

    #[test]
    fn what_nobody_wants_back_is_forgotten() {
        let mut meter = Meter::of_tokens(number(6_000));
        meter.give_back(1_000_000);
        meter.forget_surplus();
        assert_eq!(taken_at(&mut meter, 200, Duration::ZERO), Duration::ZERO);
        assert!(taken_at(&mut meter, 1, Duration::ZERO) > Duration::ZERO);
    }
}
