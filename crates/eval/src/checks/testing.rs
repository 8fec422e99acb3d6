//! Traces for the tests of checks.

use probity_trace::{CaptureLimits, Dropped, TraceSnapshot, capture, testing::TraceBuilder};
use serde_json::Value;

/// Begins a trace with calls of these tools.
pub(super) fn tools(names: &[&str]) -> TraceBuilder {
    names.iter().fold(TraceBuilder::new(), |trace, name| tool(trace, name, None))
}

/// Adds the call of a tool.
pub(super) fn tool(trace: TraceBuilder, name: &str, arguments: Option<&Value>) -> TraceBuilder {
    trace.span(&format!("execute_tool {name}"), |span| {
        let span =
            span.field("gen_ai.operation.name", "execute_tool").field("gen_ai.tool.name", name);
        match arguments {
            Some(arguments) => span.field("gen_ai.tool.call.arguments", arguments.to_string()),
            None => span,
        }
    })
}

/// Adds the call of a model, with its tokens of input and output if they are known.
pub(super) fn chat(trace: TraceBuilder, model: &str, tokens: Option<(u64, u64)>) -> TraceBuilder {
    trace.span(&format!("chat {model}"), |span| {
        let span = span
            .field("gen_ai.operation.name", "chat")
            .field("gen_ai.provider.name", "acme")
            .field("gen_ai.request.model", model);
        match tokens {
            Some((input, output)) => span
                .field("gen_ai.usage.input_tokens", input)
                .field("gen_ai.usage.output_tokens", output),
            None => span,
        }
    })
}

/// Says that the capture dropped spans.
pub(super) fn dropped_spans(trace: TraceBuilder, count: u64) -> TraceBuilder {
    let mut dropped = Dropped::default();
    dropped.spans = count;
    trace.dropped(dropped)
}

/// Captures a call, if it is one of a tool that of `book`, with a field that is cut to so many bytes.
pub(super) fn capture_cut(operation: &str, key: &str, max_bytes: u32) -> TraceSnapshot {
    let text = serde_json::json!({"note": "x".repeat(200), "city": "Oslo"}).to_string();
    let work = async {
        let span = tracing::info_span!(
            "call",
            gen_ai.operation.name = operation,
            gen_ai.tool.name = "book"
        );
        span.in_scope(|| probity_trace::set_attribute(key, text));
    };
    let limits = CaptureLimits::default().with_max_field_bytes(max_bytes);
    futures::executor::block_on(capture(work).limits(limits)).trace
}
