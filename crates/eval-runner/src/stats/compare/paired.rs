//! Two agents on the same tasks: the difference of any m-of-k metric, with its ranges.

use std::collections::BTreeMap;

use super::{
    mover::{Ranged, mover},
    paired_spread::{PairedSpread, paired_spread},
    pairing::Pair,
};
use crate::stats::{
    confidence::Confidence,
    counts::Counts,
    interval::Interval,
    m_of_k::{MOfKError, m_of_k},
    real::{count_of, real},
    rerun_range::rerun_range,
    spread::{SAME, mean},
    sum::sum,
};

/// What two agents did on the same tasks, by one metric.
#[non_exhaustive]
#[derive(Debug, Clone, PartialEq)]
pub struct Paired {
    /// The number of tasks that were compared.
    pub tasks_used: u64,
    /// The number of tasks with fewer than k trials under one of the agents, which have no estimate.
    pub tasks_skipped: u64,
    /// The number of tasks on which the first agent's estimate is higher.
    pub better: u64,
    /// The number of tasks on which it is lower.
    pub worse: u64,
    /// The number of tasks on which both are the same.
    pub same: u64,
    /// The first agent's estimate minus the second's, for each task used, in the order given.
    pub differences: Vec<f64>,
    /// What the differences of each group add up to, as a part of the tasks of the largest group, in the order of the
    /// groups: of what [`sign_flip`](super::sign_flip) may flip the sign where tasks are related. Without groups, each task
    /// is one.
    pub by_group: Vec<f64>,
    /// The difference of the means; `None` where no task was used.
    pub difference: Option<Difference>,
}

/// The difference between the means of two agents over the same tasks.
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Difference {
    /// The mean of the first agent over the tasks used.
    pub first: f64,
    /// The mean of the second agent over the same tasks.
    pub second: f64,
    /// The first minus the second.
    pub value: f64,
    /// What the tasks' differences say about new tasks of this kind; `None` for fewer than two tasks or groups.
    pub spread: Option<PairedSpread>,
    /// The range of the difference on these very tasks, had they run for ever: [`mover`] of both agents'
    /// [`rerun_range`]; `None` where `m` is not in 1..=k.
    pub rerun: Option<Interval>,
}

/// Compares two agents on the same tasks by P(at least `m` of `k`).
///
/// The default interval, [`PairedSpread::interval`], combines the ends of both agents'
/// [`effective_wilson`](crate::stats::effective_wilson) intervals by [`mover`] with the correlation
/// `r = ρ T / (T + 2)`, `ρ` being that of their estimates over the `T` tasks. At a level of 95 % it covers 95 % and
/// more where paired z and t intervals cover 58 %. The two agents need not have the same number of trials.
/// Domain: `c <= n` for every task, `k >= 1`.
///
/// # Errors
///
/// [`MOfKError`] where a task's counts or `k` are outside the domain.
///
/// # Examples
///
/// ```
/// use probity_eval_runner::stats::{Confidence, Counts, compare::{Pair, compare_paired}};
///
/// let pairs: Vec<Pair> = (0..30)
///     .map(|i| Pair { first: Counts { n: 5, c: 3 + i % 3 }, second: Counts { n: 5, c: i % 3 } })
///     .collect();
/// let compared = compare_paired(&pairs, 1, 1, Confidence::default())?;
/// assert_eq!((compared.better, compared.worse, compared.same), (30, 0, 0));
/// let difference = compared.difference.unwrap();
/// assert!((difference.value - 0.6).abs() < 1e-12);
/// assert!(difference.spread.unwrap().interval.lo > 0.45);
/// # Ok::<(), probity_eval_runner::stats::MOfKError>(())
/// ```
pub fn compare_paired(
    pairs: &[Pair],
    k: u64,
    m: u64,
    confidence: Confidence,
) -> Result<Paired, MOfKError> {
    let alone: Vec<(usize, Pair)> = pairs.iter().copied().enumerate().collect();
    compare_grouped(&alone, k, m, confidence)
}

/// Does what [`compare_paired`] does for tasks that come in groups of related ones, given as `(group, pair)`.
///
/// The ends are those of [`clustered`](crate::stats::clustered), `ρ` is the correlation of what the groups add up to,
/// and the number of groups takes the place of that of tasks. A test flips the signs of [`Paired::by_group`].
///
/// # Errors
///
/// [`MOfKError`] where a task's counts or `k` are outside the domain.
pub fn compare_grouped<G: Ord>(
    pairs: &[(G, Pair)],
    k: u64,
    m: u64,
    confidence: Confidence,
) -> Result<Paired, MOfKError> {
    let mut used = Vec::new();
    for (group, pair) in pairs {
        let estimates = [estimate(pair.first, k, m)?, estimate(pair.second, k, m)?];
        if let [Some(first), Some(second)] = estimates {
            used.push(Used { group, pair: *pair, estimates: [first, second] });
        }
    }
    let differences: Vec<f64> = used.iter().map(Used::difference).collect();
    let better = differences.iter().filter(|&&by| by > SAME).count();
    let worse = differences.iter().filter(|&&by| by < -SAME).count();
    let tasks_used = count_of(&used);
    let [better, worse] = [better, worse].map(|count| u64::try_from(count).unwrap_or(u64::MAX));
    let rerun = rerun(&used, k, m, confidence);
    Ok(Paired {
        tasks_used,
        tasks_skipped: count_of(pairs) - tasks_used,
        better,
        worse,
        same: tasks_used - better - worse,
        differences,
        by_group: by_group(&used),
        difference: difference(&used, rerun, confidence),
    })
}

/// A task that both agents have enough trials of.
struct Used<G> {
    group: G,
    pair: Pair,
    estimates: [f64; 2],
}

