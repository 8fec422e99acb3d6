//! The messages of a conversation.

use serde::Deserialize;

/// One message of a conversation, in the order in which it was said.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "Wire")]
#[non_exhaustive]
pub enum Message {
    /// The rules that the agent is given.
    System {
        /// The text.
        content: String,
    },
    /// What the simulated customer said.
    User {
        /// The text; it holds `###STOP###` where the customer ended the conversation.
        content: String,
    },
    /// What the agent's model answered.
    Assistant {
        /// The text, if it said something.
        content: Option<String>,
        /// The tools it wants to be called; tau-bench calls the first only.
        tool_calls: Vec<ToolCall>,
    },
    /// What a tool returned.
    Tool {
        /// The call that this answers.
        tool_call_id: String,
        /// The name of the tool.
        name: String,
        /// The result; it starts with `Error:` where the tool refused or failed.
        content: String,
    },
}

/// A tool that a model wants to be called.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(from = "WireCall")]
#[non_exhaustive]
pub struct ToolCall {
    /// The identifier, by which the result is matched.
    pub id: String,
    /// The name of the tool.
    pub name: String,
    /// The arguments as the model wrote them: JSON unless the model made a mistake.
    pub arguments: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum Role {
    System,
    User,
    Assistant,
    Tool,
}

/// A message as it stands in the file. One flat shape for all roles, since a tagged enum would lose
/// the place of an error.
#[derive(Deserialize)]
struct Wire {
    role: Role,
    content: Option<String>,
    tool_calls: Option<Vec<ToolCall>>,
    tool_call_id: Option<String>,
    name: Option<String>,
}

#[derive(Deserialize)]
struct WireCall {
    id: String,
    function: Function,
}

#[derive(Deserialize)]
struct Function {
    name: String,
    arguments: String,
}

impl TryFrom<Wire> for Message {
    type Error = String;

    fn try_from(wire: Wire) -> Result<Self, String> {
        Ok(match wire.role {
            Role::System => Self::System { content: needed(wire.content, "a system", "content")? },
            Role::User => Self::User { content: needed(wire.content, "a user", "content")? },
            Role::Assistant => Self::Assistant {
                content: wire.content,
                tool_calls: wire.tool_calls.unwrap_or_default(),
            },
            Role::Tool => Self::Tool {
                tool_call_id: needed(wire.tool_call_id, "a tool", "tool_call_id")?,
                name: needed(wire.name, "a tool", "name")?,
                content: needed(wire.content, "a tool", "content")?,
            },
        })
    }
}

fn needed(value: Option<String>, whose: &str, field: &str) -> Result<String, String> {
    value.ok_or_else(|| format!("{whose} message needs `{field}`, a text"))
}

impl From<WireCall> for ToolCall {
    fn from(wire: WireCall) -> Self {
        Self { id: wire.id, name: wire.function.name, arguments: wire.function.arguments }
    }
}
