//! Models without a tap: the same answers, and errors with what rig tells of them.

use std::time::Duration;

use probity_adapters::rig::{RigModel, TappedClient};
use probity_eval::{
    RawTelemetryConfig, RetryPolicy,
    model::{ModelError, ModelErrorKind},
};
use probity_model_server::{Answer, Failure, FailureKind, Fault, ModelServer, Raw, Reply};
use probity_trace::{RawPayload, capture_raw, genai::FinishReason};

use crate::{
    contract::serve,
    provider::{Provider, chat, client, llm, messages},
};

fn model(provider: Provider, server: &ModelServer) -> RigModel {
    match provider {
        Provider::OpenAi => RigModel::without_tap(chat(server, client())),
        Provider::Anthropic => RigModel::without_tap(messages(server, client())),
    }
}

async fn fail(provider: Provider, reply: Reply) -> ModelError {
    let server = serve([reply]).await;
    let llm = llm(model(provider, &server)).with_retry(RetryPolicy::never());
    match llm.completion("How is the weather?").collect().await.unwrap_err() {
        probity_eval::TurnError::Model { error, .. } => error,
        error => panic!("{error}"),
    }
}

#[tokio::test]
async fn an_answer_is_the_same_without_a_tap() {
    for provider in Provider::ALL {
        let server = serve([Answer::text("It is sunny.").with_id("answer_1").into()]).await;
        let turn = llm(model(provider, &server)).completion("How is it?").collect().await.unwrap();
        assert_eq!((&*turn.text, turn.finish_reason), ("It is sunny.", Some(FinishReason::Stop)));
        assert_eq!(turn.response_id.as_deref(), Some("answer_1"));
        assert_eq!(turn.request_id.as_deref(), Some("req_0"), "{provider:?}");
    }
}

#[tokio::test]
async fn errors_have_the_same_kinds_without_a_tap() {
    let broken = |fault| Reply::text("It is sunny.").with_fault_after(2, fault);
    let words = || Failure::new(FailureKind::Server).with_message("Not today.");
    for (reply, kind, status) in [
        (words().into(), ModelErrorKind::Server, Some(500)),
        (Failure::new(FailureKind::Authentication).into(), ModelErrorKind::Unauthorized, Some(401)),
        (Failure::new(FailureKind::BadRequest).into(), ModelErrorKind::InvalidRequest, Some(400)),
        (broken(Fault::Error(words())), ModelErrorKind::Server, None),
        (broken(Fault::Reset), ModelErrorKind::Truncated, None),
        (broken(Fault::Truncated), ModelErrorKind::Truncated, None),
        (broken(Fault::NotJson), ModelErrorKind::Malformed, None),
        (Raw::html("<html></html>").into(), ModelErrorKind::Malformed, None),
        (Reply::reset(), ModelErrorKind::Connection, None),
    ] {
        for provider in Provider::ALL {
            let error = fail(provider, reply.clone()).await;
            assert_eq!((error.kind, error.status), (kind, status), "{provider:?}: {reply:?}");
        }
    }
}

#[tokio::test]
async fn a_wait_that_is_asked_for_is_known_without_a_tap() {
    for provider in Provider::ALL {
        let limited = Failure::new(FailureKind::RateLimited).with_retry_after(3);
        let error = fail(provider, limited.into()).await;
        assert_eq!(error.retry_after, Some(Duration::from_secs(3)), "{provider:?}: {error}");
        assert_eq!(error.request_id.as_deref(), Some("req_0"));
    }
}

#[tokio::test]
async fn a_client_that_was_built_on_the_tap_is_found_through_an_erased_model() {
    for provider in Provider::ALL {
        let server = serve([Answer::refusal("No.").into()]).await;
        let http = TappedClient::new(client()).with_raw(RawTelemetryConfig::none());
        let model = match provider {
            Provider::OpenAi => RigModel::without_tap(chat(&server, http).erase()),
            Provider::Anthropic => RigModel::without_tap(messages(&server, http).erase()),
        };
        // What the model is asked for counts, and not what the client was given.
        let llm = llm(model).with_extension(RawTelemetryConfig::all());
        let collected = capture_raw(async { llm.completion("Do it.").collect().await }).await;
        assert!(collected.output.unwrap().refusal.is_some(), "{provider:?}");
        let entries = collected.raw.entries;
        assert!(matches!(entries[0].payload, RawPayload::Request { .. }), "{entries:?}");
        assert!(entries.len() > 5, "{entries:?}");
    }
}

#[tokio::test]
async fn a_tap_within_a_tap_tells_nothing_twice() {
    let server = serve([Reply::text("Yes.")]).await;
    let model = RigModel::new(chat(&server, TappedClient::new(client())));
    let llm = llm(model).with_extension(RawTelemetryConfig::all());
    let collected = capture_raw(async { llm.completion("Yes?").collect().await }).await;
    collected.output.unwrap();
    let is_request = |payload: &RawPayload| matches!(payload, RawPayload::Request { .. });
    let requests = collected.raw.entries.iter().filter(|entry| is_request(&entry.payload));
    assert_eq!(requests.count(), 1);
}
