//! The view: all calls of a trace, and what could not be read.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::{AgentCall, LlmCall, ToolCall, Usage, aliases::Attribute};
use crate::ids::SpanId;

/// The model calls, tool calls and agents of a trace, in the order in which they began.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct GenAi {
    pub(super) llm_calls: Vec<LlmCall>,
    pub(super) tool_calls: Vec<ToolCall>,
    pub(super) agents: Vec<AgentCall>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) conversation_id: Option<String>,
    pub(super) unreadable: Vec<Unreadable>,
}

/// An attribute that could not be read, or that has no place in the view.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Unreadable {
    /// The span that has the attribute.
    pub span: SpanId,
    /// The attribute's key.
    pub key: Cow<'static, str>,
    /// What was wrong with it.
    pub reason: String,
    /// Whether a limit of the capture cut it, so that its end is missing.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub cut: bool,
}

impl Unreadable {
    /// Returns whether calls of tools may be in what was cut, since the attribute holds messages, or the
    /// name of a tool.
    #[must_use]
    pub fn may_hide_tool_calls(&self) -> bool {
        let of = [
            Attribute::AllMessages,
            Attribute::AnswerToolCalls,
            Attribute::InputMessages,
            Attribute::OutputMessages,
            Attribute::ToolName,
        ];
        self.cut && of.into_iter().any(|attribute| attribute.has_key(&self.key))
    }

    /// Returns whether these are the arguments of a tool call, and were cut.
    #[must_use]
    pub fn are_cut_arguments(&self) -> bool {
        self.cut && Attribute::ToolArguments.has_key(&self.key)
    }
}

impl GenAi {
    /// Returns the model calls: one for each request to a provider, whatever spans lie around it.
    #[must_use]
    pub fn llm_calls(&self) -> &[LlmCall] {
        &self.llm_calls
    }

    /// Returns the tool calls.
    #[must_use]
    pub fn tool_calls(&self) -> &[ToolCall] {
        &self.tool_calls
    }

    /// Returns the runs of agents.
    #[must_use]
    pub fn agents(&self) -> &[AgentCall] {
        &self.agents
    }

    /// Returns the tokens that all model calls used.
    #[must_use]
    pub fn usage(&self) -> Usage {
        self.llm_calls.iter().map(|call| call.usage).sum()
    }

    /// Returns the conversation that the first model call belongs to which is in one; where none is,
    /// the first that any span names.
    #[must_use]
    pub fn conversation_id(&self) -> Option<&str> {
        self.conversation_id.as_deref()
    }

    /// Returns what could not be read, in the order of the spans, and then what calls around others say
    /// that these contradict.
    #[must_use]
    pub fn unreadable(&self) -> &[Unreadable] {
        &self.unreadable
    }
}
