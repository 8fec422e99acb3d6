//! What has become of the trials of a run so far.

use std::{
    collections::HashSet,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use probity_eval::rate_limit::Waited;

use super::{progress::Progress, trial::Finished};
use crate::{
    gate::{StopDecision, StopRule, StopWatch},
    stats::Tally,
    store::{EndReason, OutcomeKind, Spending, StoreError},
};

/// What has become of the trials of a run so far: written by all workers.
#[derive(Debug)]
pub(super) struct Ledger {
    pages: Mutex<Pages>,
}

/// What a [`Ledger`] holds.
#[derive(Debug, Default)]
pub(super) struct Pages {
    /// What each case came to.
    pub(super) cases: Vec<Tally>,
    /// Finished trials by case, where no store keeps them.
    pub(super) finished: Vec<(usize, Finished)>,
    /// What the store could not do.
    pub(super) failure: Option<StoreError>,
    /// Trials that had ended and could not be kept.
    pub(super) lost: u64,
    /// Trials that are still to be scored anew.
    pub(super) to_rescore: u64,
    /// Tells when enough was seen; `None` where nothing ends the run before all trials have.
    pub(super) stopping: Option<StopWatch>,
    /// Trials that this process began and that have not finished.
    pub(super) open: HashSet<(usize, u32)>,
    tally: Tally,
    planned: u64,
    running: u64,
    spent: Spending,
    judging: Spending,
    retries: u64,
    waited: Duration,
    /// What agents and judges have cost, in US dollars, as far as it is known; of trials that are being stored, too.
    cost_usd: f64,
}

impl Ledger {
    /// Opens the ledger of a run of so many cases and trials, that ends once a rule is decided.
    pub(super) fn new(cases: usize, planned: u64, rule: Option<StopRule>) -> Self {
        let stopping = rule.map(|rule| rule.watch(cases));
        let cases = vec![Tally::default(); cases];
        let pages = Pages { cases, stopping, planned, ..Pages::default() };
        Self { pages: Mutex::new(pages) }
    }

    /// Returns what it holds. Nobody panics while holding it, so that it is never half written.
    pub(super) fn lock(&self) -> MutexGuard<'_, Pages> {
        self.pages.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Pages {
    /// Counts a finished trial.
    pub(super) fn count(
        &mut self,
        (case, index): (usize, u32),
        outcome: OutcomeKind,
        (spent, judging): (Spending, Spending),
    ) {
        if let Some(stopping) = &mut self.stopping {
            stopping.observe(case, index, outcome);
        }
        if let Some(tally) = self.cases.get_mut(case) {
            *tally = tally.plus(outcome.tally());
        }
        self.tally = self.tally.plus(outcome.tally());
        self.spent = self.spent.plus(spent);
        self.judging = self.judging.plus(judging);
    }

    /// Returns how the rule was decided that ends the run, once it is.
    pub(super) fn decided(&self) -> Option<String> {
        let stopping = self.stopping.as_ref()?;
        (stopping.decision() != StopDecision::Open).then(|| stopping.to_string())
    }

    /// Returns whether more trials of a case are of use.
    pub(super) fn needs(&self, case: usize) -> bool {
        self.stopping.as_ref().is_none_or(|stopping| stopping.needs(case))
    }

    /// Returns why a run of so many trials of each case ends, where no trial of use is left, and how its rule stands where
    /// cases have fewer since it is decided of them.
    pub(super) fn end(&self, trials: u32) -> (Option<EndReason>, Option<String>) {
        let has_all = |tally: &Tally| tally.trials() >= u64::from(trials);
        let short = self.cases.iter().zip(0..).filter(|(tally, _)| !has_all(tally));
        let short: Vec<usize> = short.map(|(_, case)| case).collect();
        let Some(stopping) = self.stopping.as_ref().filter(|_| !short.is_empty()) else {
            return (None, None);
        };
        let is_needed = |case: &&usize| stopping.needs(**case);
        let (needed, words) = (short.iter().filter(is_needed).count(), stopping.to_string());
        let reason = match stopping.decision() {
            StopDecision::Open => EndReason::Settled,
            StopDecision::Met | StopDecision::Missed => EndReason::Decided,
        };
        let reason = (needed == 0).then(|| reason(words.clone()));
        (reason, (needed < short.len()).then_some(words))
    }

    /// Counts a trial that begins.
    pub(super) fn begin(&mut self) {
        self.running += 1;
    }

    /// Counts a trial that is not under way any more.
    pub(super) fn leave(&mut self) {
        self.running = self.running.saturating_sub(1);
    }

    /// Counts another attempt after a wait.
    pub(super) fn retry(&mut self, wait: Duration) {
        self.retries += 1;
        self.waited += wait;
    }

    /// Returns how far the run has come.
    pub(super) fn progress(&self, waited: Waited) -> Progress {
        Progress {
            tally: self.tally,
            planned: self.planned,
            running: self.running,
            spent: self.spent,
            judging: self.judging,
            retries: self.retries,
            waited,
            waited_for_trials: self.waited,
        }
    }

    /// Counts what was spent, and returns what all have cost together, as far as it is known, in US dollars.
    pub(super) fn charge(&mut self, spent: impl IntoIterator<Item = Spending>) -> f64 {
        self.cost_usd += spent.into_iter().filter_map(|spent| spent.cost_usd).sum::<f64>();
        self.cost_usd
    }
}
