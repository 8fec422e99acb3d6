//! What a turn came to.

use std::time::Duration;

use probity_trace::genai::{FinishReason, Message, Part, Role, Usage};
use serde_json::Value;

/// The answer to a turn, and the facts about it.
#[derive(Debug, Clone, Default, PartialEq)]
#[non_exhaustive]
pub struct TextTurnResult {
    /// The text of the answer.
    pub text: String,
    /// What the model thought before, where it says so.
    pub reasoning: String,
    /// The words with which the model refused, if it did.
    pub refusal: Option<String>,
    /// The tool calls that the model asks for.
    pub tool_calls: Vec<RequestedToolCall>,
    /// Why the model stopped; `None` if the answer is only a part.
    pub finish_reason: Option<FinishReason>,
    /// The tokens that were used, as far as they were reported.
    pub usage: Usage,
    /// The provider's identifier of the answer.
    pub response_id: Option<String>,
    /// The provider's identifier of the HTTP request.
    pub request_id: Option<String>,
    /// The model that answered.
    pub model: Option<String>,
    /// The time from the request that was answered to the first piece of the answer.
    pub time_to_first_token: Option<Duration>,
    /// The time that the turn took, retries and their waits included.
    pub duration: Duration,
    /// How many requests were sent.
    pub attempts: u32,
}

/// A tool call that a model asks for.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct RequestedToolCall {
    /// The identifier that the tool's answer refers to.
    pub id: Option<String>,
    /// The tool's name.
    pub name: String,
    /// The arguments; a string where they are no JSON.
    pub arguments: Value,
}

impl TextTurnResult {
    /// Returns the text of the answer.
    pub fn assistant_text(&self) -> &str {
        &self.text
    }

    /// Returns whether the answer is whole: not stopped, not broken off.
    pub fn is_complete(&self) -> bool {
        self.finish_reason.is_some()
    }

    /// Returns the answer as a message for a transcript; reasoning is left out.
    pub fn message(&self) -> Message {
        let text = if self.text.is_empty() { self.refusal.as_deref() } else { Some(&*self.text) };
        let mut parts: Vec<Part> = text.map(Part::text).into_iter().collect();
        parts.extend(self.tool_calls.iter().map(|call| Part::ToolCall {
            id: call.id.clone(),
            name: call.name.clone(),
            arguments: call.arguments.clone(),
        }));
        Message::new(Role::Assistant, parts)
    }
}
