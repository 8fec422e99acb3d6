//! Listeners: told of everything once, outside of every lock, and unable to do harm.

use std::{
    panic::panic_any,
    sync::{Arc, Mutex, OnceLock, mpsc},
    thread,
};

use futures::executor::block_on;
use probity_trace::{
    CaptureHandle, Collected, EventNode, FieldNode, SpanNode, TraceEvent, TraceSnapshot, capture,
    capture_sync,
};
use tracing::{field::Empty, info, info_span, instrument::WithSubscriber as _};

use crate::{child::in_child, deadline::within_deadline, shape::shape, stack::with_layer};

/// Captures `f`, and collects what its listeners are told.
fn listened(f: impl FnOnce()) -> (Vec<TraceEvent>, Vec<SpanNode>, TraceSnapshot) {
    let (events, told) = mpsc::channel();
    let (spans, closed) = mpsc::channel();
    let capture = capture(async { f() })
        .listen_events(move |event| events.send(event).unwrap())
        .listen_spans(move |span| spans.send(span).unwrap());
    let trace = block_on(capture.with_subscriber(with_layer())).trace;
    (told.try_iter().collect(), closed.try_iter().collect(), trace)
}

fn names(events: &[TraceEvent]) -> Vec<String> {
    let name = |event: &TraceEvent| match event {
        TraceEvent::SpanOpened(span) => format!("opened {}", span.name),
        TraceEvent::FieldsRecorded { fields, .. } => format!("recorded {}", fields[0].key),
        TraceEvent::SpanClosed(span) => format!("closed {}", span.name),
        TraceEvent::Event(event) => format!("said {}", event.fields[0].value),
        _ => unreachable!("there are four kinds"),
    };
    events.iter().map(name).collect()
}

#[test]
fn listeners_are_told_of_everything_in_order() {
    let (events, spans, trace) = listened(|| {
        let top = info_span!("top", late = Empty);
        top.in_scope(|| {
            info!("one");
            info_span!("inner").in_scope(|| info!("two"));
        });
        top.record("late", 1);
        drop(top);
        info!("three");
    });

    assert_eq!(
        names(&events),
        [
            "opened top",
            "said one",
            "opened inner",
            "said two",
            "closed inner",
            "recorded late",
            "closed top",
            "said three",
        ]
    );
    let closed: Vec<_> = spans.iter().map(|span| &*span.name).collect();
    assert_eq!(closed, ["inner", "top"]);
    assert_eq!(spans[0].parent, Some(spans[1].id));
    assert!(trace.dropped().is_empty());
}

#[test]
fn a_closed_span_is_told_with_all_its_fields() {
    let (_, spans, trace) = listened(|| {
        let span = info_span!("span", value = 1, late = Empty, never = Empty);
        span.record("late", "first");
        span.record("value", 2);
        span.record("late", "second");
    });

    let fields: Vec<_> =
        spans[0].fields.iter().map(|field| (&*field.key, field.value.to_string())).collect();
    assert_eq!(fields, [("value", "2".to_owned()), ("late", "second".to_owned())]);
    assert_eq!(spans[0], trace.span("span").unwrap().to_node());
}

#[test]
fn a_closed_span_is_told_with_what_other_threads_did_to_it() {
    let (_, spans, trace) = listened(|| {
        let span = info_span!("span", late = Empty);
        let other = span.clone();
        let handle = CaptureHandle::current().unwrap();
        let record = move || handle.in_scope(|| other.in_scope(|| _ = other.record("late", 1)));
        thread::spawn(record).join().unwrap();
    });

    assert_eq!(spans[0].fields.len(), 1);
    assert_eq!(spans[0], trace.span("span").unwrap().to_node());
}

#[test]
fn a_closed_span_is_told_with_the_spans_it_follows_from() {
    let (_, spans, trace) = listened(|| {
        let cause = info_span!("cause");
        info_span!("effect").follows_from(&cause);
    });

    assert_eq!(spans[0].name, "effect");
    assert_eq!(spans[0].follows_from, [trace.span("cause").unwrap().id()]);
}

