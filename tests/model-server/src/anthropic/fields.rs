//! What a message and the events of a stream have in common.

use serde_json::{Map, Value, json};

use crate::{
    object::object,
    received::Received,
    reply::{Answer, Finish, Part, ToolCall, Usage},
};

/// Returns a message with this content, of which nothing is said yet about its end and usage.
pub(super) fn message(answer: &Answer, received: &Received, content: Value) -> Map<String, Value> {
    let id = answer.id().map_or_else(|| format!("msg_{}", received.number()), str::to_owned);
    object([
        ("id", json!(id)),
        ("type", json!("message")),
        ("role", json!("assistant")),
        ("model", json!(answer.model().or(received.model()))),
        ("content", content),
        ("stop_reason", Value::Null),
        ("stop_sequence", Value::Null),
        ("stop_details", Value::Null),
    ])
}

/// Returns the block of a part with nothing in it yet; `index` is its place in the message.
pub(super) fn block(part: &Part, index: usize, received: &Received) -> Map<String, Value> {
    let text = |name| (name, json!(""));
    match part {
        // There is no block for a refusal: only the stop reason tells it from a text.
        Part::Text(_) | Part::Refusal(_) => object([("type", json!("text")), text("text")]),
        Part::Reasoning(_) => {
            object([("type", json!("thinking")), text("thinking"), text("signature")])
        }
        Part::ToolCall(call) => object([
            ("type", json!("tool_use")),
            ("id", json!(call_id(call, index, received))),
            ("name", json!(call.name())),
            ("input", json!({})),
        ]),
    }
}

/// The signature of reasoning, which clients hand back unread.
pub(super) const SIGNATURE: &str = "c2NyaXB0ZWQ=";

fn call_id(call: &ToolCall, index: usize, received: &Received) -> String {
    let made = || format!("toolu_{}_{index}", received.number());
    call.id().map_or_else(made, str::to_owned)
}

/// Returns the fields that say why an answer ends.
pub(super) fn stop(answer: &Answer) -> Map<String, Value> {
    let finish = answer.finish();
    let reason = match &finish {
        Finish::Stop => "end_turn",
        Finish::Length => "max_tokens",
        Finish::ToolCalls => "tool_use",
        Finish::ContentFilter | Finish::Refusal => "refusal",
        Finish::StopSequence(_) => "stop_sequence",
        Finish::Other(reason) => reason,
    };
    let sequence = match &finish {
        Finish::StopSequence(sequence) => json!(sequence),
        _ => Value::Null,
    };
    let details = match reason {
        "refusal" => json!({ "type": "refusal", "category": null, "explanation": null }),
        _ => Value::Null,
    };
    object([("stop_reason", json!(reason)), ("stop_sequence", sequence), ("stop_details", details)])
}

/// Returns the usage as the end of a stream tells it.
pub(super) fn usage(usage: Usage) -> Map<String, Value> {
    object([
        ("input_tokens", json!(usage.input())),
        ("cache_creation_input_tokens", json!(usage.cache_write())),
        ("cache_read_input_tokens", json!(usage.cache_read())),
        ("output_tokens", json!(usage.output())),
        ("output_tokens_details", json!({ "thinking_tokens": usage.reasoning() })),
    ])
}

/// Returns the usage as a message tells it.
pub(super) fn whole_usage(usage: Usage) -> Map<String, Value> {
    let mut fields = self::usage(usage);
    let creation = json!({
        "ephemeral_5m_input_tokens": usage.cache_write(),
        "ephemeral_1h_input_tokens": 0,
    });
    fields.insert("cache_creation".to_owned(), creation);
    fields.insert("service_tier".to_owned(), json!("standard"));
    fields
}
