//! The HTML file of a run that a store keeps.

use std::{
    borrow::Cow,
    io::{self, BufWriter, Write},
    path::{Path, PathBuf},
};

use futures::{StreamExt as _, TryStreamExt as _, stream};

use super::{
    listed::Listed,
    page::Page,
    report::HtmlReport,
    row::TrialRow,
    summary::{Mark, TrialSummary},
    write::Writing,
};
use crate::{
    facts::RunFacts,
    file::WholeFile,
    report::Report,
    store::{self, OutcomeKind, RunId, RunStore, StoreError, StoredTrial, TrialQuery},
};

/// So many summaries are read together.
const PAGE: u32 = 1_024;
/// So many trials are read ahead of the one that is written.
const AHEAD: usize = 8;

/// A run in a store.
#[derive(Debug, Clone, Copy)]
pub struct StoredRun<'a> {
    store: &'a dyn RunStore,
    run: RunId,
}

/// Why the file of a stored run was not written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum HtmlError {
    /// The store cannot be read.
    #[error("the run cannot be read")]
    Store(#[from] StoreError),
    /// The file cannot be written.
    #[error("the page cannot be written")]
    Write(#[from] io::Error),
    /// The file of this name cannot be written.
    #[error("{} cannot be written", path.display())]
    #[non_exhaustive]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
}

impl<'a> HtmlReport<StoredRun<'a>> {
    /// Makes the file of a run that a store keeps, with its report.
    ///
    /// Summaries are read page by page and kept in a few bytes each; trials are read one by one, and none is kept. Those
    /// that did not pass come first, so that they are in the file where it has no room for all.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let place = std::env::temp_dir().join(format!("probity-html-doc-{}.db", std::process::id()));
    /// # let place = place.to_str().ok_or("a path")?;
    /// use std::sync::Arc;
    ///
    /// use probity_eval_runner::{
    ///     Case, Report, facts::RunFacts, html::HtmlReport, runner::Runner, store, suite::Suite,
    /// };
    ///
    /// let store = store::open(place).await?;
    /// let suite = Suite::new("doubler", [Case::new("two", 2), Case::new("three", 3)])
    ///     .agent("1", |case: Arc<Case<i32>>| async move { Ok(case.input * 2) });
    /// Runner::new().trials(4).store(Arc::clone(&store)).run(suite).await?;
    ///
    /// let run = store.runs(&store::RunQuery::new()).await?[0].id;
    /// let facts = RunFacts::read(&*store, run).await?;
    /// let report = Report::of(&facts)?;
    /// let mut file = Vec::new();
    /// HtmlReport::stored(&*store, run, report).about(&facts).write(&mut file).await?;
    /// assert!(file.starts_with(b"<!DOCTYPE html>"));
    /// # drop(store);
    /// # std::fs::remove_file(place)?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn stored(store: &'a dyn RunStore, run: RunId, report: Report) -> Self {
        let source = StoredRun { store, run };
        Self { source, page: Page::listing(report, Listed::default()) }
    }

    /// Says the seed of the run, when it was created, and how many of its trials are missing.
    pub fn about(mut self, facts: &RunFacts) -> Self {
        self.page = self.page.with_seed(facts.seed).with_cancelled(facts.missing());
        self.page.started_at = facts.created_at;
        self
    }

    /// Writes the file.
    ///
    /// # Errors
    ///
    /// If the run cannot be read or the file not be written.
    pub async fn write(mut self, out: impl Write + Send) -> Result<(), HtmlError> {
        self.page.trials = self.list().await?;
        let mut writing = Writing::begin(&self.page, out)?;
        for outcome in [OutcomeKind::Failed, OutcomeKind::NotGraded, OutcomeKind::Passed] {
            self.write_trials(&mut writing, outcome).await?;
        }
        Ok(writing.finish()?)
    }

    /// Writes the file of a name, which is there as a whole or not at all: as it was before where this fails.
    ///
    /// # Errors
    ///
    /// If the run cannot be read or the file not be written.
    pub async fn save(self, path: &Path) -> Result<(), HtmlError> {
        let failed = |source| HtmlError::File { path: path.to_owned(), source };
        let mut file = WholeFile::create(path).map_err(failed)?;
        match self.write(BufWriter::new(&mut file)).await {
            Err(HtmlError::Write(error)) => Err(failed(error)),
            Err(error) => Err(error),
            Ok(()) => file.commit().map_err(failed),
        }
    }

    async fn list(&self) -> Result<Listed, StoreError> {
        let mut listed = Listed::default();
        let StoredRun { store, run } = self.source;
        let evals = store.run(run).await?.evals;
        let mut page = store::Page::first(PAGE);
        loop {
            let trials =
                self.source.store.trials(self.source.run, &TrialQuery::new(page.clone())).await?;
            // What other evals said is in no number of the page.
            for trial in trials.iter().filter(|trial| trial.scores.evals == evals) {
                listed.add(TrialSummary::from(trial));
            }
            let Some(last) = trials.last() else { return Ok(listed) };
            page = page.after(last.key.clone());
        }
    }

    /// Writes the trials that came to one outcome, as long as there is room for them.
    async fn write_trials(
        &self,
        writing: &mut Writing<'_, impl Write + Send>,
        outcome: OutcomeKind,
    ) -> Result<(), HtmlError> {
        let mark = Mark::of_kind(outcome);
        let mut left = self.page.trials.trials().filter(|trial| trial.mark == mark).count();
        let mut page = store::Page::first(PAGE);
        while writing.has_room_for(mark) {
            let query = TrialQuery::new(page.clone()).outcome(outcome);
            let listed = self.source.store.trials(self.source.run, &query).await?;
            let Some(last) = listed.last() else { return Ok(()) };
            page = page.after(last.key.clone());
            let trials =
                listed.iter().map(|trial| self.source.store.trial(self.source.run, &trial.key));
            let mut trials = stream::iter(trials).buffered(AHEAD);
            while let Some(trial) = trials.try_next().await? {
                // A run may go on meanwhile: what ends after it was listed is not on this page.
                let row = trial.as_ref().map(TrialRow::from).filter(|row| self.lists(row));
                if let Some(row) = row {
                    left = left.saturating_sub(1);
                    writing.add(&row)?;
                }
                if !writing.has_room_for(mark) {
                    break;
                }
            }
        }
        writing.leave_out(left);
        Ok(())
    }

    fn lists(&self, row: &TrialRow<'_>) -> bool {
        self.page.trials.ordinal(&row.case, row.index).is_some()
    }
}

impl<'a> From<&'a StoredTrial> for TrialRow<'a> {
    fn from(trial: &'a StoredTrial) -> Self {
        let summary = &trial.summary;
        let outcome = summary.scores.outcome.clone();
        let mut row = Self::new(&*summary.key.case, summary.key.index, outcome);
        row.seed = Some(summary.seed);
        row.judgments = (&*summary.scores.judgments).into();
        row.artifact = trial.artifact.as_ref().map(Cow::Borrowed);
        row.trace = Some(trial.trace.clone());
        row.eval_trace.clone_from(&trial.eval_trace);
        row.raw.clone_from(&trial.raw);
        row.started_at = Some(summary.started_at);
        (row.duration, row.attempts) = (summary.duration, summary.attempts);
        row
    }
}
