//! Makes a calibration from labels and verdicts.

use crate::stats::{Confidence, Tally, agreement::BinaryTable};

/// A judge's verdicts compared with human labels: printed for people, serialized for machines.
///
/// It keeps counts alone, so every number can be derived again. A number that they leave open is an
/// [`Undefined`](super::Undefined) that says why.
///
/// # Examples
///
/// ```
/// use probity_eval_runner::{Calibration, calibration::Correction};
///
/// // How people labeled 102 artifacts and what the judge said of them; two replies could not be read.
/// let labeled = [
///     ((true, Some(true)), 54),
///     ((true, Some(false)), 6),
///     ((false, Some(true)), 8),
///     ((false, Some(false)), 32),
///     ((true, None), 2),
/// ];
/// let labeled = labeled.into_iter().flat_map(|(pair, count)| std::iter::repeat_n(pair, count));
/// // What the judge said of 2,000 others: 62 % passed.
/// let unlabeled = (0..2_000).map(|i| Some(i % 50 < 31));
///
/// let calibration = Calibration::new(labeled).with_unlabeled(unlabeled);
/// assert_eq!(calibration.not_graded(), 2);
/// assert_eq!(calibration.specificity()?.value, 0.8);
///
/// let rate = calibration.corrected_pass_rate(Correction::PpiTuned)?;
/// assert!((rate.value - 0.6).abs() < 1e-9);
/// println!("{calibration}");
/// # Ok::<(), probity_eval_runner::calibration::Undefined>(())
/// ```
///
/// prints
///
/// ```text
/// 100 labels with a verdict, 2 not graded (left out, not counted as disagreements)
///
///                    judge: passed   failed   not graded
///   label: passed               54        6            2
///   label: failed                8       32            0
///
///   agreement               86.0%   77.9 – 91.5
///   sensitivity             90.0%   79.9 – 95.3    of 60 labeled as passed
///   specificity             80.0%   65.2 – 89.5    of 40 labeled as failed
///   Cohen's kappa           0.706   standard error 0.073
///   Gwet's AC1              0.733
///   Krippendorff's alpha    0.707
///
///   pass rate   2000 verdicts without a label
///   labels alone            60.8%   51.1 – 69.7
///   judge alone             62.0%  not corrected
///   Rogan-Gladen            60.0%   49.1 – 70.4
///   PPI                     60.0%   52.4 – 67.6
///   PPI++                   60.0%   53.0 – 67.0    verdicts weigh 0.679
///
///   Ranges: 95%, for artifacts like these; the labeled ones must be a random sample of them.
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Calibration {
    pub(super) table: BinaryTable,
    pub(super) ungraded: Ungraded,
    pub(super) unlabeled: Tally,
    pub(super) confidence: Confidence,
}

/// Labeled artifacts without a verdict.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize)]
pub(super) struct Ungraded {
    pub(super) labeled_passed: u64,
    pub(super) labeled_failed: u64,
}

impl Calibration {
    /// Compares labels with verdicts, `(passed by the label, passed by the judge)`, where `None` is not graded.
    ///
    /// The labeled artifacts must be a random sample of all that the judge is used for; those that were hard to
    /// judge, or near at hand, are none.
    pub fn new(labeled: impl IntoIterator<Item = (bool, Option<bool>)>) -> Self {
        let mut calibration = Self::default();
        for (label, verdict) in labeled {
            match verdict {
                Some(verdict) => calibration.table.add(label, verdict),
                None => calibration.ungraded.add(label),
            }
        }
        calibration
    }

    /// Adds the verdicts on artifacts that nobody labeled, where `None` is not graded.
    ///
    /// They must not hold the artifacts that are labeled: these would count twice.
    #[must_use]
    pub fn with_unlabeled(mut self, verdicts: impl IntoIterator<Item = Option<bool>>) -> Self {
        for verdict in verdicts {
            self.unlabeled = self.unlabeled.plus(match verdict {
                Some(true) => Tally::new(1, 0, 0),
                Some(false) => Tally::new(0, 1, 0),
                None => Tally::new(0, 0, 1),
            });
        }
        self
    }

    /// Sets the level of the ranges; 95 % unless told otherwise.
    #[must_use]
    pub fn with_confidence(mut self, confidence: Confidence) -> Self {
        self.confidence = confidence;
        self
    }

    /// Returns labels against verdicts, for artifacts that have both.
    pub fn table(&self) -> BinaryTable {
        self.table
    }

    /// Returns the number of labeled artifacts that the judge did not grade.
    pub fn not_graded(&self) -> u64 {
        self.ungraded.labeled_passed.saturating_add(self.ungraded.labeled_failed)
    }

    /// Returns the verdicts on artifacts without a label.
    pub fn unlabeled(&self) -> Tally {
        self.unlabeled
    }

    /// Returns the level of the ranges.
    pub fn confidence(&self) -> Confidence {
        self.confidence
    }
}

impl Ungraded {
    fn add(&mut self, label: bool) {
        let count = if label { &mut self.labeled_passed } else { &mut self.labeled_failed };
        *count = count.saturating_add(1);
    }
}

impl FromIterator<(bool, Option<bool>)> for Calibration {
    fn from_iter<I: IntoIterator<Item = (bool, Option<bool>)>>(labeled: I) -> Self {
        Self::new(labeled)
    }
}
