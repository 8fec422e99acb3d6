//! The HTML file of a run that is in memory.

use std::io::{self, Write};

use super::{page::Page, report::HtmlReport, row::TrialRow, summary::TrialSummary};
use crate::{
    report::{Report, ReportError},
    runner::SuiteRun,
};

impl<'a> HtmlReport<&'a SuiteRun> {
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
        Self { source: run, page }
    }

    /// Writes the file.
    ///
    /// # Errors
    ///
    /// What the file returns.
    pub fn write(&self, out: impl Write) -> io::Result<()> {
        self.page.write(out, self.source.finished.iter().map(|one| Ok(TrialRow::from(one))))
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
