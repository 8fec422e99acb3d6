//! The one estimator: P(at least m of k fresh trials pass), from n trials of which c passed.

use super::{
    real::real,
    urn::{COUNTED, Urn, Worked},
};

/// Returns the unbiased estimate of P(at least `m` of `k` fresh trials pass).
///
/// From `n` graded trials with `c` passes, the estimate is the hypergeometric tail
/// `Σ C(c, j) C(n - c, k - j) / C(n, k)` over `j >= m`: the share of all subsets of `k` trials that hold at
/// least `m` passes. It is the minimum-variance unbiased estimator. `m = 1` is pass@k (Chen et al. 2021,
/// arXiv 2107.03374), `m = k` is pass^k (Yao et al. 2024, arXiv 2406.12045), anything in between is G-Pass@k
/// (Liu et al. 2024, arXiv 2412.13147). The plug-in `(c/n)^k` is biased and is not offered.
///
/// Domain: `0 <= c <= n`, `1 <= k <= n`, any `m`, `n` up to 2^53 with full accuracy. The ends of `m` are those of
/// every tail: at least none of k passes for certain, so `m = 0` gives 1, and more than k never pass, so `m > k`
/// gives 0. `k > n` is not defined, since no unbiased estimator exists there.
///
/// Accuracy: correctly rounded up to 56 trials; relative error below 1e-12 up to 1e15 trials, however small the
/// value. Work and memory are bounded whatever the counts: see [`m_of_k_counted`].
///
/// # Errors
///
/// [`MOfKError`] where the counts are outside the domain.
///
/// # Examples
///
/// ```
/// use probity_eval_runner::stats::{MOfKError, m_of_k};
///
/// // 3 of 4 trials passed.
/// assert_eq!(m_of_k(4, 3, 1, 1)?, 0.75); // one trial passes
/// assert_eq!(m_of_k(4, 3, 2, 1)?, 1.0); //  pass@2
/// assert_eq!(m_of_k(4, 3, 2, 2)?, 0.5); //  pass^2
/// assert_eq!(m_of_k(4, 3, 5, 5), Err(MOfKError::DrawBeyondTrials { k: 5, n: 4 }));
/// # Ok::<(), MOfKError>(())
/// ```
pub fn m_of_k(n: u64, c: u64, k: u64, m: u64) -> Result<f64, MOfKError> {
    m_of_k_counted(n, c, k, m).map(|estimate| estimate.value)
}

/// Does what [`m_of_k`] does and says how many terms it took.
///
/// # Errors
///
/// [`MOfKError`] where the counts are outside the domain.
///
/// # Examples
///
/// ```
/// use probity_eval_runner::stats::{MAX_TERMS, m_of_k_counted};
///
/// let estimate = m_of_k_counted(1_000_000_000_000_000, 500_000_000_000_000, 1_000_000, 500_100)?;
/// assert!(estimate.terms <= MAX_TERMS);
/// # Ok::<(), probity_eval_runner::stats::MOfKError>(())
/// ```
pub fn m_of_k_counted(n: u64, c: u64, k: u64, m: u64) -> Result<MOfK, MOfKError> {
    check(n, c, k)?;
    let Worked { value, terms } = evaluate(Urn { trials: n, passes: c, drawn: k }, m);
    Ok(MOfK { value, terms })
}

/// The most terms that [`m_of_k`] ever evaluates.
///
/// A term is one logarithm, one step of a recurrence or one density; no array is allocated.
pub const MAX_TERMS: u64 = 40_001;

/// An estimate and the work that it took.
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MOfK {
    /// The estimated chance, in 0..=1.
    pub value: f64,
    /// The number of terms that were evaluated, at most [`MAX_TERMS`].
    pub terms: u64,
}

/// Why P(at least m of k) has no estimate from these counts.
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MOfKError {
    /// More passes than trials were counted.
    #[error("{c} passes of {n} trials: passes cannot outnumber trials")]
    PassesBeyondTrials {
        /// The number of passes.
        c: u64,
        /// The number of graded trials.
        n: u64,
    },
    /// No trial is drawn.
    #[error("k is 0: a metric over k trials needs k of at least 1")]
    NoDraw,
    /// More trials are asked about than ran.
    #[error("k is {k} and only {n} trials were graded: no unbiased estimate exists for k above n")]
    DrawBeyondTrials {
        /// The number of trials asked about.
        k: u64,
        /// The number of graded trials.
        n: u64,
    },
}

/// Checks the domain of the estimator.
fn check(n: u64, c: u64, k: u64) -> Result<(), MOfKError> {
    if c > n {
        return Err(MOfKError::PassesBeyondTrials { c, n });
    }
    if k == 0 {
        return Err(MOfKError::NoDraw);
    }
    if k > n {
        return Err(MOfKError::DrawBeyondTrials { k, n });
    }
    Ok(())
}

/// Chooses the form that is exact for these counts.
fn evaluate(urn: Urn, least: u64) -> Worked {
    if least <= urn.fewest() {
        return Worked { value: 1.0, terms: 0 };
    }
    if least > urn.most() {
        return Worked { value: 0.0, terms: 0 };
    }
    if urn.drawn == 1 {
        return Worked { value: real(urn.passes) / real(urn.trials), terms: 1 };
    }
    if urn.trials <= COUNTED {
        return urn.counted_tail(least);
    }
    if least == 1 {
        let none = urn.ln_none();
        return Worked { value: -none.value.exp_m1(), ..none };
    }
    if least == urn.drawn {
        let no_fail = urn.mirrored().ln_none();
        return Worked { value: no_fail.value.exp(), ..no_fail };
    }
    urn.tail(least)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_stable(n: u64, c: u64, k: u64, m: u64) {
        let urn = Urn { trials: n, passes: c, drawn: k };
        let stable = if m == 1 {
            -urn.ln_none().value.exp_m1()
        } else if m == k {
            urn.mirrored().ln_none().value.exp()
        } else {
            urn.tail(m).value
        };
        let counted = urn.counted_tail(m).value;
        assert!((stable - counted).abs() <= 1e-12 * counted, "{urn:?} {m}: {stable}, {counted}");
    }

    #[test]
    fn the_stable_forms_agree_with_exact_counting() {
        for n in [5, 13, 31, 56] {
            for c in 1..n {
                for k in 2..=n {
                    let urn = Urn { trials: n, passes: c, drawn: k };
                    for m in urn.fewest() + 1..=urn.most() {
                        check_stable(n, c, k, m);
                    }
                }
            }
        }
    }

    #[test]
    fn the_smallest_type_of_error_is_small() {
        assert!(size_of::<MOfKError>() <= 24);
    }
}
