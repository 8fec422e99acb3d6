//! Scores stored trials anew, without running the agent.

use std::{panic::AssertUnwindSafe, sync::Arc};

use futures::{FutureExt as _, StreamExt as _, stream};
use probity_trace::Panicked;
use serde::{Serialize, de::DeserializeOwned};

use super::{keep::Kept, shared::Shared, trial::Judged};
use crate::{
    store::{OutcomeKind, Rescoring, Scores, StoreError, StoredTrial},
    suite::Answer,
    trials::{Outcome, Trial},
};

impl<I, E, A> Shared<I, E, A>
where
    I: Send + Sync + 'static,
    E: Send + Sync + 'static,
    A: Serialize + DeserializeOwned + Send + Sync + 'static,
{
    /// Scores these trials anew, as many at a time as trials may run, and in the order in which trials begin, so that
    /// what is cut short has come to every case about equally often.
    pub(super) async fn rescore(&self, mut trials: Vec<(usize, u32)>) {
        let Some(kept) = &self.kept else { return };
        trials.sort_unstable_by_key(|(case, index)| (*index, *case));
        let all = stream::iter(trials).map(|trial| async move {
            if self.stop.is_draining() || !self.needs(trial.0) {
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
        self.ledger.lock().begin();
        // As all model calls of a run do, those of its judges ask its limiter.
        let judging = self.limiter.part().scope(self.judged(kept, trial.0, &stored));
        let judged = AssertUnwindSafe(judging).catch_unwind().await;
        let rescoring = judged.unwrap_or_else(|panic| {
            let message = Panicked::from(panic).message().to_owned();
            let reason = format!("a panic outside of the evals' code: {message}");
            Rescoring::new(Scores::new(kept.evals.clone(), Outcome::NotGraded(reason), Vec::new()))
        });
        self.ledger.lock().leave();
        let judged = Trial::new(key.case.as_str().into(), key.index, stored.summary.seed);
        self.charge(&judged, [rescoring.scores.spent]);
        kept.store.rescore(kept.run, &key, &rescoring).await?;
        self.rescored(trial, stored, rescoring);
        Ok(())
    }

    /// Counts a trial that was scored anew, and tells of it.
    fn rescored(&self, trial: (usize, u32), mut stored: StoredTrial, rescoring: Rescoring) {
        let Rescoring { scores, eval_trace } = rescoring;
        (stored.summary.scores, stored.eval_trace) = (scores, eval_trace);
        let summary = &stored.summary;
        let outcome = OutcomeKind::of(&summary.scores.outcome);
        let mut pages = self.ledger.lock();
        pages.to_rescore = pages.to_rescore.saturating_sub(1);
        pages.count(trial, outcome, (summary.spent, summary.scores.spent));
        let progress = pages.progress(self.limiter.waited());
        let decided = pages.decided();
        drop(pages);
        self.check_decided(decided);
        self.tell(|watch| watch.trial_rescored(&stored, progress));
    }

    async fn judged(&self, kept: &Kept, case: usize, stored: &StoredTrial) -> Rescoring {
        let evals = kept.evals.clone();
        let scores = |outcome| Scores::new(evals.clone(), outcome, Vec::new());
        let (Some(artifact), Some(case)) = (&stored.artifact, self.cases.get(case)) else {
            // There was nothing to judge, and there still is not.
            return Rescoring::new(scores(stored.summary.scores.outcome.clone()));
        };
        if !self.suite.has_evals() {
            return Rescoring::new(scores(Outcome::Passed));
        }
        let answer = match A::deserialize(artifact) {
            Ok(artifact) => Answer::new(Arc::clone(case), artifact),
            Err(error) => {
                let reason = format!("the stored artifact cannot be read: {error}");
                return Rescoring::new(scores(Outcome::NotGraded(reason)));
            }
        };
        let did = (stored.summary.seed, &stored.trace);
        let judged = Judged::of(&self.suite, did, &answer, &self.runner.prices).await;
        let scores =
            Scores { spent: judged.spent, ..Scores::new(evals, judged.outcome, judged.judgments) };
        Rescoring { eval_trace: Some(judged.trace), ..Rescoring::new(scores) }
    }
}
