//! Spans and handles on other threads than their capture's.

use std::{
    sync::{Arc, Barrier},
    task::Poll,
    thread,
};

use probity_trace::{CaptureHandle, EventRef, capture, capture_sync};
use tracing::{Dispatch, Instrument as _, Span, dispatcher, field::Empty, info, info_span};

use crate::{
    shape::shape,
    stack::with_layer,
    tasks::{poll_once, yield_now},
    under::{captured, captured_by},
};

/// Runs `work` to its end on another thread that has the same subscriber, and no more.
fn elsewhere<T: Send + 'static>(
    subscriber: &Dispatch,
    work: impl FnOnce() -> T + Send + 'static,
) -> T {
    let subscriber = subscriber.clone();
    let worker = thread::spawn(move || dispatcher::with_default(&subscriber, work));
    worker.join().unwrap()
}

#[test]
fn a_thread_that_enters_a_span_works_below_it() {
    let subscriber = with_layer();
    let trace = captured_by(&subscriber, || {
        let top = info_span!("top");
        let entered = top.clone();
        elsewhere(&subscriber, move || {
            info!("before, in no capture");
            entered.in_scope(|| info_span!("leaf").in_scope(|| info!("in the leaf")));
            info!("after, in no capture");
        });
        top.in_scope(|| info!("here"));
    });

    assert_eq!(shape(&trace), ["top", "leaf < top", "'in the leaf' < leaf", "'here' < top"]);
    assert!(trace.all_spans().all(|span| !span.is_open()));
}

#[test]
fn a_span_may_be_opened_recorded_and_closed_each_on_another_thread() {
    let subscriber = with_layer();
    let trace = captured_by(&subscriber, || {
        let top = info_span!("top", value = Empty);
        let parent = top.clone();
        let child = elsewhere(&subscriber, move || info_span!(parent: &parent, "child"));
        let recorded = top.clone();
        elsewhere(&subscriber, move || _ = recorded.record("value", "elsewhere"));
        elsewhere(&subscriber, move || drop(child));
        elsewhere(&subscriber, move || drop(top));
    });

    assert_eq!(shape(&trace), ["top", "child < top"]);
    assert_eq!(trace.span("top").unwrap().field("value").unwrap(), "elsewhere");
    for span in trace.all_spans() {
        assert!(!span.is_open());
        assert!(span.duration() > std::time::Duration::ZERO);
        assert!(span.duration() <= trace.duration());
    }
}

#[test]
fn the_last_record_wins_whichever_thread_made_it() {
    let subscriber = with_layer();
    let trace = captured_by(&subscriber, || {
        let span = info_span!("span", value = 0);
        for n in 1..=20 {
            let other = span.clone();
            if n % 2 == 0 {
                span.record("value", n);
            } else {
                elsewhere(&subscriber, move || _ = other.record("value", n));
            }
        }
    });

    assert_eq!(trace.span("span").unwrap().field("value").unwrap(), 20);
}

#[test]
fn a_span_that_several_threads_are_in_at_once_is_busy_on_each() {
    let subscriber = with_layer();
    let trace = captured_by(&subscriber, || {
        let span = info_span!("span");
        let all_in = Arc::new(Barrier::new(4));
        let workers: Vec<_> = (0..4)
            .map(|n| {
                let (span, all_in, subscriber) =
                    (span.clone(), Arc::clone(&all_in), subscriber.clone());
                thread::spawn(move || {
                    dispatcher::with_default(&subscriber, || {
                        span.in_scope(|| {
                            all_in.wait();
                            info_span!("child", n).in_scope(|| info!("said"));
                        });
                    });
                })
            })
            .collect();
        for worker in workers {
            worker.join().unwrap();
        }
    });

    let span = trace.span("span").unwrap();
    assert_eq!(span.children().len(), 4);
    assert!(span.children().all(|child| child.events().len() == 1));
    let children: std::time::Duration = span.children().map(probity_trace::SpanRef::busy).sum();
    assert!(span.busy() >= children);
    assert!(span.last_exit().unwrap() <= span.duration());
    assert!(!span.is_open());
}

#[test]
fn a_capture_may_be_polled_on_another_thread_each_time() {
    let subscriber = with_layer();
    let work = async {
        for n in 0..10_u64 {
            async {
                info!(n, "before");
                yield_now().await;
                info!(n, "after");
            }
            .instrument(info_span!("step", n))
            .await;
        }
    };
    let mut capture = Box::pin(capture(work));
    let trace = loop {
        let (polled, again) = elsewhere(&subscriber, move || {
            let polled = poll_once(capture.as_mut());
            (polled, capture)
        });
        capture = again;
        if let Poll::Ready(collected) = polled {
            break collected.trace;
        }
    };

    assert_eq!(trace.len(), 10);
    for (step, n) in trace.all_spans().zip(0_u64..) {
        assert_eq!(step.field("n").unwrap(), n);
        assert!(step.events().filter_map(EventRef::message).eq(["before", "after"]));
        assert!(!step.is_open() && step.busy() <= step.duration());
    }
}

