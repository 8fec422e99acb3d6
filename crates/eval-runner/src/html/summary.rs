//! What the page needs of every trial before any is opened.

use std::time::Duration;

use super::row::TrialRow;
use crate::{
    reason::reason,
    store::{self, OutcomeKind},
    trials::Outcome,
};

/// What the page needs of a trial before it is opened.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct TrialSummary {
    /// The name of the case.
    pub case: String,
    /// The index among the trials of the case, from 0.
    pub index: u32,
    /// What the trial came to.
    pub mark: Mark,
    /// Why the trial did not pass; `None` if it did.
    pub reason: Option<String>,
    /// How long the agent took.
    pub duration: Duration,
    /// How often the trial was tried.
    pub attempts: u32,
}

/// What a trial came to, in one letter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Mark {
    /// It passed.
    Passed,
    /// It failed.
    Failed,
    /// It could not be graded.
    NotGraded,
}

impl Mark {
    /// Returns the mark of an outcome.
    pub fn of(outcome: &Outcome) -> Self {
        Self::of_kind(OutcomeKind::of(outcome))
    }

    /// Returns the mark of a kind of outcome.
    pub(super) fn of_kind(outcome: OutcomeKind) -> Self {
        match outcome {
            OutcomeKind::Passed => Self::Passed,
            OutcomeKind::Failed => Self::Failed,
            OutcomeKind::NotGraded => Self::NotGraded,
        }
    }

    /// Returns the class by which the page's style names it.
    pub(super) fn class(self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Failed => "failed",
            Self::NotGraded => "ungraded",
        }
    }

    /// Returns the words for it.
    pub(super) fn words(self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Failed => "failed",
            Self::NotGraded => "not graded",
        }
    }

    /// Returns the letter by which the page's data names it.
    pub(super) fn letter(self) -> char {
        match self {
            Self::Passed => 'p',
            Self::Failed => 'f',
            Self::NotGraded => 'n',
        }
    }
}

impl TrialSummary {
    /// Makes the summary of a trial that took no time and was tried once.
    pub fn new(case: impl Into<String>, index: u32, mark: Mark) -> Self {
        let (reason, duration) = (None, Duration::ZERO);
        Self { case: case.into(), index, mark, reason, duration, attempts: 1 }
    }
}

impl From<&TrialRow<'_>> for TrialSummary {
    fn from(row: &TrialRow<'_>) -> Self {
        Self {
            case: row.case.clone().into_owned(),
            index: row.index,
            mark: Mark::of(&row.outcome),
            reason: reason(&row.outcome, &row.judgments),
            duration: row.duration,
            attempts: row.attempts,
        }
    }
}

impl From<&store::TrialSummary> for TrialSummary {
    fn from(trial: &store::TrialSummary) -> Self {
        let scores = &trial.scores;
        Self {
            case: trial.key.case.clone(),
            index: trial.key.index,
            mark: Mark::of(&scores.outcome),
            reason: reason(&scores.outcome, &scores.judgments),
            duration: trial.duration,
            attempts: trial.attempts,
        }
    }
}
