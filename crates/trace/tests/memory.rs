//! The memory that captures take, and give back.
//!
//! This file stands alone because it counts the bytes of the whole process, so that its tests must
//! also not run beside each other.

#[path = "support/stack.rs"]
mod stack;
#[path = "support/tasks.rs"]
mod tasks;

use std::{
    alloc::System,
    future,
    sync::{Mutex, MutexGuard, PoisonError},
    thread,
};

use futures::executor::block_on;
use probity_trace::{CaptureHandle, CaptureLimits, capture, capture_sync, set_attribute};
use stats_alloc::{INSTRUMENTED_SYSTEM, StatsAlloc};
use tracing::{
    Dispatch, Instrument as _, dispatcher, info, info_span, instrument::WithSubscriber as _,
};

use crate::{
    stack::with_layer,
    tasks::{poll_once, yield_now},
};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// What growth may come from elsewhere: caches of threads, the registry, the test harness.
const SLACK: isize = 64 << 10;

/// Lets the tests of this file run one after the other.
fn alone() -> MutexGuard<'static, ()> {
    static ALONE: Mutex<()> = Mutex::new(());
    ALONE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Returns how many bytes are allocated now.
fn live_bytes() -> isize {
    let stats = ALLOCATOR.stats();
    stats.bytes_allocated.cast_signed() - stats.bytes_deallocated.cast_signed()
}

/// Runs `work` once, so that all that is kept for good is there, and asks that `rounds` more of it
/// leave no more than the slack.
#[track_caller]
fn check_flat(rounds: usize, mut work: impl FnMut()) {
    work();
    let before = live_bytes();
    (0..rounds).for_each(|_| work());
    let grown = live_bytes() - before;
    assert!(grown < SLACK, "{rounds} rounds left {grown} bytes");
}

/// Records about a megabyte.
fn records_much() {
    for n in 0..1_000 {
        let text = "x".repeat(1_000);
        info_span!("span", n, text).in_scope(|| info!(n, "said"));
    }
}

#[test]
fn a_snapshot_that_is_dropped_gives_its_memory_back() {
    let _alone = alone();
    let subscriber = with_layer();
    dispatcher::with_default(&subscriber, || {
        check_flat(10, || {
            let trace = capture_sync(records_much).trace;
            assert_eq!(trace.all_spans().len(), 1_000);
        });
    });
}

#[test]
fn captures_that_are_dropped_half_way_leave_nothing() {
    let _alone = alone();
    let subscriber = with_layer();
    dispatcher::with_default(&subscriber, || {
        check_flat(1_000, || {
            let work = async {
                for n in 0..10_u64 {
                    let text = "x".repeat(100);
                    info_span!("done", n, text).in_scope(|| info!(n, "said"));
                }
                future::pending::<()>().instrument(info_span!("waiting")).await;
            };
            let mut capture = Box::pin(capture(work).listen_events(drop));
            assert!(poll_once(capture.as_mut()).is_pending());
        });
    });
}

#[test]
fn records_of_a_capture_dropped_half_way_go_though_one_of_its_spans_stays() {
    let _alone = alone();
    let subscriber = with_layer();
    dispatcher::with_default(&subscriber, || {
        let mut kept = Vec::new();
        check_flat(20, || {
            let (sender, spans) = std::sync::mpsc::channel();
            let mut capture = Box::pin(capture(async move {
                let span = info_span!("kept");
                sender.send((span.clone(), CaptureHandle::current())).unwrap();
                span.in_scope(records_much);
                future::pending::<()>().await;
            }));
            assert!(poll_once(capture.as_mut()).is_pending());
            kept.push(spans.recv().unwrap());
        });
        assert_eq!(kept.len(), 21);
    });
}

/// Goes on in the span of an ended capture, as a detached task does.
fn check_detached(subscriber: &Dispatch) {
    let ended = dispatcher::with_default(subscriber, || {
        capture_sync(|| (info_span!("left open"), CaptureHandle::current().unwrap()))
    });
    let (left_open, handle) = ended.output;
    dispatcher::with_default(subscriber, || {
        check_flat(20, || {
            left_open.in_scope(records_much);
            handle.in_scope(records_much);
            left_open.follows_from(&left_open);
        });
    });
    assert_eq!(ended.trace.len(), 1);
}

#[test]
fn a_task_that_outlives_its_capture_takes_no_memory() {
    let _alone = alone();
    check_detached(&with_layer());
}

