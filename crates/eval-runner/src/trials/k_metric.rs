//! The result of measuring one case.

use std::fmt;

use super::record::{TrialRecord, tally};
use crate::{
    report::{Metric, MetricError, Report, ReportError, ReportSettings, TaskTally, row},
    stats::{Confidence, Interval, Tally},
};

/// How likely it is that at least `required` of `k` trials of one case pass.
///
/// Printed, it is the estimate with its range, the count of passes, and a word where it is one draw.
#[non_exhaustive]
#[derive(Debug, Clone)]
pub struct KMetric {
    /// The number of trials that the metric is about.
    pub k: u32,
    /// How many of them must pass: 1 for pass@k, k for pass^k.
    pub required: u32,
    /// The number of trials that ran.
    pub trials: u32,
    /// The number of trials that passed.
    pub passes: u32,
    /// The unbiased estimate, trials that were not graded counted as failed; see
    /// [`m_of_k`](crate::stats::m_of_k()).
    pub rate: f64,
    /// The 95 % range of the metric for this case; see [`one_task_metric`](crate::stats::one_task_metric).
    pub range: Interval,
    /// How many trials passed, failed and were not graded.
    pub tally: Tally,
    /// Every trial with its outcome and its trace, in the order of their indices.
    pub records: Vec<TrialRecord>,
}

impl KMetric {
    /// Estimates the metric from trials of one case.
    pub(super) fn of(
        k: u32,
        required: u32,
        records: Vec<TrialRecord>,
    ) -> Result<Self, MetricError> {
        let tally = tally(&records);
        let tasks = [TaskTally::new("", tally)];
        let metric = Metric::over(&tasks, k.into(), required.into(), Confidence::default())?;
        let count = |trials: u64| u32::try_from(trials).unwrap_or(u32::MAX);
        Ok(Self {
            k,
            required,
            trials: count(tally.trials()),
            passes: count(tally.passed),
            rate: metric.estimate,
            range: Interval { lo: metric.lo, hi: metric.hi },
            tally,
            records,
        })
    }

    /// Returns whether as many trials ran as the metric is about, so that the rate is 0 or 1.
    pub fn is_one_draw(&self) -> bool {
        self.trials == self.k
    }

    /// Returns the report of this one case, up to the metric's own k.
    ///
    /// # Errors
    ///
    /// [`ReportError`], which trials that made a metric never give.
    pub fn report(&self, name: impl Into<String>) -> Result<Report, ReportError> {
        let case = self.records.first().map_or("", |record| record.case.as_str());
        let settings = ReportSettings::default().k(self.k.into());
        Report::with_settings(name, vec![TaskTally::new(case, self.tally)], settings)
    }
}

impl fmt::Display for KMetric {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (k, required) = (self.k.into(), self.required.into());
        row::write(f, k, required, (self.rate, self.range))?;
        write!(f, "\n  {} of {} trials passed", self.passes, self.trials)?;
        if self.tally.not_graded > 0 {
            write!(f, ", {} not graded (counted as failures)", self.tally.not_graded)?;
        }
        f.write_str("\n  Range: 95%, for this task.")?;
        if self.is_one_draw() {
            f.write_str(" This is one draw, 0 or 1: as many trials ran as k.")?;
        }
        Ok(())
    }
}
