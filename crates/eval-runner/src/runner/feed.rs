//! Hands trials to workers, counting their attempts in the store before they begin.

use std::sync::Arc;

use tokio::sync::{Mutex, mpsc};

use super::{
    agenda::{Agenda, Planned},
    shared::Shared,
};
use crate::store::TrialKey;

/// The trials that workers take next.
pub(super) type Queue = Arc<Mutex<mpsc::Receiver<Planned>>>;

/// How many attempts are counted together: few, since each is held against its trial if the process is killed.
pub(super) fn together(concurrency: usize) -> usize {
    concurrency.clamp(16, 1_024)
}

/// How many attempts are counted together at first: few, so that trials begin at once.
const FIRST: usize = 64;

/// Takes the next trial from a queue; `None` if there is no other.
pub(super) async fn take(queue: &Queue) -> Option<Planned> {
    queue.lock().await.recv().await
}

impl<I, E, A> Shared<I, E, A>
where
    I: Send + Sync + 'static,
    E: Send + Sync + 'static,
    A: Send + Sync + 'static,
{
    /// Hands out the trials of an agenda until there is none left or the run stops.
    pub(super) async fn feed(self: Arc<Self>, mut agenda: Agenda, queue: mpsc::Sender<Planned>) {
        let most = together(self.runner.concurrency);
        let mut together = FIRST.min(most);
        loop {
            let useful = agenda.by_ref().filter(|planned| self.needs(planned.case));
            let planned: Vec<Planned> = useful.take(together).collect();
            if planned.is_empty() || self.stop.is_draining() {
                return;
            }
            together = together.saturating_mul(2).min(most);
            for planned in self.counted(planned).await {
                tokio::select! {
                    biased;
                    () = self.stop.draining() => return,
                    sent = queue.send(planned) => if sent.is_err() { return },
                }
            }
        }
    }

    /// Returns whether more trials of a case are of use.
    pub(super) fn needs(&self, case: usize) -> bool {
        self.runner.stop_rule.is_none() || self.ledger.lock().needs(case)
    }

    /// Counts an attempt of each of these trials, and returns those that have not finished meanwhile.
    pub(super) async fn counted(&self, planned: Vec<Planned>) -> Vec<Planned> {
        let Some(kept) = &self.kept else { return planned };
        let keys: Vec<TrialKey> =
            planned.iter().map(|planned| self.key((planned.case, planned.index))).collect();
        match kept.store.begin_attempts(kept.run, &keys).await {
            Ok(finished) => {
                let fresh = planned.into_iter().zip(keys);
                let fresh = fresh.filter(|(_, key)| !finished.contains(key));
                let fresh: Vec<Planned> = fresh.map(|(planned, _)| planned).collect();
                let open = fresh.iter().map(|planned| (planned.case, planned.index));
                self.ledger.lock().open.extend(open);
                fresh
            }
            Err(error) => {
                self.fail(error);
                Vec::new()
            }
        }
    }
}
