//! Captures in a program that has installed no subscriber.
//!
//! This file stands alone because no subscriber may be the default of the process, and because the
//! fallback that stands in for it is one for the whole process.

#[path = "support/runtime.rs"]
mod runtime;
#[path = "support/shape.rs"]
mod shape;

use std::thread;

use futures::executor::block_on;
use probity_trace::{
    CaptureHandle, CaptureStatus, TraceSnapshot, capture, capture_catch, capture_sync, spawn,
    spawn_blocking, try_capture,
};
use tokio::{runtime::Runtime, task::yield_now};
use tracing::{
    Dispatch, Instrument as _, dispatcher, info, info_span, instrument::WithSubscriber as _,
    subscriber::NoSubscriber,
};

use crate::{
    runtime::{current_thread, multi_thread},
    shape::shape,
};

fn has_no_subscriber() -> bool {
    dispatcher::get_default(Dispatch::is::<NoSubscriber>)
}

#[test]
fn a_capture_works_without_any_subscriber_and_says_so() {
    let collected = block_on(capture(async {
        info_span!("span").in_scope(|| info!("said"));
        7
    }));

    assert_eq!(collected.output, 7);
    assert_eq!(shape(&collected.trace), ["span", "'said' < span"]);
    assert_eq!(collected.trace.status(), &CaptureStatus::Fallback);
    assert!(collected.trace.status().is_recorded());
    let said = collected.trace.status().to_string();
    assert!(said.contains("probity's own subscriber"), "{said}");
}

#[test]
fn the_fallback_is_gone_when_the_capture_is_over() {
    assert!(has_no_subscriber());
    let within = capture_sync(has_no_subscriber);
    assert!(!within.output);
    assert!(has_no_subscriber());

    let handle = capture_sync(|| CaptureHandle::current().unwrap()).output;
    info_span!("unseen").in_scope(|| info!("unseen"));
    drop(handle);
    assert!(has_no_subscriber());
}

#[test]
fn the_fallback_is_there_only_while_the_capture_is_polled() {
    let work = async {
        for _ in 0..3 {
            assert!(!has_no_subscriber());
            yield_now().await;
        }
    };
    let beside = async {
        for _ in 0..3 {
            assert!(has_no_subscriber());
            yield_now().await;
        }
    };
    let runtime = multi_thread();
    runtime.block_on(async { futures::join!(capture(work), beside) });
}

#[test]
fn a_capture_that_says_nothing_is_told_from_one_that_fell_back() {
    let error = block_on(try_capture(async { 7 })).unwrap_err();

    assert_eq!(error.output, 7);
    assert!(
        matches!(error.status(), CaptureStatus::NothingRecorded { .. }),
        "{:?}",
        error.status()
    );
    assert!(block_on(try_capture(async { info!("said") })).is_ok());
}

#[test]
fn captures_nest_without_any_subscriber() {
    let mut inner = TraceSnapshot::default();
    let outer = capture_sync(|| {
        info_span!("top").in_scope(|| inner = capture_sync(|| info!("inside")).trace);
    });

    assert_eq!(shape(&inner), ["'inside'"]);
    assert_eq!(shape(&outer.trace), ["top", "probity.capture < top"]);
}

#[test]
fn tasks_and_threads_work_without_any_subscriber() {
    check_tasks_and_threads(&current_thread());
    check_tasks_and_threads(&multi_thread());
}

fn check_tasks_and_threads(runtime: &Runtime) {
    let collected = runtime.block_on(capture(async {
        let top = info_span!("top");
        async {
            let task = async { info_span!("task").in_scope(|| info!("in the task")) };
            spawn(task).await.unwrap();
            let blocking = || info_span!("blocking").in_scope(|| info!("in the pool"));
            spawn_blocking(blocking).await.unwrap();
            let handle = CaptureHandle::current().unwrap();
            let work = || info_span!("thread").in_scope(|| info!("in the thread"));
            thread::spawn(move || handle.in_scope(work)).join().unwrap();
        }
        .instrument(top)
        .await;
    }));

    assert_eq!(
        shape(&collected.trace),
        [
            "top",
            "task < top",
            "blocking < top",
            "thread < top",
            "'in the task' < task",
            "'in the pool' < blocking",
            "'in the thread' < thread",
        ]
    );
    assert_eq!(collected.trace.status(), &CaptureStatus::Fallback);
}

#[test]
fn many_captures_share_the_fallback_and_nothing_else() {
    let captures = (0..1_000_u64).map(|n| {
        capture(async move {
            info_span!("span", n).in_scope(|| info!(n, "before"));
            yield_now().await;
            info_span!("span", n).in_scope(|| info!(n, "after"));
        })
    });
    let all = multi_thread().block_on(futures::future::join_all(captures));

    for (n, collected) in (0_u64..).zip(all) {
        assert_eq!(collected.trace.len(), 2);
        assert!(collected.trace.all_spans().all(|span| span.field("n").unwrap() == n));
        assert!(collected.trace.all_events().all(|event| event.field("n").unwrap() == n));
    }
}

#[test]
fn a_panic_takes_the_fallback_away() {
    let collected = block_on(capture_catch(async {
        info!("so far");
        panic!("no further");
    }));

    assert!(collected.output.is_err());
    assert_eq!(shape(&collected.trace), ["'so far'"]);
    assert!(has_no_subscriber());
}

#[test]
fn an_anchor_works_without_any_subscriber() {
    let collected = block_on(capture(async { info!("said") }).anchored("anchor"));

    assert_eq!(shape(&collected.trace), ["anchor", "'said' < anchor"]);
    assert!(!collected.trace.span("anchor").unwrap().is_open());
}

#[test]
fn a_subscriber_within_the_capture_comes_before_the_fallback() {
    let without_layer = Dispatch::new(tracing_subscriber::registry());
    let unseen = block_on(capture(async { info!("unseen") }.with_subscriber(without_layer)));

    assert!(unseen.trace.is_empty());
    assert!(!unseen.trace.status().is_recorded());
}

#[test]
fn a_callsite_that_is_first_reached_outside_of_captures_is_captured_later() {
    fn work() {
        tracing::info_span!("work").in_scope(|| tracing::info!("working"));
    }
    drop(capture_sync(|| ()));
    work();
    let collected = capture_sync(work);
    assert!(collected.trace.span_exists("work"), "{}", collected.trace);
    assert!(collected.trace.has_event_message("working"));
}
