//! `tracing-capture` 0.1.0: one store for the subscriber, read in place.

use tracing::Dispatch;
use tracing_capture::{CaptureLayer, SharedStorage};
use tracing_subscriber::filter::filter_fn;
use tracing_subscriber::layer::Layer;

use super::install::{Below, MakeLayer, Setup, install};
use super::peer::Peer;
use crate::emit::TracingEmit;
use crate::sample::Captured;

/// The registry under tracing-capture's layer, and the store.
#[derive(Debug)]
pub(crate) struct TracingCapture {
    dispatch: Dispatch,
    storage: SharedStorage,
}

struct MakeCapture {
    storage: SharedStorage,
    wanted: bool,
}

impl MakeLayer for MakeCapture {
    fn layer<S: Below>(&self) -> impl Layer<S> + Send + Sync + 'static {
        let layer = CaptureLayer::<S>::new(&self.storage);
        // Its own filter is the only way to have it capture nothing.
        if self.wanted { layer } else { layer.with_filter(filter_fn(|_| false)) }
    }
}

impl Peer for TracingCapture {
    type Emit = TracingEmit;
    type Part = ();
    type Snapshot = SharedStorage;

    fn new(setup: Setup) -> Self {
        let storage = SharedStorage::default();
        let make = MakeCapture { storage: storage.clone(), wanted: setup == Setup::Capturing };
        Self { dispatch: install(setup, &make), storage }
    }

    fn dispatch(&self) -> &Dispatch {
        &self.dispatch
    }

    fn capture(work: impl FnOnce()) {
        work();
    }

    fn capture_future<F>(work: F) -> impl Future<Output = ()> + Send + 'static
    where
        F: Future<Output = ()> + Send + 'static,
    {
        work
    }

    /// Hands out a view of the store: nothing is copied.
    fn snapshot(&self, parts: impl Iterator<Item = ()>) -> Self::Snapshot {
        parts.for_each(drop);
        self.storage.clone()
    }

    fn captured(snapshot: &Self::Snapshot, span: &str) -> Option<Captured> {
        let storage = snapshot.lock();
        let spans = storage.all_spans().filter(|captured| captured.metadata().name() == span);
        Some(Captured { spans: spans.count() as u64, events: storage.all_events().count() as u64 })
    }

    fn len(snapshot: &Self::Snapshot) -> Option<u64> {
        Some(snapshot.lock().all_spans().len() as u64)
    }
}
