//! A share with its range.

use serde::{Deserialize, Serialize};

use crate::stats::{confidence::Confidence, interval::Interval, one_task::wilson, real::real};

/// A share in 0..=1 and the range of the true one.
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Estimate {
    /// The share that was seen.
    pub value: f64,
    /// Wilson's range for the true share; it holds `value`.
    pub interval: Interval,
}

impl Estimate {
    /// Estimates a share from `c` of `n`; `None` where `n` is 0 or below `c`.
    pub(crate) fn of_share(n: u64, c: u64, confidence: Confidence) -> Option<Self> {
        let interval = wilson(n, c, confidence).ok()?;
        Some(Self { value: real(c) / real(n), interval })
    }
}
