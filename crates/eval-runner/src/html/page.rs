//! A page as plain data.

use std::time::SystemTime;

use probity_trace::Redaction;

use super::{limits::HtmlLimits, listed::Listed, summary::TrialSummary};
use crate::{
    gate::GateReport,
    report::{Comparison, Report},
};

/// A page as plain data: a report, the summaries of its trials, and what else its head says.
///
/// # Examples
///
/// ```
/// use probity_eval_runner::{
///     Failure, Outcome, Report, TaskTally,
///     html::{Page, TrialRow, TrialSummary},
///     stats::Tally,
/// };
///
/// let rows = || {
///     [Outcome::Passed, Outcome::Failed(Failure::Wrong)]
///         .into_iter()
///         .zip(0..)
///         .map(|(outcome, index)| TrialRow::new("refund", index, outcome))
/// };
/// let report = Report::new("agent", vec![TaskTally::new("refund", Tally::new(1, 1, 0))])?;
/// let page = Page::new(report, rows().map(|row| TrialSummary::from(&row)));
/// let mut file = Vec::new();
/// page.write(&mut file, rows().map(Ok))?;
/// assert!(String::from_utf8(file)?.contains("50.0%"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
#[must_use = "a page does nothing unless it is written"]
pub struct Page {
    pub(super) report: Report,
    pub(super) trials: Listed,
    pub(super) baseline: Option<Report>,
    pub(super) comparison: Option<Comparison>,
    pub(super) gate: Option<GateReport>,
    pub(super) seed: Option<u64>,
    pub(super) started_at: Option<SystemTime>,
    pub(super) cancelled: u64,
    pub(super) limits: HtmlLimits,
    pub(super) redaction: Redaction,
}

impl Page {
    /// Makes a page of a report and the summaries of its trials.
    pub fn new(report: Report, trials: impl IntoIterator<Item = TrialSummary>) -> Self {
        Self::listing(report, Listed::of(trials))
    }

    /// Makes a page of a report and its trials.
    pub(super) fn listing(report: Report, trials: Listed) -> Self {
        Self {
            report,
            trials,
            baseline: None,
            comparison: None,
            gate: None,
            seed: None,
            started_at: None,
            cancelled: 0,
            limits: HtmlLimits::default(),
            redaction: Redaction::new(),
        }
    }

    /// Holds the run against the report of another one, on the cases that both have.
    pub fn with_baseline(mut self, baseline: Report) -> Self {
        self.baseline = Some(baseline);
        self
    }

    /// Shows this comparison with the baseline, and not the usual one.
    pub fn with_comparison(mut self, comparison: Comparison) -> Self {
        self.comparison = Some(comparison);
        self
    }

    /// Says what a gate said.
    pub fn with_gate(mut self, gate: GateReport) -> Self {
        self.gate = Some(gate);
        self
    }

    /// Says the seed of the run.
    pub fn with_seed(mut self, seed: u64) -> Self {
        self.seed = Some(seed);
        self
    }

    /// Says when the run began.
    pub fn with_started_at(mut self, at: SystemTime) -> Self {
        self.started_at = Some(at);
        self
    }

    /// Says how many trials were planned and did not end.
    pub fn with_cancelled(mut self, trials: u64) -> Self {
        self.cancelled = trials;
        self
    }

    /// Sets how large the page may become.
    pub fn with_limits(mut self, limits: HtmlLimits) -> Self {
        self.limits = limits;
        self
    }

    /// Sets what is secret; what [`Redaction::new`] says unless told otherwise.
    pub fn with_redaction(mut self, redaction: Redaction) -> Self {
        self.redaction = redaction;
        self
    }
}
