//! Replies that break.

use std::time::Duration;

use probity_model_server::{Failure, FailureKind, Fault, ModelServer, Protocol, Reply};
use serde_json::Value;

use crate::client::{self, BOTH, Read};

/// Starts a server whose reply has this fault after two deltas of five.
async fn server(fault: Fault) -> ModelServer {
    let reply = Reply::text("aaaabbbbccccddddeeee").with_fault_after(2, fault);
    client::start(reply).await
}

async fn read(server: &ModelServer, protocol: Protocol, stream: bool) -> Read {
    Read::all(client::send(server, protocol, stream).await).await
}

/// Checks that two deltas came, and nothing of what ends an answer.
#[track_caller]
fn check_two_deltas(read: &Read, protocol: Protocol) {
    let text = read.text();
    assert_eq!(client::joined(&client::events(&text), client::text_pointer(protocol)), "aaaabbbb");
    for end in ["[DONE]", "message_stop", "end_turn", "\"stop\""] {
        assert!(!text.contains(end), "{end} in {text}");
    }
}

#[tokio::test]
async fn a_reset_is_one_of_tcp_and_no_clean_end() {
    let server = server(Fault::Reset).await;
    for protocol in BOTH {
        let read = read(&server, protocol, true).await;
        check_two_deltas(&read, protocol);
        let error = read.broken.expect("the body broke");
        assert!(client::is_reset(&error), "{error:?}");
    }
}

#[tokio::test]
async fn a_hangup_ends_the_body_too_early_without_a_reset() {
    let server = server(Fault::Hangup).await;
    for protocol in BOTH {
        let read = read(&server, protocol, true).await;
        check_two_deltas(&read, protocol);
        let error = read.broken.expect("the body broke");
        assert!(!client::is_reset(&error), "{error:?}");
    }
}

#[tokio::test]
async fn a_truncated_stream_ends_cleanly_without_its_end() {
    let server = server(Fault::Truncated).await;
    for protocol in BOTH {
        let read = read(&server, protocol, true).await;
        check_two_deltas(&read, protocol);
        assert!(read.broken.is_none(), "{read:?}");
    }
}

#[tokio::test]
async fn a_stalled_stream_stays_open() {
    for protocol in BOTH {
        let server = server(Fault::Stall).await;
        let mut response = client::send(&server, protocol, true).await;
        let mut bytes = Vec::new();
        while !String::from_utf8_lossy(&bytes).contains("bbbb") {
            bytes.extend(response.chunk().await.expect("a chunk").expect("no end"));
        }
        let more = tokio::time::timeout(Duration::from_millis(50), response.chunk()).await;
        assert!(more.is_err(), "{more:?}");
        drop(server);
        let error = response.chunk().await.expect_err("the server is gone");
        assert!(!error.is_timeout(), "only the end of the server ends it: {error:?}");
    }
}

#[tokio::test]
async fn an_error_in_the_middle_of_a_stream_comes_under_200() {
    let failure = Failure::new(FailureKind::Overloaded).with_message("Too much to do.");
    let server = server(Fault::Error(failure)).await;
    for protocol in BOTH {
        let response = client::send(&server, protocol, true).await;
        assert_eq!(response.status(), 200);
        let read = Read::all(response).await;
        assert!(read.broken.is_none());
        check_two_deltas(&read, protocol);
        let events = client::events(&read.text());
        let last = events.last().expect("an event");
        assert_eq!(last.json()["error"]["message"], "Too much to do.");
        let (name, kind) = match protocol {
            Protocol::Anthropic => (Some("error"), "overloaded_error"),
            _ => (None, "server_error"),
        };
        assert_eq!(last.name.as_deref(), name);
        assert_eq!(last.json()["error"]["type"], kind);
    }
}

#[tokio::test]
async fn a_frame_that_is_no_json_does_not_end_the_stream() {
    let server = server(Fault::NotJson).await;
    for protocol in BOTH {
        let read = read(&server, protocol, true).await;
        let events = client::events(&read.text());
        let is_json = |data: &str| serde_json::from_str::<Value>(data).is_ok();
        let wrong = |event: &&client::Event| event.data != "[DONE]" && !is_json(&event.data);
        assert_eq!(events.iter().filter(wrong).count(), 1);
        let rest: String =
            read.text().split("\n\n").filter(|frame| frame.contains("eeee")).collect();
        assert!(!rest.is_empty(), "the last delta came");
        let end = if protocol == Protocol::Anthropic { "message_stop" } else { "[DONE]" };
        assert!(read.text().contains(end));
    }
}

#[tokio::test]
async fn a_fault_can_come_before_the_first_delta_and_after_the_last() {
    for protocol in BOTH {
        for (deltas, expected) in
            [(0, ""), (5, "aaaabbbbccccddddeeee"), (99, "aaaabbbbccccddddeeee")]
        {
            let reply =
                Reply::text("aaaabbbbccccddddeeee").with_fault_after(deltas, Fault::Truncated);
            let events = client::stream(&client::start(reply).await, protocol).await;
            assert_eq!(client::joined(&events, client::text_pointer(protocol)), expected);
            assert_eq!(client::joined(&events, "/choices/0/finish_reason"), "");
            assert_eq!(client::joined(&events, "/delta/stop_reason"), "");
        }
    }
}

#[tokio::test]
async fn a_body_that_is_not_streamed_breaks_in_its_middle() {
    for protocol in BOTH {
        let whole = client::json(&client::start(Reply::text("a")).await, protocol).await;
        for (fault, is_broken) in
            [(Fault::Reset, true), (Fault::Hangup, true), (Fault::Truncated, false)]
        {
            let reply = Reply::text("a").with_fault_after(2, fault.clone());
            let read = read(&client::start(reply).await, protocol, false).await;
            assert_eq!(read.broken.is_some(), is_broken, "{fault:?}");
            let is_reset = read.broken.as_ref().is_some_and(client::is_reset);
            assert_eq!(is_reset, matches!(fault, Fault::Reset));
            let half = read.text();
            assert_eq!(half.len(), whole.to_string().len() / 2);
            assert!(serde_json::from_str::<Value>(&half).is_err(), "{half}");
        }
    }
}

#[tokio::test]
async fn an_error_instead_of_a_body_has_its_status() {
    let server = server(Fault::Error(Failure::new(FailureKind::Server))).await;
    for protocol in BOTH {
        assert_eq!(client::send(&server, protocol, false).await.status(), 500);
    }
}

#[tokio::test]
async fn a_connection_can_be_reset_before_any_answer() {
    let server = client::start([Reply::reset(), Reply::text("again")]).await;
    let body = client::body(Protocol::OpenAi, false);
    let error =
        client::request(&server, Protocol::OpenAi, &body).send().await.expect_err("a reset");
    assert!(client::is_reset(&error), "{error:?}");
    let answer = client::json(&server, Protocol::OpenAi).await;
    assert_eq!(answer["choices"][0]["message"]["content"], "again");
}
