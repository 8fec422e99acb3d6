//! Makes a report from the tallies of tasks.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};

use super::{
    besides::Besides,
    effort::{Course, ModelSpending},
    metric::{Metric, MetricError},
    note::{Note, notes},
    summary::{Consistency, Readings, consistency, readings, rerun_half_width, trial_range},
    task::TaskTally,
};
use crate::{
    calibration::Calibration,
    stats::{Confidence, Tally},
};

/// The report of a run: plain data, printed with `Display` and written for machines with serde.
///
/// The first metric is the chance that one trial passes; where `k` is above 1 it is followed by the chances that
/// all `k` pass and that at least one does. Trials that were not graded count as failed and are always shown.
/// The tallies are kept, so every number can be derived again.
///
/// # Examples
///
/// ```
/// use probity_eval_runner::{Report, TaskTally, stats::Tally};
///
/// let tasks = (0..12)
///     .map(|i| TaskTally::new(format!("task {i}"), Tally::new(i % 5, 4 - i % 5, 0)))
///     .collect();
/// let report = Report::new("my-agent", tasks)?;
///
/// assert!(report.to_string().starts_with("my-agent   12 tasks × 4 trials   48 graded"));
/// assert_eq!(report.metrics.len(), 3);
/// let pass_hat_2 = report.metric(2, 2)?;
/// assert!(pass_hat_2.estimate < report.metrics[0].estimate);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[non_exhaustive]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// The format of the machine output.
    pub format: ReportFormat,
    /// What was measured.
    pub name: String,
    /// The largest number of trials that the metrics are about.
    pub k: u64,
    /// The level of all ranges.
    pub confidence: Confidence,
    /// All trials of all tasks.
    pub trials: Tally,
    /// The headline metrics.
    pub metrics: Vec<Metric>,
    /// How many tasks always, sometimes and never pass.
    pub consistency: Consistency,
    /// The first metric, with ungraded trials read in three ways.
    pub readings: Readings,
    /// By how much a rerun of these tasks moves the first metric, at the level of the ranges: the half-width.
    /// `None` for a single task, and where a task ran only once.
    pub rerun: Option<f64>,
    /// Whether more than 5 % of the trials were not graded; no gate passes then.
    pub incomplete: bool,
    /// How many trials were planned and did not end.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub missing: u64,
    /// What the model calls used; `None` where only outcomes are known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub spending: Option<ModelSpending>,
    /// How the trials went: all that may differ between two runs of the same seed; `None` where only outcomes are
    /// known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub course: Option<Course>,
    /// What a reader must know.
    pub notes: Vec<Note>,
    /// The tallies that everything above is derived from.
    pub tasks: Vec<TaskTally>,
}

/// The version of the machine output.
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum ReportFormat {
    /// The first version.
    #[serde(rename = "probity-report/1")]
    V1,
}

/// What a report may be told.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct ReportSettings {
    pub(super) k: Option<u64>,
    confidence: Confidence,
    pub(super) judge_labels: u64,
}

impl ReportSettings {
    /// Sets the number of trials that the metrics are about; the fewest trials of a task unless told otherwise.
    #[must_use]
    pub fn k(mut self, k: u64) -> Self {
        self.k = Some(k);
        self
    }

    /// Sets the level of the ranges; 95 % unless told otherwise.
    #[must_use]
    pub fn confidence(mut self, confidence: Confidence) -> Self {
        self.confidence = confidence;
        self
    }

    /// Says how the judge of the trials did beside human labels.
    ///
    /// Without it, or with fewer labels than [`MIN_LABELS`](crate::calibration::MIN_LABELS), a run that a model judged
    /// is said to be judged by an unvalidated one.
    #[must_use]
    pub fn calibration(mut self, calibration: &Calibration) -> Self {
        self.judge_labels = calibration.table().items();
        self
    }
}

impl Report {
    /// Makes the report of a run, under the name of what was measured.
    ///
    /// # Errors
    ///
    /// [`ReportError`] where there is no trial, or two tasks have the same name.
    pub fn new(name: impl Into<String>, tasks: Vec<TaskTally>) -> Result<Self, ReportError> {
        Self::with_settings(name, tasks, ReportSettings::default())
    }

