//! Why a number of a calibration is undefined.

use serde::{Deserialize, Serialize};

/// Why labels and verdicts leave a number open.
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum Undefined {
    /// Nothing is labeled.
    #[error("no artifact is labeled")]
    NoLabels,
    /// No label can be compared with a verdict.
    #[error("no artifact has both a label and a verdict")]
    NothingToCompare,
    /// Sensitivity speaks of artifacts that are labeled as passed.
    #[error("no graded artifact is labeled as passed")]
    NoneLabeledPassed,
    /// Specificity speaks of artifacts that are labeled as failed.
    #[error("no graded artifact is labeled as failed")]
    NoneLabeledFailed,
    /// Agreement by chance is certain, so there is none beyond it.
    #[error("labels and verdicts are all the same")]
    AllTheSame,
    /// The labels do not show how much they vary.
    #[error("{labels} graded label: a range needs at least 2")]
    TooFewLabels {
        /// The number of labels with a verdict.
        labels: u64,
    },
    /// There is nothing for the labels to correct.
    #[error("no artifact without a label has a verdict")]
    NoUnlabeled,
    /// Any pass rate gives the same verdicts.
    #[error("sensitivity and specificity sum to 1: the verdicts say nothing of the labels")]
    Uninformative,
    /// The labeled artifacts are no sample of the others.
    #[error("the range lies outside 0 to 100%: the labeled artifacts are unlike the others")]
    Contradiction,
}
