//! Drives the trials of a suite: begins them, retries them, collects them.

use std::{collections::VecDeque, sync::Arc, time::Duration};

use probity_trace::TraceSnapshot;
use serde::Serialize;
use tokio::task::{JoinError, JoinSet};

use super::{
    progress::Progress,
    settings::Runner,
    summary::{SuiteRun, tally},
    trial::{self, Finished},
};
use crate::{
    report::TaskTally,
    stats::Tally,
    suite::{Suite, SuiteError},
    trials::{Outcome, Trial, trial_seed},
};

/// Why a suite was not run.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RunError {
    /// The suite cannot be run.
    #[error(transparent)]
    Suite(#[from] SuiteError),
}

/// A trial that waits for its turn.
#[derive(Debug, Clone, Copy)]
struct Planned {
    case: usize,
    index: u32,
    /// The attempts made before this one.
    attempts: u32,
}

/// An attempt that has ended.
struct Ended {
    planned: Planned,
    finished: Finished,
}

impl Runner {
    /// Runs every case of a suite as often as was said.
    ///
    /// Trials begin in the order of their index, so that a run that is cut short has tried every case about
    /// equally often. The result is in the order of cases and indices, whatever ends first.
    ///
    /// # Errors
    ///
    /// If the suite cannot be run. What goes wrong in a trial is the outcome of that trial.
    ///
    /// # Panics
    ///
    /// Outside of a tokio runtime.
    pub async fn run<I, E, A>(&self, suite: Suite<I, E, A>) -> Result<SuiteRun, RunError>
    where
        I: Send + Sync + 'static,
        E: Send + Sync + 'static,
        A: Serialize + Send + Sync + 'static,
    {
        suite.check()?;
        let mut drive = Drive::new(self, Arc::new(suite));
        drive.drive().await;
        Ok(drive.into_run())
    }
}

/// A run under way.
struct Drive<'a, I, E, A> {
    runner: &'a Runner,
    suite: Arc<Suite<I, E, A>>,
    /// The trial to begin next: by index, then by case.
    next: (u32, usize),
    /// Trials to begin again.
    again: VecDeque<Planned>,
    running: JoinSet<Ended>,
    finished: Vec<(usize, Finished)>,
    tally: Tally,
}

impl<'a, I, E, A> Drive<'a, I, E, A>
where
    I: Send + Sync + 'static,
    E: Send + Sync + 'static,
    A: Serialize + Send + Sync + 'static,
{
    fn new(runner: &'a Runner, suite: Arc<Suite<I, E, A>>) -> Self {
        Self {
            runner,
            suite,
            next: (0, 0),
            again: VecDeque::new(),
            running: JoinSet::new(),
            finished: Vec::new(),
            tally: Tally::default(),
        }
    }

    async fn drive(&mut self) {
        loop {
            self.begin();
            tokio::select! {
                biased;
                () = self.runner.cancel.cancelled() => {
                    self.running.shutdown().await;
                    return;
                }
                ended = self.running.join_next() => match ended {
                    Some(ended) => self.ended(ended),
                    None => return,
                },
            }
        }
    }

    /// Begins as many trials as may run at once.
    fn begin(&mut self) {
        while self.running.len() < self.runner.concurrency {
            let Some(planned) = self.again.pop_front().or_else(|| self.plan()) else {
                return;
            };
            self.spawn(planned);
        }
    }

    fn plan(&mut self) -> Option<Planned> {
        let (index, case) = self.next;
        if index >= self.runner.trials {
            return None;
        }
        self.next =
            if case + 1 < self.suite.cases().len() { (index, case + 1) } else { (index + 1, 0) };
        Some(Planned { case, index, attempts: 0 })
    }

    fn spawn(&mut self, planned: Planned) {
        let Some(case) = self.suite.cases().get(planned.case).map(Arc::clone) else {
            return;
        };
        let trial = self.trial(planned);
        let suite = Arc::clone(&self.suite);
        let (limit, wait) = (self.runner.limits.time, self.wait_before(planned));
        self.running.spawn(async move {
            if !wait.is_zero() {
                tokio::time::sleep(wait).await;
            }
            // A task of its own, so that a panic outside of the agent's code is an outcome as well.
            let run = tokio::spawn(trial::run(suite, case, trial.clone(), limit));
            let aborted = AbortOnDrop(run.abort_handle());
            let finished = run.await.unwrap_or_else(|error| lost(trial, &error));
            drop(aborted);
            Ended { planned, finished }
        });
    }

    fn trial(&self, planned: Planned) -> Trial {
        let id = self.suite.cases().get(planned.case).map_or("", |case| case.id.as_str());
        Trial::new(id.into(), planned.index, trial_seed(self.runner.seed, id, planned.index))
    }

    /// The wait doubles with each attempt; ten doublings are more than anyone waits for.
    fn wait_before(&self, planned: Planned) -> Duration {
        match planned.attempts {
            0 => Duration::ZERO,
            attempts => self.runner.retry_wait.saturating_mul(1 << (attempts - 1).min(10)),
        }
    }

    fn ended(&mut self, ended: Result<Ended, JoinError>) {
        let Ok(Ended { planned, mut finished }) = ended else {
            return;
        };
        let attempts = planned.attempts + 1;
        // Where the agent came to its end, running it again would not help its judge.
        let broke_off = finished.outcome.is_not_graded() && finished.artifact.is_none();
        if broke_off && attempts < self.runner.max_attempts {
            self.again.push_back(Planned { attempts, ..planned });
            return;
        }
        finished.attempts = attempts;
        self.tally = self.tally.plus(tally(&finished.outcome));
        if let Some(watch) = &self.runner.watch {
            watch.trial_ended(
                &finished,
                Progress { tally: self.tally, planned: self.planned(), ..Progress::default() },
            );
        }
        self.finished.push((planned.case, finished));
    }

    fn planned(&self) -> u64 {
        self.suite.cases().len() as u64 * u64::from(self.runner.trials)
    }

    fn into_run(mut self) -> SuiteRun {
        self.finished.sort_by_key(|(case, finished)| (*case, finished.trial.index()));
        let mut cases: Vec<_> = self
            .suite
            .cases()
            .iter()
            .map(|case| TaskTally::new(case.id.clone(), Tally::default()))
            .collect();
        for (case, finished) in &self.finished {
            if let Some(case) = cases.get_mut(*case) {
                case.trials = case.trials.plus(tally(&finished.outcome));
            }
        }
        SuiteRun {
            suite: self.suite.name().to_owned(),
            seed: self.runner.seed,
            trials: self.runner.trials,
            cancelled: self.planned().saturating_sub(self.finished.len() as u64),
            finished: self.finished.into_iter().map(|(_, finished)| finished).collect(),
            cases,
        }
    }
}

/// What is left of a trial whose task panicked outside of the agent's code.
fn lost(trial: Trial, error: &JoinError) -> Finished {
    let reason = format!("the trial's task ended before its time: {error}");
    Finished::new(trial, Outcome::NotGraded(reason), TraceSnapshot::default())
}

/// Aborts a task when whoever waits for it is gone.
struct AbortOnDrop(tokio::task::AbortHandle);

impl Drop for AbortOnDrop {
    fn drop(&mut self) {
        self.0.abort();
    }
}
