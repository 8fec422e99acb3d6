//! Tasks that captured code spawns, on both kinds of runtime of tokio.

use std::sync::Arc;

use probity_trace::{Collected, capture, capture_sync, spawn, spawn_blocking};
use tokio::{runtime::Runtime, sync::Notify};
use tracing::{Instrument as _, info, info_span, instrument::WithSubscriber as _};

use crate::{
    runtime::{current_thread, multi_thread},
    shape::shape,
    stack::with_layer,
    tasks::yield_now,
};

fn run<F: Future>(runtime: &Runtime, future: F) -> Collected<F::Output> {
    runtime.block_on(capture(future).with_subscriber(with_layer()))
}

fn both(check: impl Fn(&Runtime)) {
    check(&current_thread());
    check(&multi_thread());
}

async fn task() {
    yield_now().await;
    info_span!("task").in_scope(|| info!("in the task"));
}

#[test]
fn a_task_that_is_spawned_bare_is_in_no_capture() {
    both(|runtime| {
        let collected = run(runtime, async {
            let _top = info_span!("top");
            tokio::spawn(task()).await.unwrap();
            // The subscriber alone does not tell where the task came from.
            tokio::spawn(task().with_current_subscriber()).await.unwrap();
            info!("own");
        });

        assert_eq!(shape(&collected.trace), ["top", "'own'"]);
        assert!(collected.trace.dropped().is_empty());
    });
}

#[test]
fn a_bare_task_of_one_capture_is_not_in_the_capture_that_runs_meanwhile() {
    both(|runtime| {
        let go = Arc::new(Notify::new());
        let wait = Arc::clone(&go);
        let first = run(runtime, async move {
            let waits = async move {
                wait.notified().await;
                task().await;
            };
            Some(tokio::spawn(waits.with_current_subscriber()))
        });
        let second = run(runtime, async move {
            go.notify_one();
            first.output.unwrap().await.unwrap();
            info!("own");
        });

        assert!(first.trace.is_empty());
        assert_eq!(shape(&second.trace), ["'own'"]);
    });
}

#[test]
fn a_task_in_the_current_span_hangs_from_it() {
    both(|runtime| {
        let collected = run(runtime, async {
            async {
                // Under a subscriber of its own scope, a task must be given that as well.
                let task = task().in_current_span().with_current_subscriber();
                tokio::spawn(task).await.unwrap();
            }
            .instrument(info_span!("top"))
            .await;
        });

        assert_eq!(shape(&collected.trace), ["top", "task < top", "'in the task' < task"]);
    });
}

#[test]
fn a_task_of_our_spawn_hangs_from_the_current_span() {
    both(|runtime| {
        let collected = run(runtime, async {
            async { spawn(task()).await.unwrap() }.instrument(info_span!("top")).await;
        });

        assert_eq!(shape(&collected.trace), ["top", "task < top", "'in the task' < task"]);
    });
}

#[test]
fn a_task_of_our_spawn_directly_under_the_capture_is_a_root() {
    both(|runtime| {
        let collected = run(runtime, async {
            spawn(async { spawn(task()).await.unwrap() }).await.unwrap();
        });

        assert_eq!(shape(&collected.trace), ["task", "'in the task' < task"]);
        assert!(collected.trace.all_spans().all(|span| !span.is_open()));
    });
}

#[test]
fn a_task_of_our_spawn_outside_of_captures_is_a_plain_task() {
    both(|runtime| {
        let output = runtime.block_on(async { spawn(async { 7 }).await.unwrap() });
        assert_eq!(output, 7);
        let output = runtime.block_on(async { spawn_blocking(|| 7).await.unwrap() });
        assert_eq!(output, 7);
    });
}

#[test]
fn blocking_work_hangs_from_the_current_span() {
    both(|runtime| {
        let collected = run(runtime, async {
            async {
                let work = || info_span!("blocking").in_scope(|| info!("in the pool"));
                spawn_blocking(work).await.unwrap();
            }
            .instrument(info_span!("top"))
            .await;
        });

        assert_eq!(shape(&collected.trace), ["top", "blocking < top", "'in the pool' < blocking"]);
    });
}

#[test]
fn blocking_work_may_capture_on_its_own() {
    both(|runtime| {
        let collected = run(runtime, async {
            let work = || capture_sync(|| info!("in the pool")).trace;
            spawn_blocking(work).await.unwrap()
        });

        assert_eq!(shape(&collected.output), ["'in the pool'"]);
        assert_eq!(shape(&collected.trace), ["probity.capture"]);
    });
}

#[test]
fn a_task_that_panics_leaves_the_capture_whole() {
    both(|runtime| {
        let collected = run(runtime, async {
            let task = spawn(async {
                let _span = info_span!("task").entered();
                info!("so far");
                panic!("no further");
            });
            assert!(task.await.unwrap_err().is_panic());
            info!("goes on");
        });

        assert_eq!(shape(&collected.trace), ["task", "'so far' < task", "'goes on'"]);
        assert!(!collected.trace.span("task").unwrap().is_open());
    });
}

#[test]
fn a_task_that_is_aborted_is_dropped_under_its_capture() {
    struct Farewell;
    impl Drop for Farewell {
        fn drop(&mut self) {
            info!("aborted");
        }
    }

    both(|runtime| {
        let collected = run(runtime, async {
            let begun = Arc::new(Notify::new());
            let tell = Arc::clone(&begun);
            let task = spawn(
                async move {
                    let _farewell = Farewell;
                    tell.notify_one();
                    std::future::pending::<()>().await;
                }
                .instrument(info_span!("task")),
            );
            begun.notified().await;
            task.abort();
            assert!(task.await.unwrap_err().is_cancelled());
        });

        assert_eq!(shape(&collected.trace), ["task", "'aborted' < task"]);
        assert!(!collected.trace.span("task").unwrap().is_open());
    });
}

#[test]
fn a_detached_task_goes_on_after_the_end_and_is_counted_not_kept() {
    both(|runtime| {
        let (begun, go) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
        let (tell, wait) = (Arc::clone(&begun), Arc::clone(&go));
        let collected = run(runtime, async move {
            let detached = spawn(
                async move {
                    info!("in time");
                    tell.notify_one();
                    wait.notified().await;
                    (0..1_000).for_each(|n| info!(n, "late"));
                }
                .instrument(info_span!("detached")),
            );
            begun.notified().await;
            Some(detached)
        });
        // Another capture runs meanwhile, so that the layer does not rest.
        let other = run(runtime, async {
            go.notify_one();
            collected.output.unwrap().await.unwrap();
        });

        assert_eq!(shape(&collected.trace), ["detached", "'in time' < detached"]);
        assert!(collected.trace.span("detached").unwrap().is_open());
        assert!(collected.trace.dropped().late >= 1_000);
        assert!(other.trace.is_empty(), "{:?}", shape(&other.trace));
    });
}