#[test]
fn a_handle_brings_the_capture_the_span_and_the_subscriber_to_a_plain_thread() {
    let trace = captured(|| {
        let _top = info_span!("top").entered();
        let handle = CaptureHandle::current().unwrap();
        let worker = thread::spawn(move || {
            assert!(CaptureHandle::current().is_none());
            handle.in_scope(|| {
                assert_eq!(CaptureHandle::current().as_ref(), Some(&handle));
                assert_eq!(Span::current().metadata().map(tracing::Metadata::name), Some("top"));
                info_span!("leaf").in_scope(|| info!("in the leaf"));
                info!("in the top");
            });
            assert!(CaptureHandle::current().is_none());
            info!("in no capture");
        });
        worker.join().unwrap();
    });

    assert_eq!(shape(&trace), ["top", "leaf < top", "'in the leaf' < leaf", "'in the top' < top"]);
}

#[test]
fn a_handle_taken_directly_under_the_capture_makes_roots() {
    let trace = captured(|| {
        let handle = CaptureHandle::current().unwrap();
        assert_eq!(handle.span_id(), None);
        let worker = thread::spawn(move || handle.in_scope(|| info_span!("root").in_scope(|| ())));
        worker.join().unwrap();
    });

    assert_eq!(shape(&trace), ["root"]);
}

#[test]
fn there_is_no_handle_outside_of_captures() {
    assert!(CaptureHandle::current().is_none());
    let handle = dispatcher::with_default(&with_layer(), || {
        assert!(CaptureHandle::current().is_none());
        capture_sync(CaptureHandle::current).output
    });
    assert!(!handle.unwrap().is_live());
    assert!(CaptureHandle::current().is_none());
}

#[test]
fn threads_that_end_before_the_capture_leave_their_records() {
    const THREADS: u64 = 300;
    let subscriber = with_layer();
    let trace = captured_by(&subscriber, || {
        let top = info_span!("top");
        for n in 0..THREADS {
            let top = top.clone();
            elsewhere(&subscriber, move || {
                top.in_scope(|| info_span!("child", n).in_scope(|| info!(n, "said")));
            });
        }
    });

    let top = trace.span("top").unwrap();
    assert!(top.children().map(|child| child.field("n").unwrap().as_u64().unwrap()).eq(0..THREADS));
    assert!(
        trace.all_events().map(|event| event.field("n").unwrap().as_u64().unwrap()).eq(0..THREADS)
    );
    assert!(trace.all_spans().all(|span| !span.is_open()));
}

#[test]
fn more_threads_than_fit_into_16_bits_lose_nothing() {
    const THREADS: usize = 66_000;
    let trace = captured(|| {
        let handle = CaptureHandle::current().unwrap();
        for n in 0..THREADS {
            let handle = handle.clone();
            let work = move || info_span!("span", n).in_scope(|| info!("said"));
            thread::spawn(move || handle.in_scope(work)).join().unwrap();
        }
    });

    let dropped = trace.dropped();
    assert_eq!(
        trace.len() + usize::try_from(dropped.spans).unwrap(),
        THREADS,
        "some are not even counted"
    );
    assert_eq!(trace.len(), THREADS, "{dropped:?}");
    assert_eq!(trace.all_events().len(), THREADS, "{dropped:?}");
}

#[test]
fn a_thread_that_outlives_the_capture_is_none_the_worse() {
    let (subscriber, ended) = (with_layer(), Arc::new(Barrier::new(2)));
    let wait = Arc::clone(&ended);
    let (trace, worker) = dispatcher::with_default(&subscriber, || {
        let collected = capture_sync(|| {
            let handle = CaptureHandle::current().unwrap();
            thread::spawn(move || {
                handle.in_scope(|| {
                    wait.wait();
                    info_span!("late").in_scope(|| info!("late"));
                    capture_sync(|| info!("own")).trace
                })
            })
        });
        (collected.trace, collected.output)
    });
    ended.wait();
    let own = worker.join().unwrap();

    assert!(trace.is_empty(), "{:?}", shape(&trace));
    assert_eq!(shape(&own), ["'own'"]);
}
