//! The HTML file of a run, wherever its trials are.

use probity_trace::Redaction;

use super::{limits::HtmlLimits, page::Page};
use crate::{
    gate::GateReport,
    report::{Comparison, Report},
};

/// The HTML file of a run: one that is in memory, [`new`](HtmlReport::new), or one that a store keeps,
/// [`stored`](HtmlReport::stored).
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
pub struct HtmlReport<S> {
    /// Where the trials are.
    pub(super) source: S,
    pub(super) page: Page,
}

impl<S> HtmlReport<S> {
    /// Holds the run against the report of another one, on the cases that both have.
    pub fn with_baseline(mut self, baseline: Report) -> Self {
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
}
