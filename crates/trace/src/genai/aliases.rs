//! The table of attributes: under which keys emitters record them, in order of preference.

/// Something that an emitter says about a call. The rows of the table are in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Attribute {
    AgentId,
    AgentName,
    /// All messages of a run of an agent, with the answer.
    AllMessages,
    /// An answer that is an object, where it is apart from a text.
    AnswerObject,
    AnswerReasoning,
    /// The text of an answer, where it is apart from what the model asks of tools.
    AnswerText,
    /// What an answer asks of tools, where it is apart from its text.
    AnswerToolCalls,
    Attempts,
    CacheReadTokens,
    CacheWriteTokens,
    ConversationId,
    /// What a function is called, whatever it is.
    EntityName,
    ErrorType,
    ExceptionMessage,
    ExceptionType,
    FinishReasons,
    InputMessages,
    InputTokens,
    /// The model, of which it is not said whether it was asked for or answered.
    Model,
    Operation,
    OutputMessages,
    OutputTokens,
    PreviousResponseId,
    Provider,
    ReasoningTokens,
    RequestId,
    RequestModel,
    /// The parameters of a request, as JSON.
    RequestParameters,
    ResponseId,
    ResponseModel,
    /// The model that an agent is to ask.
    RunModel,
    /// The answer of a run of an agent.
    RunResult,
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
    TotalTokens,
    /// The tokens of the input that were neither read from a cache nor written to one.
    UncachedInputTokens,
    /// What a provider says of the tokens, as JSON.
    UsageDetails,
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
    /// A request to a provider or its answer as JSON, or messages, or anything, which is a text then.
    Body,
    /// A list of events in JSON, each with one message.
    Events,
    /// Not a key but the beginning of many: each is followed by the number of a message and by what it
    /// says of it, as in `gen_ai.prompt.0.role`.
    Indexed,
    /// A number of milliseconds.
    Milliseconds,
}

const fn key(name: &'static str) -> Key {
    Key { name, form: Form::Plain }
}

const fn json_or_text(name: &'static str) -> Key {
    Key { name, form: Form::JsonOrText }
}

const fn body(name: &'static str) -> Key {
    Key { name, form: Form::Body }
}

const fn events(name: &'static str) -> Key {
    Key { name, form: Form::Events }
}

const fn indexed(name: &'static str) -> Key {
    Key { name, form: Form::Indexed }
}

const fn milliseconds(name: &'static str) -> Key {
    Key { name, form: Form::Milliseconds }
}

