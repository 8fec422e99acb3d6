//! Drives a run: opens it, has workers run its trials, and brings it to an end.

use std::{
    sync::{Arc, atomic::AtomicBool},
    time::Duration,
};

use probity_eval::RateLimiter;
use probity_trace::TraceSnapshot;
use serde::{Serialize, de::DeserializeOwned};
use tokio::{
    runtime::Handle,
    sync::{Mutex, mpsc},
    task::JoinSet,
};

use super::{
    agenda::{Agenda, Planned},
    claim::Claim,
    error::RunError,
    feed::{take, together},
    journal::Journal,
    keepers::Keepers,
    opening::{Opened, What},
    progress::{Notice, Start},
    settings::Runner,
    shared::Shared,
    stop::Stop,
    summary::SuiteRun,
    suspects::Suspect,
    trial::Finished,
};
use crate::{
    facts::{CaseFacts, RunFacts},
    store::{EndReason, RunEnd},
    suite::Suite,
    trials::{Outcome, Trial, trial_seed},
};

impl Runner {
    /// Runs every case of a suite as often as was said.
    ///
    /// Trials begin in the order of their index, so that a run that is cut short has tried every case about
    /// equally often. The result is in the order of cases and indices, whatever ends first.
    ///
    /// With a [store](Self::store) a trial counts as finished once it is committed, and its attempts are counted before
    /// it begins. A trial that ended the process is known for it when the run goes on: trials that were under way
    /// when a process aborted are run alone, after all others, and one that then ends the process again is not graded
    /// and not tried again. Those that three processes began that were killed from outside are run half as many at
    /// once, then a quarter, and so on.
    ///
    /// # Errors
    ///
    /// If the suite cannot be run, if the run that is to go on ran something else, or if the store fails. What goes
    /// wrong in a trial is the outcome of that trial.
    ///
    /// # Panics
    ///
    /// Outside of a tokio runtime.
    pub async fn run<I, E, A>(&self, suite: Suite<I, E, A>) -> Result<SuiteRun, RunError>
    where
        I: Serialize + Send + Sync + 'static,
        E: Serialize + Send + Sync + 'static,
        A: Serialize + DeserializeOwned + Send + Sync + 'static,
    {
        let (chosen, prints, cases) = self.what(&suite)?;
        let known = RunFacts {
            name: self.name.clone(),
            labels: self.labels.clone(),
            agent: Some(prints.agent.clone()),
            agent_version: Some(suite.agent_version().to_owned()),
            evals: Some(prints.evals.clone()),
            seed: self.seed,
            shard: self.shard,
            ..RunFacts::new(
                suite.name(),
                self.trials,
                cases.iter().cloned().map(CaseFacts::from).collect(),
            )
        };
        let (suite_name, agent_version) = (suite.name(), suite.agent_version());
        let what = What { suite: suite_name, agent_version, prints: &prints, cases };
        let opened = Opened::open(self, what).await?;
        Drive::new(self, (suite, known), &chosen, opened).run().await
    }
}

/// A run under way.
struct Drive<I, E, A> {
    shared: Arc<Shared<I, E, A>>,
    start: Start,
    agenda: Agenda,
    claim: Option<Claim>,
    journal: Option<Journal>,
    suspects: Vec<Suspect>,
    blamed: Vec<Planned>,
    rescored: Vec<(usize, u32)>,
    trials: u32,
    keepers: Keepers,
    /// The tasks that were alive before any trial began.
    tasks: usize,
}

