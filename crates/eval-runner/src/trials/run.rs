//! The result of running many cases.

use super::record::{TrialRecord, tally};
use crate::{
    report::{Report, ReportError, ReportSettings, TaskTally},
    stats::Tally,
};

/// All trials of all cases, in the order of the cases and of the trials' indices.
#[non_exhaustive]
#[derive(Debug, Clone)]
pub struct TrialRun {
    /// The run's seed.
    pub seed: u64,
    /// The cases with their trials.
    pub cases: Vec<CaseRun>,
}

/// One case with all its trials.
#[non_exhaustive]
#[derive(Debug, Clone)]
pub struct CaseRun {
    /// The name of the case.
    pub id: String,
    /// Its trials, in the order of their indices.
    pub trials: Vec<TrialRecord>,
}

impl TrialRun {
    /// Sorts records, which come in the order of their cases, under these cases.
    pub(super) fn of(seed: u64, ids: Vec<String>, trials: u32, records: Vec<TrialRecord>) -> Self {
        let mut records = records.into_iter();
        let per_case = usize::try_from(trials).unwrap_or(usize::MAX);
        let cases = ids
            .into_iter()
            .map(|id| CaseRun { id, trials: records.by_ref().take(per_case).collect() })
            .collect();
        Self { seed, cases }
    }

    /// Returns all trials.
    pub fn trials(&self) -> impl Iterator<Item = &TrialRecord> {
        self.cases.iter().flat_map(|case| &case.trials)
    }

    /// Returns how many trials passed, failed and were not graded.
    pub fn tally(&self) -> Tally {
        self.cases.iter().fold(Tally::default(), |tally, case| tally.plus(case.tally()))
    }

    /// Returns the report of the run, under the name of what was measured.
    ///
    /// # Errors
    ///
    /// [`ReportError`], which the result of [`run_trials`](crate::run_trials) never gives.
    pub fn report(&self, name: impl Into<String>) -> Result<Report, ReportError> {
        self.report_with(name, ReportSettings::default())
    }

    /// Returns the report of the run with another k or level.
    ///
    /// # Errors
    ///
    /// [`ReportError`] where the settings do not fit the run.
    pub fn report_with(
        &self,
        name: impl Into<String>,
        settings: ReportSettings,
    ) -> Result<Report, ReportError> {
        let tasks =
            self.cases.iter().map(|case| TaskTally::new(case.id.clone(), case.tally())).collect();
        Report::with_settings(name, tasks, settings)
    }
}

impl CaseRun {
    /// Returns how many trials passed, failed and were not graded.
    pub fn tally(&self) -> Tally {
        tally(&self.trials)
    }
}
