//! The confidence level of an interval.

use super::{
    beta::Split,
    quantile::{normal, student},
};
use serde::{Deserialize, Serialize};

/// A two-sided confidence level: the share of intervals that hold the true value, strictly between 0 and 1.
///
/// The default is 95 %.
///
/// # Examples
///
/// ```
/// use probity_eval_runner::stats::Confidence;
///
/// assert_eq!(Confidence::default().level(), 0.95);
/// assert_eq!(Confidence::new(0.9)?.to_string(), "90%");
/// assert!(Confidence::new(1.0).is_err());
/// # Ok::<(), probity_eval_runner::stats::ConfidenceError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "f64", into = "f64")]
pub struct Confidence {
    level: f64,
}

impl Confidence {
    /// Makes a level such as 0.95.
    ///
    /// # Errors
    ///
    /// [`ConfidenceError`] where the level is not strictly between 0 and 1.
    pub fn new(level: f64) -> Result<Self, ConfidenceError> {
        if level > 0.0 && level < 1.0 { Ok(Self { level }) } else { Err(ConfidenceError { level }) }
    }

    /// Returns the level, strictly between 0 and 1.
    pub fn level(self) -> f64 {
        self.level
    }

    /// Returns the chance that the interval misses, 1 minus the level.
    pub fn alpha(self) -> f64 {
        1.0 - self.level
    }

    /// Returns the half-width in standard errors of a normal interval (1.96 at 95 %).
    pub fn z(self) -> f64 {
        normal(self.alpha())
    }

    /// Returns the half-width in standard errors of a t interval with so many degrees of freedom, at least 1.
    pub fn t(self, degrees: u64) -> f64 {
        student(self.alpha(), super::real::real(degrees.max(1)))
    }

    /// The chance below the lower end of an interval.
    pub(super) fn below(self) -> Split {
        Split::from_lower(0.5 * self.alpha())
    }

    /// The chance below the upper end of an interval.
    pub(super) fn above(self) -> Split {
        Split::from_upper(0.5 * self.alpha())
    }
}

impl Default for Confidence {
    fn default() -> Self {
        Self { level: 0.95 }
    }
}

impl TryFrom<f64> for Confidence {
    type Error = ConfidenceError;

    fn try_from(level: f64) -> Result<Self, ConfidenceError> {
        Self::new(level)
    }
}

impl From<Confidence> for f64 {
    fn from(confidence: Confidence) -> Self {
        confidence.level
    }
}

impl std::fmt::Display for Confidence {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // Nine places hide the rounding of the product and keep every level that anybody writes.
        let percent = (self.level * 1e11).round() / 1e9;
        write!(f, "{percent}%")
    }
}

/// A confidence level that is not strictly between 0 and 1.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
#[error("a confidence level lies strictly between 0 and 1, and {level} does not")]
pub struct ConfidenceError {
    level: f64,
}

#[cfg(test)]
mod tests {
    use super::Confidence;

    #[test]
    fn levels_print_as_they_are_said() {
        let shown = |level| Confidence::new(level).map(|confidence| confidence.to_string());
        assert_eq!(shown(0.95).unwrap(), "95%");
        assert_eq!(shown(0.999).unwrap(), "99.9%");
        assert_eq!(shown(0.29).unwrap(), "29%");
    }

    #[test]
    fn a_number_that_is_no_level_is_refused() {
        for level in [0.0, 1.0, -0.1, 95.0, f64::NAN, f64::INFINITY] {
            assert!(Confidence::new(level).is_err());
        }
    }
}
