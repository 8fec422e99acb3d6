//! Who counts which tokens where.

use probity_model_server::{Answer, ModelServer, Protocol, Reply, Usage};
use serde_json::{Value, json};

use crate::client::{self, Event};

async fn server(usage: Usage) -> ModelServer {
    client::start(Reply::from(Answer::text("It is sunny.").with_usage(usage))).await
}

/// Streams with OpenAI, with or without the wish for usage.
async fn streamed(server: &ModelServer, include_usage: bool) -> Vec<Event> {
    let mut body = client::body(Protocol::OpenAi, true);
    body["stream_options"] = json!({ "include_usage": include_usage });
    let sent = client::request(server, Protocol::OpenAi, &body).send().await;
    client::events(&sent.expect("an answer").text().await.expect("a whole stream"))
}

/// Returns what these tests stream: 29 tokens in, 8 of them cached, 11 out, 4 of them reasoning.
fn openai_sample() -> Usage {
    Usage::new(21, 11).with_cache_read(8).with_reasoning(4)
}

#[track_caller]
fn check_openai_sample(usage: &Value) {
    assert_eq!(usage["prompt_tokens"], 29);
    assert_eq!(usage["completion_tokens"], 11);
    assert_eq!(usage["total_tokens"], 40);
    assert_eq!(usage["prompt_tokens_details"]["cached_tokens"], 8);
    assert_eq!(usage["completion_tokens_details"]["reasoning_tokens"], 4);
}

#[tokio::test]
async fn openai_counts_the_cache_within_the_prompt() {
    let server = server(openai_sample()).await;
    check_openai_sample(&client::json(&server, Protocol::OpenAi).await["usage"]);
}

#[tokio::test]
async fn openai_streams_usage_in_a_chunk_without_choices() {
    let server = server(openai_sample()).await;
    let events = streamed(&server, true).await;
    let (done, chunks) = events.split_last().expect("chunks");
    assert_eq!(done.data, "[DONE]");
    let (last, others) = chunks.split_last().expect("chunks");
    assert_eq!(last.json()["choices"], json!([]));
    check_openai_sample(&last.json()["usage"]);
    for chunk in others {
        assert_eq!(chunk.json()["choices"].as_array().map(Vec::len), Some(1));
        assert_eq!(chunk.json().get("usage"), Some(&Value::Null));
    }
}

#[tokio::test]
async fn openai_streams_no_usage_that_was_not_asked_for() {
    let server = server(openai_sample()).await;
    for events in [streamed(&server, false).await, client::stream(&server, Protocol::OpenAi).await]
    {
        assert_eq!(client::values(&events, "/usage"), Vec::<Value>::new());
        assert_eq!(client::values(&events, "/choices/0").len(), events.len() - 1);
    }
}

#[tokio::test]
async fn anthropic_counts_the_cache_beside_the_input() {
    let usage = Usage::new(21, 9).with_cache_read(7).with_cache_write(5).with_reasoning(2);
    let server = server(usage).await;
    let whole = &client::json(&server, Protocol::Anthropic).await["usage"];
    let events = client::stream(&server, Protocol::Anthropic).await;
    let start = &client::values(&events, "/message/usage")[0];
    let end = &client::values(&events, "/usage")[0];
    for usage in [whole, start, end] {
        assert_eq!(usage["input_tokens"], 21);
        assert_eq!(usage["cache_read_input_tokens"], 7);
        assert_eq!(usage["cache_creation_input_tokens"], 5);
    }
    assert_eq!(start["output_tokens"], 1);
    for usage in [whole, end] {
        assert_eq!(usage["output_tokens"], 9);
        assert_eq!(usage["output_tokens_details"]["thinking_tokens"], 2);
    }
}

#[tokio::test]
async fn usage_can_be_left_out() {
    let server = client::start(Reply::from(Answer::text("It is sunny.").without_usage())).await;
    for protocol in client::BOTH {
        assert_eq!(client::json(&server, protocol).await.get("usage"), None);
    }
    let events = streamed(&server, true).await;
    assert!(client::values(&events, "/usage").iter().all(Value::is_null));
    assert_eq!(client::values(&events, "/choices/0").len(), events.len() - 1);
}
