//! Stores finished trials while the workers run others.

use std::{sync::Arc, thread::available_parallelism};

use futures::{StreamExt as _, stream};
use serde::Serialize;
use tokio::{
    runtime::Handle,
    sync::mpsc::{self, Receiver, Sender},
    task::{JoinHandle, spawn_blocking},
};
use tokio_util::sync::CancellationToken;

use super::{agenda::Planned, shared::Shared, trial::Finished};

/// A trial that has ended and is to be stored.
pub(super) type Ended = (Planned, Finished);

/// So many trials wait at a time to be stored by one keeper, besides those that are under way; so memory stays bounded
/// where the store is slower than the trials.
const WAITING: usize = 128;

/// So many trials are being stored at a time by one keeper.
const STORING: usize = 512;

/// The tasks that store finished trials: few, since a commit then wakes few, and on each core, since writing a trace as
/// JSON and compressing it is most of the work. They go on where the run is dropped, until all is stored.
#[derive(Debug, Default)]
pub(super) struct Keepers {
    queues: Vec<Sender<Ended>>,
    /// Cancelled when no trial comes any more, though a worker may hold a place: its agent may block its thread.
    closing: CancellationToken,
    tasks: Vec<JoinHandle<()>>,
}

impl Keepers {
    /// Starts the keepers of a run.
    pub(super) fn start<I, E, A>(shared: &Arc<Shared<I, E, A>>) -> Self
    where
        I: Send + Sync + 'static,
        E: Send + Sync + 'static,
        A: Serialize + Send + Sync + 'static,
    {
        let concurrency = shared.runner.concurrency;
        let count = available_parallelism().map_or(1, usize::from).min(concurrency).max(1);
        let mut keepers = Self::default();
        for _ in 0..count {
            // Each trial under way has its place, so that none that has ended waits for one.
            let (queue, ended) = mpsc::channel(concurrency.div_ceil(count) + WAITING);
            keepers.queues.push(queue);
            let keeping = Arc::clone(shared).keep_all(ended, keepers.closing.clone());
            let runtime = Handle::current();
            keepers.tasks.push(spawn_blocking(move || runtime.block_on(keeping)));
        }
        keepers
    }

    /// Returns where a worker puts the trials that have ended.
    pub(super) fn of(&self, worker: usize) -> Option<Sender<Ended>> {
        self.queues.get(worker % self.queues.len().max(1)).cloned()
    }

    /// Waits until all that has ended is stored. No trial may end any more.
    pub(super) async fn stored(&mut self) {
        self.closing.cancel();
        for task in self.tasks.drain(..) {
            // It cannot panic, since what it runs is guarded, and nobody cancels it.
            drop(task.await);
        }
    }
}

impl<I, E, A> Shared<I, E, A>
where
    I: Send + Sync + 'static,
    E: Send + Sync + 'static,
    A: Serialize + Send + Sync + 'static,
{
    async fn keep_all(self: Arc<Self>, ended: Receiver<Ended>, closing: CancellationToken) {
        let all = stream::unfold((ended, closing), async |(mut ended, closing)| {
            let next = tokio::select! {
                biased;
                next = ended.recv() => next,
                () = closing.cancelled() => ended.try_recv().ok(),
            };
            Some((next?, (ended, closing)))
        });
        all.for_each_concurrent(STORING, |(planned, finished)| self.keep(planned, finished)).await;
    }
}
