//! What keeps a judge from a verdict is an error of its kind: not graded, and never a fail.

use std::{sync::Arc, time::Duration};

use probity_eval::{
    Budget, EvalExt as _, JudgeError, Llm, RetryPolicy, ScoredError, TurnError, maximize,
    model::ModelErrorKind,
    scripted::{Fault, Reply, ScriptedModel},
};
use probity_trace::{Collected, genai::FinishReason};

use crate::support::{GOOD, Verdict, judge, llm, trace};

#[tokio::test]
async fn a_refusal_is_not_sent_back() {
    let model = ScriptedModel::replies([Reply::refusal("I will not rate people."), GOOD.into()]);
    let error = judge().evaluate(&llm(&model), &trace(), "").await.unwrap_err();
    assert!(matches!(error, JudgeError::Refused { .. }), "{error:?}");
    assert_eq!(error.to_string(), "the judge refused to judge: I will not rate people.");
    assert_eq!((error.error_type(), model.requests().len()), ("refused".into(), 1));
}

#[tokio::test]
async fn what_a_filter_ends_is_a_refusal() {
    let filtered = Reply::text(r#"{"score": 0"#).with_finish_reason(FinishReason::ContentFilter);
    let model = ScriptedModel::replies([filtered, GOOD.into()]);
    let error = judge().evaluate(&llm(&model), &trace(), "").await.unwrap_err();
    assert!(matches!(error, JudgeError::Refused { .. }), "{error:?}");
    assert!(error.to_string().contains("filter"), "{error}");
}

#[tokio::test]
async fn a_rate_limit_that_passes_is_no_correction() {
    let limit = Fault::rate_limited().with_retry_after(Duration::from_millis(1));
    let model = ScriptedModel::replies([Reply::from(limit), GOOD.into()]);
    let llm = llm(&model).with_retry(RetryPolicy::default());
    let verdict = judge().max_corrections(0).evaluate(&llm, &trace(), "Thanks!").await.unwrap();
    assert_eq!(verdict.explanation, "kind");
    assert_eq!(model.requests()[0].input, model.requests()[1].input);
}

#[tokio::test]
async fn a_rate_limit_that_stays_is_an_error_of_the_model() {
    let model = ScriptedModel::replies([Fault::rate_limited()]);
    let error = judge().evaluate(&llm(&model), &trace(), "").await.unwrap_err();
    let kind = error.model_error().map(|error| error.kind);
    assert_eq!((kind, error.error_type()), (Some(ModelErrorKind::RateLimited), "429".into()));
    assert!(error.to_string().contains("(status 429)"), "{error}");
}

#[tokio::test]
async fn a_budget_stops_the_judge_before_it_asks() {
    let model = ScriptedModel::replies([GOOD]);
    let judge = judge().budget(Budget::unlimited().max_requests(0));
    let error = judge.evaluate(&llm(&model), &trace(), "").await.unwrap_err();
    assert!(matches!(error, JudgeError::Budget(_)), "{error:?}");
    assert_eq!((error.error_type(), model.requests().len()), ("budget_exceeded".into(), 0));
}

#[tokio::test]
async fn a_budget_stops_the_judge_before_it_corrects() {
    let model = ScriptedModel::replies(["no JSON", GOOD]);
    let llm = Llm::new(Arc::new(model.clone()), Budget::unlimited().max_requests(1));
    let error = judge().evaluate(&llm, &trace(), "").await.unwrap_err();
    assert!(matches!(error, JudgeError::Budget(_)), "{error:?}");
    assert_eq!((llm.budget().spent().requests, model.requests().len()), (1, 1));
}

#[tokio::test]
async fn a_context_without_a_model_is_an_error() {
    let error = judge().evaluate(&Llm::without_model(), &trace(), "").await.unwrap_err();
    assert!(matches!(error, JudgeError::Model(TurnError::NoModel)), "{error:?}");
}

#[tokio::test]
async fn a_record_without_a_verdict_has_not_passed_and_has_no_score() {
    let replies = [Reply::text("nonsense"), Reply::refusal("no"), Fault::timeout().into()];
    for reply in replies {
        let model = ScriptedModel::replies([reply]);
        let eval =
            judge().max_corrections(0).scored_by(maximize(|verdict: &Verdict| verdict.score));
        let collected = Collected::new("Thanks!".to_owned(), trace());
        let record = eval.run(&llm(&model), collected).await;
        assert!(!record.passed());
        assert_eq!(record.score(), None);
        assert!(matches!(record.error(), Some(ScoredError::Eval(_))), "{:?}", record.error());
    }
}

#[tokio::test]
async fn a_secret_in_a_reply_is_not_in_the_error() {
    let model = ScriptedModel::replies(["the key is sk-abcdefghijklmnopqrstuvwxyz"]);
    let error = judge().max_corrections(0).evaluate(&llm(&model), &trace(), "").await.unwrap_err();
    let shown = format!("{error} {error:?}");
    assert!(shown.contains("the key is") && !shown.contains("sk-abc"), "{shown}");
}

#[tokio::test]
async fn a_secret_that_its_name_gives_away_is_not_in_the_error() {
    let reply = r#"{"score": {"api_key": "hunter2"}, "explanation": {"password": ["hunter2"]}}"#;
    let model = ScriptedModel::replies([reply]);
    let error = llm(&model).structured::<Verdict>("Rate it").collect().await.unwrap_err();
    assert!(error.to_string().contains("[redacted]"), "{error}");
    assert!(!error.to_string().contains("hunter2"), "{error}");
}

#[tokio::test]
async fn a_refusal_is_printed_within_bounds_and_without_secrets() {
    let words = format!("No: sk-proj-abcdefghijklmnop1234 {}", "x".repeat(100_000));
    let model = ScriptedModel::replies([Reply::refusal(words.clone())]);
    let error = llm(&model).structured::<Verdict>("Rate it").collect().await.unwrap_err();
    let shown = error.to_string();
    assert!(shown.starts_with("the model refused to answer: No: "), "{shown}");
    assert!(shown.len() < 2_000 && !shown.contains("sk-proj-abc"), "{shown}");
    let TurnError::Refused { reason, .. } = error else { panic!("a refusal: {shown}") };
    assert_eq!(reason, words);
}

#[test]
fn an_error_may_move_between_threads_and_is_small() {
    fn check<T: std::error::Error + Send + Sync + 'static>() {}
    check::<JudgeError>();
    assert!(size_of::<JudgeError>() <= 200, "{}", size_of::<JudgeError>());
}
