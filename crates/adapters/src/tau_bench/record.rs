//! One trial of one task, and its grade.

use serde::Deserialize;

use super::{info::Info, message::Message};

/// How far a reward may be from 1 and still be one, as tau-bench itself has it.
const TOLERANCE: f64 = 1e-6;

/// How one trial of one task went.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct Record {
    /// The task, by its number in the benchmark.
    #[serde(rename = "task_id")]
    pub task: u64,
    /// The trial of the task, counted from 0.
    pub trial: u32,
    /// The reward: 1 is a pass, anything less is not.
    pub reward: f64,
    /// How the trial ended.
    pub info: Info,
    /// The conversation, from first to last; empty where the harness raised an exception.
    #[serde(rename = "traj")]
    pub messages: Vec<Message>,
}

/// Whether the agent did what the task asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Grade {
    /// The reward is 1.
    Passed,
    /// The reward is less, or the steps ran out before there was one.
    Failed,
    /// The harness raised an exception. That is not the agent's failure.
    NotGraded,
}

impl Record {
    /// Grades the trial.
    ///
    /// A reward within 1e-6 of 1 passes; partial rewards never do. A trial that ran out of steps has no
    /// reward info and failed, whatever its reward says. A trial whose harness raised an exception
    /// is not graded, whatever else the record holds.
    #[must_use]
    pub fn grade(&self) -> Grade {
        match &self.info {
            Info::Raised { .. } => Grade::NotGraded,
            Info::Ended { reward_info: Some(_), .. } if (self.reward - 1.0).abs() <= TOLERANCE => {
                Grade::Passed
            }
            Info::Ended { .. } => Grade::Failed,
        }
    }

    /// Returns what the exception says that kept the trial from being graded.
    #[must_use]
    pub fn error(&self) -> Option<&str> {
        match &self.info {
            Info::Raised { error, .. } => Some(error),
            Info::Ended { .. } => None,
        }
    }
}
