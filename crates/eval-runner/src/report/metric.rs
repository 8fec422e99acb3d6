//! One metric over tasks, with everything that is needed to check it.

use serde::{Deserialize, Serialize};

use super::{groups, task::TaskTally};
use crate::stats::{
    Confidence, Counts, Interval, MOfKError, OneTaskError, Reading, Tally, clustered, m_of_k,
    one_task_metric, rerun_range, task_mean,
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
    /// The ranges by what they are for; `lo` and `hi` are those of the first that is there.
    #[serde(default, skip_serializing_if = "Ranges::is_empty")]
    pub ranges: Ranges,
}

/// The ranges of one estimate, by what they are for.
#[non_exhaustive]
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Ranges {
    /// For new tasks like these, or new groups of them; `None` where a single task was used.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub new_tasks: Option<Interval>,
    /// For these tasks run again: [`rerun_range`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rerun: Option<Interval>,
}

impl Ranges {
    fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// How a range was made.
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// Wilson's interval at the effective number of tasks: for new tasks of this kind.
    EffectiveWilson,
    /// The same with the clustered standard error of tasks in groups: for new groups of this kind.
    GroupedWilson,
    /// Wilson's interval for the pass chance of one task, its ends mapped to the metric: for this task.
    WilsonOneTask,
}

impl Metric {
    /// Estimates a metric over tasks.
    ///
    /// Where every task has a group and those used are of several, the range is that of
    /// [`clustered`]. Where only one task has `k` trials, the range is that task's own.
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
        let across = across_groups(tasks, k, m, confidence);
        let across = across.or_else(|| {
            let spread = mean.spread.as_ref();
            spread.map(|spread| (spread.effective.interval, Method::EffectiveWilson))
        });
        let (range, method) = match across {
            Some(across) => across,
            None => (one_task(&counts, k, m, confidence)?, Method::WilsonOneTask),
        };
        let used: Vec<&TaskTally> = tasks.iter().filter(|task| task.trials.trials() >= k).collect();
        let trials = used.iter().fold(Tally::default(), |total, task| total.plus(task.trials));
        let again: Vec<Counts> = used.into_iter().map(counted).collect();
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
            graded: trials.graded(),
            failed: trials.failed,
            not_graded: trials.not_graded,
            ranges: Ranges {
                new_tasks: across.map(|(range, _)| range),
                rerun: rerun_range(&again, k, m, confidence),
            },
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

/// The range for new groups, where every task has a group and those used are of several.
fn across_groups(
    tasks: &[TaskTally],
    k: u64,
    m: u64,
    confidence: Confidence,
) -> Option<(Interval, Method)> {
    let grouped = groups::of(tasks)?;
    let used = grouped.into_iter().filter_map(|(group, task)| {
        let Counts { n, c } = counted(task);
        Some((group, m_of_k(n, c, k, m).ok()?))
    });
    let range = clustered(&used.collect::<Vec<_>>(), confidence)?.effective.interval;
    Some((range, Method::GroupedWilson))
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
