//! The HTML file of a run that is in memory.

use std::io::{self, Write};

use probity_trace::Redaction;

use super::{limits::HtmlLimits, page::Page, row::TrialRow, summary::TrialSummary};
use crate::{
    gate::GateReport,
    report::{Comparison, Report, ReportError},
    runner::SuiteRun,
};

/// The HTML file of a run.
///
/// # Examples
///
/// ```
/// use std::sync::Arc;
///
/// use probity_eval_runner::{Case, html::HtmlReport, runner::Runner, suite::Suite};
///
/// # #[tokio::main]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let suite = Suite::new("doubler", [Case::new("two", 2), Case::new("three", 3)])
///     .agent("1", |case: Arc<Case<i32>>| async move { Ok(case.input * 2) });
/// let run = Runner::new().trials(4).run(suite).await?;
///
/// let html = HtmlReport::new(&run)?.render()?;
/// assert!(html.starts_with("<!DOCTYPE html>"));
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
#[must_use = "a report does nothing unless it is written"]
pub struct HtmlReport<'a> {
    run: &'a SuiteRun,
    page: Page,
}

impl<'a> HtmlReport<'a> {
    /// Makes the report of a run.
    ///
    /// # Errors
    ///
    /// [`ReportError`] if no trial has ended.
    pub fn new(run: &'a SuiteRun) -> Result<Self, ReportError> {
        Ok(Self::of(run, run.report()?))
    }

    /// Makes the page of a run with a report of it that was made with settings.
    pub fn of(run: &'a SuiteRun, report: Report) -> Self {
        let summaries = run.finished.iter().map(|one| TrialSummary::from(&TrialRow::from(one)));
        let missing = report.missing;
        let mut page = Page::new(report, summaries).with_seed(run.seed).with_cancelled(missing);
        page.started_at = run.finished.iter().map(|one| one.started_at).min();
        Self { run, page }
    }

    /// Holds the run against another one, on the cases that both have.
    ///
    /// # Errors
    ///
    /// [`ReportError`] if no trial of the other run has ended.
    pub fn with_baseline(mut self, baseline: &SuiteRun) -> Result<Self, ReportError> {
        self.page = self.page.with_baseline(baseline.report()?);
        Ok(self)
    }

    /// Holds the run against the report of another one, on the cases that both have.
    pub fn with_baseline_report(mut self, baseline: Report) -> Self {
        self.page = self.page.with_baseline(baseline);
        self
    }

    /// Shows this comparison with the baseline, and not the usual one.
    pub fn with_comparison(mut self, comparison: Comparison) -> Self {
        self.page = self.page.with_comparison(comparison);
        self
    }

    /// Says what a gate said.
    pub fn with_gate(mut self, gate: GateReport) -> Self {
        self.page = self.page.with_gate(gate);
        self
    }

    /// Sets how large the file may become.
    pub fn with_limits(mut self, limits: HtmlLimits) -> Self {
        self.page = self.page.with_limits(limits);
        self
    }

    /// Sets what is secret; what [`Redaction::new`] says unless told otherwise.
    pub fn with_redaction(mut self, redaction: Redaction) -> Self {
        self.page = self.page.with_redaction(redaction);
        self
    }

    /// Writes the file.
    ///
    /// # Errors
    ///
    /// What the file returns.
    pub fn write(&self, out: impl Write) -> io::Result<()> {
        self.page.write(out, self.run.finished.iter().map(|one| Ok(TrialRow::from(one))))
    }

    /// Returns the file as a text.
    ///
    /// # Errors
    ///
    /// None are known: writing to memory does not fail.
    pub fn render(&self) -> io::Result<String> {
        let mut file = Vec::new();
        self.write(&mut file)?;
        String::from_utf8(file).map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))
    }
}
