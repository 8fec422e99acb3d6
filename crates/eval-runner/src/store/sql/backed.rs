//! Makes each store that has a database behind it a store of runs.

use std::fmt::Debug;

use probity_eval::async_trait;

use super::{connection::Connection, shared::SqlStore};
use crate::store::{
    error::StoreError,
    model::{
        CaseTally, Page, PastTrial, Rescoring, RunEnd, RunId, RunManifest, RunQuery, RunSummary,
        StoredTrial, TrialKey, TrialQuery, TrialState, TrialSummary,
    },
    run_store::{Creation, RunStore, Stored},
};

/// A store that has a database behind it.
pub(in crate::store) trait Backed: Debug + Send + Sync {
    /// How it reaches the database.
    type Connection: Connection;

    /// Returns the store over the database.
    fn sql(&self) -> &SqlStore<Self::Connection>;
}

#[async_trait]
impl<S: Backed> RunStore for S {
    fn place(&self) -> &str {
        self.sql().place()
    }

    async fn create_run(&self, manifest: &RunManifest) -> Result<Creation, StoreError> {
        self.sql().create_run(manifest).await
    }

    async fn manifest(&self, run: RunId) -> Result<RunManifest, StoreError> {
        self.sql().manifest(run).await
    }

    async fn runs(&self, query: &RunQuery) -> Result<Vec<RunSummary>, StoreError> {
        self.sql().runs(query).await
    }

    async fn continue_run(&self, manifest: &RunManifest) -> Result<(), StoreError> {
        self.sql().continue_run(manifest).await
    }

    async fn end_run(&self, run: RunId, end: &RunEnd) -> Result<(), StoreError> {
        self.sql().end_run(run, end).await
    }

    async fn claim(&self, run: RunId) -> Result<bool, StoreError> {
        self.sql().claim(run).await
    }

    async fn release(&self, run: RunId) -> Result<(), StoreError> {
        self.sql().release(run).await
    }

    async fn begin_attempts(
        &self,
        run: RunId,
        trials: &[TrialKey],
    ) -> Result<Vec<TrialKey>, StoreError> {
        self.sql().begin_attempts(run, trials).await
    }

    async fn keep_attempt(&self, run: RunId, attempt: &StoredTrial) -> Result<(), StoreError> {
        self.sql().keep_attempt(run, attempt).await
    }

    async fn withdraw_attempts(&self, run: RunId, trials: &[TrialKey]) -> Result<(), StoreError> {
        self.sql().withdraw_attempts(run, trials).await
    }

    async fn finish(&self, run: RunId, trial: &StoredTrial) -> Result<Stored, StoreError> {
        self.sql().finish(run, trial).await
    }

    async fn rescore(
        &self,
        run: RunId,
        trial: &TrialKey,
        rescoring: &Rescoring,
    ) -> Result<(), StoreError> {
        self.sql().rescore(run, trial, rescoring).await
    }

    async fn to_rescore(&self, run: RunId) -> Result<u64, StoreError> {
        self.sql().to_rescore(run).await
    }

    async fn take_back(&self, run: RunId, trials: &[TrialKey]) -> Result<u64, StoreError> {
        self.sql().take_back(run, trials).await
    }

    async fn history(&self, run: RunId, trial: &TrialKey) -> Result<Vec<PastTrial>, StoreError> {
        self.sql().history(run, trial).await
    }

    async fn states(&self, run: RunId, page: &Page) -> Result<Vec<TrialState>, StoreError> {
        self.sql().states(run, page).await
    }

    async fn tallies(&self, run: RunId) -> Result<Vec<CaseTally>, StoreError> {
        self.sql().tallies(run).await
    }

    async fn trials(
        &self,
        run: RunId,
        query: &TrialQuery,
    ) -> Result<Vec<TrialSummary>, StoreError> {
        self.sql().trials(run, query).await
    }

    async fn trial(&self, run: RunId, trial: &TrialKey) -> Result<Option<StoredTrial>, StoreError> {
        self.sql().trial(run, trial).await
    }

    async fn set_baseline(&self, name: &str, run: RunId) -> Result<(), StoreError> {
        self.sql().set_baseline(name, run).await
    }

    async fn baselines(&self) -> Result<Vec<(String, RunId)>, StoreError> {
        self.sql().baselines().await
    }
}
