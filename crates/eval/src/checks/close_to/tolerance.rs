//! How far from the expected number a number may be.

use serde::{Deserialize, Serialize};

/// How far from the expected number a number may be.
///
/// With both kinds given, the wider one counts.
///
/// # Examples
///
/// ```
/// use probity_eval::checks::Tolerance;
///
/// assert_eq!(Tolerance::absolute(0.5).around(200.0), 0.5);
/// assert_eq!(Tolerance::relative(0.01).around(-200.0), 2.0);
/// assert_eq!(Tolerance::absolute(0.5).or_relative(0.01).around(10.0), 0.5);
/// assert_eq!(Tolerance::none().around(200.0), 0.0);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[must_use]
pub struct Tolerance {
    absolute: f64,
    relative: f64,
}

impl Tolerance {
    /// Allows no difference at all.
    pub const fn none() -> Self {
        Self { absolute: 0.0, relative: 0.0 }
    }

    /// Allows this difference.
    pub const fn absolute(difference: f64) -> Self {
        Self { absolute: difference, relative: 0.0 }
    }

    /// Allows this share of the expected number: 0.01 is one percent.
    pub const fn relative(share: f64) -> Self {
        Self { absolute: 0.0, relative: share }
    }

    /// Allows this share of the expected number too.
    pub const fn or_relative(mut self, share: f64) -> Self {
        self.relative = share;
        self
    }

    /// Returns the greatest difference that is allowed around an expected number:
    /// `max(absolute, relative * |expected|)`.
    #[must_use]
    pub fn around(self, expected: f64) -> f64 {
        self.absolute.max(self.relative * expected.abs())
    }

    /// Returns the numbers with their names.
    pub(super) fn numbers(self) -> [(&'static str, f64); 2] {
        [("absolute tolerance", self.absolute), ("relative tolerance", self.relative)]
    }
}