#[test]
fn a_span_that_is_open_at_the_end_is_told_as_opened_only() {
    let (sender, told) = mpsc::channel();
    let capture = capture(async { info_span!("open") })
        .listen_events(move |event| sender.send(event).unwrap());
    let collected = block_on(capture.with_subscriber(with_layer()));
    drop(collected.output);

    let told: Vec<_> = told.try_iter().collect();
    assert_eq!(names(&told), ["opened open"]);
}

#[test]
fn several_listeners_are_each_told() {
    let counts = Arc::new([const { Mutex::new(0) }; 3]);
    let count = |n: usize| {
        let counts = Arc::clone(&counts);
        move || *counts[n].lock().unwrap() += 1
    };
    let (first, second, third) = (count(0), count(1), count(2));
    let capture = capture(async { info_span!("span").in_scope(|| info!("said")) })
        .listen_events(move |_| first())
        .listen_events(move |_| second())
        .listen_spans(move |_| third());
    block_on(capture.with_subscriber(with_layer()));

    assert_eq!(counts.each_ref().map(|count| *count.lock().unwrap()), [3, 3, 1]);
}

#[test]
fn listeners_of_an_outer_capture_are_told_of_the_marker_of_an_inner_one() {
    let (events, spans, trace) = listened(|| {
        capture_sync(|| info!("inside"));
    });

    assert_eq!(shape(&trace), ["probity.capture"]);
    assert_eq!(names(&events), ["opened probity.capture", "closed probity.capture"]);
    assert_eq!(spans[0], trace.span("probity.capture").unwrap().to_node());
}

/// Captures spans with a listener that does `reaction` when one closes, which no guard of
/// `tracing-core` stands against.
fn reacting(reaction: impl Fn() + Send + Sync + 'static) -> Collected<()> {
    within_deadline(move || {
        let capture = capture(async {
            for n in 0..3 {
                info_span!("span", n).in_scope(|| info!("said"));
            }
        });
        let capture = capture.listen_spans(move |_| reaction());
        block_on(capture.with_subscriber(with_layer()))
    })
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
    let name = "listeners::what_a_listener_logs_is_kept_told_to_no_one_and_counted";
    unless_it_overflows(name, || {
        let logs = || info_span!("of the listener").in_scope(|| info!("heard"));
        let trace = reacting(logs).trace;

        assert_eq!(trace.spans("span").count(), 3);
        assert_eq!(trace.spans("of the listener").count(), 3);
        let heard = trace.all_events().filter(|event| event.message() == Some("heard"));
        assert_eq!(heard.count(), 3);
        // Only a listener of spans: what it causes are three events each, one of them a close.
        assert_eq!(trace.dropped().undelivered, 9);
    });
}

#[test]
fn a_listener_that_logs_from_an_event_does_not_recurse() {
    let trace = within_deadline(|| {
        let capture = capture(async { info!("said") }).listen_events(|_| info!("heard"));
        block_on(capture.with_subscriber(with_layer())).trace
    });

    assert!(trace.has_event_message("said"));
}

#[test]
fn a_listener_may_use_the_handle_of_its_capture() {
    let trace = reacting(|| {
        let handle = CaptureHandle::current().expect("the listener runs within the capture");
        handle.in_scope(|| info!("heard"));
    })
    .trace;

    let heard = trace.all_events().filter(|event| event.message() == Some("heard"));
    assert_eq!(heard.count(), 3);
    assert_eq!(trace.dropped().panicked_listeners, 0);
}

#[test]
fn a_listener_may_capture() {
    let trace = reacting(|| {
        let own = capture_sync(|| info!("in the listener")).trace;
        assert_eq!(shape(&own), ["'in the listener'"]);
    })
    .trace;

    assert_eq!(trace.dropped().panicked_listeners, 0);
    assert!(!trace.has_event_message("in the listener"));
}

#[test]
fn a_listener_may_capture_when_it_is_told_of_an_event() {
    let trace = within_deadline(|| {
        let listener = |_| assert_eq!(capture_sync(|| 7).output, 7);
        let capture = capture(async { info!("said") }).listen_events(listener);
        block_on(capture.with_subscriber(with_layer())).trace
    });

    assert_eq!(trace.dropped().panicked_listeners, 0, "to capture never panics");
}

