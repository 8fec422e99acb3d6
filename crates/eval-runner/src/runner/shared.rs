//! What all workers of a run share.

use std::{
    any::Any,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use futures::FutureExt as _;
use probity_eval::RateLimiter;
use probity_trace::{Panicked, TraceSnapshot};
use serde::Serialize;
use tokio::sync::mpsc::Sender;

use super::{
    agenda::Planned,
    keep::Kept,
    keepers::Ended,
    ledger::Ledger,
    progress::{Notice, Progress, Watch},
    settings::Runner,
    stop::Stop,
    trial::{Finished, Setting, attempt},
};
use crate::{
    case::Case,
    facts::RunFacts,
    store::{EndReason, OutcomeKind, Spending, StoreError, TrialKey},
    suite::Suite,
    trials::{Outcome, Trial, trial_seed},
};

/// An agent that holds its thread for longer keeps others from running, and a user is told.
const LONG: Duration = Duration::from_secs(1);

/// What all workers of a run share.
pub(super) struct Shared<I, E, A> {
    pub(super) runner: Runner,
    pub(super) suite: Suite<I, E, A>,
    /// The cases that are run.
    pub(super) cases: Vec<Arc<Case<I, E>>>,
    /// What is known of the run before any trial.
    pub(super) known: RunFacts,
    pub(super) kept: Option<Kept>,
    pub(super) ledger: Ledger,
    pub(super) stop: Stop,
    /// What all model calls of the run ask.
    pub(super) limiter: RateLimiter,
    /// The run, for the spans of trials.
    pub(super) run: String,
    /// Whether it was told that limits of cost cannot count all calls.
    pub(super) told_unpriced: AtomicBool,
}

impl<I, E, A> Shared<I, E, A> {
    /// Tells of something that happened.
    pub(super) fn notice(&self, notice: &Notice) {
        self.tell(|watch| watch.noticed(notice));
    }

    /// Tells the watch. One that panics is no reason to lose a run: the program's hook has told of the panic.
    pub(super) fn tell(&self, tell: impl FnOnce(&dyn Watch)) {
        if let Some(watch) = self.runner.watch.as_deref() {
            _ = catch_unwind(AssertUnwindSafe(|| tell(watch)));
        }
    }

    /// Returns how far the run has come.
    pub(super) fn progress(&self) -> Progress {
        self.ledger.lock().progress(self.limiter.waited())
    }

    /// Ends the run, since the store failed.
    pub(super) fn fail(&self, error: StoreError) {
        self.ledger.lock().failure.get_or_insert(error);
        self.stop.cancel(EndReason::Stopped("the store failed".to_owned()));
    }

    /// Returns the key under which a trial is stored.
    pub(super) fn key(&self, (case, index): (usize, u32)) -> TrialKey {
        TrialKey::new(self.cases.get(case).map_or("", |case| &case.id), index)
    }

    fn trial(&self, planned: Planned) -> Trial {
        let id = self.cases.get(planned.case).map_or("", |case| &case.id);
        Trial::new(id.into(), planned.index, trial_seed(self.runner.seed, id, planned.index))
    }

    /// The wait doubles with each attempt; ten doublings are more than anyone waits for.
    fn wait_after(&self, attempts: u32) -> Duration {
        self.runner.retry_wait.saturating_mul(1 << attempts.saturating_sub(1).min(10))
    }
}

impl<I, E, A> Shared<I, E, A>
where
    I: Send + Sync + 'static,
    E: Send + Sync + 'static,
    A: Serialize + Send + Sync + 'static,
{
    /// Runs a trial, and has it stored while the caller goes on.
    pub(super) async fn run(&self, planned: Planned, keeper: &Sender<Ended>) {
        // The place is taken first, so that a trial that has ended is handed over at once.
        let Ok(place) = keeper.reserve().await else { return };
        if let Some(finished) = self.tried(planned).await {
            place.send((planned, finished));
        }
    }

    /// Runs a trial, and waits until it is stored.
    pub(super) async fn run_and_keep(&self, planned: Planned) {
        if let Some(finished) = self.tried(planned).await {
            self.keep(planned, finished).await;
        }
    }

    /// Tries a trial as often as its infrastructure fails and it may be; `None` where the run stops meanwhile.
    async fn tried(&self, planned: Planned) -> Option<Finished> {
        self.ledger.lock().begin();
        let tried = self.attempts(planned).await;
        self.ledger.lock().leave();
        tried
    }

    async fn attempts(&self, planned: Planned) -> Option<Finished> {
        let mut attempts = 1;
        let mut spent_before = Spending::default();
        loop {
            let mut finished = self.attempt(planned).await?;
            self.charge(&finished.trial, [finished.spent, finished.judging]);
            finished.attempts = planned.begun_before + attempts;
            // Where the agent came to its end, running it again would not help its judge.
            let broke_off = finished.outcome.is_not_graded() && finished.artifact.is_none();
            if !broke_off || attempts >= self.runner.max_attempts {
                finished.spent = spent_before.plus(finished.spent);
                return Some(finished);
            }
            spent_before = spent_before.plus(finished.spent);
            self.keep_attempt(&mut finished).await?;
            self.wait(attempts, &finished).await?;
            attempts += 1;
        }
    }

    /// Keeps an attempt that failed, with what explains it; `None` where the store fails.
    async fn keep_attempt(&self, attempt: &mut Finished) -> Option<()> {
        let Some(kept) = &self.kept else { return Some(()) };
        let keeping = AssertUnwindSafe(kept.keep_attempt(attempt)).catch_unwind().await;
        match keeping.unwrap_or_else(|panic| Err(panicked(kept, panic))) {
            Ok(()) => Some(()),
            Err(error) => {
                self.fail(error);
                None
            }
        }
    }

    /// Counts what an attempt has cost, or scoring anew: not only once its trial is stored, since until then others would
    /// begin.
    pub(super) fn charge<const N: usize>(&self, trial: &Trial, spent: [Spending; N]) {
        let cost = self.ledger.lock().charge(spent);
        self.check_cost(cost);
        let unpriced = spent.iter().any(|spent| spent.unpriced_calls > 0);
        let limits_cost =
            self.runner.total_cost_usd.is_some() || self.runner.limits.cost_usd.is_some();
        if unpriced && limits_cost && !self.told_unpriced.swap(true, Ordering::Relaxed) {
            self.notice(&Notice::Unpriced { trial: trial.clone() });
        }
    }

    async fn attempt(&self, planned: Planned) -> Option<Finished> {
        let case = Arc::clone(self.cases.get(planned.case)?);
        let trial = self.trial(planned);
        let limiter = self.limiter.part();
        let setting = Setting {
            suite: &self.suite,
            limits: self.runner.limits,
            raw: self.runner.captures_raw,
            limiter: &limiter,
            prices: &self.runner.prices,
            run: &self.run,
        };
        let attempt = limiter.scope(attempt(setting, case, trial.clone()));
        let attempt = AssertUnwindSafe(attempt).catch_unwind();
        let finished = attempt.await.unwrap_or_else(|panic| outside(trial, &Panicked::from(panic)));
        if finished.held >= LONG {
            let (trial, held) = (finished.trial.clone(), finished.held);
            self.notice(&Notice::Blocked { trial, held });
        }
        Some(finished)
    }

    /// Waits before another attempt; `None` where the run stops meanwhile.
    async fn wait(&self, attempts: u32, failed: &Finished) -> Option<()> {
        let wait = self.wait_after(attempts);
        self.ledger.lock().retry(wait);
        let Outcome::NotGraded(reason) = &failed.outcome else { return Some(()) };
        let (trial, reason) = (failed.trial.clone(), reason.clone());
        self.notice(&Notice::Retry { trial, attempts, wait, reason });
        tokio::select! {
            () = tokio::time::sleep(wait) => Some(()),
            () = self.stop.draining() => None,
        }
    }

    /// Stores a trial, then counts it as finished.
    pub(super) async fn keep(&self, planned: Planned, mut finished: Finished) {
        let Some(kept) = &self.kept else {
            self.finished(planned.case, finished);
            return;
        };
        let keeping = AssertUnwindSafe(kept.keep(&mut finished)).catch_unwind();
        let keeping = keeping.await.unwrap_or_else(|panic| Err(panicked(kept, panic)));
        match keeping {
            Ok(is_new) => {
                self.ledger.lock().open.remove(&(planned.case, planned.index));
                // Another process may have run it at the same time; then what that one stored counts.
                if is_new {
                    self.finished(planned.case, finished);
                }
            }
            Err(error) => {
                self.ledger.lock().lost += 1;
                self.fail(error);
            }
        }
    }

    /// Counts a finished trial, and tells of it.
    fn finished(&self, case: usize, finished: Finished) {
        let mut pages = self.ledger.lock();
        let outcome = OutcomeKind::of(&finished.outcome);
        let trial = (case, finished.trial.index());
        pages.count(trial, outcome, (finished.spent, finished.judging));
        let progress = pages.progress(self.limiter.waited());
        let decided = pages.decided();
        drop(pages);
        self.check_decided(decided);
        self.tell(|watch| watch.trial_ended(&finished, progress));
        if self.kept.is_none() {
            self.ledger.lock().finished.push((case, finished));
        }
    }

    /// Lets no trial begin any more once the rule is decided that ends the run.
    pub(super) fn check_decided(&self, decided: Option<String>) {
        if let Some(how) = decided {
            self.begin_no_more(how, EndReason::Decided);
        }
    }

    /// Lets no trial begin any more once the run has cost what it may.
    pub(super) fn check_cost(&self, cost: f64) {
        if let Some(limit) = self.runner.total_cost_usd.filter(|limit| cost >= *limit) {
            let reason = format!("it has cost {cost:.2} US dollars, of {limit:.2} that it may");
            self.begin_no_more(reason, EndReason::Stopped);
        }
    }

    /// Lets no trial begin any more, and tells why; those under way finish. Whatever does it first is the reason.
    fn begin_no_more(&self, reason: String, end: fn(String) -> EndReason) {
        if !self.stop.is_draining() {
            self.notice(&Notice::Stopping { reason: reason.clone() });
            self.stop.drain(end(reason));
        }
    }
}

/// What is wrong with a store that panicked.
fn panicked(kept: &Kept, panic: Box<dyn Any + Send>) -> StoreError {
    let reason = format!("it panicked: {}", Panicked::from(panic).message());
    StoreError::Failed { place: kept.store.place().to_owned(), reason }
}

/// What is left of a trial that panicked outside of the agent's code.
fn outside(trial: Trial, panic: &Panicked) -> Finished {
    let reason = format!("a panic outside of the agent's code: {}", panic.message());
    Finished::new(trial, Outcome::NotGraded(reason), TraceSnapshot::default())
}
