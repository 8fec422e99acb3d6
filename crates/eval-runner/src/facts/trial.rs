//! What one trial came to.

use std::time::Duration;

use crate::store::{OutcomeKind, Spending, TrialSummary};

/// What one trial came to.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct TrialFacts {
    /// The index among the trials of the case, from 0.
    pub index: u32,
    /// What it came to.
    pub outcome: OutcomeKind,
    /// How often it was begun.
    pub attempts: u32,
    /// How long the agent took.
    pub duration: Duration,
    /// What the agent's model calls used.
    pub spent: Spending,
    /// What the evals' model calls used.
    pub judging: Spending,
}

impl TrialFacts {
    /// Makes the facts of a trial that was begun once and used nothing.
    #[must_use]
    pub fn new(index: u32, outcome: OutcomeKind) -> Self {
        Self {
            index,
            outcome,
            attempts: 1,
            duration: Duration::ZERO,
            spent: Spending::default(),
            judging: Spending::default(),
        }
    }
}

impl From<&TrialSummary> for TrialFacts {
    fn from(trial: &TrialSummary) -> Self {
        Self {
            index: trial.key.index,
            outcome: OutcomeKind::of(&trial.scores.outcome),
            attempts: trial.attempts,
            duration: trial.duration,
            spent: trial.spent,
            judging: trial.scores.spent,
        }
    }
}
