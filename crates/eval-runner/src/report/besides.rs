//! What is known of a run besides the tallies of its tasks.

use super::effort::{Course, ModelSpending};

/// What is known of a run besides the tallies of its tasks.
#[derive(Debug, Default)]
pub(crate) struct Besides {
    /// For each task whether its trials passed, by index; `None` where one was not graded or is not there.
    pub(crate) outcomes: Vec<Vec<Option<bool>>>,
    /// How many trials were planned and did not end.
    pub(crate) missing: u64,
    /// How many trials are still to be scored anew; no other number has them.
    pub(crate) to_rescore: u64,
    /// What decided the run, where it ended since it had seen enough.
    pub(crate) decided: Option<String>,
    /// What the model calls used.
    pub(crate) spending: Option<ModelSpending>,
    /// How the trials went.
    pub(crate) course: Option<Course>,
}
