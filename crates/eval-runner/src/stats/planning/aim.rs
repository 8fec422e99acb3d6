//! How sure a comparison is to be.

use super::error::PlanError;
use crate::stats::{confidence::Confidence, quantile::normal};

/// The level of the range and the chance that it excludes 0 where there is a difference.
///
/// The default is 95 % and 80 %.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Aim {
    confidence: Confidence,
    power: f64,
}

impl Aim {
    /// Makes an aim.
    ///
    /// # Errors
    ///
    /// [`PlanError::NotAPower`] where the power is not strictly between 0 and 1.
    pub fn new(confidence: Confidence, power: f64) -> Result<Self, PlanError> {
        if power > 0.0 && power < 1.0 {
            Ok(Self { confidence, power })
        } else {
            Err(PlanError::NotAPower { power })
        }
    }

    /// Returns the level of the range.
    pub fn confidence(self) -> Confidence {
        self.confidence
    }

    /// Returns the chance of separating a difference, strictly between 0 and 1.
    pub fn power(self) -> f64 {
        self.power
    }

    /// Returns the true difference that is separated with the power asked for, where a measured one has this standard
    /// error: `(z_{α/2} + z_β) SE` (Miller 2024).
    pub fn separable(self, standard_error: f64) -> f64 {
        self.errors() * standard_error
    }

    /// `z_{α/2} + z_β`: how many standard errors a difference must be for this aim.
    pub(super) fn errors(self) -> f64 {
        self.confidence.z() + normal(2.0 * (1.0 - self.power))
    }
}

impl Default for Aim {
    fn default() -> Self {
        Self { confidence: Confidence::default(), power: 0.8 }
    }
}
