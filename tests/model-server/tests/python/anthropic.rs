//! What the client of Anthropic sees.

use serde_json::{Value, json};

use crate::{
    run::{Conversation, check_class, check_message},
    script::TEXT,
};

const MODES: [&str; 2] = ["whole", "streamed"];

fn seen() -> Option<&'static Value> {
    Conversation::held().map(|held| held.seen_by("anthropic"))
}

#[track_caller]
fn check_text(message: &Value) {
    assert_eq!(message["id"], "id-of-the-text");
    assert_eq!(message["blocks"][0]["text"], TEXT);
    assert_eq!(message["stop"], "end_turn");
    let usage = &message["usage"];
    assert_eq!(usage["input_tokens"], 21);
    assert_eq!(usage["cache_read_input_tokens"], 8);
    assert_eq!(usage["cache_creation_input_tokens"], 5);
    assert_eq!(usage["cache_creation"]["ephemeral_5m_input_tokens"], 5);
    assert_eq!(usage["output_tokens"], 11);
    assert_eq!(usage["output_tokens_details"]["thinking_tokens"], 4);
}

#[test]
fn a_text_arrives_with_its_usage() {
    let Some(seen) = seen() else { return };
    check_text(&seen["whole"]["text"]);
    assert_eq!(seen["whole"]["text"]["request_id"], "request-of-the-text");
}

#[test]
fn a_streamed_text_arrives_with_its_usage_however_it_is_cut() {
    let Some(seen) = seen() else { return };
    for model in ["text", "cut"] {
        check_text(&seen["streamed"][model]);
    }
}

#[test]
fn tool_calls_arrive() {
    let Some(seen) = seen() else { return };
    for mode in MODES {
        let message = &seen[mode]["tools"];
        let blocks = message["blocks"].as_array().expect("blocks");
        assert_eq!(blocks.len(), 3);
        assert_eq!(blocks[0]["text"], "Let me look.");
        for (block, city) in blocks[1..].iter().zip(["Oslo", "東京"]) {
            assert_eq!(block["type"], "tool_use");
            assert_eq!(block["id"], city);
            assert_eq!(block["name"], "get_weather");
            assert_eq!(block["input"], json!({ "city": city }));
        }
        assert_eq!(message["stop"], "tool_use");
    }
}

#[test]
fn reasoning_arrives_with_its_signature() {
    let Some(seen) = seen() else { return };
    for mode in MODES {
        let blocks = seen[mode]["reasoning"]["blocks"].as_array().expect("blocks");
        let block = blocks.iter().find(|block| block["type"] == "thinking").expect("thinking");
        assert_eq!(block["thinking"], "The sky is blue.");
        assert!(block["signature"].as_str().is_some_and(|text| !text.is_empty()));
    }
}

#[test]
fn a_refusal_arrives() {
    let Some(seen) = seen() else { return };
    for mode in MODES {
        assert_eq!(seen[mode]["refusal"]["stop"], "refusal");
        assert_eq!(seen[mode]["refusal"]["blocks"][0]["text"], "I must not.");
    }
}

#[test]
fn errors_have_the_classes_of_the_client() {
    let Some(seen) = seen() else { return };
    let failed = &seen["failed"];
    for (model, class, status, kind) in [
        ("bad-request", "BadRequestError", 400, "invalid_request_error"),
        ("unauthorized", "AuthenticationError", 401, "authentication_error"),
        ("limited", "RateLimitError", 429, "rate_limit_error"),
        ("broken", "InternalServerError", 500, "api_error"),
    ] {
        check_class(&failed[model], class);
        assert_eq!(failed[model]["status"], status);
        check_message(&failed[model], kind);
    }
    check_message(&failed["bad-request"], "Not so.");
    assert_eq!(failed["limited"]["retry_after"], "7");
    check_class(&failed["reset-head"], "APIConnectionError");
}

#[test]
fn bodies_that_are_no_json_are_no_answers() {
    let Some(seen) = seen() else { return };
    for model in ["not-json", "empty-body"] {
        check_class(&seen["failed"][model], "JSONDecodeError");
    }
}

#[test]
fn a_limited_call_is_tried_again() {
    let Some(held) = Conversation::held() else { return };
    check_text(&held.seen_by("anthropic")["retried"]);
    let attempts = held.attempts("/v1/messages", "limited-once");
    assert_eq!(attempts, [Some("0"), Some("1")]);
}

#[test]
fn broken_streams_are_errors_after_what_came_before() {
    let Some(seen) = seen() else { return };
    // The client passes on what its transport says.
    for (model, class, message) in [
        ("error", "APIStatusError", "overloaded_error"),
        ("reset", "ReadError", "reset"),
        ("hangup", "RemoteProtocolError", "incomplete"),
    ] {
        let broken = &seen["broken"][model];
        check_class(broken, class);
        check_message(broken, message);
        assert_eq!(broken["text"], "aaaabbbb", "{model}");
    }
}
