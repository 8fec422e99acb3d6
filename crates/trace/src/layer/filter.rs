//! A per-layer filter that hides what a policy never keeps.

use tracing_core::{Interest, Metadata};
use tracing_subscriber::layer::{Context, Filter};

use crate::policy::{CapturePolicy, Rules, Verdict};

/// Hides from a [`CaptureLayer`](crate::CaptureLayer) the events that its policy never keeps; made by
/// [`CaptureLayer::filtered`](crate::CaptureLayer::filtered).
#[derive(Debug)]
pub struct CaptureFilter {
    rules: Rules,
}

impl CaptureFilter {
    pub(super) fn new(policy: CapturePolicy) -> Self {
        Self { rules: Rules { policy, ..Rules::default() } }
    }

    fn wants(&self, metadata: &Metadata<'_>) -> bool {
        metadata.is_span() || !Verdict::of(&self.rules, metadata).is_unwanted()
    }
}

impl<S> Filter<S> for CaptureFilter {
    fn enabled(&self, metadata: &Metadata<'_>, _: &Context<'_, S>) -> bool {
        self.wants(metadata)
    }

    fn callsite_enabled(&self, metadata: &'static Metadata<'static>) -> Interest {
        if self.wants(metadata) { Interest::always() } else { Interest::never() }
    }
}
