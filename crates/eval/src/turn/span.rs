//! The span of a turn, with the GenAI attributes of OpenTelemetry.

use std::fmt;

use probity_trace::genai::{FinishReason, Message, Role, Usage};
use serde::Serialize;
use serde_json::json;
use tracing::{Span, field::Empty};

use super::{engine::Engine, error::TurnError};
use crate::{
    model::{ModelRequest, OutputFormat},
    probe::StopReason,
};

/// How a turn ended.
#[derive(Clone, Copy)]
pub(super) enum Ending<'a> {
    Whole,
    Failed(&'a TurnError),
    Stopped(&'a StopReason),
    Cancelled,
}

/// Opens the span of a turn.
pub(super) fn open(engine: &Engine) -> Span {
    let (model, request) = (engine.model.as_ref(), &*engine.request);
    let name = model.map(|model| model.name());
    let span = tracing::info_span!(
        "llm_turn",
        otel.name = Empty,
        otel.kind = "client",
        otel.status_code = Empty,
        otel.status_description = Empty,
        error.type = Empty,
        gen_ai.operation.name = "chat",
        gen_ai.provider.name = model.map(|model| model.provider()),
        gen_ai.request.model = name,
        gen_ai.request.temperature = request.settings.temperature,
        gen_ai.request.max_tokens = request.settings.max_output_tokens,
        gen_ai.request.seed = request.settings.seed,
        gen_ai.output.type = match request.output {
            OutputFormat::Text => "text",
            OutputFormat::JsonSchema { .. } => "json",
        },
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
        probity.attempts = Empty,
        probity.rate_limit_wait_ms = Empty,
        probity.stopped_by = Empty,
    );
    if span.is_disabled() {
        return span;
    }
    if let Some(name) = name {
        span.record("otel.name", tracing::field::display(format_args!("chat {name}")));
    }
    if engine.captures_content {
        record_input(&span, request);
    }
    span
}

/// Records what a turn came to.
pub(super) fn record(span: &Span, engine: &Engine, ending: Ending<'_>) {
    if span.is_disabled() {
        return;
    }
    span.record("probity.attempts", engine.attempts);
    let waited = engine.admitted.waited();
    if !waited.is_zero() {
        let milliseconds = u64::try_from(waited.as_millis()).unwrap_or(u64::MAX);
        span.record("probity.rate_limit_wait_ms", milliseconds);
    }
    match ending {
        Ending::Failed(error) => {
            record_answer(span, engine);
            record_error(span, error, format_args!("{error}"));
            span.record("finish_reason", FinishReason::Error.as_str());
        }
        Ending::Whole => record_answer(span, engine),
        Ending::Stopped(reason) => {
            record_answer(span, engine);
            span.record("finish_reason", "stopped");
            record_stop(span, reason);
        }
        Ending::Cancelled => {
            record_answer(span, engine);
            span.record("finish_reason", "cancelled");
        }
    }
}

/// Records which probe ended a turn, and why.
pub(super) fn record_stop(span: &Span, reason: &StopReason) {
    span.record("probity.stopped_by", tracing::field::display(reason));
}

/// Records that the answer of a turn cannot be used. What is wrong with it tells what it says, so that is
/// recorded where messages are.
pub(super) fn record_unusable(span: &Span, engine: &Engine, error: &TurnError) {
    let what = match error {
        _ if engine.captures_content => return record_error(span, error, format_args!("{error}")),
        TurnError::Refused { .. } => "the model refused to answer",
        _ => "the answer is not what was asked for",
    };
    record_error(span, error, format_args!("{what}"));
}

fn record_input(span: &Span, request: &ModelRequest) {
    let is_system = |message: &&Message| message.role == Role::System;
    let messages = &request.input.messages;
    let instructions: Vec<_> =
        messages.iter().take_while(is_system).flat_map(|message| &message.parts).collect();
    let conversation: Vec<_> = messages.iter().skip_while(is_system).collect();
    if !instructions.is_empty() {
        record_json(span, "gen_ai.system_instructions", &instructions);
    }
    record_json(span, "gen_ai.input.messages", &conversation);
    if !request.tools.is_empty() {
        let tools: Vec<_> = request
            .tools
            .iter()
            .map(|tool| {
                json!({
                    "type": "function",
                    "name": tool.name,
                    "description": tool.description,
                    "parameters": tool.parameters,
                })
            })
            .collect();
        record_json(span, "gen_ai.tool.definitions", &tools);
    }
}

fn record_answer(span: &Span, engine: &Engine) {
    let answer = &engine.answer;
    let texts = [
        ("gen_ai.response.id", &answer.head.response_id),
        ("gen_ai.response.model", &answer.head.model),
        ("request_id", &answer.head.request_id),
    ];
    for (key, text) in texts {
        if let Some(text) = text {
            span.record(key, text.as_str());
        }
    }
    if let Some(reason) = &answer.finish {
        span.record("finish_reason", reason.as_str());
        record_json(span, "gen_ai.response.finish_reasons", &[reason]);
    }
    if let Some(time) = answer.time_to_first_token {
        span.record("gen_ai.response.time_to_first_chunk", time.as_secs_f64());
    }
    record_usage(span, engine.usage());
    if engine.captures_content && (answer.is_whole() || answer.has_content()) {
        record_json(span, "gen_ai.output.messages", &[answer.message()]);
    }
}

fn record_usage(span: &Span, usage: Usage) {
    let counts = [
        ("gen_ai.usage.input_tokens", usage.input_tokens),
        ("gen_ai.usage.output_tokens", usage.output_tokens),
        ("gen_ai.usage.cache_read.input_tokens", usage.cache_read_input_tokens),
        ("gen_ai.usage.cache_write.input_tokens", usage.cache_write_input_tokens),
        ("gen_ai.usage.reasoning.output_tokens", usage.reasoning_output_tokens),
    ];
    for (key, count) in counts {
        if let Some(count) = count {
            span.record(key, count);
        }
    }
}

fn record_error(span: &Span, error: &TurnError, description: fmt::Arguments<'_>) {
    span.record("error.type", &*error.error_type());
    span.record("otel.status_code", "ERROR");
    span.record("otel.status_description", tracing::field::display(description));
    if let Some(id) = error.model_error().and_then(|error| error.request_id.as_deref()) {
        span.record("request_id", id);
    }
}

fn record_json(span: &Span, key: &'static str, value: &impl Serialize) {
    if let Ok(text) = serde_json::to_string(value) {
        span.record(key, text.as_str());
    }
}
