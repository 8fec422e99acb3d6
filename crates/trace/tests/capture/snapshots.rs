//! Snapshots while the program goes on.

use std::{
    sync::{Arc, Barrier},
    thread,
};

use probity_trace::{TraceSnapshot, capture_sync};
use tracing::{dispatcher, info, info_span};

use crate::{
    deadline::within_deadline,
    shape::shape,
    stack::with_layer,
    under::{captured, captured_by},
};

#[test]
fn a_snapshot_that_is_held_and_asked_stands_in_no_ones_way() {
    within_deadline(|| {
        let subscriber = with_layer();
        let held = captured_by(&subscriber, || {
            info_span!("held").in_scope(|| info!("held"));
        });
        dispatcher::with_default(&subscriber, || {
            let mut spans = held.all_spans();
            let span = spans.next().unwrap();
            let mut events = span.events();
            info_span!("meanwhile").in_scope(|| info!("in no capture"));
            let next = capture_sync(|| {
                let event = events.next().unwrap();
                info_span!("next", of = span.name()).in_scope(|| info!(said = event.message()));
            });
            assert_eq!(shape(&next.trace), ["next", "'' < next"]);
            assert!(spans.next().is_none() && events.next().is_none());
        });
        assert_eq!(shape(&held), ["held", "'held' < held"]);
    });
}

#[test]
fn a_snapshot_never_changes() {
    let subscriber = with_layer();
    dispatcher::with_default(&subscriber, || {
        let collected = capture_sync(|| info_span!("open", value = 1));
        let before = shape(&collected.trace);
        let duration = collected.trace.span("open").unwrap().duration();
        captured_by(&subscriber, || {
            collected.output.record("value", 2);
            collected.output.in_scope(|| info!("late"));
            drop(collected.output);
        });

        assert_eq!(shape(&collected.trace), before);
        let open = collected.trace.span("open").unwrap();
        assert!(open.is_open());
        assert_eq!(open.duration(), duration);
        assert_eq!(open.field("value").unwrap(), 1);
    });
}

#[test]
fn threads_may_ask_one_snapshot_for_the_first_time_at_once() {
    let trace = captured(|| {
        for n in 0..10_000_u64 {
            info_span!("span", n).in_scope(|| info!(n, "said"));
        }
    });
    let start = Arc::new(Barrier::new(4));
    let threads: Vec<_> = (0..4)
        .map(|_| {
            let (trace, start) = (trace.clone(), Arc::clone(&start));
            thread::spawn(move || {
                start.wait();
                trace.all_spans().map(|span| span.events().len()).sum::<usize>()
            })
        })
        .collect();

    for thread in threads {
        assert_eq!(thread.join().unwrap(), 10_000);
    }
}

#[test]
fn a_snapshot_can_be_sent_shared_and_kept() {
    fn sendable<T: Send + Sync + Clone + Default + 'static>() {}
    sendable::<TraceSnapshot>();

    let trace = captured(|| info_span!("span").in_scope(|| info!("said")));
    let clone = trace.clone();
    drop(trace);
    let elsewhere = thread::spawn(move || shape(&clone));
    assert_eq!(elsewhere.join().unwrap(), ["span", "'said' < span"]);
}

#[test]
fn the_times_of_spans_fit_into_each_other() {
    let trace = captured(|| {
        let _top = info_span!("top").entered();
        for _ in 0..10 {
            info_span!("child").in_scope(|| info!("said"));
        }
    });

    let top = trace.span("top").unwrap();
    assert!(top.start() + top.duration() <= trace.duration());
    let mut children = std::time::Duration::ZERO;
    for child in top.children() {
        assert!(child.start() >= top.start());
        assert!(child.start() + child.duration() <= top.start() + top.duration());
        assert!(child.busy() <= child.duration());
        assert_eq!(child.idle(), child.duration().saturating_sub(child.busy()));
        assert!(child.last_exit().unwrap() <= child.duration());
        let event = child.events().next().unwrap();
        assert!(event.start() >= child.start());
        assert!(event.at() >= trace.started_at());
        children += child.busy();
    }
    assert!(children <= top.busy());
}

#[test]
fn a_span_that_was_never_entered_was_never_left() {
    let trace = captured(|| drop(info_span!("span")));

    let span = trace.span("span").unwrap();
    assert_eq!(span.last_exit(), None);
    assert_eq!(span.busy(), std::time::Duration::ZERO);
}
