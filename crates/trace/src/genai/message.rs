//! Messages of a conversation, in the shape of the GenAI semantic conventions.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Value};

/// A message: who says it, and its parts.
///
/// Its JSON form is that of `gen_ai.input.messages` and `gen_ai.output.messages` in the OpenTelemetry
/// GenAI conventions.
///
/// # Examples
///
/// ```
/// use probity_trace::genai::{Message, Role};
///
/// let message = Message::text(Role::User, "What is the capital of France?");
/// assert_eq!(
///     serde_json::to_string(&message).unwrap(),
///     r#"{"role":"user","parts":[{"type":"text","content":"What is the capital of France?"}]}"#,
/// );
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Message {
    /// Who says it.
    pub role: Role,
    /// What it says, in order.
    #[serde(default)]
    pub parts: Vec<Part>,
    /// The name of the participant, where one was given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

/// Who says a message.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Role {
    /// The instructions of the program; providers also say `developer`.
    System,
    /// The user of the agent.
    User,
    /// The model.
    Assistant,
    /// A tool, with its answer.
    Tool,
    /// Any other role.
    Other(String),
}

/// A part of a message.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", from = "Map<String, Value>")]
#[non_exhaustive]
pub enum Part {
    /// Text.
    Text {
        /// The text.
        content: String,
    },
    /// What the model thought before it answered.
    Reasoning {
        /// The text.
        content: String,
    },
    /// The model asks for a tool to be called.
    ToolCall {
        /// The identifier that the answer refers to.
        #[serde(skip_serializing_if = "Option::is_none")]
        id: Option<String>,
        /// The tool's name.
        name: String,
        /// The arguments; a string where they are no JSON.
        arguments: Value,
    },
    /// The answer of a tool.
    ToolCallResponse {
        /// The identifier of the call that it answers.
        #[serde(skip_serializing_if = "Option::is_none")]
        id: Option<String>,
        /// What the tool answered.
        response: Value,
    },
    /// A part of any other kind, as it was recorded.
    #[serde(untagged)]
    Other(Map<String, Value>),
}

/// Reads a part: what has not the shape of its type, or a type that is no text, is of another kind.
impl From<Map<String, Value>> for Part {
    fn from(map: Map<String, Value>) -> Self {
        known(&map).unwrap_or(Self::Other(map))
    }
}

fn known(map: &Map<String, Value>) -> Option<Part> {
    let text = |key: &str| map.get(key)?.as_str().map(str::to_owned);
    let id = match map.get("id") {
        None | Some(Value::Null) => Some(None),
        Some(Value::String(id)) => Some(Some(id.clone())),
        Some(_) => None,
    };
    match map.get("type")?.as_str()? {
        "text" => Some(Part::Text { content: text("content")? }),
        "reasoning" => Some(Part::Reasoning { content: text("content")? }),
        "tool_call" => {
            let arguments = map.get("arguments").cloned().unwrap_or_default();
            Some(Part::ToolCall { id: id?, name: text("name")?, arguments })
        }
        "tool_call_response" => {
            // Older conventions have another name for it.
            let response = match (map.get("response"), map.get("result")) {
                (Some(_), Some(_)) => return None,
                (response, result) => response.or(result).cloned().unwrap_or_default(),
            };
            Some(Part::ToolCallResponse { id: id?, response })
        }
        _ => None,
    }
}

impl Message {
    /// Makes a message of the given parts.
    #[must_use]
    pub fn new(role: Role, parts: Vec<Part>) -> Self {
        Self { role, parts, name: None }
    }

    /// Makes a message of one text.
    #[must_use]
    pub fn text(role: Role, text: impl Into<String>) -> Self {
        Self::new(role, vec![Part::text(text)])
    }

    /// Makes the message with which a tool answers a call.
    #[must_use]
    pub fn tool_response(id: impl Into<String>, response: impl Into<Value>) -> Self {
        let (id, response) = (Some(id.into()), response.into());
        Self::new(Role::Tool, vec![Part::ToolCallResponse { id, response }])
    }

    /// Returns the texts of the message, joined; reasoning is not among them.
    #[must_use]
    pub fn content(&self) -> String {
        self.parts.iter().filter_map(Part::as_text).collect()
    }
}

impl Part {
    /// Makes a part of text.
    #[must_use]
    pub fn text(content: impl Into<String>) -> Self {
        Self::Text { content: content.into() }
    }

    /// Returns the text of a part of text.
    #[must_use]
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text { content } => Some(content),
            _ => None,
        }
    }
}

impl Role {
    /// Returns the role's name in the semantic conventions.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::System => "system",
            Self::User => "user",
            Self::Assistant => "assistant",
            Self::Tool => "tool",
            Self::Other(role) => role,
        }
    }
}

impl From<&str> for Role {
    /// Reads the names that the providers and conventions use, whatever their case.
    fn from(role: &str) -> Self {
        match role.to_ascii_lowercase().as_str() {
            "system" | "developer" => Self::System,
            "user" | "human" => Self::User,
            "assistant" | "model" | "ai" => Self::Assistant,
            "tool" | "function" => Self::Tool,
            _ => Self::Other(role.to_owned()),
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for Role {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for Role {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(|role| Self::from(role.as_str()))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn parts_of_every_kind_read_back_as_they_were_written() {
        let message = json!({
            "role": "assistant",
            "parts": [
                {"type": "reasoning", "content": "hm"},
                {"type": "text", "content": "Let me look."},
                {"type": "tool_call", "id": "call_1", "name": "weather", "arguments": {"city": "Oslo"}},
                {"type": "tool_call_response", "id": "call_1", "response": 17},
                {"type": "blob", "modality": "image", "content": "aGk="},
            ],
        });
        let read: Message = serde_json::from_value(message.clone()).unwrap();
        assert!(matches!(read.parts.last(), Some(Part::Other(_))));
        assert_eq!(read.content(), "Let me look.");
        assert_eq!(serde_json::to_value(&read).unwrap(), message);
    }

    #[test]
    fn parts_without_the_shape_of_their_type_stay_as_they_are() {
        for written in [
            json!({"type": 0, "content": "x"}),
            json!({"type": 3}),
            json!({"type": "text"}),
            json!({"type": "tool_call", "name": 3}),
            json!({"type": "tool_call", "name": "x", "id": 3}),
            json!({"type": "tool_call_response", "response": 1, "result": 2}),
            json!({}),
        ] {
            let read: Part = serde_json::from_value(written.clone()).unwrap();
            assert!(matches!(read, Part::Other(_)), "{written}");
            assert_eq!(serde_json::to_value(read).unwrap(), written);
        }
        assert!(serde_json::from_value::<Part>(json!("text")).is_err());
    }

    #[test]
    fn the_older_name_of_a_tool_s_answer_is_read() {
        let part: Part =
            serde_json::from_value(json!({"type": "tool_call_response", "result": "ok"})).unwrap();
        assert_eq!(part, Part::ToolCallResponse { id: None, response: json!("ok") });
    }

    #[test]
    fn roles_of_other_dialects_are_known_and_unknown_ones_kept() {
        assert_eq!(Role::from("developer"), Role::System);
        assert_eq!(Role::from("MODEL"), Role::Assistant);
        assert_eq!(Role::from("critic").as_str(), "critic");
    }
}