impl<G> Used<G> {
    fn difference(&self) -> f64 {
        let [first, second] = self.estimates;
        first - second
    }
}

/// Adds up the differences of each group, in shares that lie in -1..=1.
fn by_group<G: Ord>(used: &[Used<G>]) -> Vec<f64> {
    let mut groups: BTreeMap<&G, Vec<f64>> = BTreeMap::new();
    for task in used {
        groups.entry(&task.group).or_default().push(task.difference());
    }
    let largest = groups.values().map(|group| count_of(group)).max().unwrap_or(1);
    groups.into_values().map(|group| sum(group) / real(largest)).collect()
}

/// The estimate of one task; `None` where it has fewer than `k` trials.
fn estimate(task: Counts, k: u64, m: u64) -> Result<Option<f64>, MOfKError> {
    match m_of_k(task.n, task.c, k, m) {
        Ok(value) => Ok(Some(value)),
        Err(MOfKError::DrawBeyondTrials { .. }) if task.c <= task.n => Ok(None),
        Err(error) => Err(error),
    }
}

fn difference<G: Ord>(
    used: &[Used<G>],
    rerun: Option<Interval>,
    confidence: Confidence,
) -> Option<Difference> {
    if used.is_empty() {
        return None;
    }
    let [first, second] = means(used);
    let tasks = used.iter().map(|task| (&task.group, task.estimates));
    let spread = paired_spread(tasks, confidence);
    Some(Difference { first, second, value: first - second, spread, rerun })
}

/// The range of the difference for these tasks; their trials are independent of each other.
fn rerun<G>(used: &[Used<G>], k: u64, m: u64, confidence: Confidence) -> Option<Interval> {
    let [first, second] = means(used);
    let range = |side: fn(&Pair) -> Counts, value| {
        let counts: Vec<Counts> = used.iter().map(|task| side(&task.pair)).collect();
        rerun_range(&counts, k, m, confidence).map(|interval| Ranged { value, interval })
    };
    let (first, second) = (range(|pair| pair.first, first)?, range(|pair| pair.second, second)?);
    Some(mover(first, second, 0.0))
}

fn means<G>(used: &[Used<G>]) -> [f64; 2] {
    let side = |pick: fn([f64; 2]) -> f64| {
        mean(&used.iter().map(|task| pick(task.estimates)).collect::<Vec<_>>())
    };
    [side(|[first, _]| first), side(|[_, second]| second)]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::compare::{PMethod, sign_flip};

    fn pair(first: (u64, u64), second: (u64, u64)) -> Pair {
        let counts = |(n, c)| Counts { n, c };
        Pair { first: counts(first), second: counts(second) }
    }

    #[test]
    fn a_task_that_lacks_trials_on_one_side_is_skipped_and_counted() {
        let pairs = [pair((4, 4), (4, 2)), pair((2, 2), (1, 0)), pair((1, 1), (4, 4))];
        let compared = compare_paired(&pairs, 2, 2, Confidence::default()).unwrap();
        assert_eq!((compared.tasks_used, compared.tasks_skipped), (1, 2));
        assert_eq!((compared.better, compared.worse, compared.same), (1, 0, 0));
        let difference = compared.difference.unwrap();
        assert_eq!(difference.spread, None);
        assert!(difference.rerun.unwrap().contains(difference.value));
    }

    #[test]
    fn no_task_in_common_gives_no_difference() {
        let compared = compare_paired(&[], 1, 1, Confidence::default()).unwrap();
        assert_eq!((compared.tasks_used, compared.difference), (0, None));
    }

    #[test]
    fn impossible_counts_are_refused_even_where_the_task_would_be_skipped() {
        let level = Confidence::default();
        let error = compare_paired(&[pair((1, 2), (9, 0))], 3, 1, level).unwrap_err();
        assert_eq!(error, MOfKError::PassesBeyondTrials { c: 2, n: 1 });
        assert_eq!(compare_paired(&[pair((1, 1), (1, 1))], 0, 1, level), Err(MOfKError::NoDraw));
    }

    #[test]
    fn a_test_of_related_tasks_flips_whole_groups() {
        let group = |by: [u64; 2], of: usize| vec![(of, pair((10, by[0]), (10, by[1]))); 10];
        let better = (0..4).flat_map(|of| group([6, 5], of));
        let pairs: Vec<_> = better.chain((4..6).flat_map(|of| group([5, 6], of))).collect();
        let compared = compare_grouped(&pairs, 1, 1, Confidence::default()).unwrap();
        // Six signs with four against two or worse: 1 - 20/64, by counting.
        let p = sign_flip(&compared.by_group, 0).unwrap();
        assert_eq!((p.value, p.method), (44.0 / 64.0, PMethod::Exact));
        assert!(sign_flip(&compared.differences, 0).unwrap().value < 0.02);
        let alone: Vec<Pair> = pairs.iter().map(|(_, pair)| *pair).collect();
        let alone = compare_paired(&alone, 1, 1, Confidence::default()).unwrap();
        assert_eq!(alone.by_group, alone.differences);
    }

    #[test]
    fn related_tasks_say_less_than_unrelated_ones() {
        let pairs: Vec<Pair> =
            (0..40).map(|i| pair((4, (i / 4) % 5), (4, (i / 4 + 1) % 4))).collect();
        let grouped: Vec<(usize, Pair)> =
            pairs.iter().copied().enumerate().map(|(i, pair)| (i / 4, pair)).collect();
        let width = |paired: Paired| paired.difference.unwrap().spread.unwrap().interval.width();
        let level = Confidence::default();
        let apart = width(compare_paired(&pairs, 1, 1, level).unwrap());
        let together = width(compare_grouped(&grouped, 1, 1, level).unwrap());
        assert!(together > 1.5 * apart, "{together} and {apart}");
    }
}
