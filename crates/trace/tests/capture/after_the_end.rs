//! Work that goes on after its capture has ended.

use probity_trace::{CaptureHandle, capture_sync};
use tracing::{dispatcher, info, info_span};

use crate::{shape::shape, stack::with_layer, under::captured_by};

#[test]
fn a_late_span_of_an_ended_capture_is_in_no_other() {
    let subscriber = with_layer();
    dispatcher::with_default(&subscriber, || {
        let ended = capture_sync(|| info_span!("left open"));
        let left_open = ended.output;
        let active = captured_by(&subscriber, || {
            info!("own, before");
            left_open.in_scope(|| {
                info_span!("late").in_scope(|| info!("late"));
                info!("late too");
            });
            info_span!(parent: &left_open, "late child").in_scope(|| info!("late as well"));
            info!(parent: &left_open, "late to the end");
            info_span!("own").in_scope(|| info!("own, after"));
            drop(left_open);
        });

        assert_eq!(shape(&active), ["own", "'own, before'", "'own, after' < own"]);
        assert_eq!(shape(&ended.trace), ["left open"]);
        assert!(active.dropped().is_empty(), "{:?}", active.dropped());
        assert!(ended.trace.span("left open").unwrap().is_open());
    });
}

#[test]
fn a_late_value_is_neither_recorded_nor_lost_without_a_count() {
    let subscriber = with_layer();
    dispatcher::with_default(&subscriber, || {
        let ended = capture_sync(|| info_span!("left open", value = 1));
        let clone = ended.trace.clone();
        captured_by(&subscriber, || {
            ended.output.record("value", 2);
        });

        assert_eq!(ended.trace.span("left open").unwrap().field("value").unwrap(), 1);
        assert_eq!(ended.trace.dropped().late, 1);
        assert_eq!(clone.dropped().late, 1, "a clone counts on as well");
    });
}

#[test]
fn events_under_the_handle_of_an_ended_capture_are_counted_one_by_one() {
    let subscriber = with_layer();
    dispatcher::with_default(&subscriber, || {
        let ended = capture_sync(|| CaptureHandle::current().unwrap());
        let handle = ended.output;
        let active = captured_by(&subscriber, || {
            handle.in_scope(|| (0..10).for_each(|n| info!(n, "late")));
            info!("own");
        });

        assert!(!handle.is_live());
        assert_eq!(shape(&active), ["'own'"]);
        assert!(ended.trace.is_empty());
        assert_eq!(ended.trace.dropped().late, 10);
    });
}

#[test]
fn a_span_that_was_entered_when_its_capture_ended_is_left_in_peace() {
    let subscriber = with_layer();
    dispatcher::with_default(&subscriber, || {
        let ended = capture_sync(|| info_span!("left entered").entered());
        // The thread is still in that span, and so is what it does now.
        info!("in the ended capture");
        let active = captured_by(&subscriber, || info!("own"));
        drop(ended.output);
        let next = captured_by(&subscriber, || info!("own as well"));

        assert_eq!(shape(&active), ["'own'"]);
        assert_eq!(shape(&next), ["'own as well'"]);
        assert_eq!(shape(&ended.trace), ["left entered"]);
        assert!(ended.trace.span("left entered").unwrap().is_open());
    });
}

#[test]
fn a_capture_that_starts_in_the_late_work_of_another_is_whole() {
    let subscriber = with_layer();
    dispatcher::with_default(&subscriber, || {
        let ended = capture_sync(|| info_span!("left open"));
        let late = ended
            .output
            .in_scope(|| captured_by(&subscriber, || info_span!("own").in_scope(|| info!("said"))));

        assert_eq!(shape(&late), ["own", "'said' < own"]);
        assert_eq!(shape(&ended.trace), ["left open"]);
    });
}
