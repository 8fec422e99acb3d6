//! How trajectories fail, and what is written down of it.

use std::{
    error::Error,
    panic::{AssertUnwindSafe, catch_unwind},
};

use futures::{FutureExt as _, executor::block_on};
use probity_trace::{
    capture_sync,
    trajectory::{Tracer, Trajectory},
};
use serde_json::json;

use crate::model::{ask, ask_slowly, only, said};

#[derive(Debug, thiserror::Error)]
#[error("the temperature {0} is too high")]
struct TooHot(f32);

#[track_caller]
fn check(trajectory: &Trajectory, error: &str, error_type: &str) {
    assert_eq!(trajectory.error(), Some(error));
    assert_eq!(trajectory.metadata["error_type"], error_type);
    assert_eq!(said(trajectory), ["user: q", "assistant: you said: q"]);
}

#[test]
fn an_error_is_in_the_metadata_and_is_passed_on() {
    let tracer = Tracer::new("echo", "small");
    let failing = tracer.trajectory(1).metadata("k", 3).try_run(async {
        ask_slowly("q").await;
        Err::<(), _>(TooHot(3.5))
    });
    let error = block_on(failing).unwrap().unwrap_err();
    assert_eq!(error.0.to_bits(), 3.5_f32.to_bits());
    let trajectory = only(tracer.finish());
    check(&trajectory, "the temperature 3.5 is too high", "TooHot");
    assert_eq!(trajectory.metadata["k"], 3);
}

#[test]
fn an_error_of_a_closure_is_in_the_metadata_too() {
    let tracer = Tracer::new("echo", "small");
    let failing = tracer.trajectory(1).try_run_sync(|| {
        ask("q");
        "x".parse::<i32>()
    });
    assert!(failing.unwrap().is_err());
    check(&only(tracer.finish()), "invalid digit found in string", "ParseIntError");
}

#[test]
fn an_error_in_a_box_has_the_type_of_the_box() {
    let tracer = Tracer::new("echo", "small");
    let failing = tracer.trajectory(1).try_run_sync(|| {
        ask("q");
        Err::<(), Box<dyn Error + Send + Sync>>("no more".into())
    });
    assert!(failing.unwrap().is_err());
    check(&only(tracer.finish()), "no more", "Box<dyn Error + Send + Sync>");
}

#[test]
fn what_succeeds_has_no_error_whatever_the_metadata_say() {
    let tracer = Tracer::new("echo", "small");
    let scope = tracer.trajectory(1).metadata("error", "of the program");
    let result = scope.try_run_sync(|| Ok::<_, TooHot>(7));
    assert_eq!(result.unwrap().unwrap(), 7);
    let metadata = only(tracer.finish()).metadata;
    assert_eq!(serde_json::Value::Object(metadata), json!({"error": "of the program"}));
}

#[test]
fn a_panic_goes_on_and_is_in_the_metadata() {
    let tracer = Tracer::new("echo", "small");
    let in_future = tracer.trajectory(1).run(async {
        let answer = ask_slowly("q").await;
        panic!("no further than {answer}");
    });
    let payload = block_on(AssertUnwindSafe(in_future).catch_unwind()).unwrap_err();
    assert_eq!(payload.downcast_ref::<String>().unwrap(), "no further than you said: q");
    check(&only(tracer.finish()), "no further than you said: q", "panic");

    let in_closure = catch_unwind(AssertUnwindSafe(|| {
        tracer.trajectory(2).run_sync(|| {
            ask("q");
            panic!("nor here");
        })
    }));
    let payload = in_closure.map(drop).unwrap_err();
    assert_eq!(payload.downcast_ref::<&str>(), Some(&"nor here"));
    check(&only(tracer.finish()), "nor here", "panic");
    assert_eq!(tracer.running(), 0);
}

#[test]
fn a_panic_with_something_that_is_no_text_is_passed_on_as_it_is() {
    let tracer = Tracer::new("echo", "small");
    let panicking = catch_unwind(AssertUnwindSafe(|| {
        tracer.trajectory(1).run_sync(|| {
            ask("q");
            std::panic::panic_any(17);
        })
    }));
    assert_eq!(panicking.map(drop).unwrap_err().downcast_ref::<i32>(), Some(&17));
    check(&only(tracer.finish()), "a panic whose payload is no text", "panic");
}

#[test]
fn the_span_of_a_failed_trajectory_has_the_status_of_an_error_and_an_exception() {
    let tracer = Tracer::new("echo", "small");
    let seen = capture_sync(|| tracer.trajectory(1).try_run_sync(|| Err::<(), _>(TooHot(4.0))));
    let trace = seen.trace;
    let span = trace.span("trajectory").unwrap();
    assert!(span.field("otel.status_code").unwrap() == "ERROR");
    assert!(span.field("otel.status_description").unwrap() == "the temperature 4 is too high");
    assert!(span.field("error.type").unwrap() == "TooHot");
    let exception = span.events().next().unwrap();
    assert_eq!(exception.message(), Some("exception"));
    assert!(exception.field("exception.type").unwrap() == "TooHot");
    assert!(exception.field("exception.message").unwrap() == "the temperature 4 is too high");
}

#[test]
fn the_span_of_one_that_succeeds_has_neither() {
    let tracer = Tracer::new("echo", "small");
    let seen = capture_sync(|| tracer.trajectory(1).try_run_sync(|| Ok::<_, TooHot>(())));
    let span = seen.trace.span("trajectory").unwrap();
    assert!(span.field("otel.status_code").is_none());
    assert_eq!(span.events().count(), 0);
}

#[test]
fn an_error_that_cannot_be_shown_is_passed_on_and_the_trajectory_kept() {
    struct Unshown;
    impl std::fmt::Display for Unshown {
        fn fmt(&self, _: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            panic!("no words")
        }
    }
    let fail = || {
        ask("q");
        Err::<(), _>(Unshown)
    };
    let tracer = Tracer::new("echo", "small");
    assert!(tracer.trajectory(1).try_run_sync(fail).unwrap().is_err());
    assert!(block_on(tracer.trajectory(2).try_run(async { fail() })).unwrap().is_err());
    assert_eq!(tracer.running(), 0);
    let run = tracer.finish();
    assert_eq!(run.trajectories.len(), 2);
    for trajectory in &run.trajectories {
        check(trajectory, "no words", "panic");
    }
}
