//! A message that is not streamed.

use serde_json::{Value, json};

use crate::{
    anthropic::fields,
    received::Received,
    reply::{Answer, Part, ToolCall},
};

/// Renders an answer as a message.
pub(super) fn message(answer: &Answer, received: &Received) -> Value {
    let parts = answer.parts().iter().enumerate();
    let content = parts.map(|(index, part)| block(part, index, received)).collect();
    let mut message = fields::message(answer, received, content);
    message.extend(fields::stop(answer));
    if let Some(usage) = answer.usage() {
        message.insert("usage".to_owned(), json!(fields::whole_usage(usage)));
    }
    Value::Object(message)
}

fn block(part: &Part, index: usize, received: &Received) -> Value {
    let mut block = fields::block(part, index, received);
    match part {
        Part::Text(text) | Part::Refusal(text) => {
            block.insert("text".to_owned(), json!(text));
        }
        Part::Reasoning(text) => {
            block.insert("thinking".to_owned(), json!(text));
            block.insert("signature".to_owned(), json!(fields::SIGNATURE));
        }
        Part::ToolCall(call) => {
            block.insert("input".to_owned(), input(call));
        }
    }
    Value::Object(block)
}

fn input(call: &ToolCall) -> Value {
    match call.arguments() {
        "" => json!({}),
        text => serde_json::from_str(text).unwrap_or_else(|_| json!(text)),
    }
}
