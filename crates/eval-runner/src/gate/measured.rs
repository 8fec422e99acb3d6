//! The numbers that a gate compares, which whoever ran the trials knows.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::metric::Metric;
use crate::stats::{Confidence, Interval, Reading, Tally, m_of_k, one_task_metric};

/// Knows the numbers of a run.
pub trait Measurements {
    /// Returns a metric of the run or of a case.
    ///
    /// # Errors
    ///
    /// If the metric has no number, with the reason.
    fn measured(&self, subject: Subject, metric: Metric) -> Result<Measured, NoNumber>;

    /// Returns what the baseline had, and how far the run or the case is from it.
    ///
    /// # Errors
    ///
    /// If there is no baseline, or it knows nothing of the metric or the case.
    fn against(&self, subject: Subject, metric: Metric) -> Result<Against, NoNumber>;

    /// Returns the ids of the cases, in the order of the suite.
    fn cases(&self) -> Vec<String>;

    /// Returns how much of the plan was carried out.
    fn completeness(&self) -> Completeness;
}

/// What a number is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Subject {
    /// The run as a whole, with ranges for cases like these.
    Run,
    /// The run as a whole, with ranges for these cases run again.
    These,
    /// The case at this place of [`Measurements::cases`].
    Case(usize),
}

/// A number with its range.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Measured {
    /// The estimate.
    pub estimate: f64,
    /// The lower end of the range.
    pub lo: f64,
    /// The upper end of the range.
    pub hi: f64,
    /// What the range speaks of, where it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub about: Option<About>,
}

/// What a range speaks of: of what would be seen there, so many times in a hundred, it holds the truth.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum About {
    /// Cases like these.
    CasesLikeThese,
    /// Cases of other groups like these.
    GroupsLikeThese,
    /// These cases run again.
    TheseCases,
    /// The only case, run again.
    ThisCase,
}

impl fmt::Display for About {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::CasesLikeThese => "for cases like these",
            Self::GroupsLikeThese => "for groups of cases like these",
            Self::TheseCases => "for these cases run again",
            Self::ThisCase => "for this case run again",
        })
    }
}

impl Measured {
    /// Makes an estimate with its range.
    pub fn new(estimate: f64, range: Interval) -> Self {
        Self { estimate, lo: range.lo, hi: range.hi, about: None }
    }

    /// Says what the range speaks of.
    #[must_use]
    pub fn about(self, about: About) -> Self {
        Self { about: Some(about), ..self }
    }

    /// Makes a number that is known exactly, such as what a run has cost.
    pub fn exact(value: f64) -> Self {
        Self { estimate: value, lo: value, hi: value, about: None }
    }

    /// Estimates the chance that at least `m` of `k` trials of one case pass, from its own trials.
    ///
    /// The estimate is [`m_of_k`], the range [`one_task_metric`], extended to the estimate where that lies outside;
    /// trials that were not graded count as failed.
    ///
    /// # Errors
    ///
    /// If the case has fewer than `k` trials, or `k` is 0.
    pub fn of_case(
        trials: Tally,
        (m, k): (u64, u64),
        confidence: Confidence,
    ) -> Result<Self, NoNumber> {
        let counts = trials.read(Reading::Fail);
        if counts.n < k {
            return Err(NoNumber::TooFewTrials { needed: k, trials: counts.n });
        }
        let unknown = |reason: String| NoNumber::Unknown { reason };
        let estimate =
            m_of_k(counts.n, counts.c, k, m).map_err(|error| unknown(error.to_string()))?;
        let Interval { lo, hi } = one_task_metric(counts.n, counts.c, k, m, confidence)
            .map_err(|error| unknown(error.to_string()))?;
        Ok(Self::new(estimate, Interval { lo: lo.min(estimate), hi: hi.max(estimate) }))
    }
}

/// A baseline, and how far from it something is.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Against {
    /// What the baseline had.
    pub baseline: f64,
    /// The difference from it: positive where the run has more.
    pub difference: Measured,
    /// How many cases were not compared: those that only one of the two has, and those that have changed.
    #[serde(default)]
    pub dropped: u64,
}

impl Against {
    /// Makes a comparison whose difference has a range of its own.
    pub fn new(baseline: f64, difference: Measured) -> Self {
        Self { baseline, difference, dropped: 0 }
    }

    /// Says how many cases were not compared.
    #[must_use]
    pub fn with_dropped(self, cases: u64) -> Self {
        Self { dropped: cases, ..self }
    }

