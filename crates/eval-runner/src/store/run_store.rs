//! What every store of runs can do.

use std::fmt::Debug;

use probity_eval::async_trait;

use super::{
    error::StoreError,
    model::{
        CaseTally, Page, PastTrial, Rescoring, RunEnd, RunId, RunManifest, RunQuery, RunSummary,
        StoredTrial, TrialKey, TrialQuery, TrialState, TrialSummary,
    },
};

/// Keeps runs and their trials.
///
/// A method that writes resolves once what it wrote is committed, so what was acknowledged survives the end of the
/// process. Those called at the same time share a commit. Methods wait where the store is behind, so that memory
/// stays bounded; nothing is queued that nobody waits for.
///
/// A future of these that is dropped may or may not have written; asking again is safe, since a trial is never
/// stored twice.
#[async_trait]
pub trait RunStore: Debug + Send + Sync {
    /// Returns where the store is, without user and password.
    fn place(&self) -> &str;

    /// Creates a run.
    ///
    /// # Errors
    ///
    /// If a run of the same identifier runs something else, if a case occurs twice, or if it cannot be written.
    async fn create_run(&self, manifest: &RunManifest) -> Result<Creation, StoreError>;

    /// Returns what a run set out to do.
    ///
    /// # Errors
    ///
    /// If there is no such run, or it cannot be read.
    async fn manifest(&self, run: RunId) -> Result<RunManifest, StoreError>;

    /// Lists runs, the newest first.
    ///
    /// # Errors
    ///
    /// If they cannot be read.
    async fn runs(&self, query: &RunQuery) -> Result<Vec<RunSummary>, StoreError>;

    /// Returns a run as a list of runs shows it.
    ///
    /// # Errors
    ///
    /// If there is no such run, or it cannot be read.
    async fn run(&self, run: RunId) -> Result<RunSummary, StoreError> {
        let mut runs = self.runs(&RunQuery::new().id(run)).await?;
        let place = || self.place().to_owned();
        runs.pop().ok_or_else(|| StoreError::UnknownRun { place: place(), run })
    }

    /// Says that a run goes on as its manifest has it now: it has not ended any more.
    ///
    /// Of the manifest the number of trials, the evals, and the groups and tags of the cases are written; all else
    /// stays as it is. Trials that other evals have scored keep their scores until they are [scored
    /// anew](Self::rescore).
    ///
    /// # Errors
    ///
    /// If there is no such run, if it runs something else, or if it cannot be written.
    async fn continue_run(&self, manifest: &RunManifest) -> Result<(), StoreError>;

    /// Says that a run has ended.
    ///
    /// # Errors
    ///
    /// If there is no such run, or it cannot be written.
    async fn end_run(&self, run: RunId, end: &RunEnd) -> Result<(), StoreError>;

    /// Claims a run, so that no other process runs it at the same time, on whichever machine. Returns whether it was
    /// claimed: `false` where somebody else holds it, with this store or another.
    ///
    /// The claim ends when it is [given back](Self::release) or the store is closed. Where somebody else took it over,
    /// since the server was away from here and not from there, whatever is written next fails with
    /// [`StoreError::ClaimLost`].
    ///
    /// A store that only one machine can write need not do anything: a runner finds the other processes of its machine
    /// by itself.
    ///
    /// # Errors
    ///
    /// If the store cannot be asked: then it is to be given back all the same.
    async fn claim(&self, run: RunId) -> Result<bool, StoreError> {
        let _ = run;
        Ok(true)
    }

    /// Gives the claim of a run back; where there is none, nothing happens.
    ///
    /// # Errors
    ///
    /// If the store cannot be told; the claim ends with its connection then.
    async fn release(&self, run: RunId) -> Result<(), StoreError> {
        let _ = run;
        Ok(())
    }

    /// Counts an attempt of each of these trials, to be called before they start.
    ///
    /// Returns those that have finished already, of which no attempt was counted and which need not be run.
    ///
    /// # Errors
    ///
    /// If there is no such run or case, or it cannot be written: then no attempt was counted.
    async fn begin_attempts(
        &self,
        run: RunId,
        trials: &[TrialKey],
    ) -> Result<Vec<TrialKey>, StoreError>;

    /// Keeps an attempt whose trial goes on with another, in the [`history`](Self::history) of the trial.
    ///
    /// # Errors
    ///
    /// If there is no such run or case, or it cannot be written.
    async fn keep_attempt(&self, run: RunId, attempt: &StoredTrial) -> Result<(), StoreError>;

