//! Runs all trials of a plan on one task, so many at a time.

use std::{
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use futures::stream::{FuturesUnordered, StreamExt as _};

use super::{
    agent::Agent,
    current::Trial,
    one_trial::OneTrial,
    record::TrialRecord,
    seed::trial_seed,
    settings::{Settings, SettingsError},
};

/// A case that is to be run.
pub(super) struct Planned<C> {
    pub(super) id: Arc<str>,
    pub(super) case: C,
}

/// Runs every planned case so many times and resolves to the records, sorted by case and trial.
///
/// Trials start in that order too, each as soon as another has ended.
pub(super) struct Drive<A: Agent> {
    agent: Arc<A>,
    plan: Vec<Planned<A::Case>>,
    trials: u32,
    settings: Settings,
    /// The next trial to start.
    next: (usize, u32),
    running: FuturesUnordered<Numbered<OneTrial<A>>>,
    ended: Vec<((usize, u32), TrialRecord)>,
}

impl<A: Agent> Drive<A> {
    pub(super) fn new(
        agent: A,
        plan: Vec<Planned<A::Case>>,
        trials: u32,
        settings: Settings,
    ) -> Self {
        Self {
            agent: Arc::new(agent),
            plan,
            trials,
            settings,
            next: (0, 0),
            running: FuturesUnordered::new(),
            ended: Vec::new(),
        }
    }

    /// Makes the next trial, if there is one left.
    fn start_next(&mut self) -> Option<Numbered<OneTrial<A>>> {
        if self.next.1 >= self.trials {
            self.next = (self.next.0 + 1, 0);
        }
        let (case, index) = self.next;
        let planned = self.plan.get(case).filter(|_| index < self.trials)?;
        let seed = trial_seed(self.settings.seed, &planned.id, index);
        let trial = Trial::new(Arc::clone(&planned.id), index, seed);
        self.next.1 += 1;
        Some(Numbered {
            number: (case, index),
            future: OneTrial::new(
                Arc::clone(&self.agent),
                planned.case,
                trial,
                self.settings.timeout,
            ),
        })
    }

    fn sorted(&mut self) -> Vec<TrialRecord> {
        let mut ended = std::mem::take(&mut self.ended);
        ended.sort_by_key(|(number, _)| *number);
        ended.into_iter().map(|(_, record)| record).collect()
    }
}

impl<A: Agent> Unpin for Drive<A> {}

impl<A: Agent> Future for Drive<A> {
    type Output = Result<Vec<TrialRecord>, SettingsError>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        if self.next == (0, 0) {
            self.settings.check()?;
        }
        loop {
            while self.running.len() < self.settings.concurrency {
                let Some(trial) = self.start_next() else {
                    break;
                };
                self.running.push(trial);
            }
            match self.running.poll_next_unpin(context) {
                Poll::Ready(Some(ended)) => self.ended.push(ended),
                Poll::Ready(None) => return Poll::Ready(Ok(self.sorted())),
                Poll::Pending => return Poll::Pending,
            }
        }
    }
}

pin_project_lite::pin_project! {
    /// A future that resolves to its number too.
    struct Numbered<F> {
        number: (usize, u32),
        #[pin]
        future: F,
    }
}

impl<F: Future> Future for Numbered<F> {
    type Output = ((usize, u32), F::Output);

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        this.future.poll(context).map(|output| (*this.number, output))
    }
}
