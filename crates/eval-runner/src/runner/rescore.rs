//! Scores stored trials anew, without running the agent.

use std::sync::Arc;

use futures::{StreamExt as _, stream};
use serde::{Serialize, de::DeserializeOwned};

use super::{keep::Kept, shared::Shared, trial::Judged};
use crate::{
    store::{OutcomeKind, Rescoring, Scores, StoreError, StoredTrial, TrialSummary},
    suite::Answer,
    trials::Outcome,
};

impl<I, E, A> Shared<I, E, A>
where
    I: Send + Sync + 'static,
    E: Send + Sync + 'static,
    A: Serialize + DeserializeOwned + Send + Sync + 'static,
{
    /// Scores these trials anew, as many at a time as trials may run.
    pub(super) async fn rescore(&self, trials: Vec<(usize, u32)>) {
        let Some(kept) = &self.kept else { return };
        let all = stream::iter(trials).map(|trial| async move {
            if self.stop.is_draining() {
                return;
            }
            if let Err(error) = self.rescore_one(kept, trial).await {
                self.fail(error);
            }
        });
        all.buffer_unordered(self.runner.concurrency).collect::<()>().await;
    }

    async fn rescore_one(&self, kept: &Kept, trial: (usize, u32)) -> Result<(), StoreError> {
        let key = self.key(trial);
        let Some(stored) = kept.store.trial(kept.run, &key).await? else {
            return Ok(());
        };
        let spent = stored.summary.spent;
        let rescoring = self.judged(kept, trial.0, stored).await;
        kept.store.rescore(kept.run, &key, &rescoring).await?;
        let outcome = OutcomeKind::of(&rescoring.scores.outcome);
        let judging = rescoring.scores.spent;
        let mut pages = self.ledger.lock();
        pages.to_rescore = pages.to_rescore.saturating_sub(1);
        pages.count(trial, outcome, (spent, judging));
        pages.charge([spent, judging]);
        Ok(())
    }

    async fn judged(&self, kept: &Kept, case: usize, stored: StoredTrial) -> Rescoring {
        let evals = kept.evals.clone();
        let scores = |outcome| Scores::new(evals.clone(), outcome, Vec::new());
        let StoredTrial { summary: TrialSummary { scores: old, .. }, artifact, trace, .. } = stored;
        let (Some(artifact), Some(case)) = (artifact, self.cases.get(case)) else {
            // There was nothing to judge, and there still is not.
            return Rescoring::new(scores(old.outcome));
        };
        if !self.suite.has_evals() {
            return Rescoring::new(scores(Outcome::Passed));
        }
        let answer = match serde_json::from_value::<A>(artifact) {
            Ok(artifact) => Answer::new(Arc::clone(case), artifact),
            Err(error) => {
                let reason = format!("the stored artifact cannot be read: {error}");
                return Rescoring::new(scores(Outcome::NotGraded(reason)));
            }
        };
        let judged = Judged::of(&self.suite, &trace, &answer, &self.runner.prices).await;
        let scores =
            Scores { spent: judged.spent, ..Scores::new(evals, judged.outcome, judged.judgments) };
        Rescoring { eval_trace: Some(judged.trace), ..Rescoring::new(scores) }
    }
}
