//! Captures in destructors of thread-local values, when a thread goes down.
//!
//! This file stands alone because each test is a process of its own: a panic in such a destructor
//! ends the process, and the subscriber must be global, since a scoped one is thread-local itself.

#[path = "support/child.rs"]
mod child;
#[path = "support/stack.rs"]
mod stack;

use std::{
    cell::RefCell,
    sync::atomic::{AtomicBool, Ordering},
    thread,
};

use probity_trace::{CaptureHandle, TraceSnapshot, capture_sync};
use tracing::{Span, dispatcher, info, info_span};

use crate::{child::in_child, stack::with_layer};

/// Does all that can be done with a capture when it is dropped.
struct Farewell {
    name: &'static str,
    handle: CaptureHandle,
    span: Span,
}

static DROPPED: AtomicBool = AtomicBool::new(false);

impl Drop for Farewell {
    fn drop(&mut self) {
        let name = self.name;
        info!(name, "outside");
        self.handle.in_scope(|| {
            info!(name, "farewell");
            info_span!("farewell", name).in_scope(|| info!(name, "within"));
        });
        self.span.record("value", 2);
        self.span.in_scope(|| info!(name, "in the span"));
        assert_eq!(capture_sync(|| 7).output, 7);
        drop(CaptureHandle::current());
        assert!(!probity_trace::set_attribute("key", 1), "there is no current span");
        DROPPED.store(true, Ordering::SeqCst);
    }
}

thread_local! {
    static EARLY: RefCell<Option<Farewell>> = const { RefCell::new(None) };
    static LATE: RefCell<Option<Farewell>> = const { RefCell::new(None) };
}

fn farewell(name: &'static str) -> Farewell {
    let handle = CaptureHandle::current().unwrap();
    let span = info_span!("kept by the thread", name, value = 1);
    Farewell { name, handle, span }
}

/// Wakes the thread-local values of the registry, but not those of this crate.
fn wake_the_registry() {
    let registry = tracing_subscriber::registry();
    tracing::subscriber::with_default(registry, || info_span!("unseen").in_scope(|| ()));
}

/// Captures a thread that does `work`, and waits until it has gone down.
fn captured_thread(work: fn()) -> TraceSnapshot {
    dispatcher::set_global_default(with_layer()).unwrap();
    let trace = capture_sync(|| {
        let handle = CaptureHandle::current().unwrap();
        let thread = thread::spawn(move || {
            wake_the_registry();
            // Registered before those of this crate, and so dropped after them.
            EARLY.with_borrow_mut(|early| assert!(early.is_none()));
            handle.in_scope(|| {
                info!("at work");
                work();
            });
        });
        thread.join().unwrap();
        info!("goes on");
    })
    .trace;
    assert!(DROPPED.load(Ordering::SeqCst), "the destructor ran");
    assert!(trace.has_event_message("at work") && trace.has_event_message("goes on"));
    // The next capture is none the worse.
    assert!(capture_sync(|| info!("next")).trace.has_event_message("next"));
    trace
}

#[track_caller]
fn in_a_process(name: &str, body: fn()) {
    if let Some(output) = in_child(name, body) {
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{said}");
    }
}

#[test]
fn a_value_that_is_dropped_before_those_of_the_layer_is_captured() {
    let name = "a_value_that_is_dropped_before_those_of_the_layer_is_captured";
    in_a_process(name, || {
        let trace = captured_thread(|| LATE.set(Some(farewell("late"))));
        for message in ["farewell", "within", "in the span"] {
            assert!(trace.has_event_message(message), "{message}");
        }
        assert!(!trace.has_event_message("outside"));
        assert_eq!(trace.span("kept by the thread").unwrap().field("value").unwrap(), 2);
        assert!(trace.all_spans().all(|span| !span.is_open()));
    });
}

#[test]
fn a_value_that_is_dropped_after_those_of_the_layer_does_no_harm() {
    let name = "a_value_that_is_dropped_after_those_of_the_layer_does_no_harm";
    in_a_process(name, || {
        let trace = captured_thread(|| EARLY.set(Some(farewell("early"))));
        assert!(trace.span_exists("kept by the thread"));
        assert!(!trace.has_event_message("outside"));
    });
}
