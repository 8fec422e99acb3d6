//! Panics of captured code.

use std::{
    panic::{AssertUnwindSafe, catch_unwind, panic_any},
    sync::atomic::{AtomicBool, Ordering},
};

use futures::{FutureExt as _, executor::block_on};
use probity_trace::{capture, capture_catch, capture_sync};
use tracing::{Instrument as _, dispatcher, info, info_span, instrument::WithSubscriber as _};

use crate::{shape::shape, stack::with_layer, tasks::yield_now, under::captured_by};

async fn panics_half_way() {
    let top = info_span!("top");
    async {
        info!("so far");
        yield_now().await;
        info_span!("deep").in_scope(|| panic!("no further"));
    }
    .instrument(top)
    .await;
}

const SO_FAR: [&str; 3] = ["top", "deep < top", "'so far' < top"];

#[test]
fn a_panic_and_the_trace_up_to_it_are_to_be_had_in_one_call() {
    let collected = block_on(capture_catch(panics_half_way()).with_subscriber(with_layer()));

    assert_eq!(shape(&collected.trace), SO_FAR);
    assert!(collected.trace.all_spans().all(|span| !span.is_open()));
    let panicked = collected.output.unwrap_err();
    assert_eq!(panicked.message(), "no further");
    assert_eq!(panicked.to_string(), "the captured code panicked: no further");
}

#[test]
fn catching_the_panic_within_the_capture_gives_the_trace_too() {
    let caught = AssertUnwindSafe(panics_half_way()).catch_unwind();
    let collected = block_on(capture(caught).with_subscriber(with_layer()));

    assert!(collected.output.is_err());
    assert_eq!(shape(&collected.trace), SO_FAR);
}

#[test]
fn code_that_does_not_panic_gives_its_output() {
    let collected = block_on(
        capture_catch(async {
            info!("before");
            yield_now().await;
            7
        })
        .with_subscriber(with_layer()),
    );

    assert_eq!(collected.output.unwrap(), 7);
    assert_eq!(shape(&collected.trace), ["'before'"]);
}

#[test]
fn the_payload_of_a_panic_can_be_raised_again() {
    let collected =
        block_on(capture_catch(async { panic_any(42_u8) }).with_subscriber(with_layer()));

    let payload = collected.output.unwrap_err().into_payload();
    assert_eq!(payload.downcast_ref::<u8>(), Some(&42));
}

#[test]
fn the_future_is_dropped_under_the_capture_before_the_panic_is_handed_out() {
    struct Dropped<'a>(&'a AtomicBool);
    impl Drop for Dropped<'_> {
        fn drop(&mut self) {
            info!("dropped");
            self.0.store(true, Ordering::Relaxed);
        }
    }

    let was_dropped = AtomicBool::new(false);
    let collected = block_on(
        capture_catch(async {
            let _dropped = Dropped(&was_dropped);
            yield_now().await;
            panic!("no further");
        })
        .with_subscriber(with_layer()),
    );

    assert!(was_dropped.load(Ordering::Relaxed));
    assert_eq!(shape(&collected.trace), ["'dropped'"]);
}

#[test]
fn a_panic_that_no_one_catches_leaves_the_thread_fit_for_the_next_capture() {
    let subscriber = with_layer();
    dispatcher::with_default(&subscriber, || {
        let future = catch_unwind(AssertUnwindSafe(|| block_on(capture(panics_half_way()))));
        assert!(future.is_err());
        let closure = catch_unwind(|| capture_sync(|| info_span!("top").in_scope(|| panic!("no"))));
        assert!(closure.is_err());

        info!("in no capture");
        let next = captured_by(&subscriber, || info_span!("own").in_scope(|| info!("said")));
        assert_eq!(shape(&next), ["own", "'said' < own"]);
    });
}

#[test]
fn a_panic_in_one_capture_leaves_another_around_it_whole() {
    let subscriber = with_layer();
    let around = captured_by(&subscriber, || {
        let _top = info_span!("top").entered();
        let inner = catch_unwind(AssertUnwindSafe(|| block_on(capture(panics_half_way()))));
        assert!(inner.is_err());
        info!("goes on");
    });

    assert_eq!(shape(&around), ["top", "probity.capture < top", "'goes on' < top"]);
}