impl<I, E, A> Drive<I, E, A>
where
    I: Send + Sync + 'static,
    E: Send + Sync + 'static,
    A: Serialize + DeserializeOwned + Send + Sync + 'static,
{
    fn new(
        runner: &Runner,
        (suite, known): (Suite<I, E, A>, RunFacts),
        chosen: &[usize],
        opened: Opened,
    ) -> Self {
        let cases = chosen.iter().filter_map(|place| suite.cases().get(*place).map(Arc::clone));
        let cases: Vec<_> = cases.collect();
        let part = opened.agenda.part();
        let (planned, trials) = (part.planned(), part.trials);
        let start = Start {
            run: opened.kept.as_ref().map(|kept| kept.run),
            suite: suite.name().to_owned(),
            cases: cases.len() as u64,
            planned,
            before: opened.before,
            rescored: opened.rescored.len() as u64,
            anew: opened.anew,
        };
        let shared = Shared {
            stop: Stop::new(&runner.drain, &runner.cancel),
            limiter: RateLimiter::new(runner.rate_limits.clone()),
            run: start.run.map_or_else(String::new, |run| run.to_string()),
            told_unpriced: AtomicBool::new(false),
            runner: runner.clone(),
            kept: opened.kept,
            ledger: opened.ledger,
            suite,
            cases,
            known,
        };
        Self {
            shared: Arc::new(shared),
            start,
            agenda: opened.agenda,
            claim: opened.claim,
            journal: opened.journal,
            suspects: opened.suspects,
            blamed: opened.blamed,
            rescored: opened.rescored,
            trials,
            keepers: Keepers::default(),
            tasks: Handle::current().metrics().num_alive_tasks(),
        }
    }

    async fn run(mut self) -> Result<SuiteRun, RunError> {
        self.shared.tell(|watch| watch.run_began(&self.start));
        let shared = Arc::clone(&self.shared);
        let (cost, decided) = {
            let mut pages = shared.ledger.lock();
            (pages.charge([]), pages.decided())
        };
        shared.check_cost(cost);
        shared.check_decided(decided);
        let limit = async {
            match shared.runner.total_time {
                Some(limit) => tokio::time::sleep(limit).await,
                None => std::future::pending().await,
            }
        };
        let stopped = tokio::select! {
            biased;
            () = shared.stop.cancelled() => None,
            () = self.trials() => None,
            () = limit => shared.runner.total_time,
        };
        if let Some(limit) = stopped {
            let reason = format!("it has taken {limit:?}, as long as it may");
            shared.notice(&Notice::Stopping { reason: reason.clone() });
            shared.stop.cancel(EndReason::Stopped(reason));
        }
        self.end().await
    }

    /// Runs all trials. Where this is dropped, those under way are.
    async fn trials(&mut self) {
        let rescored = std::mem::take(&mut self.rescored);
        self.shared.rescore(rescored).await;
        for planned in std::mem::take(&mut self.blamed) {
            self.shared.keep(planned, self.blame(planned)).await;
        }
        self.together().await;
        let suspects = std::mem::take(&mut self.suspects);
        self.shared.run_suspects(suspects, self.journal.as_mut()).await;
    }

    /// Runs trials together.
    async fn together(&mut self) {
        let concurrency = self.shared.runner.concurrency;
        let (sender, receiver) = mpsc::channel(together(concurrency));
        let queue = Arc::new(Mutex::new(receiver));
        let empty = Agenda::new(self.agenda.part().clone().without_trials());
        let agenda = std::mem::replace(&mut self.agenda, empty);
        let planned = usize::try_from(self.start.planned).unwrap_or(usize::MAX);
        let mut workers = JoinSet::new();
        workers.spawn(Arc::clone(&self.shared).feed(agenda, sender));
        self.keepers = Keepers::start(&self.shared);
        for worker in 0..concurrency.min(planned) {
            let (shared, queue) = (Arc::clone(&self.shared), Arc::clone(&queue));
            let Some(keeper) = self.keepers.of(worker) else { break };
            workers.spawn(async move {
                while let Some(planned) = take(&queue).await {
                    // What was handed out before the run stopped is not begun.
                    if shared.stop.is_draining() {
                        return;
                    }
                    shared.run(planned, &keeper).await;
                }
            });
        }
        while workers.join_next().await.is_some() {}
        self.keepers.stored().await;
    }

    /// What is left of a trial that has ended the process.
    fn blame(&self, planned: Planned) -> Finished {
        let key = self.shared.key((planned.case, planned.index));
        let seed = trial_seed(self.shared.runner.seed, &key.case, key.index);
        let trial = Trial::new(key.case.as_str().into(), key.index, seed);
        let begun = planned.begun_before;
        let reason = format!("the process ended while it ran, alone at last ({begun} times begun)");
        let outcome = Outcome::NotGraded(reason);
        Finished { attempts: begun, ..Finished::new(trial, outcome, TraceSnapshot::default()) }
    }

    /// Counts the tasks that agents spawned and that have not ended.
    async fn left_tasks(&self) -> usize {
        let left = || Handle::current().metrics().num_alive_tasks().saturating_sub(self.tasks);
        // A task that has ended is counted for a moment longer.
        for _ in 0..20 {
            if left() == 0 {
                return 0;
            }
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        left()
    }

    /// Brings the run to its end.
    async fn end(mut self) -> Result<SuiteRun, RunError> {
        self.keepers.stored().await;
        let shared = &self.shared;
        let left = self.left_tasks().await;
        if left > 0 {
            shared.notice(&Notice::LeftTasks { tasks: left as u64 });
        }
        let open: Vec<_> = shared.ledger.lock().open.drain().collect();
        let missing = {
            let progress = shared.progress();
            progress.planned.saturating_sub(progress.tally.trials())
        };
        let (reason, settled) = match missing {
            0 => (Some(EndReason::Complete), None),
            _ => shared.ledger.lock().end(self.trials),
        };
        let end = RunEnd::now(reason.unwrap_or_else(|| shared.stop.reason()));
        let end = end.with_settled(settled);
        let failure = shared.ledger.lock().failure.take();
        if let Some(kept) = &shared.kept {
            let keys: Vec<_> = open.into_iter().map(|open| shared.key(open)).collect();
            let ended = async {
                if !keys.is_empty() {
                    kept.store.withdraw_attempts(kept.run, &keys).await?;
                }
                kept.store.end_run(kept.run, &end).await
            };
            let ended = ended.await;
            if let Some(journal) = self.journal {
                journal.close();
            }
            if let Some(claim) = self.claim {
                claim.release().await;
            }
            if let Some(error) = failure.or(ended.err()) {
                let lost = shared.ledger.lock().lost;
                return Err(RunError::StoreFailed { run: kept.run, error, lost });
            }
        }
        Ok(SuiteRun::of(shared, self.trials, end))
    }
}
