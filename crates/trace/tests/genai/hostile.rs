//! What is wrong in an attribute of any dialect is told beside the view, under the key that has it, and
//! what is right beside it is read.

use std::time::{Duration, Instant};

use probity_trace::{
    TraceSnapshot, Value,
    genai::{Part, Unreadable},
    testing::TraceBuilder,
};
use serde_json::{Map, json};

use crate::families::otlp::{Raw, snapshot};

/// What makes a span a call of a dialect.
type Kind = &'static [(&'static str, &'static str)];

const OPENINFERENCE: Kind = &[("openinference.span.kind", "LLM")];
const OPENLLMETRY: Kind = &[("llm.request.type", "chat")];
const VERCEL: Kind = &[("ai.operationId", "ai.generateText.doGenerate")];
const PYDANTIC: Kind = &[("gen_ai.operation.name", "chat")];
const PYDANTIC_RUN: Kind = &[("agent_name", "a"), ("model_name", "m")];
const JUDGMENT: Kind = &[("judgment.span_kind", "llm")];

fn trace(kind: Kind, key: &str, value: impl Into<Value>) -> TraceBuilder {
    let open = TraceBuilder::new().open("call");
    kind.iter().fold(open, |trace, (key, text)| trace.field(key, *text)).field(key, value)
}

#[track_caller]
fn told(trace: TraceBuilder, key: &str) -> Unreadable {
    let trace = trace.build();
    let genai = trace.genai();
    let [unreadable] = genai.unreadable() else {
        panic!("{key}: one unreadable attribute, found {:?}", genai.unreadable())
    };
    assert_eq!(unreadable.key, key);
    assert!(unreadable.reason.len() < 200, "{key}: {}", unreadable.reason);
    unreadable.clone()
}

#[track_caller]
fn check(kind: Kind, key: &str, value: impl Into<Value>, expected: &str) {
    let reason = told(trace(kind, key, value), key).reason;
    assert!(reason.contains(expected), "{key}: {reason}");
}

