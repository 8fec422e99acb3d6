//! The pass rate that labels and verdicts together stand for.

use serde::{Deserialize, Serialize};

use super::{build::Calibration, undefined::Undefined};
use crate::stats::{
    Counts, Interval, Reading,
    agreement::{
        Estimate, Lambda, PpiMean, RoganGladen, ppi_pass_rate, rogan_gladen, rogan_gladen_range,
    },
    real,
};

/// How a pass rate is corrected.
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Correction {
    /// From sensitivity and specificity: right where the judge has the same ones on unlabeled artifacts, even if
    /// more or fewer of these pass. Needs labels of both kinds. See [`rogan_gladen_range`].
    RoganGladen,
    /// Prediction-powered inference: right however wrong the judge is, where the labeled artifacts are a random
    /// sample. Needs two labels. See [`ppi_pass_rate`].
    ///
    /// Where no verdict disagrees with its label, or all labels are the same, its normal range takes what was not
    /// seen for impossible: with 100 labels and a pass rate of 99 % it holds the truth in 63 to 89 of 100 cases, not
    /// in 95. Then both ends move out by the upper end of Wilson's range for none of the graded labels, and a note
    /// says so; the range holds the truth in 99 of 100 cases.
    Ppi,
    /// The same with verdicts that weigh as much as the labels show them to be worth, which is narrower.
    PpiTuned,
}

/// The pass rate of artifacts like these, corrected.
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct CorrectedRate {
    /// How it was corrected.
    pub correction: Correction,
    /// The pass rate, in 0..=1.
    pub value: f64,
    /// The same before it was cut to 0..=1.
    pub raw: f64,
    /// The range of the true pass rate, cut to 0..=1.
    pub interval: Interval,
    /// By how much each end was moved out before it was cut, for what the labels cannot show; 0 where they do.
    pub widened: f64,
    /// How much the verdicts weigh, in 0..=1; `None` for [`Correction::RoganGladen`], which has no weight.
    pub lambda: Option<f64>,
}

impl Calibration {
    /// Returns the pass rate that the labels alone show, those without a verdict among them, with Wilson's range.
    ///
    /// # Errors
    ///
    /// [`Undefined`] where nothing is labeled.
    pub fn label_pass_rate(&self) -> Result<Estimate, Undefined> {
        let passed = self.table.labeled_passed().n.saturating_add(self.ungraded.labeled_passed);
        let labels = self.table.items().saturating_add(self.not_graded());
        Estimate::of_share(labels, passed, self.confidence).ok_or(Undefined::NoLabels)
    }

    /// Returns the share of the unlabeled artifacts that the judge passes, not corrected and so without a range.
    ///
    /// # Errors
    ///
    /// [`Undefined`] where no artifact has both a label and a verdict, for then nothing says how far the judge is
    /// off, and where no unlabeled artifact has a verdict.
    pub fn judge_pass_rate(&self) -> Result<f64, Undefined> {
        self.verdicts().map(share)
    }

    /// Returns the pass rate of artifacts like these, from the unlabeled verdicts and the graded labels.
    ///
    /// The labels must be a random sample of all artifacts. Ranges are for artifacts of this kind, not for these
    /// alone.
    ///
    /// # Errors
    ///
    /// [`Undefined`] where there are no unlabeled verdicts, too few labels for the correction, or labels that
    /// contradict the verdicts.
    pub fn corrected_pass_rate(&self, correction: Correction) -> Result<CorrectedRate, Undefined> {
        let verdicts = self.verdicts()?;
        match correction {
            Correction::RoganGladen => self.rogan_gladen(verdicts),
            Correction::Ppi => self.ppi(verdicts, Lambda::One, correction),
            Correction::PpiTuned => self.ppi(verdicts, Lambda::Tuned, correction),
        }
    }

    fn rogan_gladen(&self, verdicts: Counts) -> Result<CorrectedRate, Undefined> {
        let (sensitivity, specificity) = (self.sensitivity()?.value, self.specificity()?.value);
        // Neither fails on counts; an error would say the same as no estimate.
        let estimate = rogan_gladen(share(verdicts), sensitivity, specificity).ok().flatten();
        let RoganGladen { value, raw, .. } = estimate.ok_or(Undefined::Uninformative)?;
        let range = rogan_gladen_range(verdicts, &self.table, self.confidence).ok().flatten();
        let interval = range.ok_or(Undefined::Contradiction)?;
        let correction = Correction::RoganGladen;
        Ok(CorrectedRate { correction, value, raw, interval, widened: 0.0, lambda: None })
    }

    fn ppi(
        &self,
        verdicts: Counts,
        lambda: Lambda,
        correction: Correction,
    ) -> Result<CorrectedRate, Undefined> {
        let mean = ppi_pass_rate(&self.table, verdicts, lambda, self.confidence);
        let too_few = Undefined::TooFewLabels { labels: self.table.items() };
        let PpiMean { value: raw, interval, lambda, .. } = mean.map_err(|_| too_few)?;
        let widened = self.unseen().unwrap_or_default();
        let interval =
            Interval { lo: (interval.lo - widened).max(0.0), hi: (interval.hi + widened).min(1.0) };
        if interval.lo > interval.hi {
            return Err(Undefined::Contradiction);
        }
        let value = raw.clamp(0.0, 1.0);
        Ok(CorrectedRate { correction, value, raw, interval, widened, lambda: Some(lambda) })
    }

    /// The largest share, by Wilson's range, of what no graded label showed: a disagreement, or the other label.
    ///
    /// `None` where both were seen.
    pub(super) fn unseen(&self) -> Option<f64> {
        let none = Estimate::of_share(self.table.items(), 0, self.confidence)?;
        (self.never_disagrees() || self.all_labels_are().is_some()).then_some(none.interval.hi)
    }

    /// The unlabeled verdicts, where labels show what they are worth.
    fn verdicts(&self) -> Result<Counts, Undefined> {
        self.compared()?;
        match self.unlabeled.read(Reading::Exclude) {
            Counts { n: 0, .. } => Err(Undefined::NoUnlabeled),
            verdicts => Ok(verdicts),
        }
    }
}

fn share(counts: Counts) -> f64 {
    real(counts.c) / real(counts.n)
}
