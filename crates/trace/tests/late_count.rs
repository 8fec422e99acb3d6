//! What comes after the end of a capture, when no other capture runs.
//!
//! This file stands alone because the layer rests while no capture runs in the whole process, so that
//! its tests must also not run beside each other.

#[path = "support/stack.rs"]
mod stack;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use futures::executor::block_on;
use probity_trace::{CaptureHandle, capture, capture_sync};
use tracing::{dispatcher, info, info_span, instrument::WithSubscriber as _};

use crate::stack::with_layer;

/// Lets the tests of this file run one after the other.
fn alone() -> MutexGuard<'static, ()> {
    static ALONE: Mutex<()> = Mutex::new(());
    ALONE.lock().unwrap_or_else(PoisonError::into_inner)
}

#[test]
fn a_span_that_closes_after_the_end_is_counted() {
    let _alone = alone();
    dispatcher::with_default(&with_layer(), || {
        let collected = capture_sync(|| info_span!("left open"));
        assert_eq!(collected.trace.dropped().late, 0);
        drop(collected.output);

        assert_eq!(collected.trace.dropped().late, 1);
        assert!(collected.trace.span("left open").unwrap().is_open());
    });
}

#[test]
fn what_a_detached_task_does_after_the_end_is_counted() {
    let _alone = alone();
    dispatcher::with_default(&with_layer(), || {
        let collected =
            capture_sync(|| (CaptureHandle::current().unwrap(), info_span!("left open")));
        let (handle, left_open) = collected.output;
        handle.in_scope(|| (0..100).for_each(|n| info!(n, "late")));
        left_open.in_scope(|| (0..100).for_each(|n| info!(n, "late")));

        assert!(collected.trace.all_events().next().is_none());
        assert!(collected.trace.dropped().late >= 200, "{:?}", collected.trace.dropped());
    });
}

#[test]
fn a_value_that_is_recorded_after_the_end_is_counted() {
    let _alone = alone();
    dispatcher::with_default(&with_layer(), || {
        let collected = capture_sync(|| info_span!("left open", value = 1));
        collected.output.record("value", 2);

        assert_eq!(collected.trace.span("left open").unwrap().field("value").unwrap(), 1);
        assert_eq!(collected.trace.dropped().late, 1);
    });
}

#[test]
fn an_ended_capture_lets_its_listeners_go_though_a_thread_has_seen_it() {
    let _alone = alone();
    let owned = Arc::new(());
    let watch = Arc::downgrade(&owned);
    let capture = capture(async {
        let left_open = info_span!("left open");
        left_open.in_scope(|| info!("said"));
        left_open
    });
    let capture = capture.listen_events(move |_| assert!(Arc::strong_count(&owned) > 0));
    let collected = block_on(capture.with_subscriber(with_layer()));
    drop(collected);

    assert!(watch.upgrade().is_none(), "this thread still holds the log");
}

#[test]
fn what_is_outside_of_all_captures_is_counted_by_none() {
    let _alone = alone();
    dispatcher::with_default(&with_layer(), || {
        let collected = capture_sync(|| info!("said"));
        info_span!("outside").in_scope(|| info!("outside"));

        assert_eq!(collected.trace.dropped().late, 0);
        assert_eq!(collected.trace.all_events().len(), 1);
    });
}