#[test]
fn a_task_that_outlives_its_capture_takes_no_memory_while_another_capture_runs() {
    let _alone = alone();
    let subscriber = with_layer();
    let mut other = Box::pin(capture(future::pending::<()>()).with_subscriber(subscriber.clone()));
    assert!(poll_once(other.as_mut()).is_pending());
    check_detached(&subscriber);
}

#[test]
fn a_task_that_outlives_its_capture_takes_no_memory_on_a_thread_of_its_own() {
    let _alone = alone();
    let subscriber = with_layer();
    let (ended, handle) = dispatcher::with_default(&subscriber, || {
        let ended = capture_sync(|| CaptureHandle::current().unwrap());
        (ended.trace, ended.output)
    });
    check_flat(20, || {
        let handle = handle.clone();
        thread::spawn(move || handle.in_scope(records_much)).join().unwrap();
    });
    assert!(ended.is_empty());
}

/// Asks that `work` of one capture with small bounds takes little memory while it runs.
#[track_caller]
fn check_bounded(work: impl FnOnce()) {
    let bound = 100_000;
    let limits = CaptureLimits::default().with_max_total_bytes(bound);
    let grown = block_on(
        capture(async {
            let before = live_bytes();
            work();
            live_bytes() - before
        })
        .limits(limits)
        .with_subscriber(with_layer()),
    );
    // Vectors may have twice the room that they need.
    let most = 2 * isize::try_from(bound).unwrap() + SLACK;
    assert!(grown.output < most, "{} bytes are taken, {bound} were allowed", grown.output);
    assert!(!grown.trace.dropped().is_empty());
}

#[test]
fn spans_events_and_values_keep_to_the_bound_in_memory() {
    let _alone = alone();
    check_bounded(|| (0..10).for_each(|_| records_much()));
}

#[test]
fn late_values_keep_to_the_bound_in_memory() {
    let _alone = alone();
    check_bounded(|| {
        let span = info_span!("span", value = 0);
        (0..200_000).for_each(|n| _ = span.record("value", n));
    });
}

#[test]
fn keys_that_no_callsite_declared_keep_to_the_bound_in_memory() {
    let _alone = alone();
    check_bounded(|| {
        info_span!("span").in_scope(|| {
            for n in 0..2_000 {
                set_attribute(&format!("{n}-{}", "key".repeat(300)), n);
            }
        });
    });
}

#[test]
fn tags_keep_to_the_bound_in_memory() {
    let _alone = alone();
    check_bounded(|| {
        info_span!("span").in_scope(|| {
            for n in 0..200 {
                probity_trace::add_tags([format!("{n}-{}", "tag".repeat(1_000))]);
            }
        });
    });
}

#[test]
fn links_keep_to_the_bound_in_memory() {
    let _alone = alone();
    check_bounded(|| {
        let (cause, effect) = (info_span!("cause"), info_span!("effect"));
        (0..200_000).for_each(|_| _ = effect.follows_from(&cause));
    });
}

#[test]
fn one_huge_value_does_not_hold_its_memory_for_ever() {
    let _alone = alone();
    let subscriber = with_layer();
    dispatcher::with_default(&subscriber, || {
        check_flat(1, || {
            let huge = "x".repeat(10 << 20);
            let trace = capture_sync(|| info!(text = huge.as_str(), shown = %huge, "said")).trace;
            assert_eq!(trace.dropped().cut_values, 2);
        });
    });
}

#[test]
fn threads_that_end_leave_nothing() {
    let _alone = alone();
    let subscriber = with_layer();
    check_flat(300, || {
        let subscriber = subscriber.clone();
        let work = move || {
            dispatcher::with_default(&subscriber, || {
                let trace = capture_sync(|| info_span!("span").in_scope(|| info!("said"))).trace;
                assert_eq!(trace.len(), 1);
            });
        };
        thread::spawn(work).join().unwrap();
    });
}

#[test]
fn polls_of_a_capture_take_no_memory() {
    let _alone = alone();
    let subscriber = with_layer();
    let work = async {
        let span = info_span!("span");
        for _ in 0..1_000_000 {
            span.in_scope(|| ());
            yield_now().await;
        }
    };
    let mut waiting = Box::pin(capture(future::pending::<()>()));
    let mut busy = Box::pin(capture(work));
    dispatcher::with_default(&subscriber, || {
        check_flat(100_000, || {
            assert!(poll_once(waiting.as_mut()).is_pending());
            assert!(poll_once(busy.as_mut()).is_pending());
        });
    });
}
