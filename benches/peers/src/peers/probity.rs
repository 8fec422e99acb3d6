//! `probity-trace`: a log for each capture, indexed when it is first asked.

use std::hint::black_box;
use std::marker::PhantomData;

use probity_trace::TraceSnapshot;
use tracing::Dispatch;
use tracing_subscriber::layer::Layer;

use super::install::{Below, MakeLayer, Setup, install};
use super::peer::Peer;
use crate::emit::TracingEmit;
use crate::sample::Captured;

/// The registry under probity's layer, in one of its forms.
#[derive(Debug)]
pub(crate) struct Probity<F> {
    dispatch: Dispatch,
    form: PhantomData<F>,
}

/// A form of the layer.
pub(crate) trait Form: 'static {
    /// Makes the layer.
    fn layer<S: Below>() -> impl Layer<S> + Send + Sync + 'static;
}

/// What `probity_trace::layer()` returns.
#[derive(Debug)]
pub(crate) enum Usual {}

/// The layer without a filter.
#[derive(Debug)]
pub(crate) enum Plain {}

/// The layer behind a per-layer filter that lets through what the default policy may keep.
#[derive(Debug)]
pub(crate) enum Filtered {}

impl Form for Usual {
    fn layer<S: Below>() -> impl Layer<S> + Send + Sync + 'static {
        probity_trace::layer()
    }
}

impl Form for Plain {
    fn layer<S: Below>() -> impl Layer<S> + Send + Sync + 'static {
        probity_trace::layer()
    }
}

impl Form for Filtered {
    fn layer<S: Below>() -> impl Layer<S> + Send + Sync + 'static {
        probity_trace::layer().filtered()
    }
}

struct MakeProbity<F>(PhantomData<F>);

impl<F: Form> MakeLayer for MakeProbity<F> {
    fn layer<S: Below>(&self) -> impl Layer<S> + Send + Sync + 'static {
        F::layer()
    }
}

impl<F: Form> Peer for Probity<F> {
    type Emit = TracingEmit;
    type Part = TraceSnapshot;
    type Snapshot = Vec<TraceSnapshot>;

    fn new(setup: Setup) -> Self {
        Self { dispatch: install(setup, &MakeProbity::<F>(PhantomData)), form: PhantomData }
    }

    fn dispatch(&self) -> &Dispatch {
        &self.dispatch
    }

    fn capture(work: impl FnOnce()) -> Self::Part {
        probity_trace::capture_sync(work).trace
    }

    async fn capture_future<W>(work: W) -> Self::Part
    where
        W: Future<Output = ()> + Send + 'static,
    {
        probity_trace::capture(work).await.trace
    }

    /// Asks each trace for its first root, which builds the index.
    fn snapshot(&self, parts: impl Iterator<Item = Self::Part>) -> Self::Snapshot {
        let traces: Vec<_> = parts.collect();
        for trace in &traces {
            black_box(trace.roots().next());
        }
        traces
    }

    fn captured(snapshot: &Self::Snapshot, span: &str) -> Option<Captured> {
        let counts = snapshot.iter().map(|trace| Captured {
            spans: trace.spans(span).count() as u64,
            events: trace.all_events().count() as u64,
        });
        Some(counts.fold(Captured::default(), Captured::plus))
    }

    fn len(snapshot: &Self::Snapshot) -> Option<u64> {
        Some(snapshot.iter().map(|trace| trace.len() as u64).sum())
    }
}
