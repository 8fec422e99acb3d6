//! How many passes in a row show that the pass chance is high enough.

use super::confidence::Confidence;

/// Returns the smallest number of consecutive passes, none failed, that shows `p >= p_min` at the confidence.
///
/// `⌈ln(1 - confidence) / ln p_min⌉`: the first run of passes that has at most the chance `1 - confidence` where
/// the pass chance is `p_min`. 59 passes show 0.95 at 95 %. Domain: `p_min` strictly between 0 and 1.
///
/// # Errors
///
/// [`SuccessRunError`] where `p_min` is outside the domain.
///
/// # Examples
///
/// ```
/// use probity_eval_runner::stats::{Confidence, success_run};
///
/// assert_eq!(success_run(0.99, Confidence::default())?, 299);
/// # Ok::<(), probity_eval_runner::stats::SuccessRunError>(())
/// ```
pub fn success_run(p_min: f64, confidence: Confidence) -> Result<u64, SuccessRunError> {
    if !(p_min > 0.0 && p_min < 1.0) {
        return Err(SuccessRunError { p_min });
    }
    let exact = (-confidence.level()).ln_1p() / p_min.ln();
    // Where the quotient is a whole number (0.9 at 0.1), rounding must not lift it to the next one.
    let nearest = exact.round();
    let whole = if (exact - nearest).abs() <= 1e-12 * nearest { nearest } else { exact.ceil() };
    Ok(whole_number(whole))
}

/// A lowest pass chance that is not strictly between 0 and 1.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
#[error("the lowest pass chance lies strictly between 0 and 1, and {p_min} does not")]
pub struct SuccessRunError {
    p_min: f64,
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a cast from float saturates, and the number is at least 1"
)]
fn whole_number(value: f64) -> u64 {
    value.max(1.0) as u64
}

#[cfg(test)]
mod tests {
    use super::{Confidence, success_run};

    #[test]
    fn a_whole_quotient_is_not_rounded_up() {
        for (p_min, level, want) in [(0.1, 0.9, 1), (0.1, 0.99, 2), (0.5, 0.75, 2), (0.2, 0.96, 2)]
        {
            let confidence = Confidence::new(level).unwrap();
            assert_eq!(success_run(p_min, confidence).unwrap(), want, "{p_min} {level}");
        }
    }

    #[test]
    fn a_chance_outside_its_range_is_refused() {
        for p_min in [0.0, 1.0, -1.0, f64::NAN, f64::INFINITY] {
            assert!(success_run(p_min, Confidence::default()).is_err());
        }
    }
}
