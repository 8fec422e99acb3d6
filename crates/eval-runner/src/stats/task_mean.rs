//! Means over tasks of an m-of-k metric, with the ranges that go with them.

use super::{
    confidence::Confidence,
    counts::Counts,
    effective_wilson::{EffectiveWilson, effective_wilson},
    interval::Interval,
    m_of_k::{MOfKError, m_of_k},
    real::count_of,
    rerun::{Rerun, rerun_variance},
    spread::{mean, standard_error, t_interval},
};

/// A mean over tasks of the unbiased estimate of P(at least m of k).
#[non_exhaustive]
#[derive(Debug, Clone, PartialEq)]
pub struct TaskMean {
    /// The mean over the tasks used, each with the same weight; `None` where no task has k trials.
    pub mean: Option<f64>,
    /// The number of tasks with at least k trials.
    pub tasks_used: u64,
    /// The number of tasks with fewer than k trials, which have no estimate.
    pub tasks_skipped: u64,
    /// What the tasks' differences say about new tasks of this kind; `None` for fewer than two tasks.
    pub spread: Option<Spread>,
    /// How much a rerun of these tasks moves the mean; `None` unless every task used has 2k trials.
    pub rerun: Option<Rerun>,
}

/// Standard error and intervals from the differences between tasks.
#[non_exhaustive]
#[derive(Debug, Clone, PartialEq)]
pub struct Spread {
    /// `s / √T`: noise between tasks and within them together.
    pub se: f64,
    /// The plain t interval, for comparison; it can leave 0..=1 and has width 0 where all tasks agree.
    pub t: Interval,
    /// The default interval.
    pub effective: EffectiveWilson,
}

/// Returns the mean over tasks of P(at least `m` of `k`), tasks with fewer than `k` trials skipped and counted.
///
/// Every task has the same weight however many trials it has. Domain: `c <= n` for every task, `k >= 1`;
/// the estimator of one task is [`m_of_k`].
///
/// # Errors
///
/// [`MOfKError`] where a task's counts or `k` are outside the domain.
///
/// # Examples
///
/// ```
/// use probity_eval_runner::stats::{Confidence, Counts, task_mean};
///
/// let tasks = [Counts { n: 4, c: 4 }, Counts { n: 4, c: 2 }, Counts { n: 1, c: 1 }];
/// let pass_hat_2 = task_mean(&tasks, 2, 2, Confidence::default())?;
/// assert_eq!(pass_hat_2.mean, Some((1.0 + 1.0 / 6.0) / 2.0));
/// assert_eq!((pass_hat_2.tasks_used, pass_hat_2.tasks_skipped), (2, 1));
/// # Ok::<(), probity_eval_runner::stats::MOfKError>(())
/// ```
pub fn task_mean(
    tasks: &[Counts],
    k: u64,
    m: u64,
    confidence: Confidence,
) -> Result<TaskMean, MOfKError> {
    let used: Vec<Counts> = tasks.iter().copied().filter(|task| task.n >= k).collect();
    let values = estimates(&used, k, m)?;
    check_skipped(tasks, k, m)?;
    Ok(TaskMean {
        mean: (!values.is_empty()).then(|| mean(&values)),
        tasks_used: count_of(&used),
        tasks_skipped: count_of(tasks) - count_of(&used),
        spread: spread(&values, confidence),
        rerun: rerun_variance(&used, k, m),
    })
}

/// The estimate of every task.
fn estimates(tasks: &[Counts], k: u64, m: u64) -> Result<Vec<f64>, MOfKError> {
    tasks.iter().map(|task| m_of_k(task.n, task.c, k, m)).collect()
}

/// Finds what is wrong with the tasks that were skipped, apart from their having too few trials.
fn check_skipped(tasks: &[Counts], k: u64, m: u64) -> Result<(), MOfKError> {
    for task in tasks.iter().filter(|task| task.n < k) {
        match m_of_k(task.n, task.c, k, m) {
            Ok(_) | Err(MOfKError::DrawBeyondTrials { .. }) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

fn spread(values: &[f64], confidence: Confidence) -> Option<Spread> {
    let effective = effective_wilson(values, confidence)?;
    let se = standard_error(values);
    Some(Spread { se, t: t_interval(mean(values), se, count_of(values), confidence), effective })
}
