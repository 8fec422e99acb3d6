//! The table of a judge that says passed or failed.

use serde::{Deserialize, Serialize};

use super::estimate::Estimate;
use crate::stats::{confidence::Confidence, counts::Counts};

/// How a judge's verdicts fall on items that are labeled as passed or failed.
///
/// A positive is a verdict of passed; it is true where the label says so too.
///
/// # Examples
///
/// ```
/// use probity_eval_runner::stats::{Confidence, agreement::{BinaryTable, cohen_kappa}};
///
/// // 12 labeled as passed, all found; 5 of 8 labeled as failed are called passed.
/// let table = BinaryTable {
///     true_positives: 12,
///     false_negatives: 0,
///     false_positives: 5,
///     true_negatives: 3,
/// };
/// let level = Confidence::default();
/// assert_eq!(table.sensitivity(level).unwrap().value, 1.0);
/// assert_eq!(table.specificity(level).unwrap().value, 0.375);
/// assert!(cohen_kappa(&table.into()).unwrap().value < 0.5);
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct BinaryTable {
    /// Labeled as passed, and the judge says passed.
    pub true_positives: u64,
    /// Labeled as passed, but the judge says failed.
    pub false_negatives: u64,
    /// Labeled as failed, but the judge says passed.
    pub false_positives: u64,
    /// Labeled as failed, and the judge says failed.
    pub true_negatives: u64,
}

impl BinaryTable {
    /// Adds one item.
    pub fn add(&mut self, label: bool, verdict: bool) {
        let cell = match (label, verdict) {
            (true, true) => &mut self.true_positives,
            (true, false) => &mut self.false_negatives,
            (false, true) => &mut self.false_positives,
            (false, false) => &mut self.true_negatives,
        };
        *cell = cell.saturating_add(1);
    }

    /// Returns the items labeled as passed, and how many of them the judge says passed.
    pub fn labeled_passed(&self) -> Counts {
        let n = self.true_positives.saturating_add(self.false_negatives);
        Counts { n, c: self.true_positives }
    }

    /// Returns the items labeled as failed, and how many of them the judge says failed.
    pub fn labeled_failed(&self) -> Counts {
        let n = self.true_negatives.saturating_add(self.false_positives);
        Counts { n, c: self.true_negatives }
    }

    /// Returns the number of items.
    pub fn items(&self) -> u64 {
        self.labeled_passed().n.saturating_add(self.labeled_failed().n)
    }

    /// Returns the number of items on which label and verdict agree.
    pub fn agreements(&self) -> u64 {
        self.true_positives.saturating_add(self.true_negatives)
    }

    /// Returns the share of the items labeled as passed that the judge says passed, with Wilson's range.
    ///
    /// `None` where no item is labeled as passed.
    pub fn sensitivity(&self, confidence: Confidence) -> Option<Estimate> {
        let Counts { n, c } = self.labeled_passed();
        Estimate::of_share(n, c, confidence)
    }

    /// Returns the share of the items labeled as failed that the judge says failed, with Wilson's range.
    ///
    /// `None` where no item is labeled as failed.
    pub fn specificity(&self, confidence: Confidence) -> Option<Estimate> {
        let Counts { n, c } = self.labeled_failed();
        Estimate::of_share(n, c, confidence)
    }
}
