//! How many of k trials a share of them is, with the share taken as the decimal that was written.

use std::str::FromStr;

/// Returns the number of passes that G-Pass@k requires at the threshold `tau`: `max(1, ⌈tau · k⌉)`.
///
/// Source: Liu et al. 2024, arXiv 2412.13147. Domain: `tau` in 0..=1, any `k`. In binary floating point the
/// rounding up goes wrong for some thresholds (0.28 of 25 gives 8 instead of 7), hence the exact decimal.
///
/// # Examples
///
/// ```
/// use probity_eval_runner::stats::{Threshold, gpass_threshold};
///
/// let tau: Threshold = "0.28".parse()?;
/// assert_eq!(gpass_threshold(tau, 25), 7);
/// # Ok::<(), probity_eval_runner::stats::ThresholdError>(())
/// ```
pub fn gpass_threshold(tau: Threshold, k: u64) -> u64 {
    let scale = 10_u128.pow(tau.places);
    let required = (u128::from(tau.digits) * u128::from(k)).div_ceil(scale);
    u64::try_from(required).unwrap_or(u64::MAX).max(1)
}

/// A share of trials as an exact decimal number in 0..=1.
///
/// Parsed from text such as `0.28` or `1`, with at most 18 places after the point once trailing zeros are gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Threshold {
    digits: u64,
    places: u32,
}

/// The most places after the point that a threshold can have.
const MAX_PLACES: usize = 18;

impl FromStr for Threshold {
    type Err = ThresholdError;

    fn from_str(text: &str) -> Result<Self, ThresholdError> {
        let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
        let all_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        if !all_digits(whole) || !all_digits(fraction) || (whole.is_empty() && fraction.is_empty())
        {
            return Err(ThresholdError::NotDecimal);
        }
        let fraction = fraction.trim_end_matches('0');
        if fraction.len() > MAX_PLACES {
            return Err(ThresholdError::TooManyPlaces);
        }
        let digits = whole
            .bytes()
            .chain(fraction.bytes())
            .try_fold(0_u64, |value, digit| {
                value.checked_mul(10)?.checked_add(u64::from(digit - b'0'))
            })
            .ok_or(ThresholdError::AboveOne)?;
        let places = u32::try_from(fraction.len()).unwrap_or(u32::MAX);
        if digits > 10_u64.pow(places) {
            return Err(ThresholdError::AboveOne);
        }
        Ok(Self { digits, places })
    }
}

impl TryFrom<f64> for Threshold {
    type Error = ThresholdError;

    /// Takes the shortest decimal that reads back as this number: the one that was meant.
    fn try_from(tau: f64) -> Result<Self, ThresholdError> {
        tau.to_string().parse()
    }
}

/// Why a text is no threshold.
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ThresholdError {
    /// The text is not a plain decimal number.
    #[error("a threshold is a plain decimal number such as 0.75")]
    NotDecimal,
    /// The number is above 1.
    #[error("a threshold is a share of the trials and cannot be above 1")]
    AboveOne,
    /// The number has too many places after the point.
    #[error("a threshold has at most 18 places after the point")]
    TooManyPlaces,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_decimals_from_zero_to_one_are_thresholds() {
        for text in ["", ".", "-0.5", "+0.5", "1e-2", "NaN", "0.5 ", "0,5"] {
            assert_eq!(text.parse::<Threshold>(), Err(ThresholdError::NotDecimal), "{text:?}");
        }
        for text in ["1.01", "2", "100000000000000000000000"] {
            assert_eq!(text.parse::<Threshold>(), Err(ThresholdError::AboveOne), "{text:?}");
        }
        let long = "0.0000000000000000001";
        assert_eq!(long.parse::<Threshold>(), Err(ThresholdError::TooManyPlaces));
        for text in ["0", "1", "1.", ".5", "1.000", "0.500000000000000000000"] {
            assert!(text.parse::<Threshold>().is_ok(), "{text:?}");
        }
    }

    #[test]
    fn a_float_means_the_decimal_that_was_written() -> Result<(), ThresholdError> {
        assert_eq!(gpass_threshold(Threshold::try_from(0.28)?, 25), 7);
        assert_eq!(Threshold::try_from(f64::NAN), Err(ThresholdError::NotDecimal));
        Ok(())
    }

    #[test]
    fn a_share_of_every_count_stays_within_it() -> Result<(), ThresholdError> {
        let all: Threshold = "1".parse()?;
        assert_eq!(gpass_threshold(all, u64::MAX), u64::MAX);
        assert_eq!(gpass_threshold("0".parse()?, u64::MAX), 1);
        Ok(())
    }
}
