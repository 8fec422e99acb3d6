//! What the page needs of every trial before any is opened.

use std::time::Duration;

use super::row::TrialRow;
use crate::{
    suite::{Judgment, Verdict},
    trials::{Failure, Outcome},
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
        match outcome {
            Outcome::Passed => Self::Passed,
            Outcome::Failed(_) => Self::Failed,
            Outcome::NotGraded(_) => Self::NotGraded,
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

/// Says why a trial did not pass: where the answer was wrong, which evals say so.
fn reason(outcome: &Outcome, judgments: &[Judgment]) -> Option<String> {
    match outcome {
        Outcome::Passed => None,
        Outcome::NotGraded(reason) => Some(reason.clone()),
        Outcome::Failed(Failure::Wrong) => {
            let failed = judgments.iter().filter(|judgment| !judgment.is_passed());
            let failed =
                failed.filter(|judgment| matches!(judgment.verdict, Verdict::Scored { .. }));
            let names: Vec<_> = failed.map(|judgment| judgment.eval.as_str()).collect();
            let wrong = Failure::Wrong.to_string();
            Some(if names.is_empty() { wrong } else { format!("{wrong}: {}", names.join(", ")) })
        }
        Outcome::Failed(failure) => Some(failure.to_string()),
    }
}
