//! The pass rate behind a judge's pass rate, from the judge's sensitivity and specificity.

use serde::{Deserialize, Serialize};

/// Sums of two shares closer to 1 than this are 1: it is the rounding of the shares.
const SAME: f64 = 4.0 * f64::EPSILON;

/// A judge's pass rate, corrected.
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct RoganGladen {
    /// The corrected rate, in 0..=1.
    pub value: f64,
    /// The same before it was cut to 0..=1; far outside, the judge does not behave as it did on the labels.
    pub raw: f64,
}

/// Returns the pass rate that gives the judge's: `(q + sp - 1) / (se + sp - 1)` for the judge's rate `q`.
///
/// Source: Rogan and Gladen 1978. It holds where the judge has the sensitivity `se` and specificity `sp` on what
/// the rate is of. `None` where they sum to 1, as of a judge that does not look: then any pass rate gives the same
/// `q`. Domain: all three in 0..=1.
///
/// # Errors
///
/// [`RoganGladenError`] where a number is outside 0..=1.
///
/// # Examples
///
/// ```
/// use probity_eval_runner::stats::agreement::rogan_gladen;
///
/// // A judge that passes nearly everything: 98.2 % where 58.1 % are right.
/// let corrected = rogan_gladen(0.982, 1.0, 0.043)?.unwrap();
/// assert!((corrected.value - 0.581).abs() < 1e-3);
/// assert_eq!(rogan_gladen(0.5, 0.5, 0.5)?, None);
/// # Ok::<(), probity_eval_runner::stats::agreement::RoganGladenError>(())
/// ```
pub fn rogan_gladen(
    judge_rate: f64,
    sensitivity: f64,
    specificity: f64,
) -> Result<Option<RoganGladen>, RoganGladenError> {
    for (name, value) in [
        ("judge's pass rate", judge_rate),
        ("sensitivity", sensitivity),
        ("specificity", specificity),
    ] {
        if !(0.0..=1.0).contains(&value) {
            return Err(RoganGladenError::NotAShare { name, value });
        }
    }
    let informed = sensitivity + specificity - 1.0;
    if informed.abs() <= SAME {
        return Ok(None);
    }
    // Adding 0 keeps a negative zero from being printed.
    let raw = (judge_rate + specificity - 1.0) / informed + 0.0;
    Ok(Some(RoganGladen { value: raw.clamp(0.0, 1.0), raw }))
}

/// Why a judge's pass rate cannot be corrected.
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum RoganGladenError {
    /// A number is no share.
    #[error("the {name} is {value}: a share lies in 0..=1")]
    NotAShare {
        /// What the number is.
        name: &'static str,
        /// The number.
        value: f64,
    },
    /// The judge gave no verdict.
    #[error("the judge gave no verdict, so it has no pass rate")]
    NoVerdicts,
    /// More passes than verdicts were counted.
    #[error("{c} passes of {n} verdicts: passes cannot outnumber verdicts")]
    PassesBeyondVerdicts {
        /// The number of passes.
        c: u64,
        /// The number of verdicts.
        n: u64,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_outside_0_to_1_is_cut_and_the_raw_one_kept() {
        let corrected = rogan_gladen(0.1, 0.9, 0.8).unwrap().unwrap();
        assert_eq!(corrected.value.to_bits(), 0.0_f64.to_bits());
        assert!((corrected.raw + 1.0 / 7.0).abs() < 1e-12);
    }

    #[test]
    fn shares_that_sum_to_1_but_for_rounding_correct_nothing() {
        let ten_tenths: f64 = [0.1; 10].iter().sum();
        for (sensitivity, specificity) in [(ten_tenths, 0.0), (1.0 / 3.0, 2.0 / 3.0), (0.0, 1.0)] {
            assert_eq!(rogan_gladen(0.4, sensitivity, specificity), Ok(None));
        }
    }

    #[test]
    fn a_number_that_is_no_share_is_named() {
        let error = |q, se, sp| rogan_gladen(q, se, sp).unwrap_err().to_string();
        assert_eq!(error(1.1, 0.9, 0.8), "the judge's pass rate is 1.1: a share lies in 0..=1");
        assert_eq!(error(0.5, -0.1, 0.8), "the sensitivity is -0.1: a share lies in 0..=1");
        assert_eq!(error(0.5, 0.9, f64::NAN), "the specificity is NaN: a share lies in 0..=1");
    }
}
