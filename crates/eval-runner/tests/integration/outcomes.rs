//! Whose fault it was: passed, failed, or not graded.

use std::{error::Error, fmt, io, sync::Arc, time::Duration};

use probity_eval::{
    Budget, Eval as _, Llm, RetryPolicy, RubricJudge,
    judge::Criterion,
    scripted::{Fault, Reply, ScriptedModel},
};
use probity_eval_runner::{Failure, NotGraded, Outcome, TrialError, pass_at_k};
use probity_trace::{TraceSnapshot, capture};

use crate::support::outcome_of;

/// A model call that ends with this `error.type`, or well.
fn chat(error: Option<&'static str>) {
    let span = tracing::info_span!(
        "chat model",
        gen_ai.operation.name = "chat",
        "error.type" = tracing::field::Empty,
    );
    let _entered = span.enter();
    if let Some(kind) = error {
        span.record("error.type", kind);
    }
}

#[derive(Debug)]
struct Wrapped(TrialError);

impl fmt::Display for Wrapped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the agent gave up")
    }
}

impl Error for Wrapped {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&*self.0)
    }
}

#[track_caller]
fn failed_with(outcome: &Outcome, message: &str) {
    assert_eq!(*outcome, Outcome::Failed(Failure::Error(message.to_owned())));
}

#[tokio::test]
async fn true_is_passed_and_false_is_failed() {
    assert_eq!(outcome_of(|| async { Ok(true) }).await, Outcome::Passed);
    assert_eq!(outcome_of(|| async { Ok(false) }).await, Outcome::Failed(Failure::Wrong));
}

#[tokio::test]
async fn an_error_of_the_agent_is_failed_and_told_with_its_sources() {
    let outcome = outcome_of(|| async { Err(Wrapped("no such tool".into()).into()) }).await;
    failed_with(&outcome, "the agent gave up: no such tool");
    let outcome = outcome_of(|| async { Err(io::Error::other("disk full").into()) }).await;
    failed_with(&outcome, "disk full");
}

#[tokio::test]
async fn a_marked_error_is_not_graded_wherever_the_mark_is_in_its_chain() {
    let outcome = outcome_of(|| async { Err(NotGraded::new("sandbox lost").into()) }).await;
    assert_eq!(outcome.to_string(), "not graded: the infrastructure failed: sandbox lost");
    let deep = || async {
        let mark = Wrapped(NotGraded::new(io::Error::other("sandbox lost")).into());
        Err(Wrapped(mark.into()).into())
    };
    assert!(outcome_of(deep).await.is_not_graded());
}

#[tokio::test]
async fn a_broken_connection_is_not_graded_wherever_it_is_in_the_chain() {
    for kind in [
        io::ErrorKind::ConnectionRefused,
        io::ErrorKind::ConnectionReset,
        io::ErrorKind::TimedOut,
        io::ErrorKind::NetworkUnreachable,
    ] {
        let error = || async move { Err(Wrapped(io::Error::from(kind).into()).into()) };
        assert!(outcome_of(error).await.is_not_graded(), "{kind:?}");
    }
    for kind in [io::ErrorKind::NotFound, io::ErrorKind::PermissionDenied] {
        let error = || async move { Err(io::Error::from(kind).into()) };
        assert!(outcome_of(error).await.is_failed(), "{kind:?}");
    }
}

#[tokio::test]
async fn an_error_after_a_failed_model_call_is_not_graded() {
    for kind in ["429", "503", "timeout", "connection_error", "rate_limit_exceeded"] {
        let outcome = outcome_of(|| async move {
            chat(None);
            chat(Some(kind));
            Err("no answer".into())
        })
        .await;
        let want = format!("no answer (model call failed with {kind})");
        assert_eq!(outcome, Outcome::NotGraded(want));
    }
}

/// A context whose model always answers so, and is asked once.
fn llm(reply: impl Into<Reply>) -> Llm {
    let reply = reply.into();
    let model = ScriptedModel::from_fn(move |_, _| reply.clone());
    Llm::new(Arc::new(model), Budget::unlimited()).with_retry(RetryPolicy::never())
}

#[tokio::test]
async fn a_turn_that_the_provider_broke_is_not_graded_and_one_that_it_refused_is_failed() {
    let faults = [
        (Fault::rate_limited(), true),
        (Fault::server_error(), true),
        (Fault::timeout(), true),
        (Fault::truncated(), true),
        (Fault::status(400), false),
        (Fault::status(401), true),
        (Fault::malformed_json(), true),
    ];
    for (fault, not_graded) in faults {
        let outcome = outcome_of(|| async {
            llm(Reply::from(fault.clone())).completion("hi").collect().await?;
            Ok(true)
        });
        let outcome = outcome.await;
        assert_eq!(outcome.is_not_graded(), not_graded, "{outcome}");
        assert_eq!(outcome.is_failed(), !not_graded, "{outcome}");
    }
}

