//! What the peers are compared with: the bare registry, and the registry under a layer of nothing.

use std::marker::PhantomData;

use tracing::Dispatch;
use tracing_subscriber::layer::{Identity, Layer};
use tracing_subscriber::registry;

use super::install::{Below, MakeLayer, Setup, beside_fmt, install};
use super::peer::Peer;
use crate::emit::TracingEmit;
use crate::sample::Captured;

/// The bare `registry()`, which keeps nothing, and never frees a span.
pub(crate) type Registry = Baseline<Bare>;

/// The registry under an `Identity` layer: it keeps nothing and frees its spans.
pub(crate) type UnderIdentity = Baseline<WithIdentity>;

/// A subscriber that captures nothing.
#[derive(Debug)]
pub(crate) struct Baseline<B> {
    dispatch: Dispatch,
    kind: PhantomData<B>,
}

/// Says how the subscriber of a [`Baseline`] is built.
pub(crate) trait Build: 'static {
    /// Builds it.
    fn build(setup: Setup) -> Dispatch;
}

/// No layer.
#[derive(Debug)]
pub(crate) enum Bare {}

/// A layer that does nothing.
#[derive(Debug)]
pub(crate) enum WithIdentity {}

impl Build for Bare {
    fn build(setup: Setup) -> Dispatch {
        match setup {
            Setup::Capturing | Setup::Idle => Dispatch::new(registry()),
            Setup::IdleBesideFmt => Dispatch::new(beside_fmt()),
        }
    }
}

impl Build for WithIdentity {
    fn build(setup: Setup) -> Dispatch {
        install(setup, &MakeIdentity)
    }
}

struct MakeIdentity;

impl MakeLayer for MakeIdentity {
    fn layer<S: Below>(&self) -> impl Layer<S> + Send + Sync + 'static {
        Identity::new()
    }
}

impl<B: Build> Peer for Baseline<B> {
    type Emit = TracingEmit;
    type Part = ();
    type Snapshot = ();

    fn new(setup: Setup) -> Self {
        Self { dispatch: B::build(setup), kind: PhantomData }
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

    fn snapshot(&self, parts: impl Iterator<Item = ()>) {
        parts.for_each(drop);
    }

    fn captured((): &(), _span: &str) -> Option<Captured> {
        None
    }

    fn len((): &()) -> Option<u64> {
        None
    }
}
