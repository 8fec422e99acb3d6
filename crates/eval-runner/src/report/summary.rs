//! What a report says besides its metrics: consistency, readings, reruns.

use serde::{Deserialize, Serialize};

use super::{
    metric::{MetricError, counted},
    task::TaskTally,
};
use crate::stats::{Confidence, Counts, Reading, rerun_variance, task_mean};

/// How many tasks always, sometimes and never pass; an ungraded trial is no pass.
#[non_exhaustive]
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Consistency {
    /// Tasks of which every trial passed.
    pub always: u64,
    /// Tasks of which some trials passed.
    pub sometimes: u64,
    /// Tasks of which no trial passed.
    pub never: u64,
}

/// The chance that one trial passes, with ungraded trials read in three ways.
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Readings {
    /// Left out; `None` where nothing was graded.
    pub exclude: Option<f64>,
    /// Counted as failed: the headline, and the lower bound.
    pub fail: f64,
    /// Counted as passed: the upper bound.
    pub best: f64,
}

/// Counts the tasks that always, sometimes and never pass; a task without a trial is none of them.
pub(super) fn consistency(tasks: &[TaskTally]) -> Consistency {
    let mut all = Consistency::default();
    for Counts { n, c } in tasks.iter().map(counted).filter(|task| task.n > 0) {
        if c == n {
            all.always += 1;
        } else if c > 0 {
            all.sometimes += 1;
        } else {
            all.never += 1;
        }
    }
    all
}

/// Reads the chance that one trial passes in three ways.
pub(super) fn readings(tasks: &[TaskTally]) -> Result<Readings, MetricError> {
    let read = |reading| {
        let counts: Vec<Counts> = tasks.iter().map(|task| task.trials.read(reading)).collect();
        task_mean(&counts, 1, 1, Confidence::default()).map(|mean| mean.mean)
    };
    let some = |mean: Option<f64>| mean.ok_or(MetricError::NoTask { k: 1 });
    Ok(Readings {
        exclude: read(Reading::Exclude)?,
        fail: some(read(Reading::Fail)?)?,
        best: some(read(Reading::Best)?)?,
    })
}

/// Half the range in which a rerun of the same tasks moves the chance that one trial passes.
pub(super) fn rerun_half_width(tasks: &[TaskTally], confidence: Confidence) -> Option<f64> {
    let counts: Vec<Counts> = tasks.iter().map(counted).filter(|task| task.n > 0).collect();
    if counts.len() < 2 {
        return None;
    }
    rerun_variance(&counts, 1, 1).map(|rerun| confidence.z() * rerun.se)
}

/// The fewest and the most trials of a task that has any.
pub(super) fn trial_range(tasks: &[TaskTally]) -> Option<(u64, u64)> {
    let trials = || tasks.iter().map(|task| task.trials.trials()).filter(|&trials| trials > 0);
    Some((trials().min()?, trials().max()?))
}
