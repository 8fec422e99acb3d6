//! What a comparison may be told.

use super::error::ComparisonError;
use crate::stats::Confidence;

/// What a comparison may be told.
#[derive(Debug, Clone, Default, PartialEq)]
#[must_use = "settings do nothing by themselves"]
pub struct ComparisonSettings {
    pub(super) names: Option<(String, String)>,
    pub(super) confidence: Option<Confidence>,
    pub(super) margin: Option<f64>,
    pub(super) at_least_one: bool,
    pub(super) tests: bool,
}

impl ComparisonSettings {
    /// Asks for nothing but the usual.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets what both runs are called; the names of their reports unless told otherwise.
    pub fn names(mut self, first: impl Into<String>, second: impl Into<String>) -> Self {
        self.names = Some((first.into(), second.into()));
        self
    }

    /// Sets the level of the ranges; that of the first report unless told otherwise.
    pub fn confidence(mut self, confidence: Confidence) -> Self {
        self.confidence = Some(confidence);
        self
    }

    /// Sets the difference that does not matter, as a share: 0.02 is 2 points.
    ///
    /// A range that holds 0 and lies inside the margin is said to do so.
    pub fn margin(mut self, margin: f64) -> Self {
        self.margin = Some(margin);
        self
    }

    /// Compares the chance that at least one of k trials passes, too.
    pub fn at_least_one(mut self) -> Self {
        self.at_least_one = true;
        self
    }

    /// Adds the p-value of a sign-flip test to every difference, and Holm's adjustment for their number.
    pub fn tests(mut self) -> Self {
        self.tests = true;
        self
    }

    pub(super) fn check(&self) -> Result<(), ComparisonError> {
        match self.margin {
            Some(margin) if !(margin > 0.0 && margin <= 1.0) => {
                Err(ComparisonError::NotAMargin { margin })
            }
            _ => Ok(()),
        }
    }
}
