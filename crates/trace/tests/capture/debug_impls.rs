//! `Debug` implementations of the program that log, record or panic while a field is recorded.
//!
//! Under a subscriber that is set for a scope, `tracing-core` itself drops every event and new span
//! that comes while it hands over another: no layer hears of them. So these tests ask that nothing
//! hangs and that the outer record is kept whole. Recording, entering and closing a span go past that
//! guard, so what they do must be kept. The same under a global subscriber, which has no such guard,
//! is in `global_reentrancy.rs`.

use std::{
    cell::RefCell,
    fmt,
    panic::{AssertUnwindSafe, catch_unwind},
};

use probity_trace::TraceSnapshot;
use tracing::{Span, field::Empty, info, info_span};

use crate::{deadline::within_deadline, noisy::Noisy, shape::shape, under::captured};

fn captured_in_time(f: impl FnOnce() + Send + 'static) -> TraceSnapshot {
    within_deadline(move || captured(f))
}

fn logs() {
    info_span!("inner").in_scope(|| info!("inner"));
}

#[test]
fn a_debug_that_logs_in_a_field_of_an_event_does_not_hang() {
    let trace = captured_in_time(|| info!(value = ?Noisy(logs), other = 1, "outer"));

    let outer = trace.event("outer").unwrap();
    assert_eq!(outer.field("value").unwrap(), "noisy");
    assert_eq!(outer.field("other").unwrap(), 1);
    assert_eq!(shape(&trace), ["'outer'"], "tracing-core drops the rest");
}

#[test]
fn a_debug_that_logs_in_a_field_of_a_span_does_not_hang() {
    let trace = captured_in_time(|| {
        info_span!("outer", value = ?Noisy(logs), other = 1).in_scope(|| info!("below"));
    });

    let outer = trace.span("outer").unwrap();
    assert_eq!(outer.field("value").unwrap(), "noisy");
    assert_eq!(outer.field("other").unwrap(), 1);
    assert_eq!(shape(&trace), ["outer", "'below' < outer"], "tracing-core drops the rest");
}

#[test]
fn what_a_debug_logs_in_a_recorded_value_is_kept() {
    let trace = captured_in_time(|| {
        let outer = info_span!("outer", value = Empty);
        outer.record("value", tracing::field::debug(Noisy(logs)));
    });

    assert_eq!(shape(&trace), ["outer", "inner", "'inner' < inner"]);
    assert_eq!(trace.span("outer").unwrap().field("value").unwrap(), "noisy");
}

/// Does to another span all that can be done to one while a value is recorded.
fn uses(other: &RefCell<Option<Span>>) {
    let other = other.take().expect("a value is formatted once");
    other.record("value", 2);
    other.in_scope(|| ());
    other.follows_from(&other);
    drop(other);
}

#[test]
fn a_debug_that_records_enters_and_closes_another_span_does_not_hang() {
    let trace = captured_in_time(|| {
        let other = || RefCell::new(Some(info_span!("other", value = 1)));
        let (first, second, third) = (other(), other(), other());
        info!(value = ?Noisy(|| uses(&first)), "event");
        let outer = info_span!("outer", value = ?Noisy(|| uses(&second)), late = Empty);
        outer.record("late", tracing::field::debug(Noisy(|| uses(&third))));
    });

    assert_eq!(trace.event("event").unwrap().field("value").unwrap(), "noisy");
    assert_eq!(trace.span("outer").unwrap().field("value").unwrap(), "noisy");
    assert_eq!(trace.span("outer").unwrap().field("late").unwrap(), "noisy");
    assert_eq!(trace.spans("other").count(), 3);
    for other in trace.spans("other") {
        assert_eq!(other.field("value").unwrap(), 2);
        assert!(other.last_exit().is_some() && !other.is_open());
    }
}

#[test]
fn a_debug_that_records_on_its_own_span_does_not_hang() {
    let trace = captured_in_time(|| {
        let span = info_span!("span", first = Empty, second = Empty);
        let again = || _ = span.record("second", "inner");
        span.record("first", tracing::field::debug(Noisy(again)));
    });

    let span = trace.span("span").unwrap();
    assert_eq!(span.field("first").unwrap(), "noisy");
    assert_eq!(span.field("second").unwrap(), "inner");
}

#[test]
fn a_debug_that_captures_does_not_hang() {
    let trace = captured_in_time(|| {
        let captures = || assert_eq!(probity_trace::capture_sync(|| 7).output, 7);
        info!(value = ?Noisy(captures), "event");
    });

    assert_eq!(trace.event("event").unwrap().field("value").unwrap(), "noisy");
}

/// A value that cannot be formatted.
struct Panics;

impl fmt::Debug for Panics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("half of it")?;
        panic!("cannot be formatted")
    }
}

#[test]
fn a_debug_that_panics_panics_at_the_caller_and_the_layer_goes_on() {
    let trace = captured_in_time(|| {
        let _top = info_span!("top").entered();
        let event = catch_unwind(|| info!(before = 1, value = ?Panics, "event"));
        let span = catch_unwind(|| drop(info_span!("span", value = ?Panics)));
        let other = info_span!("other", value = Empty);
        let record = || _ = other.record("value", tracing::field::debug(Panics));
        let record = catch_unwind(AssertUnwindSafe(record));
        assert!(event.is_err() && span.is_err() && record.is_err(), "the caller sees the panic");
        other.record("value", 1);
        info_span!("after").in_scope(|| info!(value = 2, "said"));
    });

    assert_eq!(shape(&trace), ["top", "other < top", "after < top", "'said' < after"]);
    assert_eq!(trace.span("other").unwrap().field("value").unwrap(), 1);
    assert_eq!(trace.event("said").unwrap().field("value").unwrap(), 2);
    assert_eq!(trace.event("said").unwrap().fields().count(), 2, "nothing is left of the others");
    // The registry never closes the span that it had begun to open, and so not its parent either.
    let still_open = trace.all_spans().filter(|span| span.is_open());
    assert!(still_open.map(probity_trace::SpanRef::name).eq(["top"]));
}

#[test]
fn a_debug_that_panics_on_one_thread_disturbs_no_other() {
    let trace = captured_in_time(|| {
        let handle = probity_trace::CaptureHandle::current().unwrap();
        let workers: Vec<_> = (0..4)
            .map(|n| {
                let handle = handle.clone();
                std::thread::spawn(move || {
                    handle.in_scope(|| {
                        for _ in 0..100 {
                            let _ = catch_unwind(|| info!(value = ?Panics, "lost"));
                            info_span!("kept", n).in_scope(|| info!("kept"));
                        }
                    });
                })
            })
            .collect();
        for worker in workers {
            worker.join().unwrap();
        }
    });

    assert_eq!(trace.spans("kept").count(), 400);
    assert_eq!(trace.all_events().len(), 400);
}