/// One row for each attribute. The first key is that of the current OpenTelemetry GenAI conventions
/// where they have one; older names and those of other conventions and single emitters follow. A
/// dialect is added by adding keys.
const TABLE: &[(Attribute, &[Key])] = &[
    (Attribute::AgentId, &[key("gen_ai.agent.id"), key("judgment.agent_id")]),
    (
        Attribute::AgentName,
        &[
            key("gen_ai.agent.name"),
            key("agent.name"),
            key("agent_name"),
            key("judgment.agent_instance_name"),
            key("judgment.agent_class_name"),
        ],
    ),
    (Attribute::AllMessages, &[key("pydantic_ai.all_messages"), key("all_messages_events")]),
    (Attribute::AnswerObject, &[key("ai.response.object"), key("ai.result.object")]),
    (Attribute::AnswerReasoning, &[key("ai.response.reasoning")]),
    (Attribute::AnswerText, &[key("ai.response.text"), key("ai.result.text")]),
    (Attribute::AnswerToolCalls, &[key("ai.response.toolCalls"), key("ai.result.toolCalls")]),
    (Attribute::Attempts, &[key("probity.attempts")]),
    (
        Attribute::CacheReadTokens,
        &[
            key("gen_ai.usage.cache_read.input_tokens"),
            key("gen_ai.usage.cache_read_input_tokens"),
            key("gen_ai.usage.cached_input_tokens"),
            key("gen_ai.usage.details.cache_read_tokens"),
            key("llm.token_count.prompt_details.cache_read"),
            key("ai.usage.cachedInputTokens"),
            key("ai.usage.inputTokenDetails.cacheReadTokens"),
            key("judgment.usage.cache_read_input_tokens"),
        ],
    ),
    (
        Attribute::CacheWriteTokens,
        &[
            key("gen_ai.usage.cache_write.input_tokens"),
            key("gen_ai.usage.cache_creation.input_tokens"),
            key("gen_ai.usage.cache_creation_input_tokens"),
            key("gen_ai.usage.cache_write_input_tokens"),
            key("gen_ai.usage.details.cache_write_tokens"),
            key("llm.token_count.prompt_details.cache_write"),
            key("ai.usage.inputTokenDetails.cacheWriteTokens"),
            key("judgment.usage.cache_creation_input_tokens"),
        ],
    ),
    (
        Attribute::ConversationId,
        &[
            key("gen_ai.conversation.id"),
            key("session.id"),
            key("judgment.session_id"),
            key("traceloop.association.properties.session_id"),
            key("traceloop.association.properties.thread_id"),
            key("traceloop.association.properties.conversation_id"),
            key("ai.telemetry.metadata.thread_id"),
            key("ai.telemetry.metadata.threadId"),
            key("ai.telemetry.metadata.session_id"),
            key("ai.telemetry.metadata.sessionId"),
            key("lunary.thread.id"),
            key("lunette.trajectory_id"),
        ],
    ),
    (Attribute::EntityName, &[key("traceloop.entity.name")]),
    (Attribute::ErrorType, &[key("error.type")]),
    (Attribute::ExceptionMessage, &[key("exception.message")]),
    (Attribute::ExceptionType, &[key("exception.type")]),
    (
        Attribute::FinishReasons,
        &[
            key("gen_ai.response.finish_reasons"),
            key("finish_reason"),
            key("llm.finish_reason"),
            key("ai.response.finishReason"),
            key("ai.finishReason"),
            key("anthropic.message.stop_reason"),
        ],
    ),
    (
        Attribute::InputMessages,
        &[
            key("gen_ai.input.messages"),
            indexed("gen_ai.prompt."),
            indexed("llm.input_messages."),
            indexed("llm.prompts."),
            key("ai.prompt.messages"),
            body("gen_ai.prompt"),
            body("ai.prompt"),
            events("events"),
            body("request_data"),
            body("input.value"),
            body("judgment.input"),
            body("traceloop.entity.input"),
        ],
    ),
    (
        Attribute::InputTokens,
        &[
            key("gen_ai.usage.input_tokens"),
            key("gen_ai.usage.prompt_tokens"),
            key("llm.token_count.prompt"),
            key("ai.usage.inputTokens"),
            key("ai.usage.promptTokens"),
            key("ai.usage.tokens"),
        ],
    ),
    (Attribute::Model, &[key("llm.model_name"), key("judgment.llm.model")]),
    (Attribute::Operation, &[key("gen_ai.operation.name")]),
    (
        Attribute::OutputMessages,
        &[
            key("gen_ai.output.messages"),
            indexed("gen_ai.completion."),
            indexed("llm.output_messages."),
            indexed("llm.choices."),
            body("gen_ai.completion"),
            events("events"),
            body("response_data"),
            body("output.value"),
            body("judgment.output"),
            body("traceloop.entity.output"),
        ],
    ),
    (
        Attribute::OutputTokens,
        &[
            key("gen_ai.usage.output_tokens"),
            key("gen_ai.usage.completion_tokens"),
            key("llm.token_count.completion"),
            key("ai.usage.outputTokens"),
            key("ai.usage.completionTokens"),
            key("judgment.usage.output_tokens"),
        ],
    ),
    (Attribute::PreviousResponseId, &[key("gen_ai.request.previous_response.id")]),
    (
        Attribute::Provider,
        &[
            key("gen_ai.provider.name"),
            key("gen_ai.system"),
            key("llm.provider"),
            key("llm.system"),
            key("ai.model.provider"),
            key("judgment.llm.provider"),
        ],
    ),
    (
        Attribute::ReasoningTokens,
        &[
            key("gen_ai.usage.reasoning.output_tokens"),
            key("gen_ai.usage.reasoning_tokens"),
            key("gen_ai.usage.details.reasoning_tokens"),
            key("llm.usage.reasoning_tokens"),
            key("llm.token_count.completion_details.reasoning"),
            key("ai.usage.reasoningTokens"),
            key("ai.usage.outputTokenDetails.reasoningTokens"),
        ],
    ),
    (
        Attribute::RequestId,
        &[key("request_id"), key("rig.provider_request_id"), key("anthropic.request.id")],
    ),
    (Attribute::RequestModel, &[key("gen_ai.request.model"), key("ai.model.id")]),
    (Attribute::RequestParameters, &[key("llm.invocation_parameters")]),
    (Attribute::ResponseId, &[key("gen_ai.response.id"), key("ai.response.id")]),
    (Attribute::ResponseModel, &[key("gen_ai.response.model"), key("ai.response.model")]),
    (Attribute::RunModel, &[key("model_name")]),
    (Attribute::RunResult, &[body("final_result")]),
    (Attribute::SpanName, &[key("otel.name")]),
    (Attribute::StatusCode, &[key("otel.status_code")]),
    (Attribute::StatusDescription, &[key("otel.status_description"), key("otel.status_message")]),
    (Attribute::SystemInstructions, &[json_or_text("gen_ai.system_instructions")]),
    (
        Attribute::TimeToFirstToken,
        &[
            key("gen_ai.response.time_to_first_chunk"),
            key("gen_ai.server.time_to_first_token"),
            milliseconds("ai.response.msToFirstChunk"),
            milliseconds("ai.stream.msToFirstChunk"),
        ],
    ),
    (
        Attribute::ToolArguments,
        &[
            json_or_text("gen_ai.tool.call.arguments"),
            json_or_text("tool_arguments"),
            json_or_text("tool_call.function.arguments"),
            json_or_text("ai.toolCall.args"),
            json_or_text("ai.toolCall.input"),
            json_or_text("traceloop.entity.input"),
            json_or_text("input.value"),
            json_or_text("judgment.input"),
        ],
    ),
    (
        Attribute::ToolCallId,
        &[key("gen_ai.tool.call.id"), key("tool_call.id"), key("ai.toolCall.id")],
    ),
    (Attribute::ToolErrorType, &[key("gen_ai.tool.error.type")]),
    (
        Attribute::ToolName,
        &[
            key("gen_ai.tool.name"),
            key("tool.name"),
            key("tool_call.function.name"),
            key("ai.toolCall.name"),
        ],
    ),
    (Attribute::ToolOutcome, &[key("gen_ai.tool.call.outcome")]),
    (
        Attribute::ToolResult,
        &[
            json_or_text("gen_ai.tool.call.result"),
            json_or_text("tool_response"),
            json_or_text("tool_output"),
            json_or_text("ai.toolCall.result"),
            json_or_text("ai.toolCall.output"),
            json_or_text("traceloop.entity.output"),
            json_or_text("output.value"),
            json_or_text("judgment.output"),
        ],
    ),
    (
        Attribute::TotalTokens,
        &[
            key("gen_ai.usage.total_tokens"),
            key("llm.usage.total_tokens"),
            key("llm.token_count.total"),
            key("ai.usage.totalTokens"),
        ],
    ),
    (
        Attribute::UncachedInputTokens,
        &[
            key("judgment.usage.non_cached_input_tokens"),
            key("ai.usage.inputTokenDetails.noCacheTokens"),
        ],
    ),
    (Attribute::UsageDetails, &[key("judgment.usage.metadata")]),
];

