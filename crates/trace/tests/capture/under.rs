//! Captures under a subscriber of the test's own, so that tests do not see each other.

use probity_trace::{TraceSnapshot, capture_sync};
use tracing::{Dispatch, dispatcher};

use crate::stack::with_layer;

/// Captures `f` under a fresh subscriber with the layer.
pub(crate) fn captured(f: impl FnOnce()) -> TraceSnapshot {
    captured_by(&with_layer(), f)
}

/// Captures `f` under `subscriber`.
pub(crate) fn captured_by(subscriber: &Dispatch, f: impl FnOnce()) -> TraceSnapshot {
    dispatcher::with_default(subscriber, || capture_sync(f).trace)
}
