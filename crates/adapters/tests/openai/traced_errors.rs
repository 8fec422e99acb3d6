//! Calls of a traced client that fail.

use futures::StreamExt as _;
use probity_adapters::openai::traced_client;
use probity_model_server::{Failure, FailureKind, Fault, Reply};
use probity_trace::{RawPayload, TraceSnapshot, capture, capture_raw};

use crate::{
    config,
    contract::{KEY, serve},
    traced::{client, request},
};

/// Streams an answer that fails, and returns the trace.
async fn stream(reply: Reply) -> TraceSnapshot {
    let server = serve([reply]).await;
    capture(async {
        if let Ok(stream) = client(&server).chat().create_stream(request()).await {
            stream.count().await;
        }
    })
    .await
    .trace
}

#[track_caller]
fn check(trace: &TraceSnapshot, error_type: &str, words: &str) {
    let genai = trace.genai();
    let [call] = genai.llm_calls() else { panic!("{trace}") };
    let error = call.error.as_ref().unwrap_or_else(|| panic!("{trace}"));
    assert_eq!(error.error_type, error_type, "{trace}");
    assert!(error.message.as_ref().is_some_and(|message| message.contains(words)), "{trace}");
    assert!(!error.message.as_ref().unwrap().contains(KEY), "{trace}");
}

#[tokio::test]
async fn a_refusal_is_on_the_span_and_still_reaches_the_program() {
    let failure = Failure::new(FailureKind::Authentication).with_message(format!("Bad key {KEY}."));
    let server = serve([failure.clone().into()]).await;
    let collected = capture(async { client(&server).chat().create(request()).await }).await;
    let error = collected.output.unwrap_err().to_string();
    assert!(error.contains("401") && error.contains("Bad key"), "{error}");
    check(&collected.trace, "401", "Bad key [redacted].");
}

#[tokio::test]
async fn what_breaks_in_a_stream_is_on_the_span() {
    let text = || Reply::text("It is sunny.");
    check(&stream(text().with_fault_after(2, Fault::Reset)).await, "truncated", "");
    check(&stream(text().with_fault_after(2, Fault::Truncated)).await, "truncated", "ended before");
    let failure = Failure::new(FailureKind::Server).with_message("I broke.");
    check(
        &stream(text().with_fault_after(2, Fault::Error(failure))).await,
        "server_error",
        "I broke.",
    );
    let malformed = stream(text().with_fault_after(2, Fault::NotJson)).await;
    check(&malformed, "malformed_response", r#"{"choices": [{"delta": "#);
}

#[tokio::test]
async fn a_server_that_is_not_there_is_on_the_span() {
    let server = serve(Reply::text("")).await;
    let client = client(&server);
    drop(server);
    let collected = capture(async { client.chat().create(request()).await }).await;
    assert!(collected.output.is_err());
    check(&collected.trace, "connection", "");
}

#[tokio::test]
async fn each_request_of_a_client_that_tries_again_is_a_span() {
    let limited = Failure::new(FailureKind::RateLimited).with_retry_after_ms(5);
    let server = serve([limited.into(), Reply::text("Sunny.")]).await;
    let client = traced_client(config(&server));
    let collected = capture_raw(async { client.chat().create(request()).await.unwrap() }).await;
    let genai = collected.trace.genai();
    let [first, second] = genai.llm_calls() else { panic!("{}", collected.trace) };
    assert_eq!(first.error.as_ref().unwrap().error_type, "429");
    assert!(second.error.is_none(), "{}", collected.trace);
    let requests = collected.raw.entries.iter();
    let is_request = |payload: &RawPayload| matches!(payload, RawPayload::Request { .. });
    assert_eq!(requests.filter(|entry| is_request(&entry.payload)).count(), 2);
}
