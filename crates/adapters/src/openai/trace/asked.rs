//! What the body of a request asks for.

use probity_trace::genai::{Message, Part, Role};
use serde_json::{Map, Value, json};

/// What a request asks for, as far as a span tells it.
#[derive(Debug, Default)]
pub(super) struct Asked {
    pub(super) model: Option<String>,
    pub(super) is_stream: Option<bool>,
    pub(super) temperature: Option<f64>,
    pub(super) max_tokens: Option<u64>,
    pub(super) seed: Option<i64>,
    pub(super) output_type: Option<&'static str>,
    pub(super) instructions: Vec<Part>,
    pub(super) messages: Vec<Message>,
    pub(super) tools: Vec<Value>,
}

impl Asked {
    /// Reads the body of a request for a chat completion.
    pub(super) fn of(body: &Value) -> Self {
        let list = |key| body.get(key).and_then(Value::as_array).into_iter().flatten();
        let messages: Vec<Message> = list("messages").map(message).collect();
        let is_instruction = |message: &&Message| message.role == Role::System;
        let instructions = messages.iter().take_while(is_instruction);
        let max_tokens = body.get("max_completion_tokens").or_else(|| body.get("max_tokens"));
        let format = body.pointer("/response_format/type").and_then(Value::as_str);
        Self {
            model: body.get("model").and_then(Value::as_str).map(str::to_owned),
            is_stream: body.get("stream").and_then(Value::as_bool),
            temperature: body.get("temperature").and_then(Value::as_f64),
            max_tokens: max_tokens.and_then(Value::as_u64),
            seed: body.get("seed").and_then(Value::as_i64),
            output_type: format.map(|format| if format == "text" { "text" } else { "json" }),
            instructions: instructions.flat_map(|message| message.parts.clone()).collect(),
            messages: messages.iter().skip_while(is_instruction).cloned().collect(),
            tools: list("tools").map(tool).collect(),
        }
    }
}

fn message(sent: &Value) -> Message {
    let role = Role::from(sent.get("role").and_then(Value::as_str).unwrap_or_default());
    if let Some(id) = sent.get("tool_call_id").and_then(Value::as_str) {
        let text = sent.get("content").cloned().unwrap_or_default();
        let answer = text.as_str().and_then(|text| serde_json::from_str(text).ok());
        return Message::tool_response(id, answer.unwrap_or(text));
    }
    let calls = sent.get("tool_calls").and_then(Value::as_array).into_iter().flatten();
    let mut parts = content(sent.get("content"));
    parts.extend(content(sent.get("refusal")));
    parts.extend(calls.map(call));
    let mut message = Message::new(role, parts);
    message.name = sent.get("name").and_then(Value::as_str).map(str::to_owned);
    message
}

fn content(content: Option<&Value>) -> Vec<Part> {
    match content {
        Some(Value::String(text)) => vec![Part::text(text)],
        Some(Value::Array(parts)) => parts.iter().map(part).collect(),
        _ => Vec::new(),
    }
}

/// Parts other than text keep the provider's form.
fn part(part: &Value) -> Part {
    match part.get("text").and_then(Value::as_str) {
        Some(text) => Part::text(text),
        None => Part::Other(part.as_object().cloned().unwrap_or_else(Map::new)),
    }
}

fn call(call: &Value) -> Part {
    let text = |pointer| call.pointer(pointer).and_then(Value::as_str);
    let arguments = text("/function/arguments").unwrap_or_default();
    Part::ToolCall {
        id: text("/id").map(str::to_owned),
        name: text("/function/name").unwrap_or_default().to_owned(),
        arguments: serde_json::from_str(arguments).unwrap_or_else(|_| arguments.into()),
    }
}

fn tool(tool: &Value) -> Value {
    let function = tool.get("function").unwrap_or(tool);
    let mut definition = json!({"type": "function"});
    for key in ["name", "description", "parameters"] {
        if let (Some(value), Some(fields)) = (function.get(key), definition.as_object_mut()) {
            fields.insert(key.to_owned(), value.clone());
        }
    }
    definition
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_is_told_in_the_words_of_the_conventions() {
        let asked = Asked::of(&json!({
            "model": "m", "stream": true, "max_tokens": 5, "seed": 7,
            "response_format": {"type": "json_schema"},
            "messages": [
                {"role": "developer", "content": "Be brief."},
                {"role": "user", "content": [{"type": "text", "text": "Weather?"}]},
                {"role": "assistant", "content": null, "tool_calls": [{"id": "call_1",
                    "type": "function", "function": {"name": "f", "arguments": "{\"a\":1}"}}]},
                {"role": "tool", "tool_call_id": "call_1", "content": "{\"b\":2}"},
            ],
            "tools": [{"type": "function", "function": {"name": "f", "parameters": {}}}],
        }));
        assert_eq!(asked.model.as_deref(), Some("m"));
        assert_eq!(
            (asked.max_tokens, asked.seed, asked.output_type),
            (Some(5), Some(7), Some("json"))
        );
        assert_eq!(asked.instructions, [Part::text("Be brief.")]);
        let call = json!({"type": "tool_call", "id": "call_1", "name": "f", "arguments": {"a": 1}});
        assert_eq!(
            serde_json::to_value(&asked.messages).unwrap(),
            json!([
                {"role": "user", "parts": [{"type": "text", "content": "Weather?"}]},
                {"role": "assistant", "parts": [call]},
                {"role": "tool", "parts": [
                    {"type": "tool_call_response", "id": "call_1", "response": {"b": 2}}]},
            ])
        );
        assert_eq!(asked.tools, [json!({"type": "function", "name": "f", "parameters": {}})]);
    }

    #[test]
    fn a_body_that_is_none_asks_for_nothing() {
        let asked = Asked::of(&Value::Null);
        assert!(asked.model.is_none() && asked.messages.is_empty() && asked.tools.is_empty());
    }
}
