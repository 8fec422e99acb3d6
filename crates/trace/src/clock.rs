//! One monotonic clock for every record, in nanoseconds since the process first asked.

use std::{
    sync::OnceLock,
    time::{Duration, Instant},
};

/// A point in time in nanoseconds since [`origin`]; never 0, so that 0 can mean "not yet".
pub(crate) type Ticks = u64;

/// Returns the instant that ticks are counted from, one nanosecond in the past of the first call.
fn origin() -> Instant {
    static ORIGIN: OnceLock<Instant> = OnceLock::new();
    *ORIGIN.get_or_init(|| {
        let now = Instant::now();
        now.checked_sub(Duration::from_nanos(1)).unwrap_or(now)
    })
}

/// Reads the clock.
#[inline]
pub(crate) fn now() -> Ticks {
    let elapsed = Instant::now().saturating_duration_since(origin());
    // 2^64 nanoseconds are 584 years.
    elapsed.as_secs() * 1_000_000_000 + u64::from(elapsed.subsec_nanos())
}
