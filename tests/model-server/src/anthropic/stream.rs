//! A streamed message.

use std::num::NonZeroUsize;

use serde_json::{Value, json};

use crate::{
    anthropic::fields,
    frame::{self, Frame},
    object::object,
    received::Received,
    reply::{Answer, Part},
};

/// Renders an answer as the events of a stream.
pub(super) fn frames(answer: &Answer, received: &Received, size: NonZeroUsize) -> Vec<Frame> {
    let mut frames = vec![
        event("message_start", json!({ "message": start(answer, received) })),
        event("ping", json!({})),
    ];
    for (index, part) in answer.parts().iter().enumerate() {
        frames.extend(block(part, index, received, size));
    }
    let mut end = object([("delta", json!(fields::stop(answer)))]);
    if let Some(usage) = answer.usage() {
        end.insert("usage".to_owned(), json!(fields::usage(usage)));
    }
    frames.push(event("message_delta", Value::Object(end)));
    frames.push(event("message_stop", json!({})));
    frames
}

/// Returns the text of an event.
pub(super) fn text(name: &str, data: &str) -> String {
    format!("event: {name}\ndata: {data}\n\n")
}

/// Returns the message that a stream begins with: it has no content, and one token of output.
fn start(answer: &Answer, received: &Received) -> Value {
    let mut message = fields::message(answer, received, json!([]));
    if let Some(usage) = answer.usage() {
        let mut usage = fields::whole_usage(usage);
        usage.insert("output_tokens".to_owned(), json!(1));
        usage.remove("output_tokens_details");
        message.insert("usage".to_owned(), json!(usage));
    }
    Value::Object(message)
}

fn block(part: &Part, index: usize, received: &Received, size: NonZeroUsize) -> Vec<Frame> {
    let (text, kind, field) = match part {
        Part::Text(text) | Part::Refusal(text) => (text.as_str(), "text_delta", "text"),
        Part::Reasoning(text) => (text.as_str(), "thinking_delta", "thinking"),
        Part::ToolCall(call) => (call.arguments(), "input_json_delta", "partial_json"),
    };
    let delta = |kind: &str, field: &str, piece: &str| {
        let fields = json!({ "index": index, "delta": { "type": kind, field: piece } });
        event_text("content_block_delta", fields)
    };
    let empty = fields::block(part, index, received);
    let mut frames =
        vec![event("content_block_start", json!({ "index": index, "content_block": empty }))];
    if matches!(part, Part::ToolCall(_)) {
        frames.push(Frame::around(delta(kind, field, "")));
    }
    let pieces = frame::pieces(text, size);
    frames.extend(pieces.map(|piece| Frame::delta(delta(kind, field, piece))));
    if matches!(part, Part::Reasoning(_)) {
        let signature = delta("signature_delta", "signature", fields::SIGNATURE);
        frames.push(Frame::around(signature));
    }
    frames.push(event("content_block_stop", json!({ "index": index })));
    frames
}

fn event(name: &str, fields: Value) -> Frame {
    Frame::around(event_text(name, fields))
}

/// Returns the text of an event, whose data repeat its name as their type.
fn event_text(name: &str, mut fields: Value) -> String {
    if let Some(fields) = fields.as_object_mut() {
        fields.insert("type".to_owned(), json!(name));
    }
    text(name, &fields.to_string())
}
