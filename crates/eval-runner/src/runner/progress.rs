//! Telling of a run while it goes on.

use std::{fmt, time::Duration};

use probity_eval::rate_limit::Waited;

use super::trial::Finished;
use crate::{
    stats::Tally,
    store::{RunId, Spending, StoredTrial},
    trials::Trial,
};

/// Is told of a run while it goes on.
///
/// A closure of a trial and the progress is one that looks at trials alone. Where one panics, the run goes on.
pub trait Watch: Send + Sync {
    /// Looks at a run that begins, or goes on.
    fn run_began(&self, start: &Start) {
        _ = start;
    }

    /// Looks at a trial that has ended, and at how far the run has come. Trials come in the order in which they end;
    /// with a store, once they are committed.
    fn trial_ended(&self, trial: &Finished, progress: Progress);

    /// Looks at a stored trial that was scored anew, with its new scores, and at how far the run has come.
    fn trial_rescored(&self, trial: &StoredTrial, progress: Progress) {
        _ = (trial, progress);
    }

    /// Looks at something that happened besides.
    fn noticed(&self, notice: &Notice) {
        _ = notice;
    }
}

impl<F: Fn(&Finished, Progress) + Send + Sync> Watch for F {
    fn trial_ended(&self, trial: &Finished, progress: Progress) {
        self(trial, progress);
    }
}

/// How a run begins.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Start {
    /// The run, where a store keeps it.
    pub run: Option<RunId>,
    /// The name of the suite.
    pub suite: String,
    /// The number of cases.
    pub cases: u64,
    /// All trials of the run, those that have finished before among them.
    pub planned: u64,
    /// What had finished before.
    pub before: Tally,
    /// How many trials are scored anew, without running the agent.
    pub rescored: u64,
    /// Why a new run is begun although there is an earlier one: in what they differ, in words.
    pub anew: Vec<String>,
}

/// How far a run has come.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
#[non_exhaustive]
pub struct Progress {
    /// The trials that have ended, those before this process among them.
    pub tally: Tally,
    /// All trials of the run.
    pub planned: u64,
    /// The trials under way.
    pub running: u64,
    /// What the agent's model calls used.
    pub spent: Spending,
    /// What the evals' model calls used.
    pub judging: Spending,
    /// How often a trial was tried again.
    pub retries: u64,
    /// How long trials waited between their attempts, all together.
    pub waited_for_trials: Duration,
    /// How long model calls waited: for limits, after refusals, between attempts.
    pub waited: Waited,
}

impl Progress {
    /// Returns how long trials and model calls waited, all together.
    #[must_use]
    pub fn wait(&self) -> Duration {
        self.waited.total().saturating_add(self.waited_for_trials)
    }
}

/// Something that happened in a run besides the end of a trial.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Notice {
    /// The infrastructure of a trial failed, and it will be tried again.
    #[non_exhaustive]
    Retry {
        /// The trial.
        trial: Trial,
        /// The attempts made so far.
        attempts: u32,
        /// The wait before the next.
        wait: Duration,
        /// What failed.
        reason: String,
    },
    /// An agent held its thread for long without awaiting anything, so that other trials could not use it.
    #[non_exhaustive]
    Blocked {
        /// The trial.
        trial: Trial,
        /// The longest time that it held the thread.
        held: Duration,
    },
    /// Tasks that agents had spawned were still there when the run ended.
    #[non_exhaustive]
    LeftTasks {
        /// How many.
        tasks: u64,
    },
    /// Trials may have ended the process before; they are run alone or with few others, after all the rest.
    #[non_exhaustive]
    Suspects {
        /// How many.
        trials: u64,
    },
    /// A model call has no known price, so that the limits of cost do not count it. It is told once in a run.
    #[non_exhaustive]
    Unpriced {
        /// The first trial with such a call.
        trial: Trial,
    },
    /// No trial is begun any more.
    #[non_exhaustive]
    Stopping {
        /// Why.
        reason: String,
    },
}

impl fmt::Display for Notice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Retry { trial, attempts, wait, reason } => write!(
                f,
                "{} trial {}: attempt {attempts} failed ({reason}); trying again in {wait:.1?}",
                trial.case(),
                trial.index()
            ),
            Self::Blocked { trial, held } => write!(
                f,
                "{} trial {} held its thread for {held:.1?} without awaiting; use spawn_blocking for such work",
                trial.case(),
                trial.index()
            ),
            Self::LeftTasks { tasks: 1 } => {
                f.write_str("1 task that an agent had spawned was still running when the run ended")
            }
            Self::LeftTasks { tasks } => write!(
                f,
                "{tasks} tasks that agents had spawned were still running when the run ended"
            ),
            Self::Suspects { trials: 1 } => f.write_str(
                "1 trial was under way or next in turn when the process ended before; it is run after all others, alone",
            ),
            Self::Suspects { trials } => write!(
                f,
                "{trials} trials were under way or next in turn when the process ended before; they are run after all \
                 others, fewer at a time"
            ),
            Self::Unpriced { trial } => write!(
                f,
                "{} trial {}: a model call has no known price, so the limits of cost do not count it; see --prices",
                trial.case(),
                trial.index()
            ),
            Self::Stopping { reason } => write!(f, "no trial is begun any more: {reason}"),
        }
    }
}
