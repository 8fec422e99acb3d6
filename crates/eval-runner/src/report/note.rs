//! What a reader must know about a report: one line each, only when true.

use std::{cmp::Reverse, fmt};

use serde::{Deserialize, Serialize};

use super::{
    build::{Report, ReportSettings},
    groups,
    metric::Method,
    summary::trial_range,
};
use crate::{
    calibration::MIN_LABELS,
    percent::percent,
    stats::{Counts, Reading, Tally, count_of, drift, real},
};

/// A line of warning or explanation.
#[non_exhaustive]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Note {
    /// There are fewer than 10 tasks.
    FewTasks {
        /// The number of tasks.
        tasks: u64,
    },
    /// No task with several graded trials has both a pass and a failure.
    NeverDisagree,
    /// More than 5 % of the trials were not graded, so the result is incomplete and no gate passes.
    Incomplete {
        /// The share of trials that were not graded.
        share: f64,
        /// What the first line would be if all of them had passed.
        best: f64,
    },
    /// Some tasks have no graded trial; they count as never passing.
    NeverGraded {
        /// The number of such tasks.
        tasks: u64,
    },
    /// Some tasks have more trials than others.
    UnequalTrials {
        /// The fewest trials of a task.
        fewest: u64,
        /// The most trials of a task.
        most: u64,
    },
    /// No larger k was used, because some task has no more trials.
    KLimited {
        /// The largest k that all tasks have.
        k: u64,
    },
    /// A larger k was asked for than all tasks have.
    PartlyUsed {
        /// The number of trials that the metrics are about.
        k: u64,
        /// The number of tasks with that many trials.
        used: u64,
        /// The number of all tasks.
        tasks: u64,
    },
    /// One task ran as many trials as the metrics are about.
    OneDraw {
        /// The number of trials.
        k: u64,
    },
    /// The tasks come in groups of related ones, so the ranges are those for groups.
    Grouped {
        /// The number of groups.
        groups: u64,
    },
    /// Some tasks have no group, so no group was used for the ranges.
    PartlyGrouped {
        /// The number of tasks with a group.
        grouped: u64,
        /// The number of all tasks.
        tasks: u64,
    },
    /// The pass rate changes with the index of the trial by more than chance, at the level of the report.
    Drift {
        /// The p-value of Cochran's Q over tasks whose first k trials were all graded.
        p: f64,
        /// The number of those tasks.
        tasks: u64,
        /// How many of them passed in trial 0, in trial 1, and so on.
        passes: Vec<u64>,
    },
    /// Trials have finished and are not in the numbers: they carry scores of other evals, and are still to be scored
    /// anew.
    ToRescore {
        /// The number of such trials.
        trials: u64,
    },
    /// The run, or cases of it, ended as soon as a rule was decided. Its pass rates are biased; what is decided is not.
    StoppedByResults {
        /// The rule, and how it stood.
        how: String,
    },
    /// A model judged the trials, and too few human labels say how often it is right.
    JudgeUnvalidated {
        /// The number of labels with a verdict.
        labels: u64,
    },
}

impl Note {
    /// Returns whether it is to be read before the numbers.
    pub(crate) fn is_first(&self) -> bool {
        matches!(self, Self::StoppedByResults { .. })
    }
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::FewTasks { tasks } => write!(f, "Fewer than 10 tasks ({tasks})."),
            Self::NeverDisagree => f.write_str("Trials never disagree (temperature 0 or cache?)."),
            Self::Incomplete { share, best } => write!(
                f,
                "Over 5% not graded ({}%): incomplete. Had they all passed, the first line would be {}%.",
                percent(*share),
                percent(*best),
            ),
            Self::NeverGraded { tasks: 1 } => {
                f.write_str("1 task has no graded trial; it counts as never passing.")
            }
            Self::NeverGraded { tasks } => {
                write!(f, "{tasks} tasks have no graded trial; they count as never passing.")
            }
            Self::UnequalTrials { fewest, most } => {
                write!(f, "Tasks have unequal trials ({fewest} to {most}).")
            }
            Self::KLimited { k } => write!(f, "k is limited to {k}, the fewest trials of a task."),
            Self::PartlyUsed { k, used, tasks } => {
                write!(f, "k = {k} uses {used} of {tasks} tasks.")
            }
            Self::OneDraw { k: 1 } => f.write_str("One trial ran: this is one draw, 0 or 1."),
            Self::OneDraw { k } => write!(
                f,
                "As many trials ran as k: for all {k} and at least 1 of {k} this is one draw, 0 or 1."
            ),
            Self::Grouped { groups } => {
                write!(f, "Tasks come in {groups} groups, so the ranges are grouped.")
            }
            Self::PartlyGrouped { grouped, tasks } => write!(
                f,
                "{grouped} of {tasks} tasks have a group: ranges are grouped only where all have one."
            ),
            Self::Drift { tasks, passes, .. } => write_drift(f, *tasks, passes),
            Self::ToRescore { trials: 1 } => f.write_str(
                "1 trial is still to be scored by these evals and not counted; --resume scores it anew.",
            ),
            Self::ToRescore { trials } => write!(
                f,
                "{trials} trials are still to be scored by these evals and not counted; --resume scores them anew."
            ),
            Self::StoppedByResults { how } => write!(
                f,
                "Stopped by its results ({how}): what is decided holds, the rates and ranges are biased."
            ),
            Self::JudgeUnvalidated { labels: 0 } => f.write_str(
                "Judge unvalidated: a model judged the trials, and no labels say how often it is right.",
            ),
            Self::JudgeUnvalidated { labels } => write!(
                f,
                "Judge unvalidated: a model judged the trials, and fewer than {MIN_LABELS} labels ({labels}) say how often it is right."
            ),
        }
    }
}

