//! The span of a chat completion, with the GenAI attributes of OpenTelemetry.

use probity_eval::model::ModelError;
use probity_trace::genai::Message;
use serde::Serialize;
use tracing::{Span, field::Empty};

use super::{TraceLayer, asked::Asked, watch::Seen};
use crate::http::Admitted;

/// Opens the span of a request.
pub(super) fn open(settings: &TraceLayer, asked: &Asked) -> Span {
    let span = tracing::info_span!(
        "chat",
        otel.name = Empty,
        otel.kind = "client",
        otel.status_code = Empty,
        otel.status_description = Empty,
        error.type = Empty,
        gen_ai.operation.name = "chat",
        gen_ai.provider.name = &*settings.provider,
        gen_ai.request.model = asked.model.as_deref(),
        gen_ai.request.stream = asked.is_stream,
        gen_ai.request.temperature = asked.temperature,
        gen_ai.request.max_tokens = asked.max_tokens,
        gen_ai.request.seed = asked.seed,
        gen_ai.output.type = asked.output_type,
        gen_ai.response.id = Empty,
        gen_ai.response.model = Empty,
        gen_ai.response.finish_reasons = Empty,
        gen_ai.response.time_to_first_chunk = Empty,
        gen_ai.usage.input_tokens = Empty,
        gen_ai.usage.output_tokens = Empty,
        gen_ai.usage.cache_read.input_tokens = Empty,
        gen_ai.usage.cache_write.input_tokens = Empty,
        gen_ai.usage.reasoning.output_tokens = Empty,
        gen_ai.input.messages = Empty,
        gen_ai.output.messages = Empty,
        gen_ai.system_instructions = Empty,
        gen_ai.tool.definitions = Empty,
        request_id = Empty,
        finish_reason = Empty,
        probity.rate_limit_wait_ms = Empty,
    );
    if span.is_disabled() {
        return span;
    }
    if let Some(model) = &asked.model {
        span.record("otel.name", tracing::field::display(format_args!("chat {model}")));
    }
    if settings.captures_content {
        if !asked.instructions.is_empty() {
            record_json(&span, "gen_ai.system_instructions", &asked.instructions);
        }
        record_json(&span, "gen_ai.input.messages", &asked.messages);
        if !asked.tools.is_empty() {
            record_json(&span, "gen_ai.tool.definitions", &asked.tools);
        }
    }
    span
}

/// Records how long a request waited before it was sent.
pub(super) fn record_wait(span: &Span, admitted: &Admitted) {
    if let Some(milliseconds) = admitted.waited_ms() {
        span.record("probity.rate_limit_wait_ms", milliseconds);
    }
}

/// Records what was seen of an answer.
pub(super) fn record_answer(span: &Span, seen: &Seen) {
    let texts = [
        ("gen_ai.response.id", &seen.head.response_id),
        ("gen_ai.response.model", &seen.head.model),
        ("request_id", &seen.head.request_id),
    ];
    for (key, text) in texts {
        if let Some(text) = text {
            span.record(key, text.as_str());
        }
    }
    if let Some(reason) = &seen.finish {
        span.record("finish_reason", reason.as_str());
        record_json(span, "gen_ai.response.finish_reasons", &[reason]);
    }
    if let Some(time) = seen.time_to_first_chunk {
        span.record("gen_ai.response.time_to_first_chunk", time);
    }
    let counts = [
        ("gen_ai.usage.input_tokens", seen.usage.input_tokens),
        ("gen_ai.usage.output_tokens", seen.usage.output_tokens),
        ("gen_ai.usage.cache_read.input_tokens", seen.usage.cache_read_input_tokens),
        ("gen_ai.usage.cache_write.input_tokens", seen.usage.cache_write_input_tokens),
        ("gen_ai.usage.reasoning.output_tokens", seen.usage.reasoning_output_tokens),
    ];
    for (key, count) in counts {
        if let Some(count) = count {
            span.record(key, count);
        }
    }
}

/// Records what the model said.
pub(super) fn record_output(span: &Span, message: &Message) {
    if !message.parts.is_empty() {
        record_json(span, "gen_ai.output.messages", &[message]);
    }
}

/// Records why there is no answer, or not a whole one.
pub(super) fn record_error(span: &Span, error: &ModelError) {
    span.record("error.type", &*error.error_type());
    span.record("otel.status_code", "ERROR");
    span.record("otel.status_description", tracing::field::display(error));
    if let Some(id) = &error.request_id {
        span.record("request_id", id.as_str());
    }
}

fn record_json(span: &Span, key: &'static str, value: &impl Serialize) {
    if let Ok(text) = serde_json::to_string(value) {
        span.record(key, text.as_str());
    }
}
