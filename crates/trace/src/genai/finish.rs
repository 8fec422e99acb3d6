//! Why a model stopped.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Why a model stopped.
///
/// Written and read as text: in the words of the OpenTelemetry GenAI conventions where there is one,
/// and the providers' own words are understood.
///
/// # Examples
///
/// ```
/// use probity_trace::genai::FinishReason;
///
/// assert_eq!(FinishReason::from("end_turn"), FinishReason::Stop);
/// assert_eq!(FinishReason::from("tool_calls").as_str(), "tool_call");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum FinishReason {
    /// It was done, or came to a stop sequence.
    Stop,
    /// It reached the limit of output tokens, or the end of its context window.
    Length,
    /// It was stopped by the provider's filter, or refused.
    ContentFilter,
    /// It waits for the answers of tools.
    ToolCall,
    /// It failed.
    Error,
    /// Any other reason.
    Other(String),
}

impl FinishReason {
    /// Returns the reason's name in the semantic conventions.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Stop => "stop",
            Self::Length => "length",
            Self::ContentFilter => "content_filter",
            Self::ToolCall => "tool_call",
            Self::Error => "error",
            Self::Other(reason) => reason,
        }
    }
}

impl From<&str> for FinishReason {
    /// Reads the names that the providers and conventions use, whatever their case.
    fn from(reason: &str) -> Self {
        match reason.to_ascii_lowercase().replace('-', "_").as_str() {
            "stop" | "end_turn" | "stop_sequence" | "completed" => Self::Stop,
            "length" | "max_tokens" | "max_output_tokens" | "model_context_window_exceeded" => {
                Self::Length
            }
            "content_filter" | "refusal" | "safety" => Self::ContentFilter,
            "tool_call" | "tool_calls" | "tool_use" | "function_call" => Self::ToolCall,
            "error" => Self::Error,
            _ => Self::Other(reason.to_owned()),
        }
    }
}

impl fmt::Display for FinishReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for FinishReason {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for FinishReason {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(|reason| Self::from(reason.as_str()))
    }
}
