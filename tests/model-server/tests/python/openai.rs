//! What the client of OpenAI sees.

use serde_json::{Value, json};

use crate::{
    run::{Conversation, check_class, check_message},
    script::TEXT,
};

fn seen() -> Option<&'static Value> {
    Conversation::held().map(|held| held.seen_by("openai"))
}

#[track_caller]
fn check_usage(usage: &Value) {
    assert_eq!(usage["prompt_tokens"], 34);
    assert_eq!(usage["completion_tokens"], 11);
    assert_eq!(usage["total_tokens"], 45);
    assert_eq!(usage["prompt_tokens_details"]["cached_tokens"], 8);
    assert_eq!(usage["prompt_tokens_details"]["cache_write_tokens"], 5);
    assert_eq!(usage["completion_tokens_details"]["reasoning_tokens"], 4);
}

#[test]
fn a_text_arrives_with_its_usage() {
    let Some(seen) = seen() else { return };
    let text = &seen["whole"]["text"];
    assert_eq!(text["text"], TEXT);
    assert_eq!(text["finish"], "stop");
    assert_eq!(text["id"], "id-of-the-text");
    assert_eq!(text["request_id"], "request-of-the-text");
    check_usage(&text["usage"]);
}

#[test]
fn a_streamed_text_arrives_with_its_usage_however_it_is_cut() {
    let Some(seen) = seen() else { return };
    for model in ["text", "cut"] {
        let streamed = &seen["streamed"][model];
        assert_eq!(streamed["text"], TEXT);
        assert_eq!(streamed["finish"], "stop");
        assert!(streamed["deltas"].as_u64() > Some(1));
        check_usage(&streamed["usage"]);
    }
}

#[test]
fn tool_calls_arrive() {
    let Some(seen) = seen() else { return };
    let whole = &seen["whole"]["tools"];
    let streamed = &seen["streamed"]["tools"];
    for (index, city) in ["Oslo", "東京"].into_iter().enumerate() {
        let arguments = json!({ "city": city }).to_string();
        let call = &whole["calls"][index];
        assert_eq!(call["id"], city);
        assert_eq!(call["function"]["name"], "get_weather");
        assert_eq!(call["function"]["arguments"], arguments);
        let call = json!({ "id": city, "name": "get_weather", "arguments": arguments });
        assert_eq!(streamed["calls"][index], call);
    }
    for tools in [whole, streamed] {
        assert_eq!(tools["text"], "Let me look.");
        assert_eq!(tools["finish"], "tool_calls");
        assert_eq!(tools["calls"].as_array().map(Vec::len), Some(2));
    }
}

#[test]
fn reasoning_arrives_beside_the_text() {
    let Some(seen) = seen() else { return };
    for mode in ["whole", "streamed"] {
        assert_eq!(seen[mode]["reasoning"]["reasoning"], "The sky is blue.");
        assert_eq!(seen[mode]["reasoning"]["text"], TEXT);
    }
}

#[test]
fn a_refusal_arrives() {
    let Some(seen) = seen() else { return };
    for mode in ["whole", "streamed"] {
        assert_eq!(seen[mode]["refusal"]["refusal"], "I must not.");
    }
    assert_eq!(seen["whole"]["refusal"]["text"], Value::Null);
}

#[test]
fn errors_have_the_classes_of_the_client() {
    let Some(seen) = seen() else { return };
    let failed = &seen["failed"];
    for (model, class, status) in [
        ("bad-request", "BadRequestError", 400),
        ("unauthorized", "AuthenticationError", 401),
        ("limited", "RateLimitError", 429),
        ("broken", "InternalServerError", 500),
    ] {
        check_class(&failed[model], class);
        assert_eq!(failed[model]["status"], status);
    }
    check_message(&failed["bad-request"], "Not so.");
    assert_eq!(failed["unauthorized"]["code"], "invalid_api_key");
    assert_eq!(failed["limited"]["code"], "rate_limit_exceeded");
    assert_eq!(failed["limited"]["retry_after"], "7");
    check_class(&failed["reset-head"], "APIConnectionError");
}

#[test]
fn bodies_that_are_no_json_are_no_answers() {
    let Some(seen) = seen() else { return };
    for model in ["not-json", "empty-body"] {
        check_class(&seen["failed"][model], "JSONDecodeError");
    }
    // The client hands over a page as it is.
    assert_eq!(seen["failed"]["html"]["value"], "'<html>Log in</html>'");
}

#[test]
fn a_limited_call_is_tried_again() {
    let Some(held) = Conversation::held() else { return };
    assert_eq!(held.seen_by("openai")["retried"]["text"], TEXT);
    let attempts = held.attempts("/v1/chat/completions", "limited-once");
    assert_eq!(attempts, [Some("0"), Some("1")]);
}

#[test]
fn broken_streams_are_errors_after_what_came_before() {
    let Some(seen) = seen() else { return };
    for (model, class) in
        [("error", "APIError"), ("reset", "APIConnectionError"), ("hangup", "APIConnectionError")]
    {
        let broken = &seen["broken"][model];
        check_class(broken, class);
        assert_eq!(broken["text"], "aaaabbbb", "{model}");
    }
}
