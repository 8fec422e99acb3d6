//! Brings runs together: from one store into another, and the shards of a run into one.

use futures::{StreamExt as _, stream};

use super::{
    error::StoreError,
    model::{Page, PastTrial, Rescoring, RunId, RunManifest, RunQuery, StoredTrial, TrialState},
    run_store::{Creation, RunStore, Stored},
};

/// So many trials are looked at together.
const PAGE: u32 = 1_000;

/// So many trials are copied at a time.
const AT_A_TIME: usize = 64;

/// So many runs are looked at together.
const RUNS: u32 = 100;

/// What was copied.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Copied {
    /// The runs that were not there before.
    pub runs: u64,
    /// The trials that were stored.
    pub trials: u64,
    /// The trials that were there already and stay as they were.
    pub already_there: u64,
    /// The trials that had begun and not finished: the attempts are counted, there is nothing else of them.
    pub unfinished: u64,
}

/// Copies all runs and baselines of a store into another, under the same identifiers.
///
/// What is there already stays, trial by trial and name by name, so copying twice does no harm. The history of
/// trials comes along; the times at which it was made are those of the copy.
///
/// # Errors
///
/// If one of the stores fails, or if a run is in both and runs something else. What was copied until then stays.
pub async fn merge(into: &dyn RunStore, from: &dyn RunStore) -> Result<Copied, StoreError> {
    let mut copied = Copied::default();
    let mut query = RunQuery::new().limit(RUNS);
    loop {
        let runs = from.runs(&query).await?;
        let Some(last) = runs.last() else { break };
        query = query.before(last.id);
        for run in &runs {
            let manifest = from.manifest(run.id).await?;
            let is_new = into.create_run(&manifest).await? == Creation::Created;
            copied.runs += u64::from(is_new);
            let way = Way { from, run: run.id, into, as_run: run.id, counts_attempts: is_new };
            way.copy_trials(&mut copied).await?;
            if let Some(end) = &run.end {
                into.end_run(run.id, end).await?;
            }
        }
    }
    for (name, run) in from.baselines().await? {
        if into.baseline(&name).await?.is_none() {
            into.set_baseline(&name, run).await?;
        }
    }
    Ok(copied)
}

/// Makes one run out of runs that each did a part of it, in the same store. They stay.
///
/// The new run is not ended.
///
/// # Errors
///
/// If there are none, if they do not run the same suite, agent, evals, cases and seed, if trials are still to be scored
/// anew, or if the store fails.
pub async fn join(store: &dyn RunStore, shards: &[RunId]) -> Result<RunId, StoreError> {
    let mut whole: Option<RunManifest> = None;
    for shard in shards {
        let part = store.manifest(*shard).await?;
        let others = store.to_rescore(*shard).await?;
        if others > 0 {
            let trials = if others == 1 { "1 trial" } else { &format!("{others} trials") };
            let reason = format!("{trials} of {shard} must be scored anew before: let it go on");
            return Err(StoreError::NotShards { reason });
        }
        match &mut whole {
            None => whole = Some(part),
            Some(whole) if whole.runs_the_same_as(&part) && whole.evals == part.evals => {
                whole.trials = whole.trials.max(part.trials);
            }
            Some(whole) => {
                let (first, other) = (whole.id, part.id);
                let reason =
                    format!("{other} has another suite, agent, evals, cases or seed than {first}");
                return Err(StoreError::NotShards { reason });
            }
        }
    }
    let Some(whole) = whole else {
        return Err(StoreError::NotShards { reason: "there are none".to_owned() });
    };
    let whole = RunManifest { id: RunId::new(), shard: None, ..whole };
    _ = store.create_run(&whole).await?;
    for shard in shards {
        let way =
            Way { from: store, run: *shard, into: store, as_run: whole.id, counts_attempts: true };
        way.copy_trials(&mut Copied::default()).await?;
    }
    Ok(whole.id)
}

