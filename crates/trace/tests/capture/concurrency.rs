//! Futures side by side: in one task, in many, and many captures at once.

use std::time::Duration;

use futures::{
    StreamExt as _,
    future::{self, Either},
    stream::FuturesUnordered,
};
use probity_trace::{Collected, TraceSnapshot, capture, spawn, spawn_blocking};
use tokio::task::JoinSet;
use tracing::{Instrument as _, info, info_span, instrument::WithSubscriber as _};

use crate::{
    runtime::{current_thread, multi_thread},
    shape::shape,
    stack::with_layer,
    tasks::yield_now,
};

fn run<F: Future>(future: F) -> Collected<F::Output> {
    current_thread().block_on(capture(future).with_subscriber(with_layer()))
}

async fn step(n: u64) -> u64 {
    async move {
        info!(n, "before");
        yield_now().await;
        info_span!("inner", n).in_scope(|| info!(n, "after"));
        n
    }
    .instrument(info_span!("step", n))
    .await
}

/// Asks that `steps` steps are there, each whole and with its own parts only.
#[track_caller]
fn check_steps(trace: &TraceSnapshot, steps: usize) {
    assert_eq!(trace.spans("step").count(), steps);
    assert_eq!(trace.len(), 2 * steps);
    assert_eq!(trace.all_events().len(), 2 * steps);
    for step in trace.spans("step") {
        let n = step.field("n");
        assert!(!step.is_open());
        assert!(step.children().map(|span| (span.name(), span.field("n"))).eq([("inner", n)]));
        assert!(
            step.events()
                .map(|event| (event.message(), event.field("n")))
                .eq([(Some("before"), n)])
        );
        let inner = step.child("inner").unwrap();
        assert!(inner.events().map(|event| event.field("n")).eq([n]));
    }
}

#[test]
fn joined_futures_keep_apart() {
    let collected = run(async { futures::join!(step(0), step(1), step(2)) });

    assert_eq!(collected.output, (0, 1, 2));
    check_steps(&collected.trace, 3);
    assert_eq!(collected.trace.roots().len(), 3);
}

#[test]
fn futures_joined_below_a_span_hang_from_it() {
    let collected =
        run(async { future::join_all((0..5).map(step)).await }.instrument(info_span!("top")));

    // The span was opened before the capture began, so that it is not in it.
    check_steps(&collected.trace, 5);
    let collected = run(async {
        future::join_all((0..5).map(step)).instrument(info_span!("top")).await;
    });
    let top = collected.trace.span("top").unwrap();
    assert_eq!(top.children().len(), 5);
    assert_eq!(collected.trace.roots().len(), 1);
}

#[test]
fn the_loser_of_a_select_is_closed_and_stays_in_the_trace() {
    let collected = run(async {
        let loser = async {
            info!("begun");
            future::pending::<()>().await;
        };
        let loser = Box::pin(loser.instrument(info_span!("loser")));
        match future::select(loser, Box::pin(step(1))).await {
            Either::Left(_) => unreachable!("the loser waits for ever"),
            Either::Right((n, loser)) => {
                drop(loser);
                info!("decided");
                n
            }
        }
    });

    assert_eq!(collected.output, 1);
    assert_eq!(
        shape(&collected.trace),
        [
            "loser",
            "step",
            "inner < step",
            "'begun' < loser",
            "'before' < step",
            "'after' < inner",
            "'decided'",
        ]
    );
    assert!(collected.trace.all_spans().all(|span| !span.is_open()));
}

#[test]
fn the_select_of_tokio_works_as_well() {
    let collected = run(async {
        tokio::select! {
            biased;
            () = future::pending().instrument(info_span!("loser")) => unreachable!(),
            n = step(1) => n,
        }
    });

    assert_eq!(collected.output, 1);
    assert!(collected.trace.spans_ordered(&["loser", "step", "inner"]));
    assert!(collected.trace.all_spans().all(|span| !span.is_open()));
}