    /// Makes the report of a run with another k or level.
    ///
    /// # Errors
    ///
    /// [`ReportError`] where there is no trial, two tasks have the same name, or no task has `k` trials.
    pub fn with_settings(
        name: impl Into<String>,
        tasks: Vec<TaskTally>,
        settings: ReportSettings,
    ) -> Result<Self, ReportError> {
        Self::with_besides(name, tasks, settings, Besides::default())
    }

    /// Makes the report of a run of which more is known than its tallies.
    pub(crate) fn with_besides(
        name: impl Into<String>,
        tasks: Vec<TaskTally>,
        settings: ReportSettings,
        besides: Besides,
    ) -> Result<Self, ReportError> {
        check_names(&tasks)?;
        let (fewest, _) = trial_range(&tasks).ok_or(ReportError::NoTrials)?;
        let k = settings.k.unwrap_or(fewest);
        let confidence = settings.confidence;
        let metrics = headlines(k)
            .map(|m_of_k| Metric::over(&tasks, m_of_k.0, m_of_k.1, confidence))
            .collect::<Result<Vec<_>, _>>()?;
        let trials = tasks.iter().fold(Tally::default(), |total, task| total.plus(task.trials));
        let mut report = Self {
            format: ReportFormat::V1,
            name: name.into(),
            k,
            confidence,
            trials,
            metrics,
            consistency: consistency(&tasks),
            readings: readings(&tasks)?,
            rerun: rerun_half_width(&tasks, confidence),
            incomplete: trials.is_incomplete(),
            missing: besides.missing,
            spending: besides.spending,
            course: besides.course,
            notes: Vec::new(),
            tasks,
        };
        let stopped = besides.decided.map(|how| Note::StoppedByResults { how });
        let notes = notes(&report, settings, &besides.outcomes);
        let trials = besides.to_rescore;
        let to_rescore = (trials > 0).then_some(Note::ToRescore { trials });
        report.notes = stopped.into_iter().chain(notes).chain(to_rescore).collect();
        Ok(report)
    }

    /// Returns how the rule stood that stopped the run or cases of it by their results, if one did: then all rates and
    /// ranges are biased.
    #[must_use]
    pub fn stopped_by_results(&self) -> Option<&str> {
        self.notes.iter().find_map(|note| match note {
            Note::StoppedByResults { how } => Some(how.as_str()),
            _ => None,
        })
    }

    /// Estimates any other metric over the same tasks: `metric(k, k)` is pass^k, `metric(k, 1)` is pass@k.
    ///
    /// # Errors
    ///
    /// [`MetricError`] where `k` is 0 or no task has `k` trials.
    pub fn metric(&self, k: u64, m: u64) -> Result<Metric, MetricError> {
        Metric::over(&self.tasks, k, m, self.confidence)
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it with a reference")]
fn is_zero(count: &u64) -> bool {
    *count == 0
}

/// The (k, m) of the headline: one trial, all k, at least one of k.
fn headlines(k: u64) -> impl Iterator<Item = (u64, u64)> {
    let several = (k != 1).then_some([(k, k), (k, 1)]);
    std::iter::once((k.min(1), 1)).chain(several.into_iter().flatten())
}

fn check_names(tasks: &[TaskTally]) -> Result<(), ReportError> {
    let mut seen = HashSet::new();
    match tasks.iter().find(|task| !seen.insert(&task.id)) {
        Some(twice) => Err(ReportError::DuplicateTask { id: twice.id.clone() }),
        None => Ok(()),
    }
}

/// Why tasks have no report.
#[non_exhaustive]
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReportError {
    /// No task has a trial.
    #[error("no task has a trial")]
    NoTrials,
    /// Two tasks have the same name.
    #[error("two tasks are named {id:?}: a task is counted once")]
    DuplicateTask {
        /// The name.
        id: String,
    },
    /// A metric has no estimate.
    #[error("the tasks have no such metric")]
    Metric(#[from] MetricError),
}