/// The keys that say different things of calls of different kinds: what a function was given is a
/// message to a model, or the arguments of a tool.
#[cfg(test)]
const SHARED: &[&str] = &[
    "events",
    "input.value",
    "output.value",
    "judgment.input",
    "judgment.output",
    "traceloop.entity.input",
    "traceloop.entity.output",
];

impl Attribute {
    /// Returns the keys under which emitters record the attribute, the preferred one first.
    pub(super) fn keys(self) -> &'static [Key] {
        TABLE.get(self as usize).map_or(&[], |(_, keys)| *keys)
    }

    /// Returns whether emitters record the attribute under this key.
    pub(super) fn has_key(self, name: &str) -> bool {
        self.keys().iter().any(|key| key.is(name))
    }
}

impl Key {
    /// Returns whether this is the key of this name or, where it is the beginning of many, of one of
    /// them.
    fn is(self, name: &str) -> bool {
        match self.form {
            Form::Indexed => self.rest(name).is_some(),
            _ => self.name == name,
        }
    }

    /// Returns what follows the beginning of a key that has the number of a message there.
    pub(super) fn rest(self, name: &str) -> Option<&str> {
        let rest = name.strip_prefix(self.name)?;
        rest.starts_with(|first: char| first.is_ascii_digit()).then_some(rest)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_attribute_has_its_row_and_no_key_two_meanings_that_are_not_named() {
        let mut names = HashSet::new();
        for (position, (attribute, keys)) in TABLE.iter().enumerate() {
            assert_eq!(*attribute as usize, position, "{attribute:?} is not at its place");
            assert!(!keys.is_empty(), "{attribute:?} has no key");
            for key in *keys {
                let is_new = names.insert(key.name);
                assert!(is_new || SHARED.contains(&key.name), "{} is there twice", key.name);
            }
            let own: HashSet<_> = keys.iter().map(|key| key.name).collect();
            assert_eq!(own.len(), keys.len(), "{attribute:?} has a key twice");
        }
    }

    #[test]
    fn the_keys_of_indexed_messages_have_a_number() {
        assert!(Attribute::InputMessages.has_key("gen_ai.prompt.0.role"));
        assert!(Attribute::InputMessages.has_key("gen_ai.prompt"));
        assert!(!Attribute::InputMessages.has_key("gen_ai.prompt.name"));
        assert!(!Attribute::InputMessages.has_key("gen_ai.prompt."));
    }
}
