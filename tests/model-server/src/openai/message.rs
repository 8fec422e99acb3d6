//! A completion that is not streamed.

use serde_json::{Value, json};

use crate::{
    object::object,
    openai::fields,
    received::Received,
    reply::{Answer, Part},
};

/// Renders an answer as a completion.
pub(super) fn message(answer: &Answer, received: &Received) -> Value {
    let mut completion = fields::head("chat.completion", answer, received);
    let choice = json!({
        "index": 0,
        "message": assistant(answer, received),
        "logprobs": null,
        "finish_reason": fields::finish_reason(&answer.finish()),
    });
    completion.insert("choices".to_owned(), json!([choice]));
    if let Some(usage) = answer.usage() {
        completion.insert("usage".to_owned(), fields::usage(usage));
    }
    Value::Object(completion)
}

fn assistant(answer: &Answer, received: &Received) -> Value {
    let (mut content, mut refusal, mut reasoning) = (None, None, None);
    let mut calls = Vec::new();
    for part in answer.parts() {
        match part {
            Part::Text(text) => append(&mut content, text),
            Part::Refusal(text) => append(&mut refusal, text),
            Part::Reasoning(text) => append(&mut reasoning, text),
            Part::ToolCall(call) => calls.push(json!({
                "id": fields::call_id(call, calls.len(), received),
                "type": "function",
                "function": { "name": call.name(), "arguments": call.arguments() },
            })),
        }
    }
    if refusal.is_none() && calls.is_empty() {
        content.get_or_insert_default();
    }
    let mut message = object([
        ("role", json!("assistant")),
        ("content", json!(content)),
        ("refusal", json!(refusal)),
        ("annotations", json!([])),
    ]);
    if let Some(reasoning) = reasoning {
        message.insert("reasoning_content".to_owned(), json!(reasoning));
    }
    if !calls.is_empty() {
        message.insert("tool_calls".to_owned(), json!(calls));
    }
    Value::Object(message)
}

fn append(all: &mut Option<String>, text: &str) {
    all.get_or_insert_default().push_str(text);
}
