//! The messages of a trajectory.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Value};

use super::Content;

/// A message of a trajectory.
///
/// # Examples
///
/// ```
/// use probity_trace::trajectory::Message;
///
/// let answer = Message::assistant(2, "4", []);
/// assert_eq!(answer.content().text(), "4");
/// assert_eq!(
///     serde_json::to_value(&answer).unwrap(),
///     serde_json::json!({"role": "assistant", "position": 2, "content": "4", "tool_calls": null}),
/// );
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "role", rename_all = "lowercase")]
#[non_exhaustive]
pub enum Message {
    /// Instructions of the program.
    System {
        /// The place in the trajectory, from 0.
        position: usize,
        /// What is said.
        content: Content,
    },
    /// What the user of the agent says.
    User {
        /// The place in the trajectory, from 0.
        position: usize,
        /// What is said.
        content: Content,
    },
    /// What the model says, and what it asks of tools.
    Assistant {
        /// The place in the trajectory, from 0.
        position: usize,
        /// What is said; an empty text where the model only asked for tools.
        content: Content,
        /// The calls that the model asked for; in JSON `null` where there is none.
        #[serde(default, serialize_with = "null_if_empty", deserialize_with = "empty_if_null")]
        tool_calls: Vec<ToolCall>,
    },
    /// What a tool answered.
    Tool {
        /// The place in the trajectory, from 0.
        position: usize,
        /// The answer; as JSON where it is more than a text.
        content: Content,
        /// The call that is answered.
        tool_call: ToolCall,
    },
}

/// A call of a tool, as the model asked for it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ToolCall {
    /// The identifier by which the answer refers to it.
    pub id: String,
    /// The tool's name.
    pub function: String,
    /// The arguments by name.
    pub arguments: Map<String, Value>,
}

impl Message {
    /// Makes a message with instructions.
    #[must_use]
    pub fn system(position: usize, content: impl Into<Content>) -> Self {
        Self::System { position, content: content.into() }
    }

    /// Makes a message of the user.
    #[must_use]
    pub fn user(position: usize, content: impl Into<Content>) -> Self {
        Self::User { position, content: content.into() }
    }

    /// Makes a message of the model.
    #[must_use]
    pub fn assistant(
        position: usize,
        content: impl Into<Content>,
        tool_calls: impl IntoIterator<Item = ToolCall>,
    ) -> Self {
        let tool_calls = tool_calls.into_iter().collect();
        Self::Assistant { position, content: content.into(), tool_calls }
    }

    /// Makes the answer of a tool.
    #[must_use]
    pub fn tool(position: usize, content: impl Into<Content>, tool_call: ToolCall) -> Self {
        Self::Tool { position, content: content.into(), tool_call }
    }

    /// Returns the place in the trajectory, from 0.
    #[must_use]
    pub fn position(&self) -> usize {
        match self {
            Self::System { position, .. }
            | Self::User { position, .. }
            | Self::Assistant { position, .. }
            | Self::Tool { position, .. } => *position,
        }
    }

    /// Returns what is said.
    #[must_use]
    pub fn content(&self) -> &Content {
        match self {
            Self::System { content, .. }
            | Self::User { content, .. }
            | Self::Assistant { content, .. }
            | Self::Tool { content, .. } => content,
        }
    }

    /// Returns the role as it is in JSON: `system`, `user`, `assistant` or `tool`.
    #[must_use]
    pub fn role(&self) -> &'static str {
        match self {
            Self::System { .. } => "system",
            Self::User { .. } => "user",
            Self::Assistant { .. } => "assistant",
            Self::Tool { .. } => "tool",
        }
    }

    /// Returns the calls that the model asked for; none for other roles.
    #[must_use]
    pub fn tool_calls(&self) -> &[ToolCall] {
        match self {
            Self::Assistant { tool_calls, .. } => tool_calls,
            _ => &[],
        }
    }
}

impl ToolCall {
    /// Makes a call.
    #[must_use]
    pub fn new(
        id: impl Into<String>,
        function: impl Into<String>,
        arguments: Map<String, Value>,
    ) -> Self {
        Self { id: id.into(), function: function.into(), arguments }
    }
}

fn null_if_empty<S: Serializer>(calls: &[ToolCall], serializer: S) -> Result<S::Ok, S::Error> {
    Some(calls).filter(|calls| !calls.is_empty()).serialize(serializer)
}

fn empty_if_null<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<ToolCall>, D::Error> {
    Option::deserialize(deserializer).map(Option::unwrap_or_default)
}
