//! Several runs held against one baseline: which of them beat it.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{
    build::Comparison,
    difference::{DifferenceTest, MetricDifference},
    error::ComparisonError,
    settings::ComparisonSettings,
    text::{tests_are, write_table},
};
use crate::{
    report::{build::Report, row},
    stats::{count_of, many::holm},
};

/// Several runs held against one baseline, each on the tasks that it shares with it.
///
/// Every range stands alone: with many runs, one of them looks better by chance. With
/// [`ComparisonSettings::tests`] the p-values are adjusted by Holm's method for all runs and metrics together, and
/// [`beat`](Self::beat) names the runs that beat the baseline with no false one among them, at the level of the ranges.
#[non_exhaustive]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Comparisons {
    /// The run that all others are held against.
    pub baseline: String,
    /// The runs, in the order given.
    pub comparisons: Vec<Comparison>,
}

impl Comparisons {
    /// Holds reports against a baseline. Names in the settings are not used: every run has its own.
    ///
    /// # Errors
    ///
    /// [`ComparisonError`] where there is no run, one has no task in common with the baseline, or the margin is none.
    pub fn of<'a>(
        runs: impl IntoIterator<Item = &'a Report>,
        baseline: &Report,
        settings: &ComparisonSettings,
    ) -> Result<Self, ComparisonError> {
        let settings = ComparisonSettings { names: None, ..settings.clone() };
        let compared = runs.into_iter().map(|run| {
            let names = (run.name.clone(), baseline.name.clone());
            let settings = ComparisonSettings { names: Some(names), ..settings.clone() };
            Comparison::of(run, baseline, &settings)
        });
        let mut comparisons = compared.collect::<Result<Vec<_>, _>>()?;
        let baseline = baseline.name.clone();
        if comparisons.is_empty() {
            return Err(ComparisonError::NoRun { baseline });
        }
        let metrics = comparisons.iter_mut().flat_map(|one| one.metrics.iter_mut());
        adjust(metrics.filter_map(|metric| metric.test.as_mut()));
        Ok(Self { baseline, comparisons })
    }

    /// Returns the runs that beat the baseline by a metric, with no false one among all at the level of the ranges;
    /// `None` unless tests were asked for.
    #[must_use]
    pub fn beat(&self, k: u64, m: u64) -> Option<Vec<&str>> {
        let mut beat = Vec::new();
        let mut tested = false;
        for one in &self.comparisons {
            for metric in one.metrics.iter().filter(|metric| (metric.k, metric.m) == (k, m)) {
                let Some(test) = metric.test else { continue };
                tested = true;
                if metric.difference > 0.0 && test.holm < one.confidence.alpha() {
                    beat.push(one.first.as_str());
                }
            }
        }
        tested.then_some(beat)
    }

    /// The metrics of all runs, each once, in order.
    fn metrics(&self) -> Vec<(u64, u64)> {
        let mut metrics = Vec::new();
        for metric in self.comparisons.iter().flat_map(|one| &one.metrics) {
            let m_of_k = (metric.k, metric.m);
            if !metrics.contains(&m_of_k) {
                metrics.push(m_of_k);
            }
        }
        metrics
    }

    fn write_metric(&self, f: &mut fmt::Formatter<'_>, (k, m): (u64, u64)) -> fmt::Result {
        let is_it = |metric: &&MetricDifference| (metric.k, metric.m) == (k, m);
        let row = |one: &Comparison| {
            let mut cells = one.cells(one.metrics.iter().find(is_it)?);
            cells.words.clone_from(&one.first);
            Some(cells)
        };
        let rows: Vec<_> = self.comparisons.iter().filter_map(row).collect();
        writeln!(f, "\n  {}", row::words(k, m))?;
        write_table(f, &rows, "    ")?;
        match self.beat(k, m).as_deref() {
            None => Ok(()),
            Some([]) => writeln!(f, "    beat {}: none", self.baseline),
            Some(runs) => writeln!(f, "    beat {}: {}", self.baseline, runs.join(", ")),
        }
    }
}

impl fmt::Display for Comparisons {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let runs = self.comparisons.len();
        let several = if runs == 1 { "" } else { "s" };
        writeln!(f, "{runs} run{several} against {}", self.baseline)?;
        self.metrics().into_iter().try_for_each(|metric| self.write_metric(f, metric))?;
        let tests = self.comparisons.iter().flat_map(|one| &one.metrics);
        match tests.filter_map(|metric| metric.test).map(|test| test.among).next() {
            Some(among) => {
                let by_group = self.comparisons.iter().any(|one| one.groups.is_some());
                write!(f, "\n  {}", tests_are(by_group, among))?;
            }
            None => {
                f.write_str("\n  Each range stands alone and is not adjusted for the others.")?;
            }
        }
        for one in &self.comparisons {
            for stopped in one.stopped() {
                write!(f, "\n  {stopped}")?;
            }
            if let Some(dropped) = one.dropped() {
                write!(f, "\n  {}: {dropped}", one.first)?;
            }
        }
        Ok(())
    }
}

/// Adjusts tests for their number.
pub(super) fn adjust<'a>(tests: impl Iterator<Item = &'a mut DifferenceTest>) {
    let mut tests: Vec<_> = tests.collect();
    let among = count_of(&tests);
    let p_values: Vec<f64> = tests.iter().map(|test| test.p.value).collect();
    // P-values of tests are within 0..=1.
    let adjusted = holm(&p_values).unwrap_or(p_values);
    for (test, holm) in tests.iter_mut().zip(adjusted) {
        (test.holm, test.among) = (holm, among);
    }
}
