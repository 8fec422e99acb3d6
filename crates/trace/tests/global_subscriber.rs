//! Captures under a subscriber that is the default of the whole process.
//!
//! This file stands alone because a process has one default subscriber, for good, and every thread
//! without one of its own has it.

#[path = "support/runtime.rs"]
mod runtime;
#[path = "support/shape.rs"]
mod shape;
#[path = "support/stack.rs"]
mod stack;

use std::{sync::Once, thread};

use probity_trace::{CaptureStatus, capture, capture_sync, spawn};
use tokio::{runtime::Runtime, task::yield_now};
use tracing::{
    Dispatch, Instrument as _, dispatcher, info, info_span, instrument::WithSubscriber as _,
};

use crate::{
    runtime::{current_thread, multi_thread},
    shape::shape,
    stack::with_layer,
};

fn install() {
    static INSTALLED: Once = Once::new();
    INSTALLED.call_once(|| dispatcher::set_global_default(with_layer()).unwrap());
}

fn without_layer() -> Dispatch {
    Dispatch::new(tracing_subscriber::registry())
}

fn both(check: impl Fn(&Runtime)) {
    install();
    check(&current_thread());
    check(&multi_thread());
}

async fn task() {
    yield_now().await;
    info_span!("task").in_scope(|| info!("in the task"));
}

#[test]
fn a_capture_needs_nothing_more_than_the_global_subscriber() {
    install();
    let collected = capture_sync(|| info_span!("span").in_scope(|| info!("said")));

    assert_eq!(shape(&collected.trace), ["span", "'said' < span"]);
    assert_eq!(collected.trace.status(), &CaptureStatus::Recorded);
}

#[test]
fn a_task_in_the_current_span_hangs_from_it() {
    both(|runtime| {
        let collected = runtime.block_on(capture(async {
            async { tokio::spawn(task().in_current_span()).await.unwrap() }
                .instrument(info_span!("top"))
                .await;
        }));

        assert_eq!(shape(&collected.trace), ["top", "task < top", "'in the task' < task"]);
    });
}

#[test]
fn a_bare_task_is_in_no_capture() {
    both(|runtime| {
        let collected = runtime.block_on(capture(async {
            async { tokio::spawn(task()).await.unwrap() }.instrument(info_span!("top")).await;
        }));

        assert_eq!(shape(&collected.trace), ["top"]);
    });
}

#[test]
fn a_task_directly_under_the_capture_needs_an_anchor_or_our_spawn() {
    both(|runtime| {
        let spawning = || async { tokio::spawn(task().in_current_span()).await.unwrap() };
        let bare = runtime.block_on(capture(spawning()));
        let anchored = runtime.block_on(capture(spawning()).anchored("anchor"));
        let ours = runtime.block_on(capture(async { spawn(task()).await.unwrap() }));

        assert!(bare.trace.is_empty(), "{:?}", shape(&bare.trace));
        assert_eq!(shape(&anchored.trace), ["anchor", "task < anchor", "'in the task' < task"]);
        assert_eq!(shape(&ours.trace), ["task", "'in the task' < task"]);
    });
}

async fn spawn_three(n: u64) {
    let tasks = (0..3).map(|_| {
        let child = async move { info_span!("child", n).in_scope(|| info!(n, "said")) };
        tokio::spawn(child.in_current_span())
    });
    for task in tasks.collect::<Vec<_>>() {
        task.await.unwrap();
    }
}

#[test]
fn many_captures_with_tasks_at_once_each_see_their_own_and_only_their_own() {
    install();
    let traces = multi_thread().block_on(async {
        let capture =
            |n| capture(async move { spawn_three(n).instrument(info_span!("top", n)).await });
        let tasks =
            (0..1_000_u64).map(|n| tokio::spawn(async move { (n, capture(n).await.trace) }));
        futures::future::join_all(tasks.collect::<Vec<_>>()).await
    });
    for task in traces {
        let (n, trace) = task.unwrap();
        assert_eq!(trace.len(), 4, "capture {n}: {:?}", shape(&trace));
        assert_eq!(trace.span("top").unwrap().children().len(), 3);
        assert!(trace.all_spans().all(|span| span.field("n").unwrap() == n));
        assert!(trace.all_events().all(|event| event.field("n").unwrap() == n));
    }
}

#[test]
fn a_plain_thread_that_enters_a_span_works_below_it() {
    install();
    let collected = capture_sync(|| {
        let top = info_span!("top");
        let work = move || top.in_scope(|| info_span!("leaf").in_scope(|| info!("said")));
        thread::spawn(work).join().unwrap();
        thread::spawn(|| info!("in no capture")).join().unwrap();
    });

    assert_eq!(shape(&collected.trace), ["top", "leaf < top", "'said' < leaf"]);
}

#[test]
fn the_global_and_a_scoped_subscriber_both_with_the_layer_give_one_tree() {
    install();
    let collected = capture_sync(|| {
        let _a = info_span!("a").entered();
        dispatcher::with_default(&with_layer(), || {
            let _b = info_span!("b").entered();
            info!("in b");
            info_span!("c").in_scope(|| info!("in c"));
        });
        info_span!("d").in_scope(|| info!("in d"));
        info!("in a");
    });

    assert_eq!(
        shape(&collected.trace),
        ["a", "b < a", "c < b", "d < a", "'in b' < b", "'in c' < c", "'in d' < d", "'in a' < a",]
    );
    assert!(collected.trace.all_spans().all(|span| !span.is_open()));
}

#[test]
fn tasks_under_the_global_and_a_scoped_subscriber_give_one_tree() {
    both(|runtime| {
        let scoped = with_layer();
        let collected = runtime.block_on(capture(async {
            async {
                let scoped =
                    task().instrument(info_span!("within")).with_subscriber(scoped.clone());
                futures::join!(scoped, task());
            }
            .instrument(info_span!("top"))
            .await;
        }));

        // The span was opened under the global subscriber, since that is where it is written.
        assert_eq!(
            shape(&collected.trace),
            [
                "top",
                "within < top",
                "task < within",
                "task < top",
                "'in the task' < task",
                "'in the task' < task",
            ]
        );
    });
}

#[test]
fn a_scoped_subscriber_without_the_layer_hides_its_part_and_breaks_nothing() {
    install();
    let collected = capture_sync(|| {
        let _top = info_span!("top").entered();
        dispatcher::with_default(&without_layer(), || {
            info_span!("unseen").in_scope(|| info!("unseen"));
        });
        info_span!("seen").in_scope(|| info!("seen"));
    });

    assert_eq!(shape(&collected.trace), ["top", "seen < top", "'seen' < seen"]);
}

#[test]
fn both_orders_of_a_scoped_subscriber_give_the_same_beside_a_global_one() {
    both(|runtime| {
        let within = runtime.block_on(capture(task().with_subscriber(with_layer())));
        let around = runtime.block_on(capture(task()).with_subscriber(with_layer()));

        assert_eq!(shape(&within.trace), ["task", "'in the task' < task"]);
        assert_eq!(shape(&around.trace), ["task", "'in the task' < task"]);
    });
}

#[test]
fn a_capture_under_a_scoped_subscriber_without_the_layer_says_so() {
    install();
    let unseen = dispatcher::with_default(&without_layer(), || capture_sync(|| info!("unseen")));

    assert_eq!(unseen.trace.status(), &CaptureStatus::LayerNotSeen);
}
