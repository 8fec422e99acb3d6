//! One metric under two runs, with everything that is needed to check it.

use serde::{Deserialize, Serialize};

use super::build::ComparedTask;
use crate::stats::{
    Confidence, Interval, Tally,
    compare::{Conclusion, PValue, Paired, compare_grouped, compare_paired, conclude, sign_flip},
};

/// The seed of the random signs of a test whose signs are too many to count.
const SEED: u64 = 1;

/// One metric under two runs, over the tasks that both have.
#[non_exhaustive]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MetricDifference {
    /// The number of trials that the metric is about.
    pub k: u64,
    /// How many of them must pass.
    pub m: u64,
    /// The estimate of the first run over the tasks used.
    pub first: f64,
    /// The estimate of the second run over the same tasks.
    pub second: f64,
    /// The first minus the second.
    pub difference: f64,
    /// The range of the difference for new tasks like these, or new groups of them:
    /// [`compare_paired`] or [`compare_grouped`]; `None` of a single task or group.
    pub new_tasks: Option<Interval>,
    /// How that range was made; `None` where there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub method: Option<DifferenceMethod>,
    /// The range of the difference for these tasks run again.
    pub rerun: Option<Interval>,
    /// What the range for new tasks shows; `None` where there is none.
    pub conclusion: Option<Conclusion>,
    /// The number of tasks with at least `k` trials in both runs.
    pub tasks_used: u64,
    /// The number of tasks with fewer in one of them.
    pub tasks_skipped: u64,
    /// The trials of the tasks used in the first run; `None` where an older version has not written them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_trials: Option<Tally>,
    /// The trials of the tasks used in the second run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub second_trials: Option<Tally>,
    /// The number of tasks on which the first run's estimate is higher.
    pub better: u64,
    /// The number of tasks on which it is lower.
    pub worse: u64,
    /// The number of tasks on which both are the same.
    pub same: u64,
    /// The test of no difference, where it was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub test: Option<DifferenceTest>,
}

/// How the range of a difference was made.
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DifferenceMethod {
    /// MOVER of both runs' Wilson intervals at the effective number of tasks, correlated over tasks: [`compare_paired`].
    PairedMover,
    /// The same over groups of related tasks: [`compare_grouped`].
    GroupedMover,
}

/// The sign-flip test of no difference.
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct DifferenceTest {
    /// Its p-value: [`sign_flip`] of the tasks, or of their groups where the ranges are grouped.
    pub p: PValue,
    /// The p-value adjusted for the number of tests beside it: [`holm`](crate::stats::many::holm).
    pub holm: f64,
    /// The number of tests it is adjusted for, itself included.
    pub among: u64,
}

/// How tasks are compared.
#[derive(Debug, Clone, Copy)]
pub(super) struct Terms {
    pub(super) confidence: Confidence,
    pub(super) margin: Option<f64>,
    pub(super) grouped: bool,
    pub(super) tests: bool,
}

impl MetricDifference {
    /// Compares by one metric; `None` where no task has `k` trials.
    pub(super) fn of(tasks: &[ComparedTask], (k, m): (u64, u64), terms: Terms) -> Option<Self> {
        let paired = paired(tasks, (k, m), terms)?;
        let difference = paired.difference?;
        let range = difference.spread.map(|spread| spread.interval);
        let p = terms.tests.then(|| sign_flip(&paired.by_group, SEED)).flatten();
        let method = if terms.grouped {
            DifferenceMethod::GroupedMover
        } else {
            DifferenceMethod::PairedMover
        };
        let has = |tally: Tally| tally.trials() >= k;
        let used = || tasks.iter().filter(|task| has(task.first) && has(task.second));
        let trials =
            |side: fn(&ComparedTask) -> Tally| used().map(side).fold(Tally::default(), Tally::plus);
        Some(Self {
            k,
            m,
            first: difference.first,
            second: difference.second,
            difference: difference.value,
            new_tasks: range,
            method: range.map(|_| method),
            rerun: difference.rerun,
            conclusion: range.map(|range| conclude(range, terms.margin)),
            tasks_used: paired.tasks_used,
            tasks_skipped: paired.tasks_skipped,
            first_trials: Some(trials(|task| task.first)),
            second_trials: Some(trials(|task| task.second)),
            better: paired.better,
            worse: paired.worse,
            same: paired.same,
            test: p.map(|p| DifferenceTest { p, holm: p.value, among: 1 }),
        })
    }

    /// Returns whether the range excludes 0.
    #[must_use]
    pub fn is_separated(&self) -> bool {
        matches!(self.conclusion, Some(Conclusion::FirstBetter | Conclusion::SecondBetter))
    }
}

/// Pairs the tasks, by group where they are grouped.
fn paired(tasks: &[ComparedTask], (k, m): (u64, u64), terms: Terms) -> Option<Paired> {
    let compared = if terms.grouped {
        let in_group = |task: &ComparedTask| Some((task.group.clone()?, task.pair()));
        let pairs: Option<Vec<_>> = tasks.iter().map(in_group).collect();
        compare_grouped(&pairs?, k, m, terms.confidence)
    } else {
        let pairs: Vec<_> = tasks.iter().map(ComparedTask::pair).collect();
        compare_paired(&pairs, k, m, terms.confidence)
    };
    // Tallies and checked values of k are within the domain.
    compared.ok()
}
