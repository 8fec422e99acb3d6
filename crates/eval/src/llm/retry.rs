//! Which failed calls are tried again, and when.

use std::time::Duration;

use backon::{BackoffBuilder as _, ExponentialBuilder};

use crate::model::ModelError;

/// Which failed calls are tried again, and when.
///
/// This is the one place where calls are retried: adapters send each request once.
///
/// A call is tried again if its error [may pass](ModelError::is_retryable), there are attempts left,
/// and no part of the answer was handed on: to a probe, or to whoever reads the stream. The wait is what
/// the provider asks for; if it asks for none, it doubles from attempt to attempt, with jitter. If
/// the provider asks for more than `max_retry_after`, the call fails at once.
///
/// Waits use a timer of their own and need no runtime; the paused clock of a runtime's test mode does not
/// move them.
///
/// # Examples
///
/// ```
/// use std::time::Duration;
///
/// use probity_eval::{
///     RetryPolicy,
///     model::{ModelError, ModelErrorKind},
/// };
///
/// let policy = RetryPolicy::default();
/// let limited = ModelError::from_status(429, "slow down").with_retry_after(Duration::from_secs(3));
/// assert_eq!(policy.wait(&limited, 1), Some(Duration::from_secs(3)));
/// assert_eq!(policy.wait(&limited, 3), None); // There were three attempts.
/// assert_eq!(policy.wait(&ModelError::new(ModelErrorKind::Unauthorized, ""), 1), None);
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct RetryPolicy {
    /// How many requests are sent for one call at most; at least 1. The default is 3.
    pub max_attempts: u32,
    /// The wait after the first attempt, without jitter. The default is half a second.
    pub first_wait: Duration,
    /// The longest wait that the policy itself makes, without jitter. The default is 8 seconds.
    pub max_wait: Duration,
    /// The longest wait that a provider may ask for. The default is 2 minutes.
    pub max_retry_after: Duration,
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self {
            max_attempts: 3,
            first_wait: Duration::from_millis(500),
            max_wait: Duration::from_secs(8),
            max_retry_after: Duration::from_mins(2),
        }
    }
}

impl RetryPolicy {
    /// Tries nothing again.
    pub fn never() -> Self {
        Self { max_attempts: 1, ..Self::default() }
    }

    /// Sets how many requests are sent for one call at most.
    #[must_use]
    pub fn with_max_attempts(mut self, attempts: u32) -> Self {
        self.max_attempts = attempts;
        self
    }

    /// Sets the wait after the first attempt, and the longest wait that the policy itself makes.
    #[must_use]
    pub fn with_waits(mut self, first: Duration, max: Duration) -> Self {
        (self.first_wait, self.max_wait) = (first, max);
        self
    }

    /// Sets the longest wait that a provider may ask for.
    #[must_use]
    pub fn with_max_retry_after(mut self, max: Duration) -> Self {
        self.max_retry_after = max;
        self
    }

    /// Returns how long to wait after `attempts` attempts, the last of which failed with `error`; `None`
    /// if the call is not tried again.
    pub fn wait(&self, error: &ModelError, attempts: u32) -> Option<Duration> {
        if !error.is_retryable() || attempts >= self.max_attempts {
            return None;
        }
        match error.retry_after {
            Some(wait) => (wait <= self.max_retry_after).then_some(wait),
            None => Some(self.own_wait(attempts)),
        }
    }

    fn own_wait(&self, attempts: u32) -> Duration {
        let mut waits = ExponentialBuilder::default()
            .with_min_delay(self.first_wait.min(self.max_wait))
            .with_max_delay(self.max_wait)
            .with_factor(2.0)
            .with_jitter()
            .without_max_times()
            .build();
        // Thirty doublings are past every maximum.
        waits.nth(attempts.clamp(1, 30) as usize - 1).unwrap_or(self.max_wait)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::ModelErrorKind;

    #[test]
    fn waits_double_up_to_the_maximum() {
        let policy = RetryPolicy::default().with_max_attempts(u32::MAX);
        let error = ModelError::new(ModelErrorKind::Connection, "");
        for (attempts, least) in
            [(1, 500), (2, 1_000), (3, 2_000), (5, 8_000), (4_000_000_000, 8_000)]
        {
            let wait = policy.wait(&error, attempts).unwrap().as_millis();
            // Jitter adds up to the first wait, or to the wait itself, by the version of the library.
            assert!((least..=2 * least + 500).contains(&wait), "{attempts}: {wait}");
        }
    }

    #[test]
    fn a_provider_that_asks_for_too_long_a_wait_is_not_asked_again() {
        let policy = RetryPolicy::default();
        let error = ModelError::from_status(429, "").with_retry_after(Duration::from_secs(121));
        assert_eq!(policy.wait(&error, 1), None);
    }
}
