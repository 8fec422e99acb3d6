//! What a completion and the chunks of a stream have in common.

use std::time::SystemTime;

use serde_json::{Map, Value, json};

use crate::{
    object::object,
    received::Received,
    reply::{Answer, Finish, ToolCall, Usage},
};

/// Returns the fields that a completion and each chunk of a stream begin with.
pub(super) fn head(kind: &str, answer: &Answer, received: &Received) -> Map<String, Value> {
    let id = answer.id().map_or_else(|| format!("chatcmpl-{}", received.number()), str::to_owned);
    let since_epoch = SystemTime::UNIX_EPOCH.elapsed().unwrap_or_default();
    object([
        ("id", json!(id)),
        ("object", json!(kind)),
        ("created", json!(since_epoch.as_secs())),
        ("model", json!(answer.model().or(received.model()))),
        ("service_tier", json!("default")),
        ("system_fingerprint", json!("fp_scripted")),
    ])
}

/// Returns the id of the tool call at this place of an answer.
pub(super) fn call_id(call: &ToolCall, place: usize, received: &Received) -> String {
    let made = || format!("call_{}_{place}", received.number());
    call.id().map_or_else(made, str::to_owned)
}

pub(super) fn finish_reason(finish: &Finish) -> &str {
    match finish {
        Finish::Stop | Finish::Refusal | Finish::StopSequence(_) => "stop",
        Finish::Length => "length",
        Finish::ToolCalls => "tool_calls",
        Finish::ContentFilter => "content_filter",
        Finish::Other(reason) => reason,
    }
}

pub(super) fn usage(usage: Usage) -> Value {
    json!({
        "prompt_tokens": usage.input_total(),
        "completion_tokens": usage.output(),
        "total_tokens": usage.total(),
        "prompt_tokens_details": {
            "cached_tokens": usage.cache_read(),
            "cache_write_tokens": usage.cache_write(),
            "audio_tokens": 0,
        },
        "completion_tokens_details": {
            "reasoning_tokens": usage.reasoning(),
            "audio_tokens": 0,
            "accepted_prediction_tokens": 0,
            "rejected_prediction_tokens": 0,
        },
    })
}
