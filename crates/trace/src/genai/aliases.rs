//! The table of attributes: under which keys emitters record them, in order of preference.

/// Something that an emitter says about a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Attribute {
    AgentId,
    AgentName,
    Attempts,
    CacheReadTokens,
    CacheWriteTokens,
    ConversationId,
    ErrorType,
    ExceptionMessage,
    ExceptionType,
    FinishReasons,
    InputMessages,
    InputTokens,
    Operation,
    OutputMessages,
    OutputTokens,
    PreviousResponseId,
    Provider,
    ReasoningTokens,
    RequestId,
    RequestModel,
    ResponseId,
    ResponseModel,
    SpanName,
    StatusCode,
    StatusDescription,
    SystemInstructions,
    TimeToFirstToken,
    ToolArguments,
    ToolCallId,
    ToolErrorType,
    ToolName,
    ToolOutcome,
    ToolResult,
}

/// A key, and how what it holds is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Key {
    pub(super) name: &'static str,
    pub(super) form: Form,
}

/// How a value is written, where the attribute alone does not say it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// As the attribute's type says: a text, a number, JSON.
    Plain,
    /// JSON, or a text that is the content itself.
    JsonOrText,
}

const fn key(name: &'static str) -> Key {
    Key { name, form: Form::Plain }
}

const fn json_or_text(name: &'static str) -> Key {
    Key { name, form: Form::JsonOrText }
}

/// One row for each attribute. The first key is that of the current OpenTelemetry GenAI conventions
/// where they have one; older names and those of single emitters follow. A dialect is added by adding
/// keys.
const TABLE: &[(Attribute, &[Key])] = &[
    (Attribute::AgentId, &[key("gen_ai.agent.id")]),
    (Attribute::AgentName, &[key("gen_ai.agent.name")]),
    (Attribute::Attempts, &[key("probity.attempts")]),
    (
        Attribute::CacheReadTokens,
        &[
            key("gen_ai.usage.cache_read.input_tokens"),
            key("gen_ai.usage.cache_read_input_tokens"),
            key("gen_ai.usage.cached_input_tokens"),
        ],
    ),
    (
        Attribute::CacheWriteTokens,
        &[
            key("gen_ai.usage.cache_write.input_tokens"),
            key("gen_ai.usage.cache_creation.input_tokens"),
            key("gen_ai.usage.cache_creation_input_tokens"),
            key("gen_ai.usage.cache_write_input_tokens"),
        ],
    ),
    (Attribute::ConversationId, &[key("gen_ai.conversation.id"), key("session.id")]),
    (Attribute::ErrorType, &[key("error.type")]),
    (Attribute::ExceptionMessage, &[key("exception.message")]),
    (Attribute::ExceptionType, &[key("exception.type")]),
    (Attribute::FinishReasons, &[key("gen_ai.response.finish_reasons"), key("finish_reason")]),
    (Attribute::InputMessages, &[key("gen_ai.input.messages"), json_or_text("gen_ai.prompt")]),
    (
        Attribute::InputTokens,
        &[key("gen_ai.usage.input_tokens"), key("gen_ai.usage.prompt_tokens")],
    ),
    (Attribute::Operation, &[key("gen_ai.operation.name")]),
    (
        Attribute::OutputMessages,
        &[key("gen_ai.output.messages"), json_or_text("gen_ai.completion")],
    ),
    (
        Attribute::OutputTokens,
        &[key("gen_ai.usage.output_tokens"), key("gen_ai.usage.completion_tokens")],
    ),
    (Attribute::PreviousResponseId, &[key("gen_ai.request.previous_response.id")]),
    (Attribute::Provider, &[key("gen_ai.provider.name"), key("gen_ai.system")]),
    (
        Attribute::ReasoningTokens,
        &[key("gen_ai.usage.reasoning.output_tokens"), key("gen_ai.usage.reasoning_tokens")],
    ),
    (Attribute::RequestId, &[key("request_id"), key("rig.provider_request_id")]),
    (Attribute::RequestModel, &[key("gen_ai.request.model")]),
    (Attribute::ResponseId, &[key("gen_ai.response.id")]),
    (Attribute::ResponseModel, &[key("gen_ai.response.model")]),
    (Attribute::SpanName, &[key("otel.name")]),
    (Attribute::StatusCode, &[key("otel.status_code")]),
    (Attribute::StatusDescription, &[key("otel.status_description"), key("otel.status_message")]),
    (Attribute::SystemInstructions, &[json_or_text("gen_ai.system_instructions")]),
    (Attribute::TimeToFirstToken, &[key("gen_ai.response.time_to_first_chunk")]),
    (Attribute::ToolArguments, &[json_or_text("gen_ai.tool.call.arguments")]),
    (Attribute::ToolCallId, &[key("gen_ai.tool.call.id")]),
    (Attribute::ToolErrorType, &[key("gen_ai.tool.error.type")]),
    (Attribute::ToolName, &[key("gen_ai.tool.name")]),
    (Attribute::ToolOutcome, &[key("gen_ai.tool.call.outcome")]),
    (Attribute::ToolResult, &[json_or_text("gen_ai.tool.call.result")]),
];

impl Attribute {
    /// Returns the keys under which emitters record the attribute, the preferred one first.
    pub(super) fn keys(self) -> &'static [Key] {
        TABLE.iter().find(|(attribute, _)| *attribute == self).map_or(&[], |(_, keys)| *keys)
    }

    /// Returns whether emitters record the attribute under this key.
    pub(super) fn has_key(self, name: &str) -> bool {
        self.keys().iter().any(|key| key.name == name)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn no_key_is_in_two_rows_and_no_attribute_has_two() {
        let mut names = HashSet::new();
        for (attribute, keys) in TABLE {
            assert!(!keys.is_empty(), "{attribute:?} has no key");
            assert_eq!(attribute.keys(), *keys, "{attribute:?} has a row before this one");
            for key in *keys {
                assert!(names.insert(key.name), "{} is there twice", key.name);
            }
        }
    }
}
