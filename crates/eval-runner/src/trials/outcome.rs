//! What a trial came to.

use std::{fmt, time::Duration};

use serde::{Deserialize, Serialize};

/// What a trial came to.
///
/// Not graded is not failed: the infrastructure is to blame, not the agent. A headline still counts it as
/// failed, says so, and shows how many there were.
#[non_exhaustive]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// The trial returned true.
    Passed,
    /// The agent failed.
    Failed(Failure),
    /// The trial could not be graded, for this reason.
    NotGraded(String),
}

impl Outcome {
    /// Returns whether the trial passed.
    pub fn is_passed(&self) -> bool {
        matches!(self, Self::Passed)
    }

    /// Returns whether the trial was graded and did not pass.
    pub fn is_failed(&self) -> bool {
        matches!(self, Self::Failed(_))
    }

    /// Returns whether the trial could not be graded.
    pub fn is_not_graded(&self) -> bool {
        matches!(self, Self::NotGraded(_))
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Passed => f.write_str("passed"),
            Self::Failed(failure) => write!(f, "failed: {failure}"),
            Self::NotGraded(reason) => write!(f, "not graded: {reason}"),
        }
    }
}

/// How a trial failed.
#[non_exhaustive]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Failure {
    /// The trial returned false.
    Wrong,
    /// The trial returned an error: its message, followed by those of its sources.
    Error(String),
    /// The trial panicked with this message.
    Panicked(String),
    /// The trial did not end within the time it was given.
    OutOfTime(Duration),
    /// The trial used more than it may: tokens, or money.
    OverLimit(String),
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Wrong => f.write_str("wrong answer"),
            Self::Error(message) => f.write_str(message),
            Self::Panicked(message) => write!(f, "panicked: {message}"),
            Self::OutOfTime(limit) => write!(f, "out of time after {limit:?}"),
            Self::OverLimit(reason) => write!(f, "over the limit: {reason}"),
        }
    }
}
