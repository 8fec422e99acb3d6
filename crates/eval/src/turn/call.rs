//! A turn as the model call that a probe is shown.

use std::sync::atomic::{AtomicU64, Ordering};

use probity_trace::{
    CaptureHandle, SpanId,
    genai::{CallError, LlmCall, ToolCall},
};

use super::{engine::Engine, error::TurnError};

/// Describes a turn that has ended, and the tool calls that its answer asks for. Messages are left out: a
/// probe has seen them.
pub(super) fn describe(engine: &Engine, error: Option<&TurnError>) -> (LlmCall, Vec<ToolCall>) {
    let mut call = LlmCall::new(span_id(), "chat", engine.started_at);
    let model = engine.model.as_ref();
    call.provider = model.map(|model| model.provider().to_owned());
    call.request_model = model.map(|model| model.name().to_owned());
    call.response_model.clone_from(&engine.answer.head.model);
    call.response_id.clone_from(&engine.answer.head.response_id);
    call.request_id.clone_from(&engine.answer.head.request_id);
    call.finish_reasons.extend(engine.answer.finish.clone());
    call.usage = engine.usage();
    call.time_to_first_token = engine.answer.time_to_first_token;
    call.attempts = engine.attempts;
    call.duration = Some(engine.elapsed());
    if let Some(error) = error {
        call.error = Some(CallError::new(error.error_type()).with_message(error.to_string()));
    }
    // A call that was cut off is none.
    let asked = if engine.answer.is_whole() { engine.answer.tool_calls() } else { Vec::new() };
    let tools = asked.into_iter().map(|requested| {
        let mut tool = ToolCall::new(call.span, requested.name, engine.started_at);
        (tool.id, tool.arguments) = (requested.id, Some(requested.arguments));
        tool
    });
    let tools = tools.collect();
    (call, tools)
}

/// Returns the identifier of the current span; outside of captures, one that names no span.
fn span_id() -> SpanId {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    let captured = CaptureHandle::current().and_then(|handle| handle.span_id());
    captured.unwrap_or_else(|| {
        loop {
            let number = NEXT.fetch_add(1, Ordering::Relaxed);
            if let Some(id) = SpanId::from_bytes(number.to_be_bytes()) {
                return id;
            }
        }
    })
}