#[test]
fn a_listener_that_panics_is_switched_off_and_counted_and_the_others_go_on() {
    let (sender, told) = mpsc::channel();
    let capture = capture(async {
        for n in 0..5 {
            info!(n, "said");
        }
        7
    });
    let capture = capture
        .listen_events(|_| panic!("the listener is broken"))
        .listen_events(move |event| sender.send(event).unwrap())
        .listen_spans(|_| panic_any(1));
    let collected = block_on(capture.with_subscriber(with_layer()));

    assert_eq!(collected.output, 7);
    assert_eq!(collected.trace.all_events().len(), 5);
    assert_eq!(told.try_iter().count(), 5);
    let dropped = collected.trace.dropped();
    assert_eq!(dropped.panicked_listeners, 1, "the other one was never called");
    assert_eq!(dropped.undelivered, 4);
}

fn is_message(event: &TraceEvent, message: &str) -> bool {
    matches!(event, TraceEvent::Event(event) if event.fields[0].value == message)
}

/// Captures all that a listener can be told of, with a listener that makes another thread log under
/// `handle` each time, and waits for it.
fn logging_elsewhere(
    handle: impl Fn() -> CaptureHandle + Send + Sync + 'static,
    start: impl FnOnce() + Send + 'static,
) -> TraceSnapshot {
    let listener = move |event| {
        if !is_message(&event, "elsewhere") {
            let handle = handle();
            let log = move || handle.in_scope(|| info!("elsewhere"));
            thread::spawn(log).join().unwrap();
        }
    };
    within_deadline(|| {
        let capture = capture(async {
            start();
            let span = info_span!("span", late = Empty);
            span.record("late", 1);
            span.in_scope(|| info!("said"));
        });
        block_on(capture.listen_events(listener).with_subscriber(with_layer())).trace
    })
}

#[track_caller]
fn check_elsewhere(trace: &TraceSnapshot) {
    assert_eq!(trace.dropped().panicked_listeners, 0);
    let elsewhere = trace.all_events().filter(|event| event.message() == Some("elsewhere"));
    assert_eq!(elsewhere.count(), 4, "one each for open, record, event and close");
}

#[test]
fn a_listener_is_called_outside_of_every_lock() {
    let handle = Arc::new(OnceLock::new());
    let set = Arc::clone(&handle);
    let trace = logging_elsewhere(
        move || CaptureHandle::clone(handle.get().unwrap()),
        move || set.set(CaptureHandle::current().unwrap()).unwrap(),
    );

    check_elsewhere(&trace);
}

#[test]
fn a_listener_whose_values_log_when_they_go_does_no_harm() {
    struct Farewell;
    impl Drop for Farewell {
        fn drop(&mut self) {
            info_span!("cleaning up").in_scope(|| info!("farewell"));
        }
    }

    let trace = within_deadline(|| {
        let work = async {
            let farewell = Farewell;
            let inner = capture(async { info!("inside") });
            let inner = inner.listen_events(move |_| _ = &farewell).await.trace;
            info!("goes on");
            inner
        };
        let collected = block_on(capture(work).with_subscriber(with_layer()));
        assert_eq!(shape(&collected.output), ["'inside'"]);
        collected.trace
    });

    // The listener goes when the inner capture has ended, so that the outer one hears it.
    assert!(trace.has_event_message("farewell") && trace.has_event_message("goes on"));
}

#[test]
fn listeners_are_told_of_what_other_threads_record() {
    let (events, _, trace) = listened(|| {
        let handle = CaptureHandle::current().unwrap();
        let threads: Vec<_> = (0..4)
            .map(|_| {
                let handle = handle.clone();
                let work = || info_span!("span").in_scope(|| info!("said"));
                thread::spawn(move || handle.in_scope(work))
            })
            .collect();
        for thread in threads {
            thread.join().unwrap();
        }
    });

    assert_eq!(trace.len(), 4);
    assert_eq!(events.len(), 12);
}

#[test]
fn nodes_that_listeners_get_can_be_sent_and_kept() {
    fn sendable<T: Send + Sync + Clone + 'static>() {}
    sendable::<TraceEvent>();
    sendable::<SpanNode>();
    sendable::<EventNode>();
    sendable::<FieldNode>();
}
