//! That no secret of a request gets out: the rest is in the contract.

use std::sync::Arc;

use probity_adapters::rig::RigModel;
use probity_eval::{Budget, Llm, ModelInput, RawTelemetryConfig, RetryPolicy};
use probity_model_server::{Failure, FailureKind, Fault, Raw, Reply};
use probity_trace::{
    CollectedRaw, capture_raw,
    genai::{Message, Part, Role},
};
use serde_json::json;

use crate::{
    contract::{KEY, serve},
    provider::Provider,
};

const IN_BODY: &str = "planted-key-in-the-body";

/// A conversation whose tool call has a secret under a name that says so.
fn input() -> ModelInput {
    let call = json!({"type": "tool_call", "id": "call_1", "name": "log_in", "arguments": {"api_key": IN_BODY}});
    let call: Part = serde_json::from_value(call).unwrap();
    ModelInput::from_user("Log in.")
        .with_message(Message::new(Role::Assistant, vec![call]))
        .with_message(Message::tool_response("call_1", json!({"api_key": IN_BODY, "ok": true})))
}

/// Everything that is told of a call.
async fn told(provider: Provider, reply: Reply) -> Vec<String> {
    let server = serve([reply]).await;
    let llm = provider.llm(&server).with_content_capture(true);
    let llm = llm.with_extension(RawTelemetryConfig::all()).with_retry(RetryPolicy::never());
    let collected = capture_raw(async { llm.completion(input()).collect().await }).await;
    let CollectedRaw { output, trace, raw, .. } = collected;
    assert!(String::from_utf8_lossy(server.requests()[0].bytes()).contains(IN_BODY));
    assert!(raw.entries.len() > 1);
    let mut told = vec![
        trace.to_json().unwrap(),
        trace.to_string(),
        serde_json::to_string(&raw).unwrap(),
        format!("{raw:?}"),
        format!("{llm:?}"),
        serde_json::to_string(&trace.genai()).unwrap(),
    ];
    if let Err(error) = output {
        told.extend([error.to_string(), format!("{error:?}")]);
    }
    told
}

#[tokio::test]
async fn a_key_in_the_body_of_a_request_is_told_nowhere() {
    let words = format!("The key {KEY} may not do this.");
    let failure = |kind| Failure::new(kind).with_message(&*words);
    let body = json!({"error": {"message": words, "api_key": IN_BODY}}).to_string();
    let status = http::StatusCode::UNAUTHORIZED;
    for reply in [
        Reply::text("You are logged in."),
        failure(FailureKind::Authentication).into(),
        failure(FailureKind::Server).into(),
        Raw::new(status, "application/json", body).into(),
        Raw::html(format!("<html>{KEY}</html>")).into(),
        Reply::text("You are").with_fault_after(1, Fault::Error(failure(FailureKind::Server))),
        Reply::text("You are").with_fault_after(1, Fault::Reset),
        Reply::text("Hello.").with_header("x-echo", KEY),
        Reply::reset(),
    ] {
        for provider in Provider::ALL {
            for text in told(provider, reply.clone()).await {
                for secret in [KEY, IN_BODY] {
                    assert!(!text.contains(secret), "{provider:?}, {reply:?}: {text}");
                }
                assert!(!text.to_ascii_lowercase().contains("bearer"), "{provider:?}: {text}");
            }
        }
    }
}

#[tokio::test]
async fn an_address_with_a_key_is_told_without_it() {
    use rig_core::{http_client::DynHttpClient, providers::openai::OpenAIConfig};

    // Nobody listens there.
    let config = OpenAIConfig::new("x").with_base_url(format!("http://user:{KEY}@127.0.0.1:9"));
    let http = DynHttpClient::new(crate::provider::client());
    let model = Arc::new(RigModel::new(config.connect(http).chat("small")));
    let llm = Llm::new(model, Budget::unlimited()).with_retry(RetryPolicy::never());
    let llm = llm.with_extension(RawTelemetryConfig::all());
    let collected = capture_raw(async { llm.completion("Hello?").collect().await }).await;
    let error = collected.output.unwrap_err();
    for text in [error.to_string(), collected.trace.to_string(), format!("{:?}", collected.raw)] {
        assert!(!text.contains(KEY), "{text}");
    }
}
