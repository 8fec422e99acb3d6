//! The adjustment of Benjamini and Hochberg, which keeps the share of false findings at the level.

use super::p_values::{PValueError, ranked, unranked};
use crate::stats::real::{count_of, real};

/// Returns the p-values adjusted by the method of Benjamini and Hochberg, in the order given.
///
/// The i-th smallest of N is multiplied by `N / i` and lowered to the adjusted one after it (Benjamini and Hochberg
/// 1995, "Controlling the false discovery rate"). It holds for tests that are independent or rise together; it is for
/// exploring, not for naming a winner.
///
/// # Errors
///
/// [`PValueError`] where a number is outside 0..=1.
///
/// # Examples
///
/// ```
/// use probity_eval_runner::stats::many::benjamini_hochberg;
///
/// assert_eq!(benjamini_hochberg(&[0.5, 0.25, 0.0625])?, [0.5, 0.375, 0.1875]);
/// # Ok::<(), probity_eval_runner::stats::many::PValueError>(())
/// ```
pub fn benjamini_hochberg(p_values: &[f64]) -> Result<Vec<f64>, PValueError> {
    let all = real(count_of(p_values));
    let mut lowest = 1.0_f64;
    Ok(unranked(ranked(p_values)?.into_iter().rev().map(|one| {
        let place = all - one.from_here + 1.0;
        lowest = lowest.min(one.value * all / place);
        (one.index, lowest)
    })))
}