/// Names the trials with the fewest and the most passes, the first of each.
fn write_drift(f: &mut fmt::Formatter<'_>, tasks: u64, passes: &[u64]) -> fmt::Result {
    let trials = || passes.iter().zip(0_u64..);
    let fewest = trials().min_by_key(|&(passed, index)| (*passed, index));
    let most = trials().min_by_key(|&(passed, index)| (Reverse(*passed), index));
    f.write_str("Pass rate drifts with trial number")?;
    match (fewest, most) {
        (Some((few, low)), Some((many, high))) => {
            write!(f, ": of {tasks} tasks {few} passed in trial {low}, {many} in trial {high}.")
        }
        _ => f.write_str("."),
    }
}

/// With fewer tasks than this, a report says so.
pub(super) const FEW_TASKS: usize = 10;

/// Returns the notes that are true of a report, from the outcomes of the trials of each task by index, where these are
/// known: `None` stands for a trial that was not graded or is not there.
pub(super) fn notes(
    report: &Report,
    settings: ReportSettings,
    outcomes: &[Vec<Option<bool>>],
) -> Vec<Note> {
    let (fewest, most) = trial_range(&report.tasks).unwrap_or_default();
    let k_was_chosen = settings.k.is_some();
    [
        few_tasks(report),
        never_disagree(report).then_some(Note::NeverDisagree),
        incomplete(report),
        never_graded(report),
        (fewest < most).then_some(Note::UnequalTrials { fewest, most }),
        (fewest < most && !k_was_chosen).then_some(Note::KLimited { k: report.k }),
        partly_used(report),
        one_draw(report, most),
        grouped(report),
        partly_grouped(report),
        drifts(report, outcomes),
        judge_unvalidated(report, settings.judge_labels),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// Ranges of a single task do not speak of other tasks, so one task is not too few.
fn few_tasks(report: &Report) -> Option<Note> {
    let tasks = report.tasks.len();
    (1 < tasks && tasks < FEW_TASKS).then(|| Note::FewTasks { tasks: count_of(&report.tasks) })
}

/// Whether at least two tasks have several graded trials and each of them is all passes or all failures.
fn never_disagree(report: &Report) -> bool {
    let graded = report.tasks.iter().map(|task| task.trials.read(Reading::Exclude));
    drift::never_disagree(&graded.collect::<Vec<Counts>>())
}

fn incomplete(report: &Report) -> Option<Note> {
    let Tally { not_graded, .. } = report.trials;
    report.trials.is_incomplete().then(|| Note::Incomplete {
        share: real(not_graded) / real(report.trials.trials()),
        best: report.readings.best,
    })
}

fn never_graded(report: &Report) -> Option<Note> {
    let never: Vec<_> = report
        .tasks
        .iter()
        .filter(|task| task.trials.graded() == 0 && task.trials.not_graded > 0)
        .collect();
    (!never.is_empty()).then(|| Note::NeverGraded { tasks: count_of(&never) })
}

/// Names the first of the metrics that skip the most tasks.
fn partly_used(report: &Report) -> Option<Note> {
    let skipping = report.metrics.iter().min_by_key(|metric| metric.tasks_used)?;
    (skipping.tasks_skipped > 0).then(|| Note::PartlyUsed {
        k: skipping.k,
        used: skipping.tasks_used,
        tasks: count_of(&report.tasks),
    })
}

fn one_draw(report: &Report, trials: u64) -> Option<Note> {
    (report.tasks.len() == 1 && report.k == trials).then_some(Note::OneDraw { k: trials })
}

fn grouped(report: &Report) -> Option<Note> {
    let used = report.metrics.iter().any(|metric| metric.method == Method::GroupedWilson);
    let groups = groups::count(&report.tasks)?;
    used.then_some(Note::Grouped { groups })
}

fn partly_grouped(report: &Report) -> Option<Note> {
    let (grouped, tasks) = (groups::count_grouped(&report.tasks), count_of(&report.tasks));
    (0 < grouped && grouped < tasks).then_some(Note::PartlyGrouped { grouped, tasks })
}

/// Compares the first k trials of each task.
fn drifts(report: &Report, outcomes: &[Vec<Option<bool>>]) -> Option<Note> {
    let compared = drift::cochran_q(outcomes, usize::try_from(report.k).ok()?);
    let drift = compared.drift.filter(|drift| drift.is_shown(report.confidence))?;
    let (tasks, passes) = (compared.tasks_used, compared.passes);
    Some(Note::Drift { p: drift.p, tasks, passes })
}

fn judge_unvalidated(report: &Report, labels: u64) -> Option<Note> {
    let judged = report.spending.is_some_and(|spending| !spending.judges.is_nothing());
    (judged && labels < MIN_LABELS).then_some(Note::JudgeUnvalidated { labels })
}
