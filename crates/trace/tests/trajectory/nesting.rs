//! Trajectories within trajectories are refused.

use futures::executor::block_on;
use probity_trace::{
    CaptureHandle, capture_sync, spawn,
    trajectory::{NestedTrajectory, Sample, Tracer},
};

use crate::{
    model::{ask, ask_slowly, only, said},
    runtime::multi_thread,
};

#[track_caller]
fn check(refused: &NestedTrajectory) {
    assert_eq!((refused.sample(), refused.within()), (&Sample::from("inner"), "outer"));
    let message = refused.to_string();
    assert!(message.contains("nested trajectories are not supported"), "{message}");
    assert!(message.contains("complete the current trajectory"), "{message}");
}

#[test]
fn a_nested_trajectory_is_refused_and_its_code_is_not_run() {
    let tracer = Tracer::new("echo", "small");
    tracer
        .trajectory("outer")
        .run_sync(|| {
            ask("outer");
            let inner = tracer.trajectory("inner").run_sync(|| unreachable!("it is refused"));
            check(&inner.unwrap_err());
            let inner = tracer.trajectory("inner").run(async { unreachable!("it is refused") });
            check(&block_on(inner).unwrap_err());
            ask("still there");
        })
        .unwrap();
    let outer = only(tracer.finish());
    assert_eq!(outer.messages.len(), 4);
    assert!(outer.metadata.is_empty(), "the outer one went on");
    assert_eq!(tracer.running(), 0);
}

#[test]
fn the_outer_trajectory_fails_if_the_refusal_is_passed_on() {
    let tracer = Tracer::new("echo", "small");
    let outer = tracer.trajectory("outer").try_run(async {
        ask_slowly("outer").await;
        tracer.trajectory("inner").run(ask_slowly("inner")).await
    });
    check(&block_on(outer).unwrap().unwrap_err());
    let outer = only(tracer.finish());
    assert!(outer.error().unwrap().contains("nested trajectories are not supported"));
    assert_eq!(outer.metadata["error_type"], "NestedTrajectory");
    assert_eq!(said(&outer), ["user: outer", "assistant: you said: outer"]);
}

#[test]
fn one_of_another_tracer_is_nested_too() {
    let (one, other) = (Tracer::new("one", "small"), Tracer::new("other", "small"));
    let nested =
        one.trajectory("outer").run_sync(|| other.trajectory("inner").run_sync(|| ())).unwrap();
    check(&nested.unwrap_err());
    assert!(other.finish().is_empty());
}

#[test]
fn one_in_a_task_a_thread_or_a_capture_within_is_nested_too() {
    multi_thread().block_on(async {
        let tracer = Tracer::new("echo", "small");
        let nested = || {
            let tracer = tracer.clone();
            move || tracer.trajectory("inner").run_sync(|| ()).unwrap_err()
        };
        let within = async {
            let (in_task, in_thread, in_capture) = (nested(), nested(), nested());
            check(&spawn(async move { in_task() }).await.unwrap());
            let handle = CaptureHandle::current().unwrap();
            let thread = std::thread::spawn(move || handle.in_scope(in_thread));
            check(&thread.join().unwrap());
            check(&capture_sync(in_capture).output);
            let in_both = nested();
            let deep =
                probity_trace::capture(async { spawn(async move { in_both() }).await.unwrap() });
            check(&deep.await.output);
        };
        tracer.trajectory("outer").run(within).await.unwrap();
        only(tracer.finish());
    });
}

#[test]
fn one_that_begins_after_the_end_of_the_other_is_not_nested() {
    multi_thread().block_on(async {
        let tracer = Tracer::new("echo", "small");
        let (go, gone) = tokio::sync::oneshot::channel::<()>();
        let later = tracer.clone();
        let task = tracer
            .trajectory("first")
            .run_sync(|| {
                spawn(async move {
                    gone.await.unwrap();
                    later.trajectory("second").run(ask_slowly("second")).await
                })
            })
            .unwrap();
        go.send(()).unwrap();
        task.await.unwrap().unwrap();
        let run = tracer.finish();
        assert_eq!(run.trajectories[1].sample, Sample::from("second"));
        assert_eq!(said(&run.trajectories[1])[0], "user: second");
    });
}

#[test]
fn a_scope_that_is_made_within_a_trajectory_may_begin_after_it() {
    let tracer = Tracer::new("echo", "small");
    let inner = tracer
        .trajectory("outer")
        .run_sync(|| tracer.trajectory("inner").run(ask_slowly("inner")))
        .unwrap();
    block_on(inner).unwrap();
    assert_eq!(tracer.finish().trajectories.len(), 2);
}
