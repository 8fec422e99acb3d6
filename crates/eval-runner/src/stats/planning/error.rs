//! What is wrong with a plan.

/// Why a plan has no answer.
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum PlanError {
    /// A number that must be above 0 is not.
    #[error("the {name} is {value}: it must be a finite number above 0")]
    NotPositive {
        /// What the number is.
        name: &'static str,
        /// The number.
        value: f64,
    },
    /// A number that must be at least 0 is not.
    #[error("the {name} is {value}: it must be a finite number of at least 0")]
    Negative {
        /// What the number is.
        name: &'static str,
        /// The number.
        value: f64,
    },
    /// A power is not strictly between 0 and 1.
    #[error("the power lies strictly between 0 and 1, and {power} does not")]
    NotAPower {
        /// The number.
        power: f64,
    },
    /// Nothing would run.
    #[error("0 {name}: a plan needs at least 1")]
    None {
        /// What there is none of.
        name: &'static str,
    },
}

/// Checks a number that must be above 0.
pub(super) fn positive(name: &'static str, value: f64) -> Result<f64, PlanError> {
    if value > 0.0 && value.is_finite() {
        Ok(value)
    } else {
        Err(PlanError::NotPositive { name, value })
    }
}

/// Checks a number that must be at least 0.
pub(super) fn not_negative(name: &'static str, value: f64) -> Result<f64, PlanError> {
    if value >= 0.0 && value.is_finite() {
        Ok(value)
    } else {
        Err(PlanError::Negative { name, value })
    }
}

/// Checks a count.
pub(super) fn some(name: &'static str, count: u64) -> Result<u64, PlanError> {
    if count > 0 { Ok(count) } else { Err(PlanError::None { name }) }
}
