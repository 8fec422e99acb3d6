//! Model calls, tool calls and agents, as plain data.

use std::time::{Duration, SystemTime};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{FinishReason, Message, Usage, json};
use crate::{ids::SpanId, wire};

/// A call of a model: one request to a provider, and its answer.
///
/// What was not recorded is `None`, empty or unknown. Messages are recorded only where the emitter was
/// told to capture content.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct LlmCall {
    /// The span that describes the call.
    pub span: SpanId,
    /// What was asked for, such as `chat`.
    #[serde(default)]
    pub operation: String,
    /// The provider, such as `openai`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub provider: Option<String>,
    /// The model that was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_model: Option<String>,
    /// The model that answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub response_model: Option<String>,
    /// The provider's identifier of the answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub response_id: Option<String>,
    /// The answer, by its identifier, that the call goes on from at a provider which keeps the
    /// conversation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub previous_response_id: Option<String>,
    /// The provider's identifier of the HTTP request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
    /// The conversation that the call belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conversation_id: Option<String>,
    /// The agent that made the call.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agent: Option<String>,
    /// What the model was sent: the instructions first, then the conversation.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub input: Vec<Message>,
    /// What it answered.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub output: Vec<Message>,
    /// Why it stopped, one reason for each answer.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub finish_reasons: Vec<FinishReason>,
    /// The tokens that it used.
    #[serde(default)]
    pub usage: Usage,
    /// Why there is no answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<CallError>,
    /// How many requests were sent until there was an answer or no more hope; 1 without retries.
    #[serde(default = "one")]
    pub attempts: u32,
    /// The time to the first token of the answer.
    #[serde(rename = "time_to_first_token_ns", with = "wire::nanos_option", default)]
    pub time_to_first_token: Option<Duration>,
    /// When the call began.
    #[serde(rename = "start_unix_nano", with = "wire::unix_nanos")]
    pub started_at: SystemTime,
    /// How long it took; `None` while it runs.
    #[serde(rename = "duration_ns", with = "wire::nanos_option", default)]
    pub duration: Option<Duration>,
}

/// A call of a tool.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ToolCall {
    /// The span that describes the call; where there is none, that of the model call that asked for it.
    pub span: SpanId,
    /// The tool's name.
    pub name: String,
    /// The identifier by which the model asked for the call.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The agent that made the call.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agent: Option<String>,
    /// The arguments; a string where they are no JSON.
    #[serde(default, deserialize_with = "json::present", skip_serializing_if = "Option::is_none")]
    pub arguments: Option<Value>,
    /// What the tool answered; a string where it is no JSON.
    #[serde(default, deserialize_with = "json::present", skip_serializing_if = "Option::is_none")]
    pub result: Option<Value>,
    /// Why the tool failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<CallError>,
    /// When the call began; where it has no span, when the model call began that asked for it.
    #[serde(rename = "start_unix_nano", with = "wire::unix_nanos")]
    pub started_at: SystemTime,
    /// How long it took; `None` while it runs, and where the call has no span.
    #[serde(rename = "duration_ns", with = "wire::nanos_option", default)]
    pub duration: Option<Duration>,
}

/// A run of an agent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct AgentCall {
    /// The span that describes the run.
    pub span: SpanId,
    /// The agent's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The agent's identifier.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The conversation that the run belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conversation_id: Option<String>,
    /// What the run was given: the instructions first, then the conversation. Most emitters record
    /// messages with the model calls of the run and not here.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub input: Vec<Message>,
    /// What it answered.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub output: Vec<Message>,
    /// Why it failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<CallError>,
    /// When it began.
    #[serde(rename = "start_unix_nano", with = "wire::unix_nanos")]
    pub started_at: SystemTime,
    /// How long it took; `None` while it runs.
    #[serde(rename = "duration_ns", with = "wire::nanos_option", default)]
    pub duration: Option<Duration>,
}

/// How a call failed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct CallError {
    /// The kind of the error: an HTTP status, a name.
    #[serde(rename = "type")]
    pub error_type: String,
    /// What it says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
}

impl CallError {
    /// Makes an error of a kind.
    #[must_use]
    pub fn new(error_type: impl Into<String>) -> Self {
        Self { error_type: error_type.into(), message: None }
    }

    /// Sets what the error says.
    #[must_use]
    pub fn with_message(mut self, message: impl Into<String>) -> Self {
        self.message = Some(message.into());
        self
    }
}

impl LlmCall {
    /// Makes a call of which only the span, the operation and the start are known.
    #[must_use]
    pub fn new(span: SpanId, operation: impl Into<String>, started_at: SystemTime) -> Self {
        Self {
            span,
            operation: operation.into(),
            provider: None,
            request_model: None,
            response_model: None,
            response_id: None,
            previous_response_id: None,
            request_id: None,
            conversation_id: None,
            agent: None,
            input: Vec::new(),
            output: Vec::new(),
            finish_reasons: Vec::new(),
            usage: Usage::default(),
            error: None,
            attempts: 1,
            time_to_first_token: None,
            started_at,
            duration: None,
        }
    }

    /// Returns the model that answered, or else the one that was asked for.
    #[must_use]
    pub fn model(&self) -> Option<&str> {
        self.response_model.as_deref().or(self.request_model.as_deref())
    }
}

impl ToolCall {
    /// Makes a call of which only the span, the name and the start are known.
    #[must_use]
    pub fn new(span: SpanId, name: impl Into<String>, started_at: SystemTime) -> Self {
        Self {
            span,
            name: name.into(),
            id: None,
            agent: None,
            arguments: None,
            result: None,
            error: None,
            started_at,
            duration: None,
        }
    }
}

impl AgentCall {
    /// Makes a run of which only the span and the start are known.
    #[must_use]
    pub fn new(span: SpanId, started_at: SystemTime) -> Self {
        Self {
            span,
            name: None,
            id: None,
            conversation_id: None,
            input: Vec::new(),
            output: Vec::new(),
            error: None,
            started_at,
            duration: None,
        }
    }
}

fn one() -> u32 {
    1
}