    /// Counts an attempt less of each of these trials: it was counted, and nothing came of it, through no fault of
    /// the trial.
    ///
    /// A trial that has finished, here or in another process, stays as it is.
    ///
    /// # Errors
    ///
    /// If there is no such run or case, or it cannot be written: then every attempt stays counted.
    async fn withdraw_attempts(&self, run: RunId, trials: &[TrialKey]) -> Result<(), StoreError>;

    /// Stores a finished trial.
    ///
    /// A trial that is there already stays as it is, and the answer says so. Texts that look like secrets are
    /// masked.
    ///
    /// # Errors
    ///
    /// If there is no such run or case, or it cannot be written.
    async fn finish(&self, run: RunId, trial: &StoredTrial) -> Result<Stored, StoreError>;

    /// Gives a finished trial other scores. What it had before goes into its [`history`](Self::history).
    ///
    /// # Errors
    ///
    /// If the trial has not finished, there is no such run or case, or it cannot be written.
    async fn rescore(
        &self,
        run: RunId,
        trial: &TrialKey,
        rescoring: &Rescoring,
    ) -> Result<(), StoreError>;

    /// Counts the finished trials whose scores are of other evals than those in the manifest of the run: those that
    /// are still to be scored anew.
    ///
    /// # Errors
    ///
    /// If there is no such run, or it cannot be read.
    async fn to_rescore(&self, run: RunId) -> Result<u64, StoreError>;

    /// Takes finished trials back, to be run again: they count as neither finished nor begun any more.
    ///
    /// What they were goes into their [`history`](Self::history). Returns how many of them had finished.
    ///
    /// # Errors
    ///
    /// If there is no such run or case, or it cannot be written: then none was taken back.
    async fn take_back(&self, run: RunId, trials: &[TrialKey]) -> Result<u64, StoreError>;

    /// Returns what a trial was before it was scored anew or run again, and the attempts at it that failed, the oldest
    /// first.
    ///
    /// # Errors
    ///
    /// If there is no such run or case, or it cannot be read.
    async fn history(&self, run: RunId, trial: &TrialKey) -> Result<Vec<PastTrial>, StoreError>;

    /// Returns how far trials have come, those that were begun or finished, without loading what they did.
    ///
    /// They come in the order of the cases in the manifest, then by index. A page that is not full is the last.
    ///
    /// # Errors
    ///
    /// If there is no such run or case, or it cannot be read.
    async fn states(&self, run: RunId, page: &Page) -> Result<Vec<TrialState>, StoreError>;

    /// Returns what the trials of each case came to, in the order of the manifest.
    ///
    /// # Errors
    ///
    /// If there is no such run, or it cannot be read.
    async fn tallies(&self, run: RunId) -> Result<Vec<CaseTally>, StoreError>;

    /// Returns finished trials without their artifacts and traces, in the order of [`states`](Self::states).
    ///
    /// # Errors
    ///
    /// If there is no such run or case, or it cannot be read.
    async fn trials(&self, run: RunId, query: &TrialQuery)
    -> Result<Vec<TrialSummary>, StoreError>;

    /// Returns a finished trial with its traces; `None` if it has not finished.
    ///
    /// # Errors
    ///
    /// If there is no such run or case, or it cannot be read.
    async fn trial(&self, run: RunId, trial: &TrialKey) -> Result<Option<StoredTrial>, StoreError>;

    /// Makes a run the baseline of a name, instead of any other.
    ///
    /// # Errors
    ///
    /// If there is no such run, or it cannot be written.
    async fn set_baseline(&self, name: &str, run: RunId) -> Result<(), StoreError>;

    /// Returns the baselines with their names, by name.
    ///
    /// # Errors
    ///
    /// If they cannot be read.
    async fn baselines(&self) -> Result<Vec<(String, RunId)>, StoreError>;

    /// Returns the baseline of a name.
    ///
    /// # Errors
    ///
    /// If it cannot be read.
    async fn baseline(&self, name: &str) -> Result<Option<RunId>, StoreError> {
        let baselines = self.baselines().await?;
        Ok(baselines.into_iter().find(|(known, _)| known == name).map(|(_, run)| run))
    }
}

/// Whether a run was created.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub enum Creation {
    /// It was.
    Created,
    /// It was there already, and runs the same.
    AlreadyThere,
}

/// Whether a trial was stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub enum Stored {
    /// It was.
    Now,
    /// It was there already and stays as it was.
    Before,
}
