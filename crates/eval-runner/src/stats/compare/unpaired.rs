//! Two agents on different tasks of one kind.

use super::mover::{Ranged, mover};
use crate::stats::{
    confidence::Confidence,
    counts::Counts,
    m_of_k::MOfKError,
    task_mean::{TaskMean, task_mean},
};

/// What two agents did on different tasks, by one metric.
#[non_exhaustive]
#[derive(Debug, Clone, PartialEq)]
pub struct Unpaired {
    /// The mean of the first agent over its tasks.
    pub first: TaskMean,
    /// The mean of the second agent over its tasks.
    pub second: TaskMean,
    /// The difference of the means, with its range for new tasks of this kind; `None` where an agent has fewer than
    /// two tasks.
    pub difference: Option<Ranged>,
}

/// Compares two agents that ran on different tasks of one kind by P(at least `m` of `k`).
///
/// The interval is [`mover`] of both effective Wilson intervals without a correlation. Where the tasks are the same,
/// [`compare_paired`](super::compare_paired) separates with half as many of them. Domain: `c <= n` for every task,
/// `k >= 1`.
///
/// # Errors
///
/// [`MOfKError`] where a task's counts or `k` are outside the domain.
pub fn compare_unpaired(
    first: &[Counts],
    second: &[Counts],
    k: u64,
    m: u64,
    confidence: Confidence,
) -> Result<Unpaired, MOfKError> {
    let [first, second] =
        [task_mean(first, k, m, confidence)?, task_mean(second, k, m, confidence)?];
    let difference = ranged(&first).zip(ranged(&second)).map(|(first, second)| Ranged {
        value: first.value - second.value,
        interval: mover(first, second, 0.0),
    });
    Ok(Unpaired { first, second, difference })
}

fn ranged(mean: &TaskMean) -> Option<Ranged> {
    let interval = mean.spread.as_ref()?.effective.interval;
    mean.mean.map(|value| Ranged { value, interval })
}
