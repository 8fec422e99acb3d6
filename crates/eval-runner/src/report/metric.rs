//! One metric over tasks, with everything that is needed to check it.

use serde::{Deserialize, Serialize};

use super::task::TaskTally;
use crate::stats::{
    Confidence, Counts, Interval, MOfKError, OneTaskError, Reading, Tally, one_task_metric,
    task_mean,
};

/// The chance that at least `m` of `k` trials pass, as a mean over tasks, with its range.
///
/// Trials that were not graded count as failed.
#[non_exhaustive]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Metric {
    /// The number of trials that the metric is about.
    pub k: u64,
    /// How many of them must pass: 1 for pass@k, k for pass^k.
    pub m: u64,
    /// The mean over the tasks used of the unbiased estimate of each.
    pub estimate: f64,
    /// The lower end of the range.
    pub lo: f64,
    /// The upper end of the range.
    pub hi: f64,
    /// How the range was made.
    pub method: Method,
    /// The level of the range.
    pub confidence: Confidence,
    /// The number of tasks with at least `k` trials.
    pub tasks_used: u64,
    /// The number of tasks with fewer.
    pub tasks_skipped: u64,
    /// The number of graded trials of the tasks used.
    pub graded: u64,
    /// The number of those that failed.
    pub failed: u64,
    /// The number of trials of the tasks used that were not graded.
    pub not_graded: u64,
}

/// How a range was made.
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// Wilson's interval at the effective number of tasks: for new tasks of this kind.
    EffectiveWilson,
    /// Wilson's interval for the pass chance of one task, its ends mapped to the metric: for this task.
    WilsonOneTask,
}

impl Metric {
    /// Estimates a metric over tasks.
    ///
    /// Where only one task has `k` trials, the range is that task's own.
    ///
    /// # Errors
    ///
    /// [`MetricError`] where no task has `k` trials, or `k` is 0.
    pub fn over(
        tasks: &[TaskTally],
        k: u64,
        m: u64,
        confidence: Confidence,
    ) -> Result<Self, MetricError> {
        let counts: Vec<Counts> = tasks.iter().map(counted).collect();
        let mean = task_mean(&counts, k, m, confidence)?;
        let estimate = mean.mean.ok_or(MetricError::NoTask { k })?;
        let (range, method) = match mean.spread {
            Some(spread) => (spread.effective.interval, Method::EffectiveWilson),
            None => (one_task(&counts, k, m, confidence)?, Method::WilsonOneTask),
        };
        let used = tasks
            .iter()
            .filter(|task| task.trials.trials() >= k)
            .fold(Tally::default(), |total, task| total.plus(task.trials));
        Ok(Self {
            k,
            m,
            estimate,
            lo: range.lo,
            hi: range.hi,
            method,
            confidence,
            tasks_used: mean.tasks_used,
            tasks_skipped: mean.tasks_skipped,
            graded: used.graded(),
            failed: used.failed,
            not_graded: used.not_graded,
        })
    }

    /// Returns the ends of the range.
    pub fn range(&self) -> Interval {
        Interval { lo: self.lo, hi: self.hi }
    }
}

/// Why tasks have no such metric.
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MetricError {
    /// No task has enough trials.
    #[error("no task has {k} trials")]
    NoTask {
        /// The number of trials that the metric is about.
        k: u64,
    },
    /// The counts of a task are impossible.
    #[error("a task has no estimate")]
    Estimate(#[from] MOfKError),
    /// The counts of the only task are impossible.
    #[error("the task has no range")]
    Range(#[from] OneTaskError),
}

/// Reads a tally as a headline does: what was not graded has failed.
pub(super) fn counted(task: &TaskTally) -> Counts {
    task.trials.read(Reading::Fail)
}

/// The range of the one task that has `k` trials.
fn one_task(
    counts: &[Counts],
    k: u64,
    m: u64,
    confidence: Confidence,
) -> Result<Interval, MetricError> {
    let task = counts.iter().find(|task| task.n >= k).ok_or(MetricError::NoTask { k })?;
    Ok(one_task_metric(task.n, task.c, k, m, confidence)?)
}