/// A run to copy, and where to.
#[derive(Clone, Copy)]
struct Way<'a> {
    from: &'a dyn RunStore,
    run: RunId,
    into: &'a dyn RunStore,
    as_run: RunId,
    /// Whether attempts of trials that have not finished are still to be counted.
    counts_attempts: bool,
}

impl Way<'_> {
    /// Copies the trials of the run, page by page.
    async fn copy_trials(self, copied: &mut Copied) -> Result<(), StoreError> {
        let mut page = Page::first(PAGE);
        loop {
            let states = self.from.states(self.run, &page).await?;
            let Some(last) = states.last() else { return Ok(()) };
            page = page.after(last.key.clone());
            // Those that end together share a commit.
            let all = stream::iter(states).map(|state| self.copy_trial(state));
            let mut all = all.buffer_unordered(AT_A_TIME);
            while let Some(one) = all.next().await {
                match one? {
                    None => copied.unfinished += 1,
                    Some(Stored::Now) => copied.trials += 1,
                    Some(Stored::Before) => copied.already_there += 1,
                }
            }
        }
    }

    /// Copies a trial; `None` if it has not finished.
    async fn copy_trial(self, state: TrialState) -> Result<Option<Stored>, StoreError> {
        let trial = match state.outcome {
            Some(_) => self.from.trial(self.run, &state.key).await?,
            None => None,
        };
        let Some(trial) = trial else {
            if self.counts_attempts {
                let attempts = usize::try_from(state.attempts).unwrap_or_default();
                let attempts = vec![state.key; attempts];
                // It may have finished in the other store; then it counts there.
                drop(self.into.begin_attempts(self.as_run, &attempts).await?);
            }
            return Ok(None);
        };
        let history = self.from.history(self.run, &trial.summary.key).await?;
        self.replay(history, trial).await.map(Some)
    }

    /// Stores a trial with all that it was before.
    async fn replay(
        self,
        history: Vec<PastTrial>,
        last: StoredTrial,
    ) -> Result<Stored, StoreError> {
        let mut history = history.into_iter().peekable();
        while history.peek().is_some() {
            // Scorings of one and the same run of the trial, of which the last has what its agent did.
            let mut scorings = Vec::new();
            let mut taken_back = None;
            for past in history.by_ref() {
                scorings.push(Rescoring {
                    scores: past.summary.scores.clone(),
                    eval_trace: past.eval_trace,
                });
                if let Some(agent) = past.agent {
                    taken_back = Some((past.summary, agent));
                    break;
                }
            }
            let trial = match taken_back.clone() {
                Some((summary, agent)) => StoredTrial {
                    summary,
                    artifact: agent.artifact,
                    trace: agent.trace,
                    raw: agent.raw,
                    eval_trace: None,
                },
                None => last.clone(),
            };
            let is_last = taken_back.is_none();
            let newest = Rescoring {
                scores: last.summary.scores.clone(),
                eval_trace: last.eval_trace.clone(),
            };
            scorings.extend(is_last.then_some(newest));
            if self.store_scored(&trial, scorings).await? == Stored::Before {
                return Ok(Stored::Before);
            }
            if is_last {
                return Ok(Stored::Now);
            }
            self.into.take_back(self.as_run, &[trial.summary.key]).await?;
        }
        self.into.finish(self.as_run, &last).await
    }

    /// Stores a trial with the first of its scorings, then gives it the others.
    async fn store_scored(
        self,
        trial: &StoredTrial,
        scorings: Vec<Rescoring>,
    ) -> Result<Stored, StoreError> {
        let mut stored = Stored::Before;
        for (place, scoring) in scorings.into_iter().enumerate() {
            if place > 0 {
                self.into.rescore(self.as_run, &trial.summary.key, &scoring).await?;
                continue;
            }
            let mut first = trial.clone();
            first.summary.scores = scoring.scores;
            first.eval_trace = scoring.eval_trace;
            stored = self.into.finish(self.as_run, &first).await?;
            if stored == Stored::Before {
                break;
            }
        }
        Ok(stored)
    }
}
