//! Code of the program that runs within the layer, under a subscriber that is the default of the
//! whole process.
//!
//! This file stands alone because `tracing-core` guards against re-entrance as soon as one thread of
//! the process has a subscriber of its own. Here none may ever have one, so that nothing but the layer
//! itself stands between a `Debug` implementation that logs and a deadlock.

#[path = "support/child.rs"]
mod child;
#[path = "support/deadline.rs"]
mod deadline;
#[path = "support/noisy.rs"]
mod noisy;
#[path = "support/shape.rs"]
mod shape;

use std::{
    ops::ControlFlow,
    sync::{
        Once,
        atomic::{AtomicU64, Ordering},
    },
};

use futures::executor::block_on;
use probity_trace::{
    CapturePolicy, Observer, TraceEvent, TraceSnapshot, capture, capture_sync, layer,
};
use tracing::{debug, field::Empty, info, info_span};
use tracing_subscriber::{layer::SubscriberExt as _, registry};

use crate::{child::in_child, deadline::within_deadline, noisy::Noisy, shape::shape};

fn install() {
    static INSTALLED: Once = Once::new();
    INSTALLED.call_once(|| {
        tracing::subscriber::set_global_default(registry().with(layer())).unwrap();
    });
}

fn captured_in_time(f: impl FnOnce() + Send + 'static) -> TraceSnapshot {
    install();
    within_deadline(|| capture_sync(f).trace)
}

fn logs() {
    info_span!("inner").in_scope(|| info!("inner"));
    let other = info_span!("other", value = Empty);
    other.record("value", 1);
}

#[test]
fn what_a_debug_logs_in_a_field_of_an_event_is_kept() {
    let trace = captured_in_time(|| {
        let _top = info_span!("top").entered();
        info!(value = ?Noisy(logs), other = 1, "outer");
    });

    assert_eq!(
        shape(&trace),
        ["top", "inner < top", "other < top", "'inner' < inner", "'outer' < top"]
    );
    let outer = trace.event("outer").unwrap();
    assert_eq!(outer.field("value").unwrap(), "noisy");
    assert_eq!(outer.field("other").unwrap(), 1);
    assert_eq!(trace.span("other").unwrap().field("value").unwrap(), 1);
    assert!(trace.all_spans().all(|span| !span.is_open()));
}

#[test]
fn what_a_debug_logs_in_a_field_of_a_span_is_kept() {
    let trace = captured_in_time(|| {
        let _top = info_span!("top").entered();
        info_span!("outer", value = ?Noisy(logs), other = 1).in_scope(|| info!("below"));
    });

    assert_eq!(
        shape(&trace),
        ["top", "inner < top", "other < top", "outer < top", "'inner' < inner", "'below' < outer",]
    );
    assert_eq!(trace.span("outer").unwrap().field("value").unwrap(), "noisy");
    assert_eq!(trace.span("outer").unwrap().field("other").unwrap(), 1);
}

#[test]
fn what_a_debug_logs_in_a_recorded_value_is_kept() {
    let trace = captured_in_time(|| {
        let outer = info_span!("outer", value = Empty, own = Empty);
        let _entered = outer.enter();
        let logs_and_records = || {
            logs();
            outer.record("own", 1);
        };
        outer.record("value", tracing::field::debug(Noisy(logs_and_records)));
    });

    assert_eq!(shape(&trace), ["outer", "inner < outer", "other < outer", "'inner' < inner"]);
    assert_eq!(trace.span("outer").unwrap().field("value").unwrap(), "noisy");
    assert_eq!(trace.span("outer").unwrap().field("own").unwrap(), 1);
}

#[test]
fn debug_implementations_may_log_within_each_other() {
    let trace = captured_in_time(|| {
        let innermost = Noisy(|| info!("innermost"));
        let middle = Noisy(|| info_span!("middle", value = ?innermost).in_scope(|| ()));
        info!(value = ?Noisy(|| info!(value = ?middle, "inner")), "outer");
    });

    assert_eq!(shape(&trace), ["middle", "'innermost'", "'inner'", "'outer'"]);
    assert_eq!(trace.span("middle").unwrap().field("value").unwrap(), "noisy");
    assert_eq!(trace.event("inner").unwrap().field("value").unwrap(), "noisy");
    assert_eq!(trace.event("outer").unwrap().field("value").unwrap(), "noisy");
}

#[test]
fn a_debug_may_capture() {
    let trace = captured_in_time(|| {
        let captures = || assert_eq!(shape(&capture_sync(logs).trace).len(), 3);
        info!(value = ?Noisy(captures), "outer");
    });

    assert_eq!(shape(&trace), ["probity.capture", "'outer'"]);
}

/// Runs `body` in a process of its own, since to recurse without end ends the whole process.
#[track_caller]
fn unless_it_overflows(name: &str, body: impl FnOnce()) {
    if let Some(output) = in_child(name, body) {
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{said}");
    }
}

#[test]
fn what_a_listener_logs_is_kept_told_to_no_one_and_counted() {
    static CALLS: AtomicU64 = AtomicU64::new(0);
    let name = "what_a_listener_logs_is_kept_told_to_no_one_and_counted";
    unless_it_overflows(name, || {
        install();
        let trace = within_deadline(|| {
            let capture = capture(async { info_span!("span").in_scope(|| info!("said")) });
            let capture = capture.listen_events(|_| {
                CALLS.fetch_add(1, Ordering::Relaxed);
                info!("heard");
                info_span!("of the listener").in_scope(|| info!("heard"));
            });
            block_on(capture).trace
        });

        assert_eq!(CALLS.load(Ordering::Relaxed), 3, "open, event and close");
        assert_eq!(trace.spans("of the listener").count(), 3);
        let heard = trace.all_events().filter(|event| event.message() == Some("heard"));
        assert_eq!(heard.count(), 6);
        assert_eq!(trace.dropped().undelivered, 12, "four each, three times");
        assert_eq!(trace.dropped().panicked_listeners, 0);
    });
}

#[test]
fn what_an_observer_logs_is_told_to_no_one() {
    struct Logs(u64);
    impl Observer for Logs {
        fn observe(&mut self, _: TraceEvent) -> ControlFlow<String> {
            self.0 += 1;
            info!("heard");
            info_span!("of the observer").in_scope(|| info!("heard"));
            ControlFlow::Continue(())
        }
    }

    let name = "what_an_observer_logs_is_told_to_no_one";
    unless_it_overflows(name, || {
        install();
        let collected = within_deadline(|| {
            let capture = capture(async { info_span!("span").in_scope(|| info!("said")) });
            block_on(capture.observe(Logs(0)))
        });

        assert_eq!(collected.observer.0, 3);
        assert!(collected.trace.has_event_message("said"));
    });
}

#[test]
fn a_predicate_of_a_policy_may_log() {
    let name = "a_predicate_of_a_policy_may_log";
    unless_it_overflows(name, || {
        let policy = CapturePolicy::default().with_predicate(|metadata| {
            debug!(name = metadata.name(), "asked");
            info!("asked as well");
            true
        });
        let subscriber = registry().with(layer().with_policy(policy));
        tracing::subscriber::set_global_default(subscriber).unwrap();
        let trace = within_deadline(|| capture_sync(|| info!("said")).trace);

        assert!(trace.has_event_message("said"));
    });
}
