//! `tracing-opentelemetry` with the in-memory exporter behind the simple processor.

use opentelemetry::trace::TracerProvider as _;
use opentelemetry_sdk::trace::{InMemorySpanExporter, Sampler, SdkTracerProvider, SpanData};
use tracing::Dispatch;
use tracing_subscriber::layer::Layer;

use super::install::{Below, MakeLayer, Setup, install};
use super::peer::Peer;
use crate::emit::TracingEmit;
use crate::sample::Captured;

/// The registry under the OpenTelemetry layer, and the exporter with its store.
#[derive(Debug)]
pub(crate) struct OpenTelemetry {
    dispatch: Dispatch,
    exporter: InMemorySpanExporter,
}

struct MakeTracer(SdkTracerProvider);

impl MakeLayer for MakeTracer {
    fn layer<S: Below>(&self) -> impl Layer<S> + Send + Sync + 'static {
        tracing_opentelemetry::layer().with_tracer(self.0.tracer("peer-bench"))
    }
}

impl Peer for OpenTelemetry {
    type Emit = TracingEmit;
    type Part = ();
    type Snapshot = Vec<SpanData>;

    fn new(setup: Setup) -> Self {
        let exporter = InMemorySpanExporter::default();
        let sampler =
            if setup == Setup::Capturing { Sampler::AlwaysOn } else { Sampler::AlwaysOff };
        let provider = SdkTracerProvider::builder()
            .with_sampler(sampler)
            .with_simple_exporter(exporter.clone())
            .build();
        Self { dispatch: install(setup, &MakeTracer(provider)), exporter }
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

    /// Clones the finished spans out of the exporter; none where its lock is poisoned.
    fn snapshot(&self, parts: impl Iterator<Item = ()>) -> Self::Snapshot {
        parts.for_each(drop);
        self.exporter.get_finished_spans().unwrap_or_default()
    }

    fn clear(&self) {
        self.exporter.reset();
    }

    fn captured(snapshot: &Self::Snapshot, span: &str) -> Option<Captured> {
        Some(Captured {
            spans: snapshot.iter().filter(|data| data.name == span).count() as u64,
            events: snapshot.iter().map(|data| data.events.len() as u64).sum(),
        })
    }

    fn len(snapshot: &Self::Snapshot) -> Option<u64> {
        Some(snapshot.len() as u64)
    }
}
