//! The kind of an outcome, as it is stored and asked for.

use crate::{stats::Tally, trials::Outcome};

/// The kind of an [`Outcome`], without its reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum OutcomeKind {
    /// The trial passed.
    Passed,
    /// The agent failed.
    Failed,
    /// The trial could not be graded.
    NotGraded,
}

impl OutcomeKind {
    #[cfg(any(feature = "sqlite", feature = "postgres"))]
    const ALL: [Self; 3] = [Self::Passed, Self::Failed, Self::NotGraded];

    /// Returns the kind of an outcome.
    #[must_use]
    pub fn of(outcome: &Outcome) -> Self {
        match outcome {
            Outcome::Passed => Self::Passed,
            Outcome::Failed(_) => Self::Failed,
            Outcome::NotGraded(_) => Self::NotGraded,
        }
    }

    /// Returns the name under which it is stored.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Failed => "failed",
            Self::NotGraded => "not_graded",
        }
    }

    /// Returns what one trial that came to this counts.
    #[must_use]
    pub fn tally(self) -> Tally {
        match self {
            Self::Passed => Tally::new(1, 0, 0),
            Self::Failed => Tally::new(0, 1, 0),
            Self::NotGraded => Tally::new(0, 0, 1),
        }
    }

    /// Finds the kind of a stored name.
    #[cfg(any(feature = "sqlite", feature = "postgres"))]
    pub(crate) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }
}
