//! The spans and events of a replay: the one place that names their fields.

use tracing::{Span, field::Empty};

use super::{Replay, messages};
use crate::tau_bench::message::Message;

/// A tool call with its result.
pub(super) struct Call<'a> {
    pub(super) id: &'a str,
    pub(super) name: &'a str,
    pub(super) arguments: Option<&'a str>,
    pub(super) result: &'a str,
}

pub(super) fn invoke_agent(replay: &Replay, conversation: &str, messages: &[Message]) -> Span {
    tracing::info_span!(
        "invoke_agent",
        otel.name = %format_args!("invoke_agent {}", replay.agent),
        otel.status_code = Empty,
        gen_ai.operation.name = "invoke_agent",
        gen_ai.agent.name = replay.agent,
        gen_ai.conversation.id = conversation,
        gen_ai.system_instructions = messages::system_instructions(messages),
        error.type = Empty,
    )
}

pub(super) fn chat(replay: &Replay, conversation: &str, input: &str, output: &str) -> Span {
    let model = replay.model.as_deref();
    tracing::info_span!(
        "chat",
        otel.name = model.map(|model| format!("chat {model}")),
        otel.kind = "client",
        gen_ai.operation.name = "chat",
        gen_ai.provider.name = replay.provider,
        gen_ai.request.model = model,
        gen_ai.conversation.id = conversation,
        gen_ai.input.messages = input,
        gen_ai.output.messages = output,
    )
}

/// Opens and closes the span of a tool call that is over.
pub(super) fn execute_tool(replay: &Replay, conversation: &str, call: &Call<'_>) {
    let failed = call.result.starts_with("Error:");
    let span = tracing::info_span!(
        "execute_tool",
        otel.name = %format_args!("execute_tool {}", call.name),
        otel.status_code = failed.then_some("ERROR"),
        gen_ai.operation.name = "execute_tool",
        gen_ai.agent.name = replay.agent,
        gen_ai.conversation.id = conversation,
        gen_ai.tool.name = call.name,
        gen_ai.tool.type = "function",
        gen_ai.tool.call.id = call.id,
        gen_ai.tool.call.arguments = call.arguments,
        gen_ai.tool.call.result = call.result,
        error.type = failed.then_some("tool_error"),
    );
    span.in_scope(|| ());
}

pub(super) fn user_message(content: &str) {
    tracing::info!(name: "gen_ai.user.message", role = "user", "{content}");
}

/// Says on the root span that the harness raised an exception.
pub(super) fn raised(root: &Span, error: &str) {
    root.record("otel.status_code", "ERROR");
    root.record("error.type", exception_type(error));
    tracing::error!("{error}");
}

/// Returns the exception's type where its text starts with one, else the conventions' own word for
/// errors of an unknown type.
fn exception_type(error: &str) -> &str {
    let is_name = |text: &str| {
        !text.is_empty()
            && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '_'))
    };
    match error.split_once(':') {
        Some((name, _)) if is_name(name) => name,
        _ => "_OTHER",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_type_of_an_exception_is_what_its_text_starts_with() {
        let known = exception_type("litellm.APIConnectionError: example");
        assert_eq!(known, "litellm.APIConnectionError");
        for unknown in ["", ":", "no type here: none", "'task'"] {
            assert_eq!(exception_type(unknown), "_OTHER");
        }
    }
}
