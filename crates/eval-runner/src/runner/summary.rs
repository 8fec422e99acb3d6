//! What a run of a suite came to.

use std::{mem, sync::Arc};

use super::{progress::Progress, shared::Shared, trial::Finished};
use crate::{
    facts::{RunFacts, TrialFacts},
    gate::StopWatch,
    report::{Besides, Report, ReportError, ReportSettings, TaskTally},
    stats::Tally,
    store::{EndReason, OutcomeKind, RunEnd, RunId, RunStore, StoreError},
};

/// What a run of a suite came to.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct SuiteRun {
    /// The run, where a store keeps it.
    pub run: Option<RunId>,
    /// The name of the suite.
    pub suite: String,
    /// The seed of the run.
    pub seed: u64,
    /// How often each case was to be run.
    pub trials: u32,
    /// The trials, by case in the order of the suite, then by index; empty where a store keeps them.
    pub finished: Vec<Finished>,
    /// What each case came to, in the order of the suite.
    pub cases: Vec<TaskTally>,
    /// How many trials were planned and did not end, since the run stopped.
    pub cancelled: u64,
    /// How many trials had ended before and were to be scored anew, and were not, since the run stopped.
    pub to_rescore: u64,
    /// Why the run ended.
    pub end: EndReason,
    /// How the rule stands that could end the run; `None` if there is none.
    pub stopping: Option<StopWatch>,
    /// How far the run came: what it used, how often it tried again, how long it waited.
    pub progress: Progress,
    ended: RunEnd,
    known: RunFacts,
    store: Option<Arc<dyn RunStore>>,
}

impl SuiteRun {
    /// Takes what a run came to out of what its workers shared.
    pub(super) fn of<I, E, A>(shared: &Shared<I, E, A>, trials: u32, ended: RunEnd) -> Self {
        let mut pages = shared.ledger.lock();
        let waited = shared.limiter.waited();
        let (progress, tallies) = (pages.progress(waited), mem::take(&mut pages.cases));
        let (stopping, to_rescore) = (pages.stopping.take(), pages.to_rescore);
        let mut finished = mem::take(&mut pages.finished);
        drop(pages);
        finished.sort_by_key(|(case, finished)| (*case, finished.trial.index()));
        let task = |(case, tally): (&Arc<crate::case::Case<I, E>>, Tally)| TaskTally {
            group: case.group.clone(),
            ..TaskTally::new(case.id.clone(), tally)
        };
        Self {
            run: shared.kept.as_ref().map(|kept| kept.run),
            suite: shared.suite.name().to_owned(),
            seed: shared.runner.seed,
            trials,
            finished: finished.into_iter().map(|(_, finished)| finished).collect(),
            cases: shared.cases.iter().zip(tallies).map(task).collect(),
            cancelled: progress
                .planned
                .saturating_sub(progress.tally.trials())
                .saturating_sub(to_rescore),
            to_rescore,
            end: ended.reason.clone(),
            stopping,
            progress,
            ended,
            known: shared.known.clone(),
            store: shared.kept.as_ref().map(|kept| Arc::clone(&kept.store)),
        }
    }

    /// Returns how many trials passed, failed and were not graded.
    pub fn tally(&self) -> Tally {
        self.cases.iter().fold(Tally::default(), |tally, case| tally.plus(case.trials))
    }

    /// Returns the report.
    ///
    /// # Errors
    ///
    /// If no trial has ended.
    pub fn report(&self) -> Result<Report, ReportError> {
        let (missing, to_rescore) =
            if self.end.decided().is_some() { (0, 0) } else { (self.cancelled, self.to_rescore) };
        let decided = self.end.decided().or(self.ended.settled.as_deref()).map(str::to_owned);
        let besides = Besides { missing, to_rescore, decided, ..Besides::default() };
        Report::with_besides(
            self.suite.clone(),
            self.cases.clone(),
            ReportSettings::default(),
            besides,
        )
    }

    /// Returns what the run came to, trial by trial: from its store, or from memory.
    ///
    /// # Errors
    ///
    /// If the store cannot be read.
    pub async fn facts(&self) -> Result<RunFacts, StoreError> {
        if let (Some(store), Some(run)) = (&self.store, self.run) {
            return RunFacts::read(&**store, run).await;
        }
        let mut trials = self.finished.iter().peekable();
        let mut facts = self.known.clone();
        for case in &mut facts.cases {
            while let Some(trial) = trials.next_if(|trial| trial.trial.case() == case.id) {
                case.add(&TrialFacts::from(trial));
            }
        }
        Ok(RunFacts { end: Some(self.ended.clone()), ..facts })
    }
}

impl From<&Finished> for TrialFacts {
    fn from(trial: &Finished) -> Self {
        Self {
            attempts: trial.attempts,
            duration: trial.duration,
            spent: trial.spent,
            judging: trial.judging,
            ..Self::new(trial.trial.index(), OutcomeKind::of(&trial.outcome))
        }
    }
}
