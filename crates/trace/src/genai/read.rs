//! Reads the call that one span describes.

use std::collections::HashSet;

use super::{
    AgentCall, LlmCall, Message, Role, ToolCall, Usage,
    aliases::Attribute,
    failure,
    kind::{Kind, Task},
    reader::Reader,
    values,
};
use crate::node::{FieldNode, SpanNode};

/// A call that a span describes.
#[derive(Debug)]
pub(super) enum Call {
    /// A model call, with its task.
    Model(Box<LlmCall>, Task),
    /// A tool call, with the conversation that its span names.
    Tool(Box<ToolCall>, Option<String>),
    /// A run of an agent.
    Agent(Box<AgentCall>),
}

impl LlmCall {
    /// Reads the model call that a span describes; `None` if it describes none.
    ///
    /// What lies around the span and in it is not seen: whether the call repeats one in it, and what an
    /// ancestor says of the conversation and the agent. [`TraceSnapshot::genai`] sees it, and says
    /// what could not be read.
    ///
    /// [`TraceSnapshot::genai`]: crate::TraceSnapshot::genai
    #[must_use]
    pub fn from_span(span: &SpanNode) -> Option<Self> {
        matches!(Kind::of(span)?, Kind::Model(_)).then(|| llm_call(&mut Reader::new(span, &[])))
    }
}

impl ToolCall {
    /// Reads the tool call that a span describes; `None` if it describes none. See
    /// [`LlmCall::from_span`].
    #[must_use]
    pub fn from_span(span: &SpanNode) -> Option<Self> {
        (Kind::of(span)? == Kind::Tool).then(|| tool_call(&mut Reader::new(span, &[])))
    }
}

impl AgentCall {
    /// Reads the run of an agent that a span describes; `None` if it describes none. See
    /// [`LlmCall::from_span`].
    #[must_use]
    pub fn from_span(span: &SpanNode) -> Option<Self> {
        (Kind::of(span)? == Kind::Agent).then(|| agent_call(&mut Reader::new(span, &[])))
    }
}

/// Returns the name of the tool that fields of a span name, also before the span has ended.
#[must_use]
pub fn tool_name(fields: &[FieldNode]) -> Option<String> {
    let keys = Attribute::ToolName.keys().iter();
    let mut values = keys.flat_map(|key| fields.iter().filter(|field| field.key == key.name));
    values.find_map(|field| values::text(&field.value).ok().flatten())
}

/// Reads the call of a span that is known to be of a kind.
pub(super) fn call(kind: Kind, reader: &mut Reader<'_>) -> Call {
    match kind {
        Kind::Model(task) => Call::Model(Box::new(llm_call(reader)), task),
        Kind::Tool => {
            Call::Tool(Box::new(tool_call(reader)), reader.text(Attribute::ConversationId))
        }
        Kind::Agent => Call::Agent(Box::new(agent_call(reader))),
    }
}

fn llm_call(reader: &mut Reader<'_>) -> LlmCall {
    let operation = reader.text(Attribute::Operation).unwrap_or_default();
    let output = reader.messages(Attribute::OutputMessages, &Role::Assistant);
    let span = reader.span();
    LlmCall {
        provider: reader.text(Attribute::Provider),
        request_model: reader.text(Attribute::RequestModel),
        response_model: reader.text(Attribute::ResponseModel),
        response_id: reader.text(Attribute::ResponseId),
        previous_response_id: reader.text(Attribute::PreviousResponseId),
        request_id: reader.text(Attribute::RequestId),
        conversation_id: reader.text(Attribute::ConversationId),
        agent: reader.text(Attribute::AgentName),
        input: input(reader),
        output: output.messages,
        finish_reasons: reader.finish_reasons().unwrap_or(output.finish_reasons),
        usage: usage(reader),
        error: failure::of_call(reader),
        attempts: attempts(reader),
        time_to_first_token: reader.seconds(Attribute::TimeToFirstToken),
        duration: span.duration,
        ..LlmCall::new(span.id, operation, span.started_at)
    }
}

