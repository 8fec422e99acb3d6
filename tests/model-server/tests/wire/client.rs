//! A client that knows no protocol, and bodies to send with it.

use std::{error::Error as _, io, time::Duration};

use probity_model_server::{ModelServer, Protocol, Script};
use reqwest::{RequestBuilder, Response};
use serde_json::{Value, json};

pub(crate) const BOTH: [Protocol; 2] = [Protocol::OpenAi, Protocol::Anthropic];

/// How long a client waits for what comes at once or never: a test shall fail and not hang.
const LONG: Duration = Duration::from_secs(30);

pub(crate) async fn start(script: impl Into<Script>) -> ModelServer {
    ModelServer::start(script).await.expect("loopback has a free port")
}

/// Returns a request that the real API would accept.
pub(crate) fn body(protocol: Protocol, stream: bool) -> Value {
    let messages = json!([{ "role": "user", "content": "How is the weather?" }]);
    let mut body = json!({ "model": "a-model", "messages": messages, "stream": stream });
    if protocol == Protocol::Anthropic {
        body["max_tokens"] = json!(64);
    }
    body
}

/// Returns a request that can still be changed before it is sent.
pub(crate) fn request(server: &ModelServer, protocol: Protocol, body: &Value) -> RequestBuilder {
    let client = reqwest::Client::builder().timeout(LONG).build().expect("a client");
    let request = match protocol {
        Protocol::Anthropic => client
            .post(format!("{}/v1/messages", server.url()))
            .header("x-api-key", "key-of-the-test")
            .header("anthropic-version", "2023-06-01"),
        _ => client
            .post(format!("{}/chat/completions", server.openai_url()))
            .bearer_auth("key-of-the-test"),
    };
    request.json(body)
}

pub(crate) async fn send(server: &ModelServer, protocol: Protocol, stream: bool) -> Response {
    let sent = request(server, protocol, &body(protocol, stream)).send().await;
    sent.expect("the server answers")
}

/// Returns the JSON of an answer that is not streamed.
pub(crate) async fn json(server: &ModelServer, protocol: Protocol) -> Value {
    send(server, protocol, false).await.json().await.expect("the answer is JSON")
}

/// Returns the events of a streamed answer.
pub(crate) async fn stream(server: &ModelServer, protocol: Protocol) -> Vec<Event> {
    let response = send(server, protocol, true).await;
    assert_eq!(response.headers()["content-type"], "text/event-stream; charset=utf-8");
    events(&response.text().await.expect("the stream is complete"))
}

/// What came of a body until it ended or broke.
#[derive(Debug)]
pub(crate) struct Read {
    /// The chunks as the server cut them.
    pub(crate) chunks: Vec<Vec<u8>>,
    pub(crate) broken: Option<reqwest::Error>,
}

impl Read {
    pub(crate) async fn all(mut response: Response) -> Self {
        let mut chunks = Vec::new();
        loop {
            match response.chunk().await {
                Ok(Some(chunk)) => chunks.push(chunk.to_vec()),
                Ok(None) => return Self { chunks, broken: None },
                Err(broken) => return Self { chunks, broken: Some(broken) },
            }
        }
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.chunks.concat()).expect("the body is text")
    }
}

/// Returns whether the cause of an error is a TCP reset.
pub(crate) fn is_reset(error: &reqwest::Error) -> bool {
    let mut cause = error.source();
    while let Some(error) = cause {
        if let Some(error) = error.downcast_ref::<io::Error>() {
            return error.kind() == io::ErrorKind::ConnectionReset;
        }
        cause = error.source();
    }
    false
}

/// An event of a stream, whose name only Anthropic sends.
#[derive(Debug, PartialEq)]
pub(crate) struct Event {
    pub(crate) name: Option<String>,
    pub(crate) data: String,
}

impl Event {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.data).expect("the data are JSON")
    }
}

pub(crate) fn events(text: &str) -> Vec<Event> {
    let event = |frame: &str| {
        let line = |start| frame.lines().find_map(|line| line.strip_prefix(start));
        let data = line("data: ").expect("every frame has data").to_owned();
        Event { name: line("event: ").map(str::to_owned), data }
    };
    assert!(text.is_empty() || text.ends_with("\n\n"), "the last frame is complete: {text:?}");
    text.split_terminator("\n\n").map(event).collect()
}

/// Returns the values at a pointer in all events that have one there.
pub(crate) fn values(events: &[Event], pointer: &str) -> Vec<Value> {
    let jsons = events.iter().filter(|event| event.data != "[DONE]").map(Event::json);
    jsons.filter_map(|json| json.pointer(pointer).cloned()).collect()
}

/// Joins the texts at a pointer in all events that have one there.
pub(crate) fn joined(events: &[Event], pointer: &str) -> String {
    values(events, pointer).iter().filter_map(Value::as_str).collect()
}

/// Returns where a protocol has the text of a delta.
pub(crate) fn text_pointer(protocol: Protocol) -> &'static str {
    match protocol {
        Protocol::Anthropic => "/delta/text",
        _ => "/choices/0/delta/content",
    }
}
