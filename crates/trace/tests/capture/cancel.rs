//! Captures that are dropped half way.

use std::{
    future,
    sync::{Arc, Mutex, Weak},
    thread,
};

use futures::executor::block_on;
use probity_trace::{Capture, CaptureHandle, capture};
use tracing::{
    Dispatch, Instrument as _, Span, dispatcher, info, info_span, instrument::WithSubscriber as _,
};

use crate::{shape::shape, stack::with_layer, tasks::poll_once, under::captured_by};

/// A capture that waits for ever, and a reference to what its listener owns.
///
/// A listener belongs to the log of its capture, so what it owns is gone exactly when the log is.
fn waiting<F: Future>(future: F) -> (Capture<F>, Weak<()>) {
    let owned = Arc::new(());
    let watch = Arc::downgrade(&owned);
    let capture = capture(future).listen_events(move |_| assert!(Arc::strong_count(&owned) > 0));
    (capture, watch)
}

async fn works_and_waits() {
    let span = info_span!("working", text = "x".repeat(10_000));
    async {
        info_span!("done").in_scope(|| info!("said"));
        future::pending::<()>().await;
    }
    .instrument(span)
    .await;
}

fn under<T>(subscriber: &Dispatch, f: impl FnOnce() -> T) -> T {
    dispatcher::with_default(subscriber, f)
}

#[test]
fn nothing_is_kept_of_a_capture_that_was_dropped_half_way() {
    let subscriber = with_layer();
    let (capture, watch) = waiting(works_and_waits());
    let mut capture = Box::pin(capture);
    assert!(under(&subscriber, || poll_once(capture.as_mut())).is_pending());
    assert!(watch.upgrade().is_some());

    under(&subscriber, || drop(capture));

    assert!(watch.upgrade().is_none(), "the log outlives its capture");
}

#[test]
fn nothing_is_kept_of_a_capture_that_was_polled_here_and_dropped_elsewhere() {
    let subscriber = with_layer();
    let (capture, watch) = waiting(works_and_waits());
    let mut capture = Box::pin(capture);
    // This thread has seen the spans of the capture, and lives on.
    assert!(under(&subscriber, || poll_once(capture.as_mut())).is_pending());
    let elsewhere = subscriber.clone();
    thread::spawn(move || under(&elsewhere, || drop(capture))).join().unwrap();

    assert!(watch.upgrade().is_none(), "this thread still holds the log");
}

#[test]
fn a_capture_that_has_ended_lets_its_listeners_go_though_a_span_lives_on() {
    let subscriber = with_layer();
    let (capture, watch) = waiting(async { info_span!("left open") });
    let collected = block_on(capture.with_subscriber(subscriber));

    assert!(collected.trace.span("left open").unwrap().is_open());
    assert!(
        watch.upgrade().is_none(),
        "a listener of an ended capture is never called again, but it is kept, \
         so that the other end of its channel waits for ever"
    );
}

#[test]
fn a_handle_outlives_a_capture_that_was_dropped_half_way() {
    let subscriber = with_layer();
    let handle = Arc::new(Mutex::new(None));
    let keep = Arc::clone(&handle);
    let mut capture = Box::pin(capture(async move {
        *keep.lock().unwrap() = CaptureHandle::current();
        works_and_waits().await;
    }));
    assert!(under(&subscriber, || poll_once(capture.as_mut())).is_pending());
    let handle = handle.lock().unwrap().take().unwrap();
    assert!(handle.is_live());

    under(&subscriber, || drop(capture));

    assert!(!handle.is_live());
    assert_eq!(handle.in_scope(|| info_span!("late").in_scope(|| 7)), 7);
}

#[test]
fn a_thousand_captures_may_be_dropped_half_way_at_once() {
    let subscriber = with_layer();
    let mut watches = Vec::new();
    let mut captures = Vec::new();
    for _ in 0..1_000 {
        let (capture, watch) = waiting(works_and_waits());
        let mut capture = Box::pin(capture);
        assert!(under(&subscriber, || poll_once(capture.as_mut())).is_pending());
        captures.push(capture);
        watches.push(watch);
    }
    let next = captured_by(&subscriber, || {
        drop(captures);
        info!("own");
    });

    let kept = watches.iter().filter(|watch| watch.strong_count() > 0).count();
    assert_eq!(kept, 0, "logs that outlive their captures");
    assert_eq!(shape(&next), ["'own'"]);
}

#[test]
fn spans_of_a_dropped_future_within_a_running_capture_are_closed() {
    let collected = block_on(
        capture(async {
            let mut loser = Box::pin(works_and_waits());
            assert!(poll_once(loser.as_mut()).is_pending());
            drop(loser);
            info!("goes on");
        })
        .with_subscriber(with_layer()),
    );

    assert_eq!(
        shape(&collected.trace),
        ["working", "done < working", "'said' < done", "'goes on'"]
    );
    assert!(collected.trace.all_spans().all(|span| !span.is_open()));
}

#[test]
fn a_span_that_is_open_at_the_end_is_in_the_trace_and_marked_open() {
    let collected = block_on(
        capture(async {
            let open: Span = info_span!("open", answer = 42);
            open.in_scope(|| info_span!("closed").in_scope(|| info!("said")));
            open
        })
        .with_subscriber(with_layer()),
    );

    let trace = collected.trace;
    assert_eq!(shape(&trace), ["open", "closed < open", "'said' < closed"]);
    let open = trace.span("open").unwrap();
    assert!(open.is_open());
    assert_eq!(open.field("answer").unwrap(), 42);
    assert!(open.duration() <= trace.duration());
    assert_eq!(open.to_node().duration, None);
    assert!(!trace.span("closed").unwrap().is_open());
}
