//! Captures on a `tokio` runtime.

use std::cell::RefCell;
use std::io;
use std::iter;
use std::sync::Arc;

use tokio::runtime::{Builder, Runtime};
use tokio::task::{JoinHandle, yield_now};
use tracing::Dispatch;
use tracing::dispatcher::{DefaultGuard, set_default};

use super::run::{Reach, Run};
use crate::clock::Stopwatch;
use crate::emit::Emit;
use crate::peers::{Peer, Setup};
use crate::sample::Sample;

/// Spans in each of the captures of [`many`].
pub(super) const SPANS_PER_CAPTURE: u64 = 200;

/// Tasks in the capture of [`one`].
pub(super) const TASKS: u64 = 16;

/// Spans between two points at which a task lets others run.
const SPANS_PER_TURN: u64 = 10;

/// Captures between two collections: `fastrace` lets 10,240 commands wait, 23 for each capture.
const CAPTURES_PER_COLLECTION: usize = 256;

/// Workers for [`many`].
const WORKERS: usize = 2;

thread_local! {
    /// Keeps a worker's default subscriber in place while the worker lives.
    static WORKER_DEFAULT: RefCell<Option<DefaultGuard>> = const { RefCell::new(None) };
}

/// Runs waves of `captures` captures at once, so many that the units are reached.
pub(super) fn many<P: Peer>(run: &Run, captures: u64) -> io::Result<Sample> {
    let peer = P::new(Setup::Capturing);
    let watch = Arc::new(run.stopwatch());
    let runtime = runtime(run, WORKERS, peer.dispatch())?;
    let waves = run.units / (captures * SPANS_PER_CAPTURE);
    let work = wave_after_wave::<P>(Arc::clone(&watch), waves, captures);
    let parts = runtime.block_on(runtime.spawn(work))??;
    // Ending the workers lets fastrace's collector have what is still queued in them.
    drop(runtime);
    let snapshot = peer.snapshot(parts.into_iter());
    let taken = run.read();
    Ok(run.settle(peer, snapshot, &watch, taken))
}

/// Runs one capture whose tasks share the units.
pub(super) fn one<P: Peer>(run: &Run, workers: usize) -> io::Result<Sample> {
    let peer = P::new(Setup::Capturing);
    let watch = Arc::new(run.stopwatch());
    let runtime = runtime(run, workers, peer.dispatch())?;
    let capture = P::capture_future(side_by_side::<P::Emit>(Arc::clone(&watch), run.units));
    let part = runtime.block_on(runtime.spawn(capture))?;
    drop(runtime);
    let snapshot = peer.snapshot(iter::once(part));
    let taken = run.read();
    Ok(run.settle(peer, snapshot, &watch, taken))
}

async fn wave_after_wave<P: Peer>(
    watch: Arc<Stopwatch>,
    waves: u64,
    captures: u64,
) -> io::Result<Vec<P::Part>> {
    let mut parts = Vec::new();
    watch.start();
    for _ in 0..waves {
        let capture = || tokio::spawn(P::capture_future(leaves::<P::Emit>(SPANS_PER_CAPTURE)));
        let wave: Vec<JoinHandle<P::Part>> = (0..captures).map(|_| capture()).collect();
        for task in wave {
            parts.push(task.await?);
            if parts.len() % CAPTURES_PER_COLLECTION == 0 {
                P::collect();
            }
        }
    }
    watch.stop();
    Ok(parts)
}

async fn side_by_side<E: Emit>(watch: Arc<Stopwatch>, spans: u64) {
    watch.start();
    let task = || tokio::spawn(E::in_task(leaves::<E>(spans / TASKS)));
    let tasks: Vec<JoinHandle<()>> = (0..TASKS).map(|_| task()).collect();
    for task in tasks {
        // The spans that a panicking task leaves out are missing in the count.
        task.await.ok();
    }
    watch.stop();
}

async fn leaves<E: Emit>(spans: u64) {
    for step in 0..spans {
        if step % SPANS_PER_TURN == 0 {
            yield_now().await;
        }
        E::flat(step);
    }
}

/// Builds a runtime on whose workers `dispatch` is the default, unless it is so everywhere.
fn runtime(run: &Run, workers: usize, dispatch: &Dispatch) -> io::Result<Runtime> {
    let mut builder = Builder::new_multi_thread();
    builder.worker_threads(workers);
    match run.reach {
        Reach::Scoped => {
            let dispatch = dispatch.clone();
            builder
                .on_thread_start(move || WORKER_DEFAULT.set(Some(set_default(&dispatch))))
                .on_thread_stop(|| drop(WORKER_DEFAULT.take()));
        }
        Reach::Global => run.under(dispatch, || ()),
    }
    builder.build()
}
