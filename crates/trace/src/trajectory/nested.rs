//! Why a trajectory was not begun.

use super::Sample;

/// A trajectory was started within another one.
///
/// What it was to run was not run. Trajectories are of one sample each, so that no message could be said to
/// be in the one or in the other: complete the outer one first, or start the inner one outside of it.
///
/// # Examples
///
/// ```
/// use probity_trace::trajectory::Tracer;
///
/// let tracer = Tracer::new("math-eval", "small");
/// let nested = tracer.trajectory("outer").run_sync(|| tracer.trajectory("inner").run_sync(|| 4));
/// assert_eq!(
///     nested.unwrap().unwrap_err().to_string(),
///     "nested trajectories are not supported: that of sample inner was started within that of sample \
///      outer; complete the current trajectory before starting a new one",
/// );
/// ```
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "nested trajectories are not supported: that of sample {sample} was started within that of sample \
     {within}; complete the current trajectory before starting a new one"
)]
pub struct NestedTrajectory {
    sample: Sample,
    within: String,
}

impl NestedTrajectory {
    pub(super) fn new(sample: Sample, within: &str) -> Self {
        Self { sample, within: within.to_owned() }
    }

    /// Returns the sample whose trajectory was refused.
    #[must_use]
    pub fn sample(&self) -> &Sample {
        &self.sample
    }

    /// Returns the sample of the trajectory that was not complete, as a text.
    #[must_use]
    pub fn within(&self) -> &str {
        &self.within
    }
}
