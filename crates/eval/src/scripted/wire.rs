//! What a scripted model would send and get, were it a provider, for a raw capture.

use serde_json::{Map, Value, json};

use super::{fault::Fault, headers::Headers};
use crate::model::{ModelEvent, ModelRequest, OutputFormat, ResponseHead};

/// The address of the requests.
pub(super) const URL: &str = "scripted:chat";

/// Returns the body of a request.
pub(super) fn request(model: &str, request: &ModelRequest) -> String {
    let mut body = Map::new();
    let mut set = |key: &str, value: Value| {
        if !value.is_null() {
            body.insert(key.to_owned(), value);
        }
    };
    set("model", json!(model));
    set("messages", json!(request.input.messages));
    set("temperature", json!(request.settings.temperature));
    set("max_output_tokens", json!(request.settings.max_output_tokens));
    set("seed", json!(request.settings.seed));
    if !request.tools.is_empty() {
        let tools = request.tools.iter().map(|tool| {
            json!({
                "name": tool.name,
                "description": tool.description,
                "parameters": tool.parameters,
            })
        });
        set("tools", tools.collect());
    }
    if let OutputFormat::JsonSchema { name, schema } = &request.output {
        set("output", json!({"name": name, "schema": schema}));
    }
    set("stream", Value::Bool(true));
    Value::Object(body).to_string()
}

/// Returns a payload of the stream.
pub(super) fn event(event: &ModelEvent) -> String {
    let payload = match event {
        ModelEvent::Started(ResponseHead { response_id, model, .. }) => {
            json!({"type": "started", "response_id": response_id, "model": model})
        }
        ModelEvent::TextDelta(text) => json!({"type": "text_delta", "text": text}),
        ModelEvent::ReasoningDelta(text) => json!({"type": "reasoning_delta", "text": text}),
        ModelEvent::RefusalDelta(text) => json!({"type": "refusal_delta", "text": text}),
        ModelEvent::ToolCallDelta { index, id, name, arguments } => json!({
            "type": "tool_call_delta",
            "index": index,
            "id": id,
            "name": name,
            "arguments": arguments,
        }),
        ModelEvent::Usage(usage) => json!({"type": "usage", "usage": usage}),
        ModelEvent::Finished(reason) => json!({"type": "finished", "finish_reason": reason}),
    };
    payload.to_string()
}

/// Returns an error, as the body of an answer or as a payload of a stream.
pub(super) fn error(message: &str) -> String {
    json!({"error": {"message": message}, "type": "error"}).to_string()
}

/// Returns the headers of an answer: those that every answer has, then those that were set.
pub(super) fn headers(head: &ResponseHead, own: &Headers) -> Vec<(String, String)> {
    let content = ("content-type".to_owned(), "text/event-stream".to_owned());
    let request = head.request_id.clone().map(|id| ("x-request-id".to_owned(), id));
    [content].into_iter().chain(request).chain(own.0.iter().cloned()).collect()
}

/// Returns the headers of an answer that is an error.
pub(super) fn error_headers(request_id: Option<&str>, fault: &Fault) -> Vec<(String, String)> {
    let header = |name: &str, value: String| (name.to_owned(), value);
    let mut headers = vec![header("content-type", "application/json".to_owned())];
    headers.extend(request_id.map(|id| header("x-request-id", id.to_owned())));
    if let Some(wait) = fault.retry_after {
        headers.push(header("retry-after-ms", wait.as_millis().to_string()));
    }
    if let Some(should) = fault.should_retry {
        headers.push(header("x-should-retry", should.to_string()));
    }
    headers.extend(fault.headers.0.iter().cloned());
    headers
}
