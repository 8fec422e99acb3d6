//! Spans that many tests build, in the current names.

use probity_trace::{genai::Message, testing::TraceBuilder};
use serde_json::{Value, json};

/// Opens a model call.
pub(crate) fn chat(trace: TraceBuilder) -> TraceBuilder {
    trace.open("chat").field("gen_ai.operation.name", "chat")
}

/// Opens a tool call.
pub(crate) fn tool(trace: TraceBuilder, name: &str, id: Option<&str>) -> TraceBuilder {
    let open = trace
        .open("execute_tool")
        .field("gen_ai.operation.name", "execute_tool")
        .field("gen_ai.tool.name", name);
    match id {
        Some(id) => open.field("gen_ai.tool.call.id", id),
        None => open,
    }
}

/// Opens a run of an agent.
pub(crate) fn agent(trace: TraceBuilder, name: &str) -> TraceBuilder {
    trace
        .open("invoke_agent")
        .field("gen_ai.operation.name", "invoke_agent")
        .field("gen_ai.agent.name", name)
}

/// Sets the tokens of what was added last.
pub(crate) fn used(trace: TraceBuilder, input: u64, output: u64) -> TraceBuilder {
    trace.field("gen_ai.usage.input_tokens", input).field("gen_ai.usage.output_tokens", output)
}

/// Adds a model call with its messages.
pub(crate) fn say(trace: TraceBuilder, input: &[Value], output: &[Value]) -> TraceBuilder {
    chat(trace)
        .field("gen_ai.input.messages", json!(input).to_string())
        .field("gen_ai.output.messages", json!(output).to_string())
        .close()
}

pub(crate) fn message(role: &str, text: &str) -> Value {
    json!({"role": role, "parts": [{"type": "text", "content": text}]})
}

pub(crate) fn user(text: &str) -> Value {
    message("user", text)
}

pub(crate) fn assistant(text: &str) -> Value {
    message("assistant", text)
}

/// The message with which a model asks for a tool call.
pub(crate) fn asks(id: Option<&str>, name: &str, arguments: &Value) -> Value {
    let mut part = json!({"type": "tool_call", "name": name, "arguments": arguments});
    if let Some(id) = id {
        part["id"] = json!(id);
    }
    json!({"role": "assistant", "parts": [part]})
}

/// The message with which a tool answers.
pub(crate) fn answers(id: Option<&str>, response: &Value) -> Value {
    let mut part = json!({"type": "tool_call_response", "response": response});
    if let Some(id) = id {
        part["id"] = json!(id);
    }
    json!({"role": "tool", "parts": [part]})
}

/// Returns the texts of messages.
pub(crate) fn texts(messages: &[Message]) -> Vec<String> {
    messages.iter().map(Message::content).collect()
}
