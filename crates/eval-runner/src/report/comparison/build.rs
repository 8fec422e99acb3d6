//! Compares two reports task by task.

use std::collections::{BTreeSet, HashMap};

use serde::{Deserialize, Serialize};

use super::{
    difference::{MetricDifference, Terms},
    error::ComparisonError,
    many,
    settings::ComparisonSettings,
};
use crate::{
    report::{build::Report, task::TaskTally},
    stats::{Confidence, Interval, Reading, Tally, compare::Pair, planning::Aim},
};

/// A run held against another one, on the tasks that both have: printed with `Display`, written for machines with serde.
///
/// The **first** run is the one that is judged, the **second** the one it is held against; every difference is the first
/// minus the second. Trials that were not graded count as failed. Where every task has a group, ranges are those
/// for groups. The tallies are kept, so every number can be derived again.
///
/// # Examples
///
/// ```
/// use probity_eval_runner::{
///     Report, TaskTally,
///     report::{Comparison, ComparisonSettings},
///     stats::Tally,
/// };
///
/// let run = |name, failures: u64| {
///     let tally = |i: u64| Tally::new(4 - (i % 3).max(failures), (i % 3).max(failures), 0);
///     Report::new(name, (0..30).map(|i| TaskTally::new(format!("task {i}"), tally(i))).collect())
/// };
/// let compared = Comparison::of(&run("new", 0)?, &run("old", 2)?, &ComparisonSettings::new())?;
///
/// assert!(compared.to_string().starts_with("new against old   same 30 tasks × 4 trials"));
/// assert!(compared.metrics[0].is_separated());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[non_exhaustive]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Comparison {
    /// The format of the machine output.
    pub format: ComparisonFormat,
    /// The run that is judged.
    pub first: String,
    /// The run that it is held against.
    pub second: String,
    /// The largest number of trials that the metrics are about: the smaller one of both reports.
    pub k: u64,
    /// The level of all ranges.
    pub confidence: Confidence,
    /// The difference that does not matter, as a share, where one was given.
    pub margin: Option<f64>,
    /// The number of groups of related tasks; `None` where the ranges are not grouped.
    pub groups: Option<u64>,
    /// The metrics, first the chance that one trial passes.
    pub metrics: Vec<MetricDifference>,
    /// The difference of the first metric that a run of this size separates, four times in five, as the range of the metric
    /// says: `(z_{α/2} + z_β) / z_{α/2}` times half its width. Above 1 where no difference is large enough; `None` where
    /// there is no range.
    pub separable: Option<f64>,
    /// All trials of the first run, those of tasks that are not compared included.
    pub first_trials: Tally,
    /// All trials of the second run.
    pub second_trials: Tally,
    /// How the rule stood that stopped the first run by its results, if one did: then its rates are biased, and no range of
    /// a difference holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_stopped: Option<String>,
    /// The same of the second run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub second_stopped: Option<String>,
    /// The tasks that only the first run has, which are not compared.
    pub first_only: Vec<String>,
    /// The tasks that only the second run has.
    pub second_only: Vec<String>,
    /// The tallies that everything above is derived from.
    pub tasks: Vec<ComparedTask>,
}

/// The version of the machine output.
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum ComparisonFormat {
    /// The first version.
    #[serde(rename = "probity-comparison/1")]
    V1,
}

/// What the trials of one task came to in both runs.
#[non_exhaustive]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ComparedTask {
    /// The name of the task.
    pub id: String,
    /// The family of related tasks that it belongs to, as the first run says, or else the second.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
    /// Its trials in the first run.
    pub first: Tally,
    /// Its trials in the second run.
    pub second: Tally,
}

impl ComparedTask {
    /// Reads both tallies as a headline does: what was not graded has failed.
    pub(super) fn pair(&self) -> Pair {
        Pair { first: self.first.read(Reading::Fail), second: self.second.read(Reading::Fail) }
    }
}

