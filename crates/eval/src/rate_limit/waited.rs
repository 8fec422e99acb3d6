//! How long calls waited, and for what.

use std::{fmt, time::Duration};

/// How long calls waited before they were sent, and between their attempts.
///
/// Where several calls wait at once the time of each is counted; [`elapsed`](Self::elapsed) is the time by the
/// clock. A wait counts once it has ended, and for `elapsed` from its beginning.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Waited {
    /// The time for the [limits](super::RateLimits) that were set.
    pub limits: Duration,
    /// The time because providers had refused calls.
    pub refusals: Duration,
    /// The time between an attempt of a call that failed and the next.
    pub retries: Duration,
    /// How many calls waited before they were sent.
    pub waits: u64,
    /// How many attempts were followed by another.
    pub retried: u64,
    /// How many calls providers refused for want of room: rate limits and overload.
    pub refused: u64,
    /// The time by the clock in which at least one call waited.
    pub elapsed: Duration,
}

/// How long one call waited before it was sent.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Share {
    pub(super) limits: Duration,
    pub(super) refusals: Duration,
}

impl Share {
    pub(super) fn total(self) -> Duration {
        self.limits.saturating_add(self.refusals)
    }
}

impl Waited {
    /// Returns the time of all calls together, whatever they waited for.
    pub fn total(&self) -> Duration {
        self.limits.saturating_add(self.refusals).saturating_add(self.retries)
    }

    /// Returns whether no call waited and none was refused.
    pub fn is_nothing(&self) -> bool {
        self.total().is_zero() && self.waits + self.retried + self.refused == 0
    }
}

impl fmt::Display for Waited {
    /// Writes it in one line, such as `waited 12 s for the limits that were set, 40 s between attempts`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let refusals = match self.refused {
            1 => "after 1 refusal by a provider".to_owned(),
            refused => format!("after {refused} refusals by providers"),
        };
        let parts = [
            (self.limits, "for the limits that were set"),
            (self.refusals, &*refusals),
            (self.retries, "between attempts"),
        ];
        let parts: Vec<_> = parts
            .into_iter()
            .filter(|(time, _)| !time.is_zero())
            .map(|(time, what)| format!("{} {what}", in_words(time)))
            .collect();
        if parts.is_empty() {
            return f.write_str("no call waited");
        }
        write!(f, "waited {}", parts.join(", "))?;
        // Said only where it adds something: calls that waited at once.
        if self.elapsed.mul_f64(1.05) < self.total() {
            write!(f, " (all calls together; {} by the clock)", in_words(self.elapsed))?;
        }
        Ok(())
    }
}

/// Writes a time as precisely as it matters.
fn in_words(time: Duration) -> String {
    let seconds = time.as_secs();
    match seconds {
        0 => format!("{} ms", time.as_millis()),
        1..10 => format!("{:.1} s", time.as_secs_f64()),
        10..120 => format!("{seconds} s"),
        120..7_200 => format!("{} min {} s", seconds / 60, seconds % 60),
        _ => format!("{} h {} min", seconds / 3_600, seconds % 3_600 / 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seconds(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    #[test]
    fn what_was_waited_for_is_said_in_one_line() {
        let mut waited = Waited::default();
        assert_eq!(waited.to_string(), "no call waited");
        (waited.limits, waited.elapsed) = (seconds(12), seconds(52));
        (waited.retries, waited.retried) = (seconds(40), 3);
        assert_eq!(
            waited.to_string(),
            "waited 12 s for the limits that were set, 40 s between attempts"
        );
        (waited.refusals, waited.refused) = (Duration::from_millis(90), 1);
        assert_eq!(
            waited.to_string(),
            "waited 12 s for the limits that were set, 90 ms after 1 refusal by a provider, 40 s \
             between attempts"
        );
    }

    #[test]
    fn calls_that_waited_at_once_are_told_from_the_clock() {
        let waited = Waited {
            refusals: seconds(320),
            refused: 7,
            elapsed: Duration::from_millis(5_210),
            ..Waited::default()
        };
        assert_eq!(
            waited.to_string(),
            "waited 5 min 20 s after 7 refusals by providers (all calls together; 5.2 s by the clock)"
        );
    }

    #[test]
    fn long_times_are_told_in_hours() {
        assert_eq!(in_words(seconds(7_260)), "2 h 1 min");
    }
}
