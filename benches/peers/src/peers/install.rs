//! Puts a peer's layer on a registry.

use std::io::sink;

use tracing::level_filters::LevelFilter;
use tracing::{Dispatch, Subscriber};
use tracing_subscriber::layer::{Layer, SubscriberExt as _};
use tracing_subscriber::registry::{LookupSpan, Registry};
use tracing_subscriber::{fmt, registry};

/// What a sample needs of a peer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Setup {
    /// Everything is to be captured.
    Capturing,
    /// Installed, and told or left to capture nothing.
    Idle,
    /// As `Idle`, beside an `fmt` layer that a per-layer filter restricts to INFO.
    IdleBesideFmt,
}

/// What a layer needs of the subscriber below it.
pub(crate) trait Below: Subscriber + for<'a> LookupSpan<'a> + Send + Sync {}

impl<S: Subscriber + for<'a> LookupSpan<'a> + Send + Sync> Below for S {}

/// Makes a peer's layer for whatever subscriber is below it.
pub(super) trait MakeLayer {
    /// Makes the layer.
    fn layer<S: Below>(&self) -> impl Layer<S> + Send + Sync + 'static;
}

/// Installs the layer on a registry of its own, as `setup` asks.
pub(super) fn install(setup: Setup, peer: &impl MakeLayer) -> Dispatch {
    match setup {
        Setup::Capturing | Setup::Idle => Dispatch::new(registry().with(peer.layer())),
        Setup::IdleBesideFmt => Dispatch::new(beside_fmt().with(peer.layer())),
    }
}

/// Returns a registry under an `fmt` layer that formats INFO and above to nowhere.
pub(super) fn beside_fmt() -> impl Below {
    let fmt = fmt::layer::<Registry>().with_writer(sink).with_filter(LevelFilter::INFO);
    registry().with(fmt)
}
