//! Defects that were found once, each with what shows it.

use std::thread;

use futures::executor::block_on;
use probity_trace::{
    CaptureHandle, CaptureLimits, CapturePolicy, RawPayload, Redaction, TraceSnapshot, capture,
    capture_raw_sync, capture_sync, layer,
};
use tracing::{Dispatch, Subscriber, dispatcher, info, info_span, instrument::WithSubscriber as _};
use tracing_subscriber::{Layer as _, filter::filter_fn, layer::SubscriberExt as _, registry};

use crate::{
    filters::Sibling,
    shape::shape,
    stack::with_layer,
    tasks::yield_now,
    under::{captured, captured_by},
};

fn request(headers: &[(&str, &str)], body: &str) -> RawPayload {
    RawPayload::Request {
        method: "POST".to_owned(),
        url: "https://example.com/?x=1".to_owned(),
        headers: headers.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect(),
        body: body.to_owned(),
    }
}

#[test]
fn a_handle_of_an_inner_capture_works_for_the_inner_one_below_a_span_of_the_outer_one() {
    let mut inner = TraceSnapshot::default();
    let outer = captured(|| {
        let _around = info_span!("around").entered();
        inner = capture_sync(|| {
            let handle = CaptureHandle::current().unwrap();
            handle.in_scope(|| info!("here"));
            thread::spawn(move || handle.in_scope(|| info!("elsewhere"))).join().unwrap();
        })
        .trace;
    });

    assert_eq!(shape(&inner), ["'here'", "'elsewhere'"]);
    assert!(!outer.has_event_message("here") && !outer.has_event_message("elsewhere"));
}

#[test]
fn a_record_that_does_not_fit_leaves_room_for_those_that_do() {
    let limits = CaptureLimits::default().with_max_total_bytes(1 << 18);
    let large = "x".repeat(300 << 10);
    let work = async {
        let handle = CaptureHandle::current().unwrap();
        let other = thread::spawn(move || {
            handle.in_scope(|| (0..200).for_each(|n| info!(n, "small")));
        });
        for _ in 0..200 {
            info!(text = large, "large");
        }
        other.join().unwrap();
    };
    let trace = block_on(capture(work).limits(limits).with_subscriber(with_layer())).trace;

    assert_eq!(trace.all_events().count(), 200, "{:?}", trace.dropped());
    assert_eq!(trace.dropped().events, 200);
}

#[test]
fn raw_entries_hold_no_secrets_wherever_they_stand() {
    let key = "sk-proj-abcdefghijklmnop1234";
    let collected = capture_raw_sync(|| {
        let handle = CaptureHandle::current().unwrap();
        handle.record_raw(request(&[("x-harmless", key)], &format!("{{\"k\":\"{key}\"}}")));
        handle.record_raw(RawPayload::ParseError { error: key.to_owned(), body: key.to_owned() });
    });

    let json = serde_json::to_string(&collected.raw).unwrap();
    assert_eq!(collected.raw.entries.len(), 2);
    assert!(!json.contains(key) && json.contains("[redacted]"), "{json}");
    assert!(!format!("{:?}", collected.raw).contains(key));
}

#[test]
fn the_rules_of_the_layer_hold_for_raw_entries_before_its_first_record() {
    let redaction = Redaction::new().with_secret_name("x-tenant");
    let subscriber = Dispatch::new(registry().with(layer().with_redaction(redaction)));
    let collected = dispatcher::with_default(&subscriber, || {
        capture_raw_sync(|| {
            let handle = CaptureHandle::current().unwrap();
            handle.record_raw(request(&[("x-tenant", "hush")], ""))
        })
    });

    assert!(collected.output);
    assert!(!format!("{:?}", collected.raw).contains("hush"));
}

#[test]
fn attributes_of_an_ended_capture_are_counted_as_late() {
    use probity_trace::CaptureSpanExt as _;

    dispatcher::with_default(&with_layer(), || {
        let collected = capture_sync(|| info_span!("left open"));
        let before = collected.trace.dropped().late;
        assert!(!collected.output.capture_attribute("key", 1));
        assert!(!collected.output.capture_tags(["tag"]));

        assert_eq!(collected.trace.dropped().late - before, 2);
    });
}

