//! Reads the call that one span describes.

use std::collections::HashSet;

use super::{
    AgentCall, LlmCall, Message, Part, Role, ToolCall,
    aliases::Attribute,
    answer, failure,
    kind::{Kind, Task},
    provider,
    reader::Reader,
    tokens, values,
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
        let Kind::Model(task) = Kind::of(span)? else { return None };
        Some(llm_call(&mut Reader::new(span, &[]), task))
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
        Kind::Model(task) => Call::Model(Box::new(llm_call(reader, task)), task),
        Kind::Tool => {
            Call::Tool(Box::new(tool_call(reader)), reader.text(Attribute::ConversationId))
        }
        Kind::Agent => Call::Agent(Box::new(agent_call(reader))),
    }
}

fn llm_call(reader: &mut Reader<'_>, task: Task) -> LlmCall {
    let operation = reader.text(Attribute::Operation);
    let named = || if reader.is_named() { task.operation().to_owned() } else { String::new() };
    let operation = operation.unwrap_or_else(named);
    let output = answer::of(reader);
    let span = reader.span();
    let provider = reader.text(Attribute::Provider).map(provider::name);
    let mut call = LlmCall {
        provider: provider.or_else(|| provider::of_span(&span.name)),
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
        error: failure::of_call(reader),
        attempts: attempts(reader),
        time_to_first_token: reader.duration(Attribute::TimeToFirstToken),
        duration: span.duration,
        ..LlmCall::new(span.id, operation, span.started_at)
    };
    let said = answer::complete(&mut call, reader);
    call.usage = tokens::of(reader, said);
    call
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
    let mut input = input(reader);
    let mut output = reader.messages(Attribute::OutputMessages, &Role::Assistant).messages;
    let all = reader.messages(Attribute::AllMessages, &Role::User).messages;
    if input.iter().all(|message| message.role == Role::System) {
        let said = input.iter().map(Message::content).collect::<HashSet<_>>();
        let is_new = |message: &Message| !said.contains(&message.content());
        input.extend(all.into_iter().filter(|it| it.role != Role::System || is_new(it)));
        split_answer(&mut input, &mut output);
    }
    if output.is_empty() {
        output = reader.messages(Attribute::RunResult, &Role::Assistant).messages;
    }
    AgentCall {
        name: reader.text(Attribute::AgentName).or_else(|| name_in(reader, "invoke_agent ")),
        id: reader.text(Attribute::AgentId),
        conversation_id: reader.text(Attribute::ConversationId),
        input,
        output,
        error: failure::of_call(reader),
        duration: span.duration,
        ..AgentCall::new(span.id, span.started_at)
    }
}

/// Takes the answer of a run from the end of all its messages; it goes before what else is known of it.
/// What the model asked of a tool before the run was stopped is none.
fn split_answer(input: &mut Vec<Message>, output: &mut Vec<Message>) {
    let asks = |part: &Part| matches!(part, Part::ToolCall { .. });
    let is_answer =
        |last: &mut Message| last.role == Role::Assistant && !last.parts.iter().any(asks);
    if let Some(last) = input.pop_if(is_answer) {
        *output = vec![last];
    }
}

/// Returns the name of what is called where no attribute is for it: that of the function, or the rest of
/// the span's name after the operation, as the conventions form names, or else the span's name where a
/// dialect says what the span is.
fn name_in(reader: &mut Reader<'_>, operation: &str) -> Option<String> {
    let function = reader.text(Attribute::EntityName);
    function.or_else(|| {
        let named = reader.text(Attribute::SpanName);
        let full = named.unwrap_or_else(|| reader.span().name.to_string());
        let rest = full.strip_prefix(operation).map(str::to_owned);
        rest.or_else(|| reader.is_function().then_some(full))
    })
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

fn attempts(reader: &mut Reader<'_>) -> u32 {
    let Some(attempts) = reader.count(Attribute::Attempts) else { return 1 };
    let Ok(attempts) = u32::try_from(attempts) else {
        reader.note(Attribute::Attempts, format!("is greater than {}", u32::MAX));
        return 1;
    };
    attempts.max(1)
}
