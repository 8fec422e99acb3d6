//! Why trials did not pass, case by case, as far as a report shows it.

use std::collections::HashMap;

use crate::{
    reason::reason,
    store::{OutcomeKind, Page, RunId, RunStore, StoreError, TrialKey, TrialQuery, TrialSummary},
    suite::Fingerprint,
};

/// So many trials are read together.
const PAGE: u32 = 1_024;

/// Why trials did not pass: the first few of each case.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reasons {
    cases: HashMap<String, Vec<Reason>>,
}

/// Why one trial did not pass.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Reason {
    /// The index among the trials of the case, from 0.
    pub index: u32,
    /// Whether it failed or was not graded.
    pub outcome: OutcomeKind,
    /// Why, in a line.
    pub text: String,
}

impl Reason {
    /// Says why a trial did not pass.
    pub fn new(index: u32, outcome: OutcomeKind, text: impl Into<String>) -> Self {
        Self { index, outcome, text: text.into() }
    }
}

impl Reasons {
    /// Knows of no trial.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Reads why trials of a run failed or were not graded: of each case at most `most` that failed, and as many
    /// that were not graded. What other evals than those of the run said of a trial is left out.
    ///
    /// # Errors
    ///
    /// If there is no such run, or it cannot be read.
    pub async fn read(store: &dyn RunStore, run: RunId, most: usize) -> Result<Self, StoreError> {
        let mut reasons = Self::default();
        let evals = store.run(run).await?.evals;
        for outcome in [OutcomeKind::Failed, OutcomeKind::NotGraded] {
            reasons.read_outcome((store, run, &evals), outcome, most).await?;
        }
        for case in reasons.cases.values_mut() {
            case.sort_by_key(|reason| reason.index);
        }
        Ok(reasons)
    }

    /// Adds why a trial of a case did not pass.
    pub fn add(&mut self, case: impl Into<String>, reason: Reason) {
        self.cases.entry(case.into()).or_default().push(reason);
    }

    /// Returns what is known of a case, by index.
    pub fn of(&self, case: &str) -> &[Reason] {
        self.cases.get(case).map_or(&[], Vec::as_slice)
    }

    async fn read_outcome(
        &mut self,
        (store, run, evals): (&dyn RunStore, RunId, &Fingerprint),
        outcome: OutcomeKind,
        most: usize,
    ) -> Result<(), StoreError> {
        let mut page = Page::first(PAGE);
        // How many were taken of the case that was seen last.
        let mut taken = (String::new(), 0);
        loop {
            let trials = store.trials(run, &TrialQuery::new(page.clone()).outcome(outcome)).await?;
            for trial in &trials {
                if taken.0 != trial.key.case {
                    taken = (trial.key.case.clone(), 0);
                }
                if taken.1 < most && trial.scores.evals == *evals {
                    self.take(trial, outcome);
                    taken.1 += 1;
                }
            }
            let Some(last) = trials.last() else { return Ok(()) };
            // The rest of a case of which enough is known is not read.
            let rest = if taken.1 < most { last.key.index } else { u32::MAX };
            page = page.after(TrialKey::new(last.key.case.clone(), rest));
        }
    }

    fn take(&mut self, trial: &TrialSummary, outcome: OutcomeKind) {
        let scores = &trial.scores;
        let text = reason(&scores.outcome, &scores.judgments).unwrap_or_default();
        self.add(trial.key.case.clone(), Reason::new(trial.key.index, outcome, text));
    }
}
