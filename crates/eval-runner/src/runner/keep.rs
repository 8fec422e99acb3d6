//! Keeps finished trials in a store.

use std::{mem, sync::Arc};

use super::trial::Finished;
use crate::{
    store::{RunId, RunStore, Scores, StoreError, Stored, StoredTrial, TrialKey, TrialSummary},
    suite::Fingerprint,
};

/// A run in a store.
#[derive(Debug, Clone)]
pub(super) struct Kept {
    pub(super) store: Arc<dyn RunStore>,
    pub(super) run: RunId,
    /// The fingerprint of the evals that score.
    pub(super) evals: Fingerprint,
}

impl Kept {
    /// Stores a finished trial, and returns whether it was not there before.
    pub(super) async fn keep(&self, finished: &mut Finished) -> Result<bool, StoreError> {
        let stored = self.stored(finished);
        let kept = self.store.finish(self.run, &stored).await;
        finished.trace = stored.trace;
        finished.raw = stored.raw;
        finished.eval_trace = stored.eval_trace;
        finished.artifact = stored.artifact;
        finished.judgments = stored.summary.scores.judgments;
        Ok(kept? == Stored::Now)
    }

    /// Keeps an attempt at a trial that is tried again.
    pub(super) async fn keep_attempt(&self, attempt: &mut Finished) -> Result<(), StoreError> {
        let stored = self.stored(attempt);
        self.store.keep_attempt(self.run, &stored).await
    }

    /// Moves what a trial came to into the form in which it is stored.
    fn stored(&self, finished: &mut Finished) -> StoredTrial {
        let judgments = mem::take(&mut finished.judgments);
        let outcome = finished.outcome.clone();
        let scores = Scores {
            spent: finished.judging,
            ..Scores::new(self.evals.clone(), outcome, judgments)
        };
        let key = TrialKey::new(finished.trial.case(), finished.trial.index());
        let summary = TrialSummary {
            attempts: finished.attempts,
            started_at: finished.started_at,
            duration: finished.duration,
            spent: finished.spent,
            ..TrialSummary::new(key, finished.trial.seed(), scores)
        };
        StoredTrial {
            artifact: finished.artifact.take(),
            raw: finished.raw.take(),
            eval_trace: finished.eval_trace.take(),
            ..StoredTrial::new(summary, mem::take(&mut finished.trace))
        }
    }
}
