//! One monotonic clock for every record, in nanoseconds since the process first asked.
//!
//! Every record needs a time, so reading it is a good part of a record's cost. The clock is the
//! processor's time stamp counter where that can be trusted, which takes a third of the time of the
//! system's clock, and the system's clock elsewhere; the `quanta` crate decides, and calibrates once
//! per process, in under a millisecond. Rates of the two clocks may differ by some parts in 100,000.

use std::sync::OnceLock;

#[cfg(not(miri))]
use quanta::Clock;

/// A point in time in nanoseconds since the process first asked; never 0, so that 0 can mean "not
/// yet".
pub(crate) type Ticks = u64;

/// Stands in under Miri, which cannot run the instructions that the real one is made of.
#[cfg(miri)]
struct Clock(std::time::Instant);

#[cfg(miri)]
impl Clock {
    fn new() -> Self {
        Self(std::time::Instant::now())
    }

    fn raw(&self) -> u64 {
        u64::try_from(self.0.elapsed().as_nanos()).unwrap_or(u64::MAX)
    }

    fn delta_as_nanos(&self, start: u64, end: u64) -> u64 {
        end.saturating_sub(start)
    }
}

struct Origin {
    clock: Clock,
    raw: u64,
}

static ORIGIN: OnceLock<Origin> = OnceLock::new();

#[cold]
fn calibrate() -> Origin {
    let clock = Clock::new();
    let raw = clock.raw();
    Origin { clock, raw }
}

/// Reads the clock.
#[inline]
pub(crate) fn now() -> Ticks {
    let origin = ORIGIN.get_or_init(calibrate);
    origin.clock.delta_as_nanos(origin.raw, origin.clock.raw()) + 1
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::*;

    #[test]
    fn time_goes_on_and_at_the_rate_of_the_systems_clock() {
        let (start, system) = (now(), Instant::now());
        let mut last = start;
        while system.elapsed() < Duration::from_millis(20) {
            let next = now();
            assert!(next >= last, "{next} came after {last}");
            last = next;
        }
        let (measured, elapsed) = (Duration::from_nanos(now() - start), system.elapsed());
        assert!(start > 0);
        assert!(measured.abs_diff(elapsed) < elapsed / 10, "{measured:?} of {elapsed:?}");
    }
}