#[test]
fn json_that_ends_too_early() {
    for (kind, key, text) in [
        (OPENINFERENCE, "input.value", r#"{"model":"m","messages":[{"role":"us"#),
        (OPENINFERENCE, "output.value", r#"{"id":"r","choices":[{"mess"#),
        (OPENLLMETRY, "gen_ai.prompt.0.content", r#"[{"type":"text","te"#),
        (VERCEL, "ai.prompt.messages", r#"[{"role":"user","con"#),
        (VERCEL, "ai.prompt", r#"{"prompt":"Summ"#),
        (VERCEL, "ai.response.toolCalls", r#"[{"toolCallId":"c"#),
        (PYDANTIC, "events", r#"[{"event.name":"gen_ai.user.mess"#),
        (PYDANTIC_RUN, "all_messages_events", r#"[{"role":"#),
        (PYDANTIC_RUN, "pydantic_ai.all_messages", r#"[{"role":"#),
        (JUDGMENT, "gen_ai.completion", r#"{"id":"r","choices":"#),
        (JUDGMENT, "judgment.input", r#"{"messages":[{"role":"user"#),
        (JUDGMENT, "judgment.usage.metadata", r#"{"prompt_tok"#),
        (OPENINFERENCE, "llm.invocation_parameters", r#"{"model":"#),
    ] {
        check(kind, key, text, "is no JSON");
    }
}

#[test]
fn escapes_that_stand_for_nothing() {
    for escape in ["\\ud800", "\\u00", "\\x41", "\\"] {
        for (kind, key) in [
            (PYDANTIC, "gen_ai.input.messages"),
            (VERCEL, "ai.prompt.messages"),
            (OPENINFERENCE, "input.value"),
            (JUDGMENT, "gen_ai.prompt"),
        ] {
            let text = format!("[{{\"role\":\"user\",\"content\":\"{escape}\"}}]");
            check(kind, key, text, "is no JSON");
        }
    }
}

#[test]
fn values_of_other_types() {
    for (kind, key) in [
        (OPENINFERENCE, "llm.token_count.prompt"),
        (OPENLLMETRY, "llm.usage.reasoning_tokens"),
        (VERCEL, "ai.usage.cachedInputTokens"),
        (PYDANTIC, "gen_ai.usage.details.cache_write_tokens"),
        (JUDGMENT, "judgment.usage.non_cached_input_tokens"),
    ] {
        check(kind, key, "many", "a text, not a count");
        check(kind, key, true, "a boolean, not a count");
        check(kind, key, -1, "negative");
        check(kind, key, u64::MAX, "greater than 2^53");
        check(kind, key, 1e300, "greater than 2^53");
    }
    for (kind, key) in [
        (OPENINFERENCE, "llm.model_name"),
        (OPENLLMETRY, "traceloop.association.properties.session_id"),
        (VERCEL, "ai.model.id"),
        (JUDGMENT, "judgment.session_id"),
        (PYDANTIC, "lunette.trajectory_id"),
    ] {
        check(kind, key, 1.5, "a floating-point number, not a text");
    }
    check(VERCEL, "ai.response.msToFirstChunk", "soon", "not a number of milliseconds");
    check(VERCEL, "ai.response.msToFirstChunk", 1e300, "no number of milliseconds");
    check(VERCEL, "ai.response.toolCalls", "{\"a\":1}", "an object, not a list");
    check(VERCEL, "ai.response.toolCalls", "[1]", "a tool call is a number");
    check(VERCEL, "ai.prompt.messages", "17", "neither a list nor an object");
    check(OPENINFERENCE, "llm.input_messages.0.message.tool_calls", "x", "a text, not a list");
    check(OPENINFERENCE, "llm.input_messages.0.message.role", 1, "a role is a number");
    check(OPENLLMETRY, "gen_ai.prompt.0.role", u128::MAX, "which JSON has not");
}

#[test]
fn what_a_provider_says_of_the_tokens_that_are_no_counts() {
    let usage = r#"{"id":"r","choices":[],"usage":{"prompt_tokens":-1}}"#;
    check(OPENINFERENCE, "output.value", usage, "its prompt_tokens is no count");
    let details = r#"{"completion_tokens":1e300}"#;
    check(JUDGMENT, "judgment.usage.metadata", details, "its completion_tokens is no count");
    check(JUDGMENT, "judgment.usage.metadata", "[1]", "is no object");
    let parts = r#"{"prompt_tokens":1,"prompt_tokens_details":{"cached_tokens":8}}"#;
    check(JUDGMENT, "judgment.usage.metadata", parts, "is 1, less than the 8 tokens");
}

#[test]
fn names_of_spans_that_are_no_texts() {
    for key in ["openinference.span.kind", "ai.operationId", "judgment.span_kind"] {
        check(&[], key, 1.5, "a floating-point number, not a text");
    }
}

#[test]
fn sums_that_say_less_than_their_parts_or_nothing_of_them() {
    check(OPENLLMETRY, "llm.usage.total_tokens", 40, "nothing says how much of it is input");
    let less = trace(OPENINFERENCE, "llm.token_count.total", 7).field("llm.token_count.prompt", 9);
    let reason = told(less, "llm.token_count.total").reason;
    assert!(reason.contains("less than the 9 tokens"), "{reason}");
}

#[test]
fn what_cannot_be_read_in_one_piece_leaves_the_others() {
    let trace = trace(OPENLLMETRY, "gen_ai.prompt.0.role", "user")
        .field("gen_ai.prompt.0.content", "hello")
        .field("gen_ai.prompt.0.content.0.text", "lost")
        .field("gen_ai.prompt.0x.role", "lost")
        .field("gen_ai.completion.0.content", "[{\"type\":");
    let genai = trace.build().genai();
    let call = &genai.llm_calls()[0];
    assert_eq!(call.input[0].content(), "hello");
    assert_eq!(call.output[0].content(), "[{\"type\":");
    let keys: Vec<_> = genai.unreadable().iter().map(|it| it.key.as_ref()).collect();
    assert_eq!(keys, ["gen_ai.completion.0.content", "gen_ai.prompt.0.content.0.text"]);
    assert!(genai.unreadable()[1].reason.contains("1 more like it"));
}

#[test]
fn pieces_that_the_capture_cut_may_hide_tool_calls() {
    let key = "llm.output_messages.0.message.content";
    let found = told(trace(OPENINFERENCE, key, "the first half").cut(), key);
    assert!(found.cut && found.may_hide_tool_calls());
    let key = "ai.response.toolCalls";
    assert!(told(trace(VERCEL, key, "[{\"toolC").cut(), key).may_hide_tool_calls());
    let tool = &[("judgment.span_kind", "tool")];
    let found = told(trace(tool, "judgment.input", "{\"city\":\"Os").cut(), "judgment.input");
    assert!(found.are_cut_arguments());
}

fn in_time<T>(work: impl FnOnce() -> T) -> T {
    let started = Instant::now();
    let done = work();
    assert!(started.elapsed() < Duration::from_mins(1), "took {:?}", started.elapsed());
    done
}

/// A trace of one span, which is read from its JSON as a receiver would make it.
fn of_attributes(attributes: Map<String, serde_json::Value>) -> TraceSnapshot {
    let (id, name) = (format!("{:016x}", 1), "call".to_owned());
    snapshot(vec![Raw { id, name, started: 1, ended: 2, attributes, ..Raw::default() }])
}

#[test]
fn ten_thousand_tool_calls_in_thirty_thousand_attributes() {
    let mut attributes = Map::new();
    attributes.insert("llm.request.type".to_owned(), json!("chat"));
    for number in 0..10_000 {
        let key = |of: &str| format!("gen_ai.completion.0.tool_calls.{number}.{of}");
        attributes.insert(key("id"), json!(format!("c{number}")));
        attributes.insert(key("name"), json!("step"));
        attributes.insert(key("arguments"), json!(format!("{{\"number\":{number}}}")));
    }
    let trace = of_attributes(attributes);
    let genai = in_time(|| trace.genai());
    assert_eq!(genai.unreadable(), []);
    let parts = &genai.llm_calls()[0].output[0].parts;
    assert_eq!(parts.len(), 10_000);
    let Some(Part::ToolCall { id, arguments, .. }) = parts.last() else { panic!("a tool call") };
    assert_eq!((id.as_deref(), arguments), (Some("c9999"), &json!({"number": 9_999})));
}

#[test]
fn texts_of_ten_megabytes_in_every_dialect() {
    let text = "word ".repeat(2_000_000);
    let message = json!([{"role": "user", "content": text}]).to_string();
    for (kind, key, value) in [
        (OPENINFERENCE, "llm.input_messages.0.message.content", &text),
        (OPENLLMETRY, "gen_ai.prompt.0.content", &text),
        (VERCEL, "ai.prompt.messages", &message),
        (PYDANTIC, "events", &message),
        (JUDGMENT, "judgment.input", &text),
    ] {
        let trace = trace(kind, key, value.clone()).build();
        let genai = in_time(|| trace.genai());
        assert_eq!(genai.unreadable(), [], "{key}");
        assert_eq!(genai.llm_calls()[0].input[0].content().len(), text.len(), "{key}");
    }
}
