//! Reads what a run came to from a store.

use std::collections::HashMap;

use super::{case::CaseFacts, run::RunFacts, trial::TrialFacts};
use crate::store::{ManifestCase, Page, RunId, RunStore, StoreError, TrialQuery};

/// So many trials are read together.
const PAGE: u32 = 4_096;

impl RunFacts {
    /// Reads what a run came to, page by page.
    ///
    /// Trials that carry scores of other evals than those of the run are counted, and are in no other number: two evals
    /// make no rate.
    ///
    /// # Errors
    ///
    /// If there is no such run, or it cannot be read.
    pub async fn read(store: &dyn RunStore, run: RunId) -> Result<Self, StoreError> {
        let manifest = store.manifest(run).await?;
        let summary = store.run(run).await?;
        let mut facts = Self {
            run: Some(run),
            name: manifest.name,
            labels: manifest.labels,
            agent: Some(manifest.agent),
            agent_version: manifest.agent_version,
            evals: Some(manifest.evals),
            seed: manifest.seed,
            shard: manifest.shard,
            created_at: Some(manifest.created_at),
            end: summary.end,
            ..Self::new(manifest.suite, summary.trials, Vec::new())
        };
        facts.cases = manifest.cases.into_iter().map(CaseFacts::from).collect();
        facts.read_trials(store, run).await?;
        Ok(facts)
    }

    async fn read_trials(&mut self, store: &dyn RunStore, run: RunId) -> Result<(), StoreError> {
        let places = self.cases.iter().zip(0..).map(|(case, place)| (case.id.clone(), place));
        let places: HashMap<String, usize> = places.collect();
        let mut page = Page::first(PAGE);
        loop {
            let trials = store.trials(run, &TrialQuery::new(page.clone())).await?;
            for trial in &trials {
                if self.evals.as_ref().is_some_and(|evals| *evals != trial.scores.evals) {
                    self.scored_by_others += 1;
                    continue;
                }
                let case = places.get(&trial.key.case).and_then(|place| self.cases.get_mut(*place));
                if let Some(case) = case {
                    case.add(&TrialFacts::from(trial));
                }
            }
            let Some(last) = trials.last() else { return Ok(()) };
            page = page.after(last.key.clone());
        }
    }
}

impl From<ManifestCase> for CaseFacts {
    /// Makes the facts of a case of which no trial has finished.
    fn from(case: ManifestCase) -> Self {
        let mut facts = Self::new(case.id);
        facts.fingerprint = Some(case.fingerprint);
        (facts.group, facts.tags) = (case.group, case.tags);
        facts
    }
}
