//! Stores finished trials while the workers run others.

use std::{
    sync::Arc,
    thread::{self, available_parallelism},
};

use futures::{FutureExt as _, StreamExt as _, future::BoxFuture, stream};
use serde::Serialize;
use tokio::{
    runtime::Handle,
    sync::{
        mpsc::{self, Receiver, Sender},
        oneshot,
    },
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

/// The threads that store finished trials: few, since a commit then wakes few, and one for each core, since writing a
/// trace as JSON and compressing it is most of the work, which the threads of agents need not wait for. They are of no
/// pool that an agent may fill. They go on where the run is dropped, until all is stored.
#[derive(Debug, Default)]
pub(super) struct Keepers {
    queues: Vec<Sender<Ended>>,
    /// Cancelled when no trial comes any more, though a worker may hold a place: its agent may block its thread.
    closing: CancellationToken,
    /// Closed when the keeper has stored all.
    done: Vec<oneshot::Receiver<()>>,
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
            keepers.done.push(begin(keeping));
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
        for done in self.done.drain(..) {
            // Nothing is sent: it ends when the other side is dropped.
            _ = done.await;
        }
    }
}

/// Runs a keeper on a thread of its own; on the runtime where there is no thread to be had.
fn begin(keeping: impl Future<Output = ()> + Send + 'static) -> oneshot::Receiver<()> {
    let (end, done) = oneshot::channel::<()>();
    let keeping = keeping.map(move |()| drop(end)).boxed();
    let (give, take) = std::sync::mpsc::channel::<BoxFuture<'static, ()>>();
    let runtime = Handle::current();
    let thread = thread::Builder::new().name("probity-keeper".to_owned());
    let started = thread.spawn(move || {
        if let Ok(keeping) = take.recv() {
            runtime.block_on(keeping);
        }
    });
    match started {
        // The thread waits for it.
        Ok(_) => _ = give.send(keeping),
        Err(_) => _ = tokio::spawn(keeping),
    }
    done
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
