//! Trajectories that are dropped half way.

use std::{
    future,
    panic::{AssertUnwindSafe, catch_unwind, resume_unwind},
    pin::Pin,
    task::{Context, Poll},
    thread,
};

use futures::{FutureExt as _, executor::block_on};
use probity_trace::{
    capture_sync,
    trajectory::{RunTrajectory, Tracer},
};

use crate::{
    model::{ask, only, said},
    tasks::poll_once,
};

/// Asks when it is dropped.
struct AsksAtTheEnd;

impl Drop for AsksAtTheEnd {
    fn drop(&mut self) {
        ask("at the end");
    }
}

fn waiting(tracer: &Tracer) -> Pin<Box<RunTrajectory<impl Future<Output = ()> + Send + use<>>>> {
    Box::pin(tracer.trajectory("dropped").run(async {
        let _asks = AsksAtTheEnd;
        ask("so far");
        future::pending::<()>().await;
    }))
}

const SAID: [&str; 4] = [
    "user: so far",
    "assistant: you said: so far",
    "user: at the end",
    "assistant: you said: at the end",
];

#[test]
fn one_that_is_dropped_half_way_is_kept_with_what_was_said() {
    let tracer = Tracer::new("echo", "small");
    let mut trajectory = waiting(&tracer);
    assert!(poll_once(trajectory.as_mut()).is_pending());
    drop(trajectory);

    assert_eq!(tracer.running(), 0);
    let dropped = only(tracer.finish());
    assert_eq!(dropped.error(), Some("the trajectory was dropped before it was complete"));
    assert_eq!(dropped.metadata["error_type"], "cancelled");
    assert_eq!(said(&dropped), SAID);
}

#[test]
fn one_that_is_dropped_on_another_thread_is_kept_too() {
    let tracer = Tracer::new("echo", "small");
    let mut trajectory = waiting(&tracer);
    assert!(poll_once(trajectory.as_mut()).is_pending());
    thread::spawn(move || drop(trajectory)).join().unwrap();
    assert_eq!(said(&only(tracer.finish())), SAID);
}

#[test]
fn the_span_of_one_that_is_dropped_has_the_status_of_an_error() {
    let tracer = Tracer::new("echo", "small");
    let seen = capture_sync(|| {
        let mut trajectory = waiting(&tracer);
        assert!(poll_once(trajectory.as_mut()).is_pending());
    });
    let span = seen.trace.span("trajectory").unwrap();
    assert!(span.field("otel.status_code").unwrap() == "ERROR");
    assert!(span.field("error.type").unwrap() == "cancelled");
    assert!(!span.is_open());
}

#[test]
fn one_that_is_never_polled_is_none() {
    let tracer = Tracer::new("echo", "small");
    drop(waiting(&tracer));
    drop(tracer.trajectory("unused"));
    assert!(tracer.finish().is_empty());
    assert_eq!(tracer.running(), 0);
}

#[test]
fn one_that_is_polled_after_its_end_stays_pending_and_is_kept_once() {
    let tracer = Tracer::new("echo", "small");
    let mut trajectory = Box::pin(tracer.trajectory(1).run(async { ask("once") }));
    assert!(poll_once(trajectory.as_mut()).is_ready());
    assert!(poll_once(trajectory.as_mut()).is_pending());
    drop(trajectory);
    assert_eq!(only(tracer.finish()).messages.len(), 2);
}

/// Is ready at once and panics when it is dropped.
struct PanicsAtTheEnd {
    is_ready: bool,
}

impl Future for PanicsAtTheEnd {
    type Output = ();

    fn poll(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<()> {
        if self.is_ready { Poll::Ready(()) } else { Poll::Pending }
    }
}

impl Drop for PanicsAtTheEnd {
    fn drop(&mut self) {
        panic!("at the end");
    }
}

#[test]
fn a_panic_of_the_future_s_drop_goes_on_and_the_trajectory_is_kept() {
    let tracer = Tracer::new("echo", "small");
    let ready = tracer.trajectory(1).run(PanicsAtTheEnd { is_ready: true });
    assert!(block_on(AssertUnwindSafe(ready).catch_unwind()).is_err());
    assert_eq!(only(tracer.finish()).error(), Some("at the end"));

    let mut waiting = Box::pin(tracer.trajectory(1).run(PanicsAtTheEnd { is_ready: false }));
    assert!(poll_once(waiting.as_mut()).is_pending());
    assert!(catch_unwind(AssertUnwindSafe(|| drop(waiting))).is_err());
    assert_eq!(only(tracer.finish()).metadata["error_type"], "panic");
    assert_eq!(tracer.running(), 0);
}

#[test]
fn one_that_is_dropped_while_a_panic_goes_on_is_kept_and_the_panic_goes_on() {
    for future_panics in [false, true] {
        let tracer = Tracer::new("echo", "small");
        let panicking = catch_unwind(AssertUnwindSafe(|| {
            let mut waiting = Box::pin(tracer.trajectory(1).run(async {
                let _panics = future_panics.then(|| PanicsAtTheEnd { is_ready: false });
                ask("so far");
                future::pending::<()>().await;
            }));
            assert!(poll_once(waiting.as_mut()).is_pending());
            resume_unwind(Box::new("the first"));
        }));
        assert_eq!(panicking.unwrap_err().downcast_ref::<&str>(), Some(&"the first"));
        let kept = only(tracer.finish());
        let error_type = if future_panics { "panic" } else { "cancelled" };
        assert_eq!(kept.metadata["error_type"], error_type);
        assert_eq!(said(&kept), SAID[..2]);
    }
}