#[test]
fn no_tag_is_lost_when_threads_add_them_at_once() {
    for _ in 0..200 {
        let trace = captured(|| {
            let span = info_span!("span");
            let _entered = span.enter();
            let handle = CaptureHandle::current().unwrap();
            thread::scope(|scope| {
                for tag in ["a", "b", "c", "d"] {
                    let handle = handle.clone();
                    scope.spawn(move || handle.in_scope(|| probity_trace::add_tags([tag])));
                }
            });
        });
        let tags = trace.span("span").unwrap().field(probity_trace::keys::TAGS).unwrap();
        let mut tags: Vec<String> = serde_json::from_str(tags.as_str().unwrap()).unwrap();
        tags.sort();
        assert_eq!(tags, ["a", "b", "c", "d"]);
    }
}

fn hides_the_middle() -> impl Subscriber + Send + Sync {
    let visible = filter_fn(|metadata| metadata.name() != "middle");
    registry().with(layer().with_filter(visible)).with(Sibling::default())
}

#[test]
fn a_child_of_an_explicit_parent_that_a_filter_hides_hangs_from_the_nearest_kept_ancestor() {
    let trace = captured_by(&Dispatch::new(hides_the_middle()), || {
        let top = info_span!("top");
        let middle = info_span!(parent: &top, "middle");
        drop(info_span!(parent: &middle, "child"));
    });

    assert_eq!(shape(&trace), ["top", "child < top"]);
}

#[test]
fn what_an_inner_capture_shows_the_outer_one_stands_in_the_order_of_time() {
    let trace = captured(|| {
        block_on(async {
            let inner = capture(async {
                info_span!("first").in_scope(|| info!("one"));
                yield_now().await;
                info_span!("third").in_scope(|| info!("three"));
            });
            let outer = async {
                info_span!("second").in_scope(|| info!("two"));
                yield_now().await;
            };
            futures::join!(inner.visible_outside(), outer);
        });
    });

    let names: Vec<_> = trace.all_spans().map(probity_trace::SpanRef::name).collect();
    assert_eq!(names, ["probity.capture", "first", "second", "third"]);
    let said: Vec<_> = trace.all_events().filter_map(probity_trace::EventRef::message).collect();
    assert_eq!(said, ["one", "two", "three"]);
}

#[test]
fn a_predicate_that_panics_is_asked_again() {
    use std::{
        panic::{AssertUnwindSafe, catch_unwind},
        sync::atomic::{AtomicBool, Ordering},
    };

    let first = AtomicBool::new(true);
    let policy = CapturePolicy::default().with_predicate(move |_| {
        assert!(!first.swap(false, Ordering::Relaxed), "the first time");
        true
    });
    let subscriber = Dispatch::new(registry().with(layer().with_policy(policy)));
    let trace = captured_by(&subscriber, || {
        for _ in 0..3 {
            let _ = catch_unwind(AssertUnwindSafe(|| info!("said")));
        }
    });

    assert_eq!(trace.all_events().count(), 2);
}

#[test]
fn an_observer_is_told_that_the_anchor_closed() {
    use std::ops::ControlFlow;

    use probity_trace::{Observer, TraceEvent};

    struct Closed(Vec<String>);

    impl Observer for Closed {
        fn observe(&mut self, event: TraceEvent) -> ControlFlow<String> {
            if let TraceEvent::SpanClosed(node) = event {
                self.0.push(node.name.into_owned());
            }
            ControlFlow::Continue(())
        }
    }

    let work = capture(async { info_span!("x").in_scope(|| ()) });
    let observed = work.anchored("trial").observe(Closed(Vec::new()));
    let collected = block_on(observed.with_subscriber(with_layer()));

    assert_eq!(collected.observer.0, ["x", "trial"]);
}
