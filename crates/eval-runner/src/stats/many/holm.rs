//! Holm's adjustment, which keeps the chance of any false finding at the level.

use super::p_values::{PValueError, ranked, unranked};

/// Returns the p-values adjusted by Holm's method, in the order given.
///
/// The i-th smallest of N is multiplied by `N - i + 1`, raised to the adjusted one before it, and cut to 1 (Holm 1979,
/// "A simple sequentially rejective multiple test procedure"). It holds whatever connects the tests.
///
/// # Errors
///
/// [`PValueError`] where a number is outside 0..=1.
///
/// # Examples
///
/// ```
/// use probity_eval_runner::stats::many::holm;
///
/// assert_eq!(holm(&[0.04, 0.01, 0.5])?, [0.08, 0.03, 0.5]);
/// # Ok::<(), probity_eval_runner::stats::many::PValueError>(())
/// ```
pub fn holm(p_values: &[f64]) -> Result<Vec<f64>, PValueError> {
    let mut highest = 0.0_f64;
    Ok(unranked(ranked(p_values)?.into_iter().map(|one| {
        highest = highest.max((one.value * one.from_here).min(1.0));
        (one.index, highest)
    })))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_p_value_is_named_by_its_place() {
        for wrong in [-0.1, 1.1, f64::NAN] {
            let error = holm(&[0.5, wrong]).unwrap_err().to_string();
            assert_eq!(error, format!("p-value 1 is {wrong}: a p-value lies in 0..=1"));
        }
        assert_eq!(holm(&[]).unwrap(), Vec::<f64>::new());
    }
}
