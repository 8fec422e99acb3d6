//! Headers of replies.

use std::time::Duration;

use probity_model_server::{Answer, Protocol, RateLimit, Reply, Window};

use crate::client::{self, BOTH};

fn id_header(protocol: Protocol) -> &'static str {
    if protocol == Protocol::Anthropic { "request-id" } else { "x-request-id" }
}

#[tokio::test]
async fn every_reply_has_a_request_id_of_its_own() {
    for protocol in BOTH {
        let server = client::start(Reply::text("It is sunny.")).await;
        let mut ids = Vec::new();
        for stream in [false, true] {
            let response = client::send(&server, protocol, stream).await;
            ids.push(response.headers()[id_header(protocol)].clone());
        }
        assert_ne!(ids[0], ids[1]);
    }
}

#[tokio::test]
async fn ids_can_be_set() {
    let reply = Reply::from(Answer::text("It is sunny.").with_id("answer_1"));
    let server = client::start(reply.with_request_id("request_1")).await;
    for protocol in BOTH {
        let response = client::send(&server, protocol, false).await;
        assert_eq!(response.headers()[id_header(protocol)], "request_1");
        let body: serde_json::Value = response.json().await.expect("JSON");
        assert_eq!(body["id"], "answer_1");
    }
}

fn limited() -> Reply {
    let requests = Window::new(5_000, 4_999, Duration::from_millis(12));
    let tokens = Window::new(800_000, 799_900, Duration::from_mins(6));
    Reply::text("It is sunny.").with_rate_limit(RateLimit::new(requests, tokens))
}

#[tokio::test]
async fn openai_tells_rate_limits_with_durations() {
    let response = client::send(&client::start(limited()).await, Protocol::OpenAi, true).await;
    for (name, value) in [
        ("x-ratelimit-limit-requests", "5000"),
        ("x-ratelimit-remaining-requests", "4999"),
        ("x-ratelimit-reset-requests", "12ms"),
        ("x-ratelimit-limit-tokens", "800000"),
        ("x-ratelimit-remaining-tokens", "799900"),
        ("x-ratelimit-reset-tokens", "6m0s"),
    ] {
        assert_eq!(response.headers()[name], value, "{name}");
    }
}

#[tokio::test]
async fn anthropic_tells_rate_limits_with_times() {
    let before = jiff::Timestamp::now();
    let response = client::send(&client::start(limited()).await, Protocol::Anthropic, true).await;
    let header = |name: &str| response.headers()[name].to_str().expect("text");
    assert_eq!(header("anthropic-ratelimit-requests-limit"), "5000");
    assert_eq!(header("anthropic-ratelimit-tokens-remaining"), "799900");
    let reset: jiff::Timestamp =
        header("anthropic-ratelimit-tokens-reset").parse().expect("a time of RFC 3339");
    let wait = reset.duration_since(before).as_secs();
    assert!((359..=400).contains(&wait), "{wait} seconds");
}

#[tokio::test]
async fn a_header_can_be_added_or_replaced() {
    let reply = Reply::text("It is sunny.")
        .with_header("x-should-retry", "false")
        .with_header("content-type", "text/plain");
    let response = client::send(&client::start(reply).await, Protocol::OpenAi, false).await;
    assert_eq!(response.headers()["x-should-retry"], "false");
    assert_eq!(response.headers()["content-type"], "text/plain");
}

#[tokio::test]
async fn an_impossible_header_is_reported_and_sent_to_nobody() {
    for (name, value) in [("a name", "value"), ("name", "a\nvalue"), ("content-length", "1")] {
        let server = client::start(Reply::text("It is sunny.").with_header(name, value)).await;
        let response = client::send(&server, Protocol::OpenAi, false).await;
        assert_eq!(response.status(), 500);
        let text = response.text().await.expect("a body");
        assert!(text.contains("cannot set") && text.contains(name), "{text}");
    }
}
