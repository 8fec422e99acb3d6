//! Wald's sequential test between two pass chances.

use serde::{Deserialize, Serialize};

use crate::stats::{interval::Interval, real::real};

/// A test that stops as soon as the trials speak clearly enough for one of two pass chances.
///
/// Needs 12 to 44 trials on average where a fixed number would take 50, as between 0.80 and 0.95 with errors of 5 %.
/// It says nothing else: a pass rate from trials that were stopped by their results is biased.
///
/// # Examples
///
/// ```
/// use probity_eval_runner::stats::stopping::{Sprt, SprtDecision};
///
/// let test = Sprt::new(0.8, 0.95, 0.05, 0.05)?;
/// assert_eq!(test.decide(17, 0), SprtDecision::Continue);
/// assert_eq!(test.decide(18, 0), SprtDecision::AcceptP1);
/// assert_eq!(test.decide(6, 3), SprtDecision::AcceptP0);
/// # Ok::<(), probity_eval_runner::stats::stopping::SprtError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sprt {
    per_pass: f64,
    per_fail: f64,
    bounds: Interval,
}

/// What the trials so far say.
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SprtDecision {
    /// The pass chance is at most the lower one.
    AcceptP0,
    /// The pass chance is at least the higher one.
    AcceptP1,
    /// Neither yet: run another trial.
    Continue,
}

impl Sprt {
    /// Makes a test of `p0` against the higher `p1`.
    ///
    /// `alpha` is the chance of accepting `p1` where `p0` is true, `beta` that of the reverse; both are met closely
    /// from below. Domain: `0 < p0 < p1 < 1`, `alpha` and `beta` above 0 and together below 1.
    ///
    /// # Errors
    ///
    /// [`SprtError`] where a number is outside the domain.
    pub fn new(p0: f64, p1: f64, alpha: f64, beta: f64) -> Result<Self, SprtError> {
        if !(p0 > 0.0 && p0 < p1 && p1 < 1.0) {
            return Err(SprtError::Chances { p0, p1 });
        }
        if !(alpha > 0.0 && beta > 0.0 && alpha + beta < 1.0) {
            return Err(SprtError::Errors { alpha, beta });
        }
        Ok(Self {
            per_pass: (p1 / p0).ln(),
            per_fail: ((1.0 - p1) / (1.0 - p0)).ln(),
            bounds: Interval { lo: (beta / (1.0 - alpha)).ln(), hi: ((1.0 - beta) / alpha).ln() },
        })
    }

    /// Returns the logarithm of how much likelier the trials are under `p1` than under `p0`.
    ///
    /// `s ln (p1/p0) + f ln ((1 - p1)/(1 - p0))` for `s` passes and `f` failures.
    pub fn log_likelihood_ratio(&self, passes: u64, fails: u64) -> f64 {
        real(passes) * self.per_pass + real(fails) * self.per_fail
    }

    /// Returns the ratios at which the test ends: `ln (β/(1 - α))` and `ln ((1 - β)/α)`.
    pub fn bounds(&self) -> Interval {
        self.bounds
    }

    /// Decides after so many trials.
    pub fn decide(&self, passes: u64, fails: u64) -> SprtDecision {
        let ratio = self.log_likelihood_ratio(passes, fails);
        if ratio >= self.bounds.hi {
            SprtDecision::AcceptP1
        } else if ratio <= self.bounds.lo {
            SprtDecision::AcceptP0
        } else {
            SprtDecision::Continue
        }
    }
}

/// Why there is no such test.
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum SprtError {
    /// The two pass chances are not two chances in order.
    #[error("a sequential test needs 0 < p0 < p1 < 1, and p0 is {p0}, p1 is {p1}")]
    Chances {
        /// The lower pass chance.
        p0: f64,
        /// The higher pass chance.
        p1: f64,
    },
    /// The chances of error are no such chances.
    #[error(
        "a sequential test needs alpha and beta above 0 and together below 1, \
         and alpha is {alpha}, beta is {beta}"
    )]
    Errors {
        /// The chance of accepting the higher pass chance by mistake.
        alpha: f64,
        /// The chance of accepting the lower pass chance by mistake.
        beta: f64,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_that_make_no_test_are_refused() {
        for (p0, p1) in [(0.0, 0.5), (0.5, 0.5), (0.9, 0.8), (0.5, 1.0), (f64::NAN, 0.5)] {
            assert!(matches!(Sprt::new(p0, p1, 0.05, 0.05), Err(SprtError::Chances { .. })));
        }
        for (alpha, beta) in [(0.0, 0.1), (0.5, 0.5), (0.1, f64::NAN)] {
            assert!(matches!(Sprt::new(0.5, 0.6, alpha, beta), Err(SprtError::Errors { .. })));
        }
    }
}