#[test]
fn a_timeout_within_a_capture_keeps_what_came_before_it() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    let future = capture(async {
        let slow = async {
            info!("begun");
            future::pending::<()>().await;
        };
        let slow = slow.instrument(info_span!("slow"));
        // No time passes: the limit is reached at the second poll.
        tokio::time::timeout(Duration::ZERO, slow).await.unwrap_err();
        info!("given up");
    });
    let collected = runtime.block_on(future.with_subscriber(with_layer()));

    assert_eq!(shape(&collected.trace), ["slow", "'begun' < slow", "'given up'"]);
    assert!(!collected.trace.span("slow").unwrap().is_open());
}

#[test]
fn unordered_futures_keep_apart() {
    let collected = run(async {
        let steps: FuturesUnordered<_> = (0..100).map(step).collect();
        let mut numbers: Vec<_> = steps.collect().await;
        numbers.sort_unstable();
        numbers
    });

    assert!(collected.output.into_iter().eq(0..100));
    check_steps(&collected.trace, 100);
}

#[test]
fn buffered_streams_keep_apart() {
    let collected = run(async {
        let numbers = futures::stream::iter(0..100).map(step).buffer_unordered(7);
        numbers.count().await
    });

    check_steps(&collected.trace, collected.output);
}

/// The work of one of many captures: steps of its own, on any thread.
async fn numbered(capture_number: u64) {
    step(capture_number).await;
    let tasks = (0..2).map(|_| spawn(step(capture_number)));
    for task in future::join_all(tasks).await {
        assert_eq!(task.unwrap(), capture_number);
    }
    let in_pool = move || {
        let span = info_span!("step", n = capture_number).entered();
        info!(n = capture_number, "before");
        info_span!("inner", n = capture_number).in_scope(|| info!(n = capture_number, "after"));
        drop(span);
    };
    spawn_blocking(in_pool).await.unwrap();
}

#[test]
fn two_thousand_captures_at_once_each_see_their_own_and_only_their_own() {
    const CAPTURES: u64 = 2_000;
    let subscriber = with_layer();
    let traces = multi_thread().block_on(async {
        let mut captures = JoinSet::new();
        for n in 0..CAPTURES {
            let capture = capture(numbered(n)).with_subscriber(subscriber.clone());
            captures.spawn(async move { (n, capture.await.trace) });
        }
        captures.join_all().await
    });

    assert_eq!(traces.len() as u64, CAPTURES);
    for (n, trace) in traces {
        check_steps(&trace, 4);
        assert!(trace.all_spans().all(|span| span.field("n").unwrap() == n));
        assert!(trace.all_events().all(|event| event.field("n").unwrap() == n));
        assert!(trace.dropped().is_empty());
    }
}

#[test]
fn a_thousand_captures_in_one_task_each_see_their_own_and_only_their_own() {
    const CAPTURES: u64 = 1_000;
    let captures = (0..CAPTURES).map(|n| capture(step(n)));
    let collected =
        current_thread().block_on(future::join_all(captures).with_subscriber(with_layer()));

    for (n, collected) in (0..CAPTURES).zip(collected) {
        assert_eq!(collected.output, n);
        check_steps(&collected.trace, 1);
        assert!(collected.trace.all_spans().all(|span| span.field("n").unwrap() == n));
    }
}

#[test]
fn tasks_of_one_capture_on_many_threads_are_one_trace_in_order() {
    let capture = capture(async {
        let tasks: Vec<_> = (0..64).map(|n| spawn(step(n))).collect();
        future::join_all(tasks).await.len()
    });
    let collected = multi_thread().block_on(capture.with_subscriber(with_layer()));

    check_steps(&collected.trace, collected.output);
    let starts: Vec<_> = collected.trace.all_spans().map(probity_trace::SpanRef::start).collect();
    assert!(starts.is_sorted(), "spans are in the order of their starts");
    let times: Vec<_> = collected.trace.all_events().map(probity_trace::EventRef::start).collect();
    assert!(times.is_sorted(), "events are in the order of their times");
}
