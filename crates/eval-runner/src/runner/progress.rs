//! Telling of a run while it goes on.

use super::trial::Finished;
use crate::stats::Tally;

/// Is told of each trial as it ends, in the order in which they end.
pub trait Watch: Send + Sync {
    /// Looks at a trial that has ended, and at how far the run has come.
    fn trial_ended(&self, trial: &Finished, progress: Progress);
}

impl<F: Fn(&Finished, Progress) + Send + Sync> Watch for F {
    fn trial_ended(&self, trial: &Finished, progress: Progress) {
        self(trial, progress);
    }
}

/// How far a run has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Progress {
    /// The trials that have ended.
    pub tally: Tally,
    /// All trials of the run.
    pub planned: u64,
}
