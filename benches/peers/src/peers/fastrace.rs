//! `fastrace` with its own local spans and a reporter that keeps what it is given.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use fastrace::Span;
use fastrace::collector::{Config, Reporter, SpanContext, SpanRecord};
use fastrace::future::FutureExt as _;
use tracing::Dispatch;

use super::install::Setup;
use super::peer::Peer;
use crate::emit::FastraceEmit;
use crate::sample::Captured;

type Store = Arc<Mutex<Vec<SpanRecord>>>;

/// The process-wide collector of fastrace, reporting to a store of this sample.
#[derive(Debug)]
pub(crate) struct Fastrace {
    dispatch: Dispatch,
    store: Store,
}

struct Collecting(Store);

impl Reporter for Collecting {
    fn report(&mut self, mut spans: Vec<SpanRecord>) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).append(&mut spans);
    }
}

impl Peer for Fastrace {
    type Emit = FastraceEmit;
    type Part = ();
    type Snapshot = Vec<SpanRecord>;

    /// Sets the reporter; the interval is so long that only a flush collects.
    fn new(_setup: Setup) -> Self {
        let store = Store::default();
        let config = Config::default().report_interval(Duration::from_hours(1));
        fastrace::set_reporter(Collecting(Arc::clone(&store)), config);
        Self { dispatch: Dispatch::none(), store }
    }

    fn dispatch(&self) -> &Dispatch {
        &self.dispatch
    }

    /// Runs the work under a root span, so that all of it is one trace.
    fn capture(work: impl FnOnce()) {
        let root = root();
        let _parent = root.set_local_parent();
        work();
    }

    fn capture_future<F>(work: F) -> impl Future<Output = ()> + Send + 'static
    where
        F: Future<Output = ()> + Send + 'static,
    {
        work.in_span(root())
    }

    fn collect() {
        fastrace::flush();
    }

    fn snapshot(&self, parts: impl Iterator<Item = ()>) -> Self::Snapshot {
        parts.for_each(drop);
        Self::collect();
        std::mem::take(&mut *self.store.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn captured(snapshot: &Self::Snapshot, span: &str) -> Option<Captured> {
        Some(Captured {
            spans: snapshot.iter().filter(|record| record.name == span).count() as u64,
            events: snapshot.iter().map(|record| record.events.len() as u64).sum(),
        })
    }

    fn len(snapshot: &Self::Snapshot) -> Option<u64> {
        Some(snapshot.len() as u64)
    }
}

fn root() -> Span {
    Span::root("capture", SpanContext::random())
}
