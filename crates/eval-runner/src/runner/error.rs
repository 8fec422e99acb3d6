//! Why a suite was not run, or not to its end.

use crate::{
    select::SelectionError,
    store::{RunId, StoreError},
    suite::SuiteError,
};

/// Why a suite was not run, or not to its end.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RunError {
    /// The suite cannot be run.
    #[error(transparent)]
    Suite(#[from] SuiteError),
    /// The selection selects no cases.
    #[error(transparent)]
    Selection(#[from] SelectionError),
    /// The run that was to go on ran something else.
    #[error("run {run} cannot go on: {}; begin a new one, or undo the change", .differences.join(", "))]
    #[non_exhaustive]
    Changed {
        /// The run.
        run: RunId,
        /// What differs, in words.
        differences: Vec<String>,
    },
    /// What goes over the wire is to be kept, and tokens or cost have a limit.
    #[error(
        "what goes over the wire cannot be kept where trials have a limit on tokens or cost; choose one"
    )]
    RawWithLimits,
    /// Only a part of the trials is run, and a rule is to end the run.
    #[error(
        "a rule cannot end a run of which only a part is run, since it looks at all trials; choose one"
    )]
    StopWithShard,
    /// Another process runs the run, on this machine or another.
    #[error(
        "run {run} is under way in another process, here or on another machine; wait for its end, or begin a new one"
    )]
    #[non_exhaustive]
    UnderWay {
        /// The run.
        run: RunId,
    },
    /// The store failed before anything was run.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The store failed while trials were run. What was told as finished is in it.
    #[error("the run was ended since its store failed: {error}{}", not_kept(*lost))]
    #[non_exhaustive]
    StoreFailed {
        /// The run.
        run: RunId,
        /// What failed.
        error: StoreError,
        /// How many trials had ended and could not be kept; they will be run again.
        lost: u64,
    },
}

fn not_kept(lost: u64) -> String {
    match lost {
        0 => String::new(),
        1 => "; 1 trial that had ended could not be kept and will be run again".to_owned(),
        _ => format!("; {lost} trials that had ended could not be kept and will be run again"),
    }
}
