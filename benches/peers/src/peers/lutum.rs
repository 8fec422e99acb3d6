//! `lutum-trace` 0.1.0: a store for each capture, cloned into a tree when the capture ends.

use futures::FutureExt as _;
use lutum_trace::{CaptureLayer, SpanNode, TraceSnapshot};
use tracing::Dispatch;
use tracing_subscriber::layer::Layer;

use super::install::{Below, MakeLayer, Setup, install};
use super::peer::Peer;
use crate::emit::TracingEmit;
use crate::sample::Captured;

/// The registry under lutum's layer.
#[derive(Debug)]
pub(crate) struct Lutum(Dispatch);

struct MakeLutum;

impl MakeLayer for MakeLutum {
    fn layer<S: Below>(&self) -> impl Layer<S> + Send + Sync + 'static {
        CaptureLayer
    }
}

impl Peer for Lutum {
    type Emit = TracingEmit;
    type Part = Option<TraceSnapshot>;
    type Snapshot = Vec<TraceSnapshot>;

    fn new(setup: Setup) -> Self {
        Self(install(setup, &MakeLutum))
    }

    fn dispatch(&self) -> &Dispatch {
        &self.0
    }

    /// Polls the capture once, which is enough for work that never waits.
    fn capture(work: impl FnOnce()) -> Self::Part {
        let collected = lutum_trace::capture(async { work() }).now_or_never();
        collected.map(|collected| collected.trace)
    }

    async fn capture_future<F>(work: F) -> Self::Part
    where
        F: Future<Output = ()> + Send + 'static,
    {
        Some(lutum_trace::capture(work).await.trace)
    }

    fn snapshot(&self, parts: impl Iterator<Item = Self::Part>) -> Self::Snapshot {
        parts.flatten().collect()
    }

    fn captured(snapshot: &Self::Snapshot, span: &str) -> Option<Captured> {
        let roots = snapshot.iter().map(|trace| trace.root_events.len() as u64).sum();
        let start = Captured { spans: 0, events: roots };
        Some(nodes(snapshot).fold(start, |captured, node| {
            captured.plus(Captured {
                spans: u64::from(node.name == span),
                events: node.events.len() as u64,
            })
        }))
    }

    fn len(snapshot: &Self::Snapshot) -> Option<u64> {
        Some(nodes(snapshot).count() as u64)
    }
}

/// Returns every span of every capture.
fn nodes(snapshot: &[TraceSnapshot]) -> impl Iterator<Item = &SpanNode> {
    let mut open: Vec<&SpanNode> = snapshot.iter().flat_map(|trace| &trace.roots).collect();
    std::iter::from_fn(move || {
        let node = open.pop()?;
        open.extend(&node.children);
        Some(node)
    })
}
