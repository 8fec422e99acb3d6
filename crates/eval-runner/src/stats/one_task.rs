//! Intervals for the pass chance of one task, from n trials of which c passed.

use super::{
    beta::Beta, binomial::at_least, confidence::Confidence, interval::Interval, real::real,
};

/// Returns the Wilson score interval: the default for one task.
///
/// `(p + z²/2n ± z √(p (1 - p)/n + z²/4n²)) / (1 + z²/n)` with `p = c/n` (Wilson 1927); the lower end is
/// exactly 0 where nothing passed, the upper exactly 1 where everything did. Its mean coverage is the level at
/// every n. Domain: `0 <= c <= n`, `n >= 1`.
///
/// # Errors
///
/// [`OneTaskError`] where the counts are outside the domain.
///
/// # Examples
///
/// ```
/// use probity_eval_runner::stats::{Confidence, wilson};
///
/// let range = wilson(20, 20, Confidence::default())?;
/// assert!((range.lo - 0.8389).abs() < 1e-4 && range.hi == 1.0);
/// # Ok::<(), probity_eval_runner::stats::OneTaskError>(())
/// ```
pub fn wilson(n: u64, c: u64, confidence: Confidence) -> Result<Interval, OneTaskError> {
    check(n, c)?;
    Ok(wilson_score(real(c) / real(n), real(n), confidence.z()))
}

/// Returns the Jeffreys interval: quantiles of Beta(c + ½, n - c + ½), an end replaced by 0 or 1 at c = 0 or n.
///
/// Source: Brown and others 2001, "Interval Estimation for a Binomial Proportion". Domain: `0 <= c <= n`, `n >= 1`.
///
/// # Errors
///
/// [`OneTaskError`] where the counts are outside the domain.
pub fn jeffreys(n: u64, c: u64, confidence: Confidence) -> Result<Interval, OneTaskError> {
    check(n, c)?;
    let posterior = Beta { a: real(c) + 0.5, b: real(n - c) + 0.5 };
    let inner = quantiles(posterior, posterior, confidence);
    Ok(Interval {
        lo: if c == 0 { 0.0 } else { inner.lo },
        hi: if c == n { 1.0 } else { inner.hi },
    })
}

/// Returns the Clopper-Pearson interval: never below its level, and 10 to 25 % wider for it.
///
/// Quantiles of Beta(c, n - c + 1) and Beta(c + 1, n - c) (Clopper and Pearson 1934).
/// Domain: `0 <= c <= n`, `n >= 1`.
///
/// # Errors
///
/// [`OneTaskError`] where the counts are outside the domain.
pub fn clopper_pearson(n: u64, c: u64, confidence: Confidence) -> Result<Interval, OneTaskError> {
    check(n, c)?;
    let (passed, failed) = (real(c), real(n - c));
    let lower = Beta { a: passed, b: failed + 1.0 };
    let upper = Beta { a: passed + 1.0, b: failed };
    Ok(Interval {
        lo: if c == 0 { 0.0 } else { lower.quantile(confidence.below()).lower },
        hi: if c == n { 1.0 } else { upper.quantile(confidence.above()).lower },
    })
}

/// Returns the credible interval under a uniform prior: quantiles of Beta(c + 1, n - c + 1).
///
/// With 4 trials or fewer it misses chances near 0 and 1 altogether. Domain: `0 <= c <= n`, `n >= 1`.
///
/// # Errors
///
/// [`OneTaskError`] where the counts are outside the domain.
pub fn uniform_prior(n: u64, c: u64, confidence: Confidence) -> Result<Interval, OneTaskError> {
    check(n, c)?;
    let posterior = Beta { a: real(c) + 1.0, b: real(n - c) + 1.0 };
    Ok(quantiles(posterior, posterior, confidence))
}

/// Returns the range of P(at least `m` of `k` fresh trials of this one task pass).
///
/// The ends of the Wilson interval are mapped through `p -> P(Binomial(k, p) >= m)`, which rises with `p`, so the
/// coverage carries over. It exists for `k > n` too, where the unbiased estimate does not.
/// Domain: `0 <= c <= n`, `n >= 1`, `k >= 1`, any `m`; `m = 0` gives 1 to 1 and `m > k` gives 0 to 0.
///
/// # Errors
///
/// [`OneTaskError`] where the counts are outside the domain.
pub fn one_task_metric(
    n: u64,
    c: u64,
    k: u64,
    m: u64,
    confidence: Confidence,
) -> Result<Interval, OneTaskError> {
    if k == 0 {
        return Err(OneTaskError::NoDraw);
    }
    let chance = wilson(n, c, confidence)?;
    Ok(Interval { lo: at_least(k, m, chance.lo), hi: at_least(k, m, chance.hi) })
}

/// Why one task has no interval.
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum OneTaskError {
    /// There is no trial.
    #[error("no trial was graded, so the pass chance can be anything")]
    NoTrials,
    /// More passes than trials were counted.
    #[error("{c} passes of {n} trials: passes cannot outnumber trials")]
    PassesBeyondTrials {
        /// The number of passes.
        c: u64,
        /// The number of graded trials.
        n: u64,
    },
    /// No trial is asked about.
    #[error("k is 0: a metric over k trials needs k of at least 1")]
    NoDraw,
}

/// The Wilson score interval for a share `mean` of `size` trials, which need not be whole.
pub(super) fn wilson_score(mean: f64, size: f64, z: f64) -> Interval {
    let spread = z * z / size;
    let center = mean + 0.5 * spread;
    let half = (mean * (1.0 - mean) * spread + 0.25 * spread * spread).sqrt();
    Interval {
        lo: if mean <= 0.0 { 0.0 } else { ((center - half) / (1.0 + spread)).max(0.0) },
        hi: if mean >= 1.0 { 1.0 } else { ((center + half) / (1.0 + spread)).min(1.0) },
    }
}

fn quantiles(below: Beta, above: Beta, confidence: Confidence) -> Interval {
    Interval {
        lo: below.quantile(confidence.below()).lower,
        hi: above.quantile(confidence.above()).lower,
    }
}

fn check(n: u64, c: u64) -> Result<(), OneTaskError> {
    if n == 0 {
        return Err(OneTaskError::NoTrials);
    }
    if c > n {
        return Err(OneTaskError::PassesBeyondTrials { c, n });
    }
    Ok(())
}