fn tool_call(reader: &mut Reader<'_>) -> ToolCall {
    let span = reader.span();
    let name = reader.text(Attribute::ToolName).or_else(|| name_in(reader, "execute_tool "));
    ToolCall {
        id: reader.text(Attribute::ToolCallId),
        agent: reader.text(Attribute::AgentName),
        arguments: reader.json(Attribute::ToolArguments),
        result: reader.json(Attribute::ToolResult),
        error: failure::of_tool_call(reader),
        duration: span.duration,
        ..ToolCall::new(span.id, name.unwrap_or_default(), span.started_at)
    }
}

fn agent_call(reader: &mut Reader<'_>) -> AgentCall {
    let span = reader.span();
    AgentCall {
        name: reader.text(Attribute::AgentName).or_else(|| name_in(reader, "invoke_agent ")),
        id: reader.text(Attribute::AgentId),
        conversation_id: reader.text(Attribute::ConversationId),
        input: input(reader),
        output: reader.messages(Attribute::OutputMessages, &Role::Assistant).messages,
        error: failure::of_call(reader),
        duration: span.duration,
        ..AgentCall::new(span.id, span.started_at)
    }
}

/// Returns the rest of the span's name after the operation, as the conventions form names.
fn name_in(reader: &mut Reader<'_>, operation: &str) -> Option<String> {
    let full = reader.text(Attribute::SpanName).unwrap_or_else(|| reader.span().name.to_string());
    full.strip_prefix(operation).map(str::to_owned)
}

/// Reads the instructions and the messages; instructions that the messages begin with are not repeated.
fn input(reader: &mut Reader<'_>) -> Vec<Message> {
    let mut instructions = reader.messages(Attribute::SystemInstructions, &Role::System).messages;
    let messages = reader.messages(Attribute::InputMessages, &Role::User).messages;
    let systems = messages.iter().filter(|message| message.role == Role::System);
    let systems: Vec<String> = systems.map(Message::content).collect();
    if instructions.iter().map(Message::content).collect::<String>() == systems.concat() {
        instructions.clear();
    }
    let known: HashSet<String> = systems.into_iter().collect();
    instructions.retain(|instruction| !known.contains(&instruction.content()));
    instructions.extend(messages);
    instructions
}

/// Reads the tokens. The parts of a whole cannot be more than it: where they are, the whole was
/// recorded without them, and they are added.
fn usage(reader: &mut Reader<'_>) -> Usage {
    let mut usage = Usage {
        input_tokens: reader.count(Attribute::InputTokens),
        output_tokens: reader.count(Attribute::OutputTokens),
        cache_read_input_tokens: reader.count(Attribute::CacheReadTokens),
        cache_write_input_tokens: reader.count(Attribute::CacheWriteTokens),
        reasoning_output_tokens: reader.count(Attribute::ReasoningTokens),
    };
    let cached = usage
        .cache_read_input_tokens
        .unwrap_or(0)
        .saturating_add(usage.cache_write_input_tokens.unwrap_or(0));
    let reasoning = usage.reasoning_output_tokens.unwrap_or(0);
    for (whole, parts, attribute) in [
        (&mut usage.input_tokens, cached, Attribute::InputTokens),
        (&mut usage.output_tokens, reasoning, Attribute::OutputTokens),
    ] {
        if let Some(tokens) = whole.filter(|tokens| *tokens < parts) {
            *whole = Some(tokens.saturating_add(parts));
            let reason = format!(
                "is {tokens}, less than the {parts} tokens that are a part of it; they were added"
            );
            reader.note(attribute, reason);
        }
    }
    usage
}

fn attempts(reader: &mut Reader<'_>) -> u32 {
    let Some(attempts) = reader.count(Attribute::Attempts) else { return 1 };
    let Ok(attempts) = u32::try_from(attempts) else {
        reader.note(Attribute::Attempts, format!("is greater than {}", u32::MAX));
        return 1;
    };
    attempts.max(1)
}
