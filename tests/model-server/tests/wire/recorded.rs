//! The shape of replies beside that of recorded samples, where these are at hand.

use std::{fs, path::Path};

use probity_model_server::{Answer, Failure, FailureKind, Fault, Protocol, Reply, ToolCall, Usage};
use serde_json::{Value, json};

use crate::client;

/// Returns what the recorder answered in a sample; `None`, and says so, where there are none.
fn sample(name: &str) -> Option<Value> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    let file = folder.join(format!("protocol-fixtures/wire__{name}.json"));
    let Ok(text) = fs::read_to_string(&file) else {
        println!("skipped: there is no sample {}", file.display());
        return None;
    };
    let sample: Value = serde_json::from_str(&text).expect("a sample is JSON");
    Some(sample["requests"][0]["fake_response"].clone())
}

/// Checks that `ours` has every field of the sample, with a value of the same kind.
#[track_caller]
fn check_shape(ours: &Value, sample: &Value, path: &str) {
    match (ours, sample) {
        (Value::Object(ours), Value::Object(sample)) => {
            for (name, value) in sample {
                let own = ours.get(name).unwrap_or_else(|| panic!("no {path}/{name}"));
                check_shape(own, value, &format!("{path}/{name}"));
            }
        }
        (Value::Array(ours), Value::Array(sample)) => {
            assert_eq!(ours.len(), sample.len(), "length of {path}");
            for (place, (ours, sample)) in ours.iter().zip(sample).enumerate() {
                check_shape(ours, sample, &format!("{path}/{place}"));
            }
        }
        _ => {
            let same = std::mem::discriminant(ours) == std::mem::discriminant(sample);
            assert!(same, "{path}: {ours} in place of {sample}");
        }
    }
}

/// Checks a stream frame by frame against the sample's.
async fn check_stream(protocol: Protocol, body: &Value, reply: Reply, name: &str) {
    let Some(sample) = sample(name) else { return };
    let frames: String =
        sample["sse"].as_array().expect("frames").iter().filter_map(Value::as_str).collect();
    let server = client::start(reply).await;
    let response = client::request(&server, protocol, body).send().await.expect("an answer");
    let ours = client::events(&response.text().await.expect("a stream"));
    let theirs = client::events(&frames);
    assert_eq!(ours.len(), theirs.len(), "{ours:?}");
    for (ours, theirs) in ours.iter().zip(&theirs) {
        assert_eq!(ours.name, theirs.name);
        if theirs.data == "[DONE]" {
            assert_eq!(ours.data, "[DONE]");
        } else {
            check_shape(&ours.json(), &theirs.json(), &theirs.data);
        }
    }
}

async fn check_body(protocol: Protocol, reply: Reply, name: &str) {
    let Some(sample) = sample(name) else { return };
    let server = client::start(reply).await;
    let response = client::send(&server, protocol, false).await;
    assert_eq!(json!(response.status().as_u16()), sample["status"]);
    check_shape(&response.json().await.expect("JSON"), &sample["body"], name);
}

#[tokio::test]
async fn bodies_have_the_fields_of_the_samples() {
    check_body(Protocol::OpenAi, Reply::text("It is sunny."), "openai-chat").await;
    check_body(Protocol::Anthropic, Reply::text("It is sunny."), "anthropic-messages").await;
    let limited = Failure::new(FailureKind::RateLimited);
    check_body(Protocol::OpenAi, limited.into(), "openai-retry-429").await;
    let overloaded = Failure::new(FailureKind::Overloaded);
    check_body(Protocol::Anthropic, overloaded.into(), "anthropic-529").await;
}

#[tokio::test]
async fn openai_streams_the_frames_of_the_sample() {
    let mut body = client::body(Protocol::OpenAi, true);
    body["stream_options"] = json!({ "include_usage": true });
    let answer = Answer::text("It is sunny.").with_usage(Usage::new(21, 11).with_cache_read(8));
    let reply = Reply::from(answer); // Three deltas of four characters.
    check_stream(Protocol::OpenAi, &body, reply, "openai-chat-stream-include-usage").await;
}

#[tokio::test]
async fn openai_breaks_a_stream_off_as_in_the_sample() {
    let body = client::body(Protocol::OpenAi, true);
    let fault = Fault::Error(Failure::new(FailureKind::Server));
    let reply = Reply::text("It is sunny.").with_fault_after(1, fault);
    check_stream(Protocol::OpenAi, &body, reply, "openai-stream-error").await;
}

#[tokio::test]
async fn anthropic_streams_the_frames_of_the_sample() {
    let body = client::body(Protocol::Anthropic, true);
    let call = ToolCall::malformed("get_weather", r#"{"city": "Boston"}"#);
    let reply = Reply::from(Answer::text("Let me look.").with_tool_call(call)).with_delta_size(9);
    check_stream(Protocol::Anthropic, &body, reply, "anthropic-messages-stream-tools").await;
}
