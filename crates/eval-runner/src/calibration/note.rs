//! What a reader must know about a calibration: one line each, only when true.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::build::Calibration;
use crate::{
    percent::percent,
    stats::{Interval, agreement::Estimate, real},
};

/// The number of labels with a verdict from which a corrected pass rate stands without a note.
pub const MIN_LABELS: u64 = 100;
/// From this share of one label on, kappa and AC1 part.
const ONE_SIDED: f64 = 0.9;

/// A line of warning or explanation.
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CalibrationNote {
    /// There are fewer than [`MIN_LABELS`] labels with a verdict.
    FewLabels {
        /// The number of labels with a verdict.
        labels: u64,
    },
    /// More than 5 % of the artifacts were not graded, so the numbers leave out a part of them.
    Incomplete {
        /// The share of all artifacts, labeled and not, that were not graded.
        share: f64,
    },
    /// At least 90 % of the labels are the same, where kappa falls and AC1 stays high.
    OneSided {
        /// The share of the graded labels that are passed.
        passed: f64,
    },
    /// There are labels of both kinds and every verdict agrees with its own, so they do not show how often the judge
    /// is wrong.
    NoDisagreement {
        /// How often it may be, by Wilson's range; the ranges of PPI are wider by that.
        at_most: f64,
    },
    /// All graded labels are the same, so they do not show how often the other is right.
    OneLabel {
        /// Whether that label is passed.
        passed: bool,
        /// How often the other may be right, by Wilson's range; the ranges of PPI are wider by that.
        at_most: f64,
    },
    /// The judge is not shown to tell passes from failures: the range of `se + sp - 1` holds 0, or lies below.
    Uninformative {
        /// Sensitivity plus specificity minus 1: 0 for a judge that does not look, 1 for one that is always right.
        youden: f64,
        /// Its range: Newcombe's square-and-add of Wilson's (1998).
        range: Interval,
    },
}

impl fmt::Display for CalibrationNote {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::FewLabels { labels } => write!(
                f,
                "Fewer than {MIN_LABELS} labels with a verdict ({labels}): too few to rest a pass rate on."
            ),
            Self::Incomplete { share } => write!(
                f,
                "Over 5% not graded ({}%): the numbers speak only of what the judge could grade.",
                percent(*share),
            ),
            Self::OneSided { passed } => write!(
                f,
                "{}% of the labels are passed: there kappa falls and AC1 stays high. \
                 Read the table, sensitivity and specificity.",
                percent(*passed),
            ),
            Self::NoDisagreement { at_most } => write!(
                f,
                "No verdict disagrees with its label, yet up to {0}% may: PPI ranges are {0} points wider on each side.",
                percent(*at_most),
            ),
            Self::OneLabel { passed, at_most } => write!(
                f,
                "All labels are {}, yet up to {1}% may be the other: PPI ranges are {1} points wider on each side.",
                if *passed { "passed" } else { "failed" },
                percent(*at_most),
            ),
            Self::Uninformative { range: Interval { lo, hi }, .. } => write!(
                f,
                "Sensitivity plus specificity is {} – {}%: the judge is not shown to tell passes from failures.",
                percent(1.0 + lo),
                percent(1.0 + hi),
            ),
        }
    }
}

impl Calibration {
    /// Returns what a reader must know.
    pub fn notes(&self) -> Vec<CalibrationNote> {
        let labels = self.table.items();
        let few = labels < MIN_LABELS;
        [
            few.then_some(CalibrationNote::FewLabels { labels }),
            self.incomplete(),
            self.one_sided(),
            self.no_disagreement(),
            self.one_label(),
            self.uninformative(),
        ]
        .into_iter()
        .flatten()
        .collect()
    }

    fn incomplete(&self) -> Option<CalibrationNote> {
        let not_graded = real(self.not_graded()) + real(self.unlabeled.not_graded);
        let all = not_graded + real(self.table.items()) + real(self.unlabeled.graded());
        // Compared as counts: a share of exactly 5 % is not above it, however it rounds.
        (20.0 * not_graded > all).then(|| CalibrationNote::Incomplete { share: not_graded / all })
    }

    fn one_sided(&self) -> Option<CalibrationNote> {
        let labels = self.compared().ok()?;
        let passed = real(self.table.labeled_passed().n) / real(labels);
        let one_sided = passed.max(1.0 - passed) >= ONE_SIDED;
        one_sided.then_some(CalibrationNote::OneSided { passed })
    }

    fn no_disagreement(&self) -> Option<CalibrationNote> {
        let at_most = self.unseen()?;
        // One label alone says the same and more.
        let both = self.all_labels_are().is_none();
        (both && self.never_disagrees()).then_some(CalibrationNote::NoDisagreement { at_most })
    }

    fn one_label(&self) -> Option<CalibrationNote> {
        let (passed, at_most) = (self.all_labels_are()?, self.unseen()?);
        Some(CalibrationNote::OneLabel { passed, at_most })
    }

    fn uninformative(&self) -> Option<CalibrationNote> {
        let (sensitivity, specificity) = (self.sensitivity().ok()?, self.specificity().ok()?);
        let youden = sensitivity.value + specificity.value - 1.0;
        let below = |of: Estimate| of.value - of.interval.lo;
        let above = |of: Estimate| of.interval.hi - of.value;
        let range = Interval {
            lo: youden - below(sensitivity).hypot(below(specificity)),
            hi: youden + above(sensitivity).hypot(above(specificity)),
        };
        (range.lo <= 0.0).then_some(CalibrationNote::Uninformative { youden, range })
    }
}
