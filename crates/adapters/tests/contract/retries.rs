//! What is tried again, by the one policy that there is.

use std::time::{Duration, Instant};

use probity_eval::model::ModelErrorKind;
use probity_model_server::{Failure, FailureKind, Fault, Reply, Script};
use probity_trace::capture;

use super::{Subject, serve};
use crate::SUBJECTS;

/// How many requests are sent where `reply` comes first and then an answer.
async fn requests_after(subject: &Subject, reply: Reply) -> usize {
    let server = serve([reply, Reply::text("It is sunny.")]).await;
    let turn = subject.patient(&server).completion("How is the weather?").collect().await;
    if let Ok(turn) = turn {
        assert_eq!(turn.text, "It is sunny.", "{}", subject.name);
    }
    server.requests().len()
}

#[tokio::test]
async fn what_may_pass_is_tried_again_and_the_rest_is_not() {
    let broken = |fault| Reply::text("It rains.").with_fault_after(1, fault);
    let refused = |kind| Reply::from(Failure::new(kind));
    for (reply, expected) in [
        (refused(FailureKind::RateLimited), 2),
        (refused(FailureKind::Server), 2),
        (refused(FailureKind::Overloaded), 2),
        (Reply::reset(), 2),
        (broken(Fault::Reset), 2),
        (broken(Fault::Truncated), 2),
        (broken(Fault::Error(Failure::new(FailureKind::Server))), 2),
        (refused(FailureKind::BadRequest), 1),
        (refused(FailureKind::Authentication), 1),
        (refused(FailureKind::InsufficientQuota), 1),
        (broken(Fault::NotJson), 1),
        (refused(FailureKind::Server).with_header("x-should-retry", "false"), 1),
        (refused(FailureKind::BadRequest).with_header("x-should-retry", "true"), 2),
    ] {
        for subject in SUBJECTS {
            let requests = requests_after(subject, reply.clone()).await;
            assert_eq!(requests, expected, "{}: {reply:?}", subject.name);
        }
    }
}

#[tokio::test]
async fn the_wait_is_the_one_that_the_provider_asks_for() {
    for subject in SUBJECTS {
        let limited = Failure::new(FailureKind::RateLimited).with_retry_after_ms(60);
        let server = serve([limited.into(), Reply::text("It is sunny.")]).await;
        let turn = subject.patient(&server).completion("How is the weather?").collect().await;
        assert_eq!(turn.unwrap().attempts, 2, "{}", subject.name);
        let requests = server.requests();
        let waited = requests[1].arrived() - requests[0].arrived();
        assert!(waited >= Duration::from_millis(60), "{}: {waited:?}", subject.name);
    }
}

#[tokio::test]
async fn a_wait_that_is_too_long_is_an_error_at_once() {
    for subject in SUBJECTS {
        let limited = Failure::new(FailureKind::RateLimited).with_retry_after(600);
        let server = serve(Reply::from(limited)).await;
        let began = Instant::now();
        let error = subject.patient(&server).completion("Hello?").collect().await.unwrap_err();
        assert_eq!(error.model_error().unwrap().kind, ModelErrorKind::RateLimited);
        assert!(server.requests().len() == 1 && began.elapsed() < Duration::from_mins(1));
    }
}

#[tokio::test]
async fn attempts_are_one_call_of_one_turn() {
    for subject in SUBJECTS {
        let server =
            serve(Script::repeating_last([Failure::new(FailureKind::Server).into()])).await;
        let llm = subject.patient(&server);
        let collected = capture(async { llm.completion("Hello?").collect().await }).await;
        assert!(collected.output.is_err());
        let genai = collected.trace.genai();
        let [call] = genai.llm_calls() else { panic!("{}: {genai:?}", subject.name) };
        assert_eq!((call.attempts, &*call.error.as_ref().unwrap().error_type), (3, "500"));
    }
}
