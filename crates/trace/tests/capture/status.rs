//! Nothing captured is never silent: what a trace says of itself.

use futures::executor::block_on;
use probity_trace::{
    CaptureLimits, CaptureStatus, TraceSnapshot, capture, capture_raw, capture_sync, layer,
    try_capture,
};
use tracing::{Dispatch, debug, dispatcher, info, instrument::WithSubscriber as _};
use tracing_subscriber::{filter::LevelFilter, layer::SubscriberExt as _, registry, reload};

use crate::{
    shape::shape,
    stack::with_layer,
    under::{captured, captured_by},
};

fn without_layer() -> Dispatch {
    Dispatch::new(registry())
}

fn is_nothing_recorded(status: &CaptureStatus) -> bool {
    matches!(status, CaptureStatus::NothingRecorded { .. })
}

#[test]
fn a_trace_with_something_in_it_is_recorded() {
    let trace = captured(|| info!("said"));
    assert_eq!(trace.status(), &CaptureStatus::Recorded);
    assert_eq!(trace.status().to_string(), "recorded");
}

#[test]
fn a_capture_that_said_nothing_is_told_from_one_that_no_layer_saw() {
    let silent = captured(|| ());
    assert!(is_nothing_recorded(silent.status()), "{:?}", silent.status());
    let unseen = captured_by(&without_layer(), || info!("unseen"));
    assert_eq!(unseen.status(), &CaptureStatus::LayerNotSeen);
    assert!(unseen.status().to_string().contains("probity_trace::layer()"));
}

#[test]
fn a_filter_that_takes_all_away_is_named() {
    let whole = Dispatch::new(registry().with(layer()).with(LevelFilter::WARN));
    let trace = captured_by(&whole, || info!("filtered"));
    assert!(is_nothing_recorded(trace.status()), "{:?}", trace.status());
    assert!(trace.status().to_string().contains("filter"));

    // What only the policy leaves out counts as well: the layer was there.
    let trace = captured(|| debug!("too fine"));
    assert!(is_nothing_recorded(trace.status()), "{:?}", trace.status());
}

#[test]
fn a_layer_on_another_subscriber_is_not_seen() {
    let elsewhere = with_layer();
    let trace = captured_by(&without_layer(), || info!("unseen"));
    assert_eq!(trace.status(), &CaptureStatus::LayerNotSeen);
    drop(elsewhere);
    let trace = captured_by(&without_layer(), || info!("unseen"));
    assert_eq!(trace.status(), &CaptureStatus::LayerNotSeen);
}

#[test]
fn a_layer_that_is_set_only_within_is_seen() {
    let trace = captured_by(&without_layer(), || {
        dispatcher::with_default(&with_layer(), || info!("said"));
    });

    assert_eq!(trace.status(), &CaptureStatus::Recorded);
    assert_eq!(shape(&trace), ["'said'"]);
}

#[test]
fn a_layer_that_can_be_reloaded_is_seen_though_it_keeps_nothing() {
    let (reloadable, _handle) = reload::Layer::new(layer());
    let subscriber = Dispatch::new(registry().with(reloadable));
    let trace = captured_by(&subscriber, || debug!("too fine"));

    assert!(is_nothing_recorded(trace.status()), "{:?}", trace.status());
}

#[test]
fn to_try_gives_the_trace_or_the_output_in_an_error() {
    let captured = block_on(try_capture(async { info!("said") }).with_subscriber(with_layer()));
    assert_eq!(shape(&captured.unwrap().trace), ["'said'"]);

    let silent = block_on(try_capture(async { 7 }).with_subscriber(with_layer())).unwrap_err();
    assert_eq!(silent.output, 7);
    assert!(is_nothing_recorded(silent.status()), "{silent:?}");
    let unseen = async {
        info!("unseen");
        "output".to_owned()
    };
    let unseen = block_on(try_capture(unseen).with_subscriber(without_layer())).unwrap_err();
    assert_eq!(unseen.output, "output");
    assert_eq!(unseen.status(), &CaptureStatus::LayerNotSeen);
    assert_eq!(unseen.to_string(), unseen.status().to_string());
}

#[test]
fn the_output_of_a_capture_that_no_layer_saw_is_kept() {
    let collected = block_on(capture(async { 7 }).with_subscriber(without_layer()));
    assert_eq!(collected.output, 7);
    let collected = block_on(capture_raw(async { 8 }).with_subscriber(without_layer()));
    assert_eq!(collected.output, 8);
    assert!(!collected.trace.status().is_recorded());
}

#[test]
fn the_marker_of_an_inner_capture_is_nothing_that_a_layer_recorded() {
    let mut inner = TraceSnapshot::default();
    let outer = captured_by(&without_layer(), || {
        inner = capture_sync(|| info!("unseen")).trace;
    });

    assert_eq!(inner.status(), &CaptureStatus::LayerNotSeen);
    assert_eq!(outer.status(), &CaptureStatus::LayerNotSeen);
}

#[test]
fn a_trace_that_is_empty_because_of_its_bounds_does_not_blame_a_filter() {
    let capture = capture(async { info!("said") });
    let capture = capture.limits(CaptureLimits::default().with_max_events(0));
    let trace = block_on(capture.with_subscriber(with_layer())).trace;

    assert_eq!(trace.dropped().events, 1);
    assert!(!trace.status().to_string().contains("filter"), "{}", trace.status());
}

#[test]
fn the_status_is_shown_wherever_an_empty_trace_is_shown() {
    let unseen = captured_by(&without_layer(), || info!("unseen"));
    let says = "no capture layer";

    assert!(unseen.to_string().contains(says), "{unseen}");
    let read = TraceSnapshot::from_json(&unseen.to_json().unwrap()).unwrap();
    assert_eq!(read.status(), unseen.status());
}