    /// Compares with a baseline that is taken as exact, as a number agreed upon is.
    pub fn fixed(baseline: f64, measured: Measured) -> Self {
        let Measured { estimate, lo, hi, about } = measured;
        let [estimate, lo, hi] = [estimate, lo, hi].map(|value| value - baseline);
        Self::new(baseline, Measured { estimate, lo, hi, about })
    }
}

/// Says why a metric has no number.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum NoNumber {
    /// A case has fewer trials than the metric is about.
    #[error("it needs {needed} trials of a case, and there are {trials}")]
    #[non_exhaustive]
    TooFewTrials {
        /// How many trials are needed.
        needed: u64,
        /// How many there are.
        trials: u64,
    },
    /// There is nothing to compare with.
    #[error("there is no baseline to compare with")]
    NoBaseline,
    /// Something else is not known, such as the price of a model.
    #[error("{reason}")]
    #[non_exhaustive]
    Unknown {
        /// What is not known.
        reason: String,
    },
}

impl NoNumber {
    /// Says that a metric needs more trials.
    pub fn too_few_trials(needed: u64, trials: u64) -> Self {
        Self::TooFewTrials { needed, trials }
    }

    /// Says what is not known.
    pub fn unknown(reason: impl Into<String>) -> Self {
        Self::Unknown { reason: reason.into() }
    }
}

/// How much of a plan was carried out, in trials.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Completeness {
    /// Trials that passed or failed.
    pub graded: u64,
    /// Trials that could not be graded.
    pub not_graded: u64,
    /// Trials that were planned, never finished, and still needed: of a run that was stopped or ran out of money,
    /// not of one that had seen enough.
    pub missing: u64,
    /// Trials that finished, carry scores of other evals, and are still to be scored anew.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub to_rescore: u64,
}

impl Completeness {
    /// Counts trials.
    pub fn new(graded: u64, not_graded: u64, missing: u64) -> Self {
        Self { graded, not_graded, missing, to_rescore: 0 }
    }

    /// Sets how many trials are still to be scored anew.
    #[must_use]
    pub fn with_to_rescore(self, trials: u64) -> Self {
        Self { to_rescore: trials, ..self }
    }

    /// Returns whether more than 5 % of the finished trials were not graded, which no gate passes.
    pub fn is_mostly_graded(self) -> bool {
        !Tally::new(self.graded, 0, self.not_graded).is_incomplete()
    }

    /// Returns whether a gate can be met: nothing is missing or to be scored anew, something was graded, and at most
    /// 5 % was not.
    pub fn is_complete(self) -> bool {
        let is_all = self.missing == 0 && self.to_rescore == 0;
        is_all && self.graded > 0 && self.is_mostly_graded()
    }

    pub(super) fn finished(self) -> u64 {
        self.graded.saturating_add(self.not_graded)
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it with a reference")]
fn is_zero(count: &u64) -> bool {
    *count == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_is_complete_up_to_five_percent_not_graded() {
        for (graded, not_graded, missing, complete) in [
            (95, 5, 0, true),
            (94, 6, 0, false),
            (100, 0, 1, false),
            (0, 0, 0, false),
            (u64::MAX, 0, 0, true),
        ] {
            let completeness = Completeness::new(graded, not_graded, missing);
            assert_eq!(completeness.is_complete(), complete, "{completeness:?}");
        }
        assert!(!Completeness::new(100, 0, 0).with_to_rescore(1).is_complete());
    }

    #[test]
    fn a_case_is_measured_by_its_own_trials() {
        let confidence = Confidence::default();
        let measured = Measured::of_case(Tally::new(8, 1, 1), (1, 1), confidence).unwrap();
        assert!((measured.estimate - 0.8).abs() < 1e-12, "{measured:?}");
        assert!((measured.lo - 0.4902).abs() < 1e-4 && (measured.hi - 0.9433).abs() < 1e-4);
        let few = Measured::of_case(Tally::new(2, 0, 0), (3, 3), confidence);
        assert_eq!(few, Err(NoNumber::TooFewTrials { needed: 3, trials: 2 }));
        assert!(matches!(
            Measured::of_case(Tally::new(2, 0, 0), (1, 0), confidence),
            Err(NoNumber::Unknown { .. })
        ));
    }

    #[test]
    fn a_fixed_baseline_shifts_the_range() {
        let measured = Measured::new(0.5, Interval { lo: 0.25, hi: 0.75 });
        let against = Against::fixed(0.25, measured);
        assert_eq!(against.difference, Measured::new(0.25, Interval { lo: 0.0, hi: 0.5 }));
    }
}
