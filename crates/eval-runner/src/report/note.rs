//! What a reader must know about a report: one line each, only when true.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{build::Report, summary::trial_range};
use crate::{
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
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::FewTasks { tasks } => write!(f, "Fewer than 10 tasks ({tasks})."),
            Self::NeverDisagree => f.write_str("Trials never disagree (temperature 0 or cache?)."),
            Self::Incomplete { share, best } => write!(
                f,
                "Over 5% not graded ({}%): incomplete. Had they all passed, the first line were {}%.",
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
        }
    }
}

/// With fewer tasks than this, a report says so.
const FEW_TASKS: usize = 10;

/// Returns the notes that are true of a report, `k_was_chosen` where the caller set it.
pub(super) fn notes(report: &Report, k_was_chosen: bool) -> Vec<Note> {
    let (fewest, most) = trial_range(&report.tasks).unwrap_or_default();
    [
        few_tasks(report),
        never_disagree(report).then_some(Note::NeverDisagree),
        incomplete(report),
        never_graded(report),
        (fewest < most).then_some(Note::UnequalTrials { fewest, most }),
        (fewest < most && !k_was_chosen).then_some(Note::KLimited { k: report.k }),
        partly_used(report),
        one_draw(report, most),
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
