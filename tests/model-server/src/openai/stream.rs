//! A streamed completion.

use std::num::NonZeroUsize;

use serde_json::{Map, Value, json};

use crate::{
    frame::{self, Frame},
    openai::fields,
    received::Received,
    reply::{Answer, Part, ToolCall},
};

/// Renders an answer as the chunks of a stream.
pub(super) fn frames(answer: &Answer, received: &Received, size: NonZeroUsize) -> Vec<Frame> {
    let chunks = Chunks::new(answer, received);
    let begins_with_call = matches!(answer.parts().first(), Some(Part::ToolCall(_)));
    let mut frames = vec![chunks.around(&json!({
        "role": "assistant",
        "content": (!begins_with_call).then_some(""),
        "refusal": null,
    }))];
    let mut calls = 0;
    for part in answer.parts() {
        match part {
            Part::Text(text) => frames.extend(chunks.texts("content", text, size)),
            Part::Refusal(text) => frames.extend(chunks.texts("refusal", text, size)),
            Part::Reasoning(text) => frames.extend(chunks.texts("reasoning_content", text, size)),
            Part::ToolCall(call) => {
                let id = fields::call_id(call, calls, received);
                frames.extend(chunks.call(call, &id, calls, size));
                calls += 1;
            }
        }
    }
    frames.push(chunks.finish(answer));
    frames.extend(chunks.usage(answer));
    frames.push(frame("[DONE]"));
    frames
}

/// Returns the frame of these data.
pub(super) fn frame(data: &str) -> Frame {
    Frame::around(format!("data: {data}\n\n"))
}

/// Writes the chunks of one stream.
struct Chunks {
    head: Map<String, Value>,
    /// Whether the request asks for usage, which then is a field of every chunk.
    includes_usage: bool,
}

impl Chunks {
    fn new(answer: &Answer, received: &Received) -> Self {
        let asked = received.body().pointer("/stream_options/include_usage");
        Self {
            head: fields::head("chat.completion.chunk", answer, received),
            includes_usage: asked.and_then(Value::as_bool).unwrap_or_default(),
        }
    }

    fn chunk(&self, choices: Value, usage: Value) -> String {
        let mut chunk = self.head.clone();
        chunk.insert("choices".to_owned(), choices);
        if self.includes_usage {
            chunk.insert("usage".to_owned(), usage);
        }
        format!("data: {}\n\n", Value::Object(chunk))
    }

    fn choice(&self, delta: &Value, finish_reason: Option<&str>) -> String {
        let choice = json!([{
            "index": 0,
            "delta": delta,
            "logprobs": null,
            "finish_reason": finish_reason,
        }]);
        self.chunk(choice, Value::Null)
    }

    fn around(&self, delta: &Value) -> Frame {
        Frame::around(self.choice(delta, None))
    }

    fn texts(&self, field: &str, text: &str, size: NonZeroUsize) -> Vec<Frame> {
        let pieces = frame::pieces(text, size);
        pieces.map(|piece| Frame::delta(self.choice(&json!({ field: piece }), None))).collect()
    }

    fn call(&self, call: &ToolCall, id: &str, index: usize, size: NonZeroUsize) -> Vec<Frame> {
        let start = self.around(&json!({"tool_calls": [{
            "index": index,
            "id": id,
            "type": "function",
            "function": { "name": call.name(), "arguments": "" },
        }]}));
        let fragments = frame::pieces(call.arguments(), size).map(|piece| {
            let fragment = json!({ "index": index, "function": { "arguments": piece } });
            Frame::delta(self.choice(&json!({ "tool_calls": [fragment] }), None))
        });
        [start].into_iter().chain(fragments).collect()
    }

    fn finish(&self, answer: &Answer) -> Frame {
        let finish = answer.finish();
        Frame::around(self.choice(&json!({}), Some(fields::finish_reason(&finish))))
    }

    /// Returns the chunk without a choice that carries the usage, where the request asks for it.
    fn usage(&self, answer: &Answer) -> Option<Frame> {
        let usage = answer.usage().filter(|_| self.includes_usage)?;
        Some(Frame::around(self.chunk(json!([]), fields::usage(usage))))
    }
}
