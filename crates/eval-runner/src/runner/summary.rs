//! What a run of a suite came to.

use super::trial::Finished;
use crate::{
    report::{Report, ReportError, TaskTally},
    stats::Tally,
    trials::Outcome,
};

/// What a run of a suite came to.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct SuiteRun {
    /// The name of the suite.
    pub suite: String,
    /// The seed of the run.
    pub seed: u64,
    /// How often each case was to be run.
    pub trials: u32,
    /// The trials, by case in the order of the suite, then by index.
    pub finished: Vec<Finished>,
    /// What each case came to, in the order of the suite.
    pub cases: Vec<TaskTally>,
    /// How many trials were planned and did not end, since the run was cancelled.
    pub cancelled: u64,
}

impl SuiteRun {
    /// Returns how many trials passed, failed and were not graded.
    pub fn tally(&self) -> Tally {
        self.cases.iter().fold(Tally::default(), |tally, case| tally.plus(case.trials))
    }

    /// Returns the report.
    ///
    /// # Errors
    ///
    /// If no trial has ended.
    pub fn report(&self) -> Result<Report, ReportError> {
        Report::new(self.suite.clone(), self.cases.clone())
    }
}

/// Returns what one trial counts.
pub(super) fn tally(outcome: &Outcome) -> Tally {
    match outcome {
        Outcome::Passed => Tally::new(1, 0, 0),
        Outcome::Failed(_) => Tally::new(0, 1, 0),
        Outcome::NotGraded(_) => Tally::new(0, 0, 1),
    }
}
