//! An answer while it grows.

use std::time::{Duration, Instant};

use probity_trace::genai::{FinishReason, Message, Part, Role, Usage};
use serde_json::Value;

use super::result::{RequestedToolCall, TextTurnResult};
use crate::model::{ModelEvent, ResponseHead};

/// What has come of one attempt.
#[derive(Debug, Clone, Default)]
pub(super) struct Answer {
    pub(super) head: ResponseHead,
    pub(super) text: String,
    pub(super) reasoning: String,
    pub(super) refusal: Option<String>,
    pub(super) usage: Usage,
    pub(super) finish: Option<FinishReason>,
    pub(super) time_to_first_token: Option<Duration>,
    /// How much content has come, in bytes.
    pub(super) bytes: usize,
    begun: Option<Instant>,
    calls: Vec<GrowingCall>,
}

/// A tool call while it grows.
#[derive(Debug, Clone, Default)]
struct GrowingCall {
    index: usize,
    id: Option<String>,
    name: String,
    arguments: String,
}

impl Answer {
    /// Begins to wait for an answer.
    pub(super) fn begin() -> Self {
        Self { begun: Some(Instant::now()), ..Self::default() }
    }

    /// Returns whether the model has said that the answer is whole.
    pub(super) fn is_whole(&self) -> bool {
        self.finish.is_some()
    }

    /// Returns whether any of the answer has come.
    pub(super) fn has_content(&self) -> bool {
        self.time_to_first_token.is_some()
    }

    pub(super) fn add(&mut self, event: &ModelEvent) {
        if event.is_content() && self.time_to_first_token.is_none() {
            self.time_to_first_token = Some(self.begun.map_or(Duration::ZERO, |at| at.elapsed()));
        }
        match event {
            ModelEvent::Started(head) => self.head.update(head.clone()),
            ModelEvent::TextDelta(delta) => grow(&mut self.text, delta, &mut self.bytes),
            ModelEvent::ReasoningDelta(delta) => grow(&mut self.reasoning, delta, &mut self.bytes),
            ModelEvent::RefusalDelta(delta) => {
                grow(self.refusal.get_or_insert_default(), delta, &mut self.bytes);
            }
            ModelEvent::ToolCallDelta { index, id, name, arguments } => {
                let call = self.call(*index);
                if let Some(id) = id {
                    call.id = Some(id.clone());
                }
                call.name.push_str(name.as_deref().unwrap_or_default());
                call.arguments.push_str(arguments);
                self.bytes += arguments.len();
            }
            // What a later report leaves out is still true.
            ModelEvent::Usage(usage) => self.usage = usage.or(self.usage),
            ModelEvent::Finished(reason) => self.finish = Some(reason.clone()),
        }
    }

    /// Returns the tool calls as far as they were said.
    pub(super) fn tool_calls(&self) -> Vec<RequestedToolCall> {
        self.calls.iter().map(GrowingCall::requested).collect()
    }

    /// Returns the answer as the conventions write it, with what the model thought.
    pub(super) fn message(&self) -> Message {
        let thought = Some(&self.reasoning).filter(|text| !text.is_empty());
        let thought = thought.map(|text| Part::Reasoning { content: text.clone() });
        let text = Some(&self.text).filter(|text| !text.is_empty()).or(self.refusal.as_ref());
        let calls = self.tool_calls().into_iter().map(|call| Part::ToolCall {
            id: call.id,
            name: call.name,
            arguments: call.arguments,
        });
        let parts = thought.into_iter().chain(text.map(Part::text)).chain(calls).collect();
        Message::new(Role::Assistant, parts)
    }

    /// Returns what has come: the text and, if there is more than that, the message as JSON.
    pub(super) fn in_raw(&self) -> String {
        if self.reasoning.is_empty() && self.calls.is_empty() && self.refusal.is_none() {
            return self.text.clone();
        }
        // Messages are JSON by their nature.
        serde_json::to_string(&self.message()).unwrap_or_default()
    }

    pub(super) fn into_result(self) -> TextTurnResult {
        TextTurnResult {
            tool_calls: self.tool_calls(),
            text: self.text,
            reasoning: self.reasoning,
            refusal: self.refusal,
            finish_reason: self.finish,
            usage: self.usage,
            response_id: self.head.response_id,
            request_id: self.head.request_id,
            model: self.head.model,
            time_to_first_token: self.time_to_first_token,
            ..TextTurnResult::default()
        }
    }

    fn call(&mut self, index: usize) -> &mut GrowingCall {
        // The one that grows is nearly always the last.
        let position = self.calls.iter().rposition(|call| call.index == index);
        let position = position.unwrap_or_else(|| {
            self.calls.push(GrowingCall { index, ..GrowingCall::default() });
            self.calls.len() - 1
        });
        #[expect(clippy::indexing_slicing, reason = "found or made above")]
        &mut self.calls[position]
    }
}

impl GrowingCall {
    fn requested(&self) -> RequestedToolCall {
        let text = self.arguments.trim();
        let arguments = if text.is_empty() {
            Value::Object(serde_json::Map::new())
        } else {
            serde_json::from_str(text).unwrap_or_else(|_| Value::String(self.arguments.clone()))
        };
        RequestedToolCall { id: self.id.clone(), name: self.name.clone(), arguments }
    }
}

fn grow(text: &mut String, delta: &str, bytes: &mut usize) {
    text.push_str(delta);
    *bytes += delta.len();
}
