//! Why two runs cannot be compared.

/// Why two runs cannot be compared.
#[non_exhaustive]
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum ComparisonError {
    /// No task ran in both.
    #[error("{first:?} and {second:?} have no task in common")]
    NothingInCommon {
        /// The name of the run that was to be judged.
        first: String,
        /// The name of the run that it was to be held against.
        second: String,
    },
    /// The difference that does not matter is none.
    #[error(
        "a margin is a share above 0 and at most 1, such as 0.02 for 2 points, and {margin} is not"
    )]
    NotAMargin {
        /// What was given.
        margin: f64,
    },
    /// There is no run to hold against the baseline.
    #[error("no run was given to hold against {baseline:?}")]
    NoRun {
        /// The name of the baseline.
        baseline: String,
    },
}
