//! Captures in a program whose subscriber lacks the layer.
//!
//! This file stands alone because a process has one default subscriber, and here it must be one
//! without the layer, on every thread.

use std::sync::Once;

use futures::executor::block_on;
use probity_trace::{
    CaptureStatus, capture, capture_catch, capture_raw, capture_sync, try_capture,
};
use tracing::{Dispatch, info, info_span};
use tracing_subscriber::{layer::SubscriberExt as _, registry};

fn install() {
    static INSTALLED: Once = Once::new();
    INSTALLED.call_once(|| {
        tracing::subscriber::set_global_default(registry()).unwrap();
        // The layer is in the process, but not where the code runs.
        drop(Dispatch::new(registry().with(probity_trace::layer())));
    });
}

fn says_something() -> u8 {
    info_span!("unseen").in_scope(|| info!("unseen"));
    7
}

#[test]
fn the_output_is_kept_and_the_status_says_that_no_layer_saw_the_capture() {
    install();
    let elsewhere = Dispatch::new(registry().with(probity_trace::layer()));
    let collected = capture_sync(says_something);
    drop(elsewhere);

    assert_eq!(collected.output, 7);
    assert!(collected.trace.is_empty());
    assert_eq!(collected.trace.status(), &CaptureStatus::LayerNotSeen);
    let said = collected.trace.status().to_string();
    assert!(said.contains("add `probity_trace::layer()`"), "it says what to do: {said}");
}

#[test]
fn every_form_of_capture_keeps_its_output() {
    install();
    assert_eq!(block_on(capture(async { says_something() })).output, 7);
    assert_eq!(block_on(capture_raw(async { says_something() })).output, 7);
    assert_eq!(block_on(capture_catch(async { says_something() })).output.unwrap(), 7);
    let caught = block_on(capture_catch(async { panic!("no further") }));
    assert_eq!(caught.output.map(drop::<()>).unwrap_err().message(), "no further");
}

#[test]
fn to_try_errs_with_the_output_inside() {
    install();
    let error = block_on(try_capture(async { says_something() })).unwrap_err();

    assert_eq!(error.output, 7);
    assert_eq!(error.status(), &CaptureStatus::LayerNotSeen);
}

#[test]
fn listeners_are_told_nothing_and_let_go() {
    install();
    let (sender, told) = std::sync::mpsc::channel();
    let capture =
        capture(async { says_something() }).listen_events(move |event| sender.send(event).unwrap());
    block_on(capture);

    // The receiver ends, since the listener is gone.
    assert_eq!(told.iter().count(), 0);
}
