//! Runs the trials that may have ended a process: after all others, fewer at once.

use std::{collections::VecDeque, sync::Arc};

use serde::Serialize;
use tokio::{sync::Mutex, task::JoinSet};

use super::{agenda::Planned, journal::Journal, progress::Notice, shared::Shared};

/// A trial that may have ended a process.
#[derive(Debug, Clone, Copy)]
pub(super) struct Suspect {
    pub(super) planned: Planned,
    /// How many may run at once where it is one of them.
    pub(super) at_once: usize,
}

impl<I, E, A> Shared<I, E, A>
where
    I: Send + Sync + 'static,
    E: Send + Sync + 'static,
    A: Serialize + Send + Sync + 'static,
{
    /// Runs suspects in their order, as many at once as may be.
    pub(super) async fn run_suspects(
        self: &Arc<Self>,
        suspects: Vec<Suspect>,
        mut journal: Option<&mut Journal>,
    ) {
        if suspects.is_empty() || self.stop.is_draining() {
            return;
        }
        self.notice(&Notice::Suspects { trials: suspects.len() as u64 });
        for group in suspects.chunk_by(|one, next| one.at_once == next.at_once) {
            let at_once = group.first().map_or(1, |suspect| suspect.at_once);
            let planned = group.iter().map(|suspect| suspect.planned);
            if at_once > 1 {
                self.few(planned.collect(), at_once).await;
                continue;
            }
            for planned in planned {
                self.alone(planned, journal.as_deref_mut()).await;
            }
        }
    }

    async fn few(self: &Arc<Self>, planned: VecDeque<Planned>, at_once: usize) {
        let queue = Arc::new(Mutex::new(planned));
        let mut workers = JoinSet::new();
        for _ in 0..at_once {
            let (shared, queue) = (Arc::clone(self), Arc::clone(&queue));
            workers.spawn(async move {
                while !shared.stop.is_draining() {
                    let Some(planned) = queue.lock().await.pop_front() else { return };
                    shared.count_and_run(planned).await;
                }
            });
        }
        while workers.join_next().await.is_some() {}
    }

    async fn alone(&self, planned: Planned, mut journal: Option<&mut Journal>) {
        if self.stop.is_draining() {
            return;
        }
        if let Some(journal) = &mut journal {
            journal.alone(&self.key((planned.case, planned.index)));
        }
        self.count_and_run(planned).await;
        if let Some(journal) = &mut journal {
            journal.ended();
        }
    }

    /// Counts an attempt of a trial, runs it, and waits until it is stored. None is counted ahead of its turn, so that a
    /// later process suspects only those that had begun.
    async fn count_and_run(&self, planned: Planned) {
        for planned in self.counted(vec![planned]).await {
            self.run_and_keep(planned).await;
        }
    }
}
