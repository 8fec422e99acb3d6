//! The score: a number in 0..=1 that is never NaN.

use std::{
    cmp::Ordering,
    fmt,
    hash::{Hash, Hasher},
};

use serde::{Deserialize, Serialize};

/// A number in 0..=1, never NaN, where higher is better.
///
/// Scores have a total order, so they can be sorted, compared and used as keys.
/// Negative zero becomes zero, so equal scores have equal bits.
/// Serde writes the number itself and refuses, on reading, what [`Score::try_new`] refuses.
///
/// # Examples
///
/// ```
/// use probity_eval::Score;
///
/// let score = Score::try_new(0.75)?;
/// assert_eq!(score.value(), 0.75);
/// assert!(score < Score::ONE);
/// assert_eq!(format!("{score:.1}"), "0.8");
/// # Ok::<(), probity_eval::InvalidScore>(())
/// ```
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(try_from = "f32", into = "f32")]
pub struct Score(f32);

impl Score {
    /// The lowest score.
    pub const ZERO: Self = Self(0.0);

    /// The highest score.
    pub const ONE: Self = Self(1.0);

    /// The score from which an artifact passes where no objective says otherwise: 0.5.
    pub const DEFAULT_PASS_MARK: Self = Self(0.5);

    /// Makes a score of a number in 0..=1.
    ///
    /// # Errors
    ///
    /// NaN and numbers outside 0..=1, the infinities among them, are refused.
    pub const fn try_new(value: f32) -> Result<Self, InvalidScore> {
        if value.is_nan() {
            Err(InvalidScore::NotANumber)
        } else if value < 0.0 || value > 1.0 {
            Err(InvalidScore::OutOfRange(value))
        } else {
            Ok(Self::normalized(value))
        }
    }

    /// Makes a score of any number: below 0 becomes 0, above 1 becomes 1, and NaN becomes 0.
    ///
    /// NaN becomes the lowest score so that a broken computation never looks good.
    pub const fn new_clamped(value: f32) -> Self {
        if value.is_nan() { Self::ZERO } else { Self::normalized(value.clamp(0.0, 1.0)) }
    }

    /// Returns the number, in 0..=1.
    pub const fn value(self) -> f32 {
        self.0
    }

    /// Returns 1 minus this score.
    pub(crate) const fn complement(self) -> Self {
        Self(1.0 - self.0)
    }

    /// Works as [`Score::new_clamped`] does, for a number computed in double precision.
    #[expect(clippy::cast_possible_truncation, reason = "a score has single precision")]
    pub(crate) const fn from_f64_clamped(value: f64) -> Self {
        Self::new_clamped(value as f32)
    }

    /// Takes the sign from negative zero, so that equality and hashing may go by the bits.
    const fn normalized(value: f32) -> Self {
        Self(value + 0.0)
    }
}

impl PartialEq for Score {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Score {}

impl PartialOrd for Score {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Score {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.total_cmp(&other.0)
    }
}

impl Hash for Score {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.to_bits().hash(state);
    }
}

/// Prints the number; precision and width work as for `f32`.
impl fmt::Display for Score {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl TryFrom<f32> for Score {
    type Error = InvalidScore;

    fn try_from(value: f32) -> Result<Self, Self::Error> {
        Self::try_new(value)
    }
}

impl From<Score> for f32 {
    fn from(score: Score) -> Self {
        score.value()
    }
}

/// Gives 1 for true and 0 for false.
impl From<bool> for Score {
    fn from(passed: bool) -> Self {
        if passed { Self::ONE } else { Self::ZERO }
    }
}

/// A number that is no [`Score`].
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidScore {
    /// The number is NaN.
    #[error("NaN is not a score: a score is a number in 0..=1")]
    NotANumber,
    /// The number lies outside 0..=1.
    #[error("{0} is not a score: a score is a number in 0..=1")]
    OutOfRange(f32),
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn numbers_outside_the_range_are_refused_by_name() {
        for value in [-0.01, 1.01, f32::INFINITY, f32::NEG_INFINITY] {
            let error = Score::try_new(value).unwrap_err();
            assert_eq!(error, InvalidScore::OutOfRange(value));
            assert!(error.to_string().starts_with(&value.to_string()), "{error}");
        }
        assert_eq!(Score::try_new(f32::NAN), Err(InvalidScore::NotANumber));
    }

    #[test]
    fn clamping_makes_nan_the_lowest_score() {
        let clamped = [-3.0, -0.0, 0.25, 7.0, f32::INFINITY, f32::NAN].map(Score::new_clamped);
        let expected = [0.0, 0.0, 0.25, 1.0, 1.0, 0.0].map(Score::try_new);
        assert_eq!(clamped.map(Ok), expected);
    }

    #[test]
    fn negative_zero_equals_zero_and_hashes_alike() {
        let zeros = [
            Score::try_new(-0.0).unwrap(),
            Score::new_clamped(-0.0),
            Score::from_f64_clamped(-0.0),
            Score::ZERO,
        ];
        assert_eq!(zeros.into_iter().collect::<HashSet<_>>().len(), 1);
        assert_eq!(zeros[0].to_string(), "0");
    }

    #[test]
    fn display_obeys_precision_and_width() {
        assert_eq!(format!("[{:>6.2}]", Score::new_clamped(0.5)), "[  0.50]");
    }

    #[test]
    fn serde_writes_the_number_and_refuses_what_is_no_score() {
        assert_eq!(serde_json::to_string(&Score::new_clamped(0.1)).unwrap(), "0.1");
        assert_eq!(serde_json::from_str::<Score>("1").unwrap(), Score::ONE);
        let error = serde_json::from_str::<Score>("1.5").unwrap_err().to_string();
        assert!(error.contains("1.5 is not a score"), "{error}");
    }

    proptest! {
        #[test]
        fn every_number_is_either_a_score_or_refused(value in proptest::num::f32::ANY) {
            match Score::try_new(value) {
                Ok(score) => prop_assert_eq!(score, Score::new_clamped(value)),
                Err(_) => prop_assert!(!(0.0..=1.0).contains(&value)),
            }
            prop_assert!((0.0..=1.0).contains(&Score::new_clamped(value).value()));
        }

        #[test]
        fn the_order_is_that_of_the_numbers(a in 0.0_f32..=1.0, b in 0.0_f32..=1.0) {
            let (left, right) = (Score::new_clamped(a), Score::new_clamped(b));
            prop_assert_eq!(left.partial_cmp(&right), a.partial_cmp(&b));
            prop_assert_eq!(left == right, left.cmp(&right) == Ordering::Equal);
        }

        #[test]
        fn json_brings_every_score_back(value in 0.0_f32..=1.0) {
            let score = Score::new_clamped(value);
            let json = serde_json::to_string(&score).unwrap();
            prop_assert_eq!(serde_json::from_str::<Score>(&json).unwrap(), score);
        }
    }
}
