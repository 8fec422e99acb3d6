//! How far the verdicts of a calibration agree with its labels.

use super::{build::Calibration, undefined::Undefined};
use crate::stats::agreement::{
    Estimate, Kappa, cohen_kappa, gwet_ac1_two_raters, krippendorff_alpha_two_raters,
};

impl Calibration {
    /// Returns the share of graded labels with which the verdict agrees, with Wilson's range.
    ///
    /// # Errors
    ///
    /// [`Undefined`] where no artifact has both a label and a verdict.
    pub fn agreement(&self) -> Result<Estimate, Undefined> {
        let (n, c) = (self.table.items(), self.table.agreements());
        Estimate::of_share(n, c, self.confidence).ok_or(Undefined::NothingToCompare)
    }

    /// Returns the share of the artifacts labeled as passed that the judge passes, with Wilson's range.
    ///
    /// # Errors
    ///
    /// [`Undefined`] where no graded artifact is labeled as passed.
    pub fn sensitivity(&self) -> Result<Estimate, Undefined> {
        self.compared()?;
        self.table.sensitivity(self.confidence).ok_or(Undefined::NoneLabeledPassed)
    }

    /// Returns the share of the artifacts labeled as failed that the judge fails, with Wilson's range.
    ///
    /// # Errors
    ///
    /// [`Undefined`] where no graded artifact is labeled as failed.
    pub fn specificity(&self) -> Result<Estimate, Undefined> {
        self.compared()?;
        self.table.specificity(self.confidence).ok_or(Undefined::NoneLabeledFailed)
    }

    /// Returns Cohen's kappa: agreement beyond what the pass rates of labels and verdicts give by chance.
    ///
    /// # Errors
    ///
    /// [`Undefined`] where no artifact has both, or all labels and verdicts are the same.
    pub fn cohen_kappa(&self) -> Result<Kappa, Undefined> {
        self.compared()?;
        cohen_kappa(&self.table.into()).ok_or(Undefined::AllTheSame)
    }

    /// Returns Gwet's AC1: agreement beyond a chance that is small where nearly all artifacts pass or fail.
    ///
    /// # Errors
    ///
    /// [`Undefined`] where no artifact has both a label and a verdict.
    pub fn gwet_ac1(&self) -> Result<f64, Undefined> {
        gwet_ac1_two_raters(&self.table.into()).ok_or(Undefined::NothingToCompare)
    }

    /// Returns Krippendorff's alpha: agreement beyond what the pooled pass rate gives by chance.
    ///
    /// # Errors
    ///
    /// [`Undefined`] where no artifact has both, or all labels and verdicts are the same.
    pub fn krippendorff_alpha(&self) -> Result<f64, Undefined> {
        self.compared()?;
        krippendorff_alpha_two_raters(&self.table.into()).ok_or(Undefined::AllTheSame)
    }

    /// Returns the number of artifacts with both a label and a verdict, where there are any.
    pub(super) fn compared(&self) -> Result<u64, Undefined> {
        match self.table.items() {
            0 => Err(Undefined::NothingToCompare),
            items => Ok(items),
        }
    }

    /// Whether every verdict is that of its label.
    pub(super) fn never_disagrees(&self) -> bool {
        self.table.agreements() == self.table.items()
    }

    /// Returns the one label that all graded artifacts have, where there is only one.
    pub(super) fn all_labels_are(&self) -> Option<bool> {
        match (self.table.labeled_passed().n, self.table.labeled_failed().n) {
            (1.., 0) => Some(true),
            (0, 1..) => Some(false),
            _ => None,
        }
    }
}