#[tokio::test]
async fn an_agent_that_spent_its_budget_is_failed() {
    let outcome = outcome_of(|| async {
        let llm = llm("hello").with_budget(Budget::unlimited().max_requests(1));
        llm.completion("hi").collect().await?;
        llm.completion("hi").collect().await?;
        Ok(true)
    });
    assert!(outcome.await.is_failed());
}

#[tokio::test]
async fn a_judge_that_gave_no_verdict_leaves_the_trial_not_graded() {
    let outcome = outcome_of(|| async {
        let judge = RubricJudge::new([Criterion::new("polite", "It says thanks.")])?;
        let llm = llm("I would rather not say.");
        let report = judge.evaluate(&llm, &TraceSnapshot::default(), "Thanks!").await?;
        Ok(report.score.value() > 0.5)
    });
    let outcome = outcome.await;
    assert!(outcome.is_not_graded(), "{outcome}");
}

#[tokio::test]
async fn a_status_recorded_as_a_number_is_read_too() {
    let outcome = outcome_of(|| async {
        tracing::info_span!("chat", gen_ai.operation.name = "chat", error.type = 529_u64)
            .in_scope(|| ());
        Err("no answer".into())
    })
    .await;
    assert!(outcome.is_not_graded(), "{outcome}");
}

#[tokio::test]
async fn a_model_call_that_the_agent_got_wrong_is_failed() {
    for kind in ["400", "context_length_exceeded", "content_filter"] {
        let outcome = outcome_of(|| async move {
            chat(Some(kind));
            Err("no answer".into())
        })
        .await;
        failed_with(&outcome, "no answer");
    }
}

#[tokio::test]
async fn a_fault_that_a_retry_repaired_is_no_excuse() {
    let outcome = outcome_of(|| async {
        chat(Some("429"));
        chat(Some("503"));
        chat(None);
        Err("bad plan".into())
    })
    .await;
    failed_with(&outcome, "bad plan");
}

#[tokio::test]
async fn a_fault_of_a_tool_is_the_agents_own() {
    let outcome = outcome_of(|| async {
        tracing::info_span!(
            "execute_tool fetch",
            gen_ai.operation.name = "execute_tool",
            "error.type" = "timeout"
        )
        .in_scope(|| ());
        Err("the tool failed".into())
    })
    .await;
    failed_with(&outcome, "the tool failed");
}

#[tokio::test]
async fn a_verdict_stands_whatever_the_model_calls_show() {
    let wrong = outcome_of(|| async {
        chat(Some("503"));
        Ok(false)
    });
    assert_eq!(wrong.await, Outcome::Failed(Failure::Wrong));
    let right = outcome_of(|| async {
        chat(Some("503"));
        Ok(true)
    });
    assert_eq!(right.await, Outcome::Passed);
}

#[tokio::test]
async fn a_panic_is_failed_whatever_the_model_calls_show() {
    let outcome = outcome_of(|| async {
        chat(Some("503"));
        panic!("unwrapped");
    })
    .await;
    assert_eq!(outcome, Outcome::Failed(Failure::Panicked("unwrapped".to_owned())));
}

#[tokio::test(start_paused = true)]
async fn time_spent_on_an_outage_is_not_graded_and_any_other_is_failed() -> Result<(), TrialError> {
    let limit = Duration::from_mins(1);
    for (kind, failed) in [(Some("429"), 0), (None, 1)] {
        let metric = pass_at_k(1, 1, || async move {
            if probity_eval_runner::Trial::current().is_some_and(|trial| trial.index() == 0) {
                chat(kind);
                tokio::time::sleep(limit * 2).await;
            }
            Ok(true)
        })
        .trials(2)
        .timeout(limit)
        .await?;
        assert_eq!((metric.tally.failed, metric.tally.not_graded), (failed, 1 - failed));
    }
    Ok(())
}

#[tokio::test]
async fn a_mark_or_a_broken_connection_inside_an_io_error_is_found() {
    let mark = || async { Err(io::Error::other(NotGraded::new("no disk")).into()) };
    let want = "the infrastructure failed: no disk";
    assert_eq!(outcome_of(mark).await, Outcome::NotGraded(want.to_owned()));
    let reset = || async {
        let reset = io::Error::from(io::ErrorKind::ConnectionReset);
        Err(io::Error::new(io::ErrorKind::InvalidData, reset).into())
    };
    assert!(outcome_of(reset).await.is_not_graded());
    let own = || async { Err(io::Error::other("bad plan").into()) };
    failed_with(&outcome_of(own).await, "bad plan");
}

#[tokio::test]
async fn a_capture_inside_a_trial_hides_its_model_calls_unless_it_is_visible_outside() {
    let hidden = outcome_of(|| async {
        capture(async { chat(Some("429")) }).await;
        Err("no answer".into())
    });
    failed_with(&hidden.await, "no answer");
    let visible = outcome_of(|| async {
        capture(async { chat(Some("429")) }).visible_outside().await;
        Err("no answer".into())
    });
    assert!(visible.await.is_not_graded());
}