impl Comparison {
    /// Holds one report against another.
    ///
    /// # Errors
    ///
    /// [`ComparisonError`] where no task ran in both, or the margin is none.
    pub fn of(
        first: &Report,
        second: &Report,
        settings: &ComparisonSettings,
    ) -> Result<Self, ComparisonError> {
        settings.check()?;
        let names = settings.names.clone().unwrap_or_else(|| names(first, second));
        let shared = Shared::of(first, second);
        if shared.tasks.is_empty() {
            let (first, second) = names;
            return Err(ComparisonError::NothingInCommon { first, second });
        }
        let (k, groups) = (first.k.min(second.k), groups(&shared.tasks));
        let terms = Terms {
            confidence: settings.confidence.unwrap_or(first.confidence),
            margin: settings.margin,
            grouped: groups.is_some(),
            tests: settings.tests,
        };
        let mut metrics: Vec<_> = asked(k, settings.at_least_one)
            .filter_map(|m_of_k| MetricDifference::of(&shared.tasks, m_of_k, terms))
            .collect();
        many::adjust(metrics.iter_mut().filter_map(|metric| metric.test.as_mut()));
        let deciding = metrics.first().and_then(|metric| metric.new_tasks);
        let separable = deciding.and_then(|range| separable(range, terms.confidence));
        Ok(Self {
            format: ComparisonFormat::V1,
            first: names.0,
            second: names.1,
            k,
            confidence: terms.confidence,
            margin: terms.margin,
            groups,
            metrics,
            separable,
            first_trials: first.trials,
            second_trials: second.trials,
            first_stopped: first.stopped_by_results().map(str::to_owned),
            second_stopped: second.stopped_by_results().map(str::to_owned),
            first_only: shared.first_only,
            second_only: shared.second_only,
            tasks: shared.tasks,
        })
    }
}

/// Two runs of one name are told apart by what they are here.
fn names(first: &Report, second: &Report) -> (String, String) {
    if first.name == second.name {
        ("this run".to_owned(), "the baseline".to_owned())
    } else {
        (first.name.clone(), second.name.clone())
    }
}

/// The (k, m) to compare by: one trial, all k, and at least one of k where that was asked for.
fn asked(k: u64, at_least_one: bool) -> impl Iterator<Item = (u64, u64)> {
    let several = (k > 1).then_some([Some((k, k)), at_least_one.then_some((k, 1))]);
    std::iter::once((1, 1)).chain(several.into_iter().flatten().flatten())
}

/// Takes the standard error from the range that decides, which knows how few tasks or groups there are.
fn separable(range: Interval, confidence: Confidence) -> Option<f64> {
    let aim = Aim::new(confidence, Aim::default().power()).ok()?;
    Some(aim.separable(0.5 * range.width() / confidence.z()))
}

/// Counts the groups, where every task has one and there are several.
fn groups(tasks: &[ComparedTask]) -> Option<u64> {
    let names: Option<BTreeSet<&str>> = tasks.iter().map(|task| task.group.as_deref()).collect();
    u64::try_from(names?.len()).ok().filter(|&groups| groups > 1)
}

/// The tasks that ran in both runs, and those that ran in one of them.
struct Shared {
    tasks: Vec<ComparedTask>,
    first_only: Vec<String>,
    second_only: Vec<String>,
}

impl Shared {
    /// Matches tasks by name, in the order of the first run.
    fn of(first: &Report, second: &Report) -> Self {
        let mut others: HashMap<&str, &TaskTally> =
            ran(second).map(|task| (task.id.as_str(), task)).collect();
        let mut shared =
            Self { tasks: Vec::new(), first_only: Vec::new(), second_only: Vec::new() };
        for task in ran(first) {
            match others.remove(task.id.as_str()) {
                Some(other) => shared.tasks.push(ComparedTask {
                    id: task.id.clone(),
                    group: task.group.as_ref().or(other.group.as_ref()).cloned(),
                    first: task.trials,
                    second: other.trials,
                }),
                None => shared.first_only.push(task.id.clone()),
            }
        }
        let left = ran(second).filter(|task| others.contains_key(task.id.as_str()));
        shared.second_only = left.map(|task| task.id.clone()).collect();
        shared
    }
}

fn ran(report: &Report) -> impl Iterator<Item = &TaskTally> {
    report.tasks.iter().filter(|task| task.trials.trials() > 0)
}
