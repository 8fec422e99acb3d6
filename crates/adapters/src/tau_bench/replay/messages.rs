//! Messages in the JSON form of the OpenTelemetry GenAI conventions.

use serde_json::{Value, json};

use crate::tau_bench::message::{Message, ToolCall};

/// A JSON array of messages, kept as text, since each model call records the whole of it.
#[derive(Debug)]
pub(super) struct History {
    json: String,
}

impl Default for History {
    fn default() -> Self {
        Self { json: "[]".to_owned() }
    }
}

impl History {
    pub(super) fn of(message: &Value) -> Self {
        let mut history = Self::default();
        history.push(message);
        history
    }

    pub(super) fn push(&mut self, message: &Value) {
        self.json.pop();
        if self.json.len() > 1 {
            self.json.push(',');
        }
        self.json.push_str(&message.to_string());
        self.json.push(']');
    }

    pub(super) fn json(&self) -> &str {
        &self.json
    }
}

pub(super) fn user(content: &str) -> Value {
    json!({"role": "user", "parts": [text(content)]})
}

pub(super) fn assistant(content: Option<&str>, tool_calls: &[ToolCall]) -> Value {
    let parts = content.map(text).into_iter();
    let parts = parts.chain(tool_calls.iter().map(tool_call));
    json!({"role": "assistant", "parts": parts.collect::<Vec<_>>()})
}

pub(super) fn tool(id: &str, response: &str) -> Value {
    json!({
        "role": "tool",
        "parts": [{"type": "tool_call_response", "id": id, "response": response}],
    })
}

/// Returns the system instructions of a conversation as an array of parts; `None` without any.
pub(super) fn system_instructions(messages: &[Message]) -> Option<String> {
    let parts: Vec<_> = messages
        .iter()
        .filter_map(|message| match message {
            Message::System { content } => Some(text(content)),
            _ => None,
        })
        .collect();
    (!parts.is_empty()).then(|| Value::from(parts).to_string())
}

fn text(content: &str) -> Value {
    json!({"type": "text", "content": content})
}

/// Arguments that are no JSON, which a model may write, stay the text that they are.
fn tool_call(call: &ToolCall) -> Value {
    let arguments = serde_json::from_str(&call.arguments)
        .unwrap_or_else(|_| Value::from(call.arguments.as_str()));
    json!({"type": "tool_call", "id": call.id, "name": call.name, "arguments": arguments})
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_history_is_a_json_array_after_every_message() {
        let mut history = History::default();
        assert_eq!(history.json(), "[]");
        let mut expected = Vec::new();
        for content in ["hello", "a \"quoted\" ]", ""] {
            history.push(&user(content));
            expected.push(user(content));
            let parsed: Vec<Value> = serde_json::from_str(history.json()).unwrap();
            assert_eq!(parsed, expected);
        }
    }

    #[test]
    fn arguments_are_json_where_they_can_be_and_text_where_not() {
        let call = |arguments: &str| ToolCall {
            id: "1".to_owned(),
            name: "calculate".to_owned(),
            arguments: arguments.to_owned(),
        };
        let parts = assistant(Some("Let me see."), &[call(r#"{"a":1}"#), call("{a")])["parts"]
            .as_array()
            .unwrap()
            .clone();
        assert_eq!(parts[0]["content"], "Let me see.");
        assert_eq!(parts[1]["arguments"], json!({"a": 1}));
        assert_eq!(parts[2]["arguments"], json!("{a"));
    }
}
