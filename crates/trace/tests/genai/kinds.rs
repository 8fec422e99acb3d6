//! What a span is by the words of each dialect.

use probity_trace::{TraceSnapshot, genai::GenAi, testing::TraceBuilder};

/// What a view has: model calls, tool calls, runs of agents.
fn counts(genai: &GenAi) -> [usize; 3] {
    [genai.llm_calls().len(), genai.tool_calls().len(), genai.agents().len()]
}

fn span(fields: &[(&str, &str)]) -> TraceSnapshot {
    let open = TraceBuilder::new().open("it");
    fields.iter().fold(open, |trace, (key, value)| trace.field(key, *value)).build()
}

#[track_caller]
fn check(key: &str, names: &[&str], expected: [usize; 3]) {
    for name in names {
        let trace = span(&[(key, name)]);
        let genai = trace.genai();
        assert_eq!(counts(&genai), expected, "{key} = {name}");
        assert_eq!(trace.has_llm_calls(), expected[0] == 1, "{key} = {name}");
        assert_eq!(genai.unreadable(), [], "{key} = {name}");
    }
}

const MODEL: [usize; 3] = [1, 0, 0];
const TOOL: [usize; 3] = [0, 1, 0];
const AGENT: [usize; 3] = [0, 0, 1];
const NOTHING: [usize; 3] = [0, 0, 0];

#[test]
fn each_dialect_has_its_names() {
    let key = "openinference.span.kind";
    check(key, &["LLM", "llm", "EMBEDDING", "RERANKER"], MODEL);
    check(key, &["TOOL"], TOOL);
    check(key, &["AGENT"], AGENT);
    check(key, &["CHAIN", "RETRIEVER", "GUARDRAIL", "EVALUATOR", "PROMPT", "UNKNOWN"], NOTHING);

    let key = "ai.operationId";
    for of in ["generateText", "streamText", "generateObject", "streamObject", "embed", "embedMany"]
    {
        let does = match of {
            "embed" | "embedMany" => "doEmbed",
            of if of.starts_with("stream") => "doStream",
            _ => "doGenerate",
        };
        check(key, &[&format!("ai.{of}"), &format!("ai.{of}.{does}")], MODEL);
    }
    check(key, &["ai.toolCall"], TOOL);
    check(key, &["ai.something"], NOTHING);

    check("llm.request.type", &["chat", "completion", "embedding", "rerank"], MODEL);
    check("llm.request.type", &["unknown"], NOTHING);
    check("traceloop.span.kind", &["tool"], TOOL);
    check("traceloop.span.kind", &["agent"], AGENT);
    check("traceloop.span.kind", &["task", "workflow"], NOTHING);

    let key = "judgment.span_kind";
    check(key, &["llm"], MODEL);
    check(key, &["tool"], TOOL);
    check(key, &["agent"], AGENT);
    check(key, &["span", "function", "generator", "generator_item"], NOTHING);
}

#[test]
fn spans_without_a_name_are_known_by_what_they_have() {
    for (fields, expected) in [
        (vec![("agent_name", "a"), ("model_name", "m")], AGENT),
        (vec![("agent_name", "a"), ("final_result", "r")], AGENT),
        (vec![("agent_name", "a"), ("all_messages_events", "[]")], AGENT),
        (vec![("agent_name", "a")], NOTHING),
        (vec![("model_name", "m")], NOTHING),
        (vec![("llm.model_name", "m"), ("llm.provider", "openai")], MODEL),
        (vec![("llm.model_name", "m")], NOTHING),
        (
            vec![
                ("judgment.span_kind", "function"),
                ("judgment.llm.model", "m"),
                ("judgment.llm.provider", "p"),
            ],
            MODEL,
        ),
        (vec![("ai.toolCall.name", "t")], TOOL),
        (vec![("lunette.sample", "s"), ("lunette.trajectory_id", "t")], NOTHING),
    ] {
        assert_eq!(counts(&span(&fields).genai()), expected, "{fields:?}");
    }
}

#[test]
fn the_conventions_go_before_other_dialects() {
    let both = [("openinference.span.kind", "CHAIN"), ("gen_ai.operation.name", "chat")];
    assert_eq!(counts(&span(&both).genai()), MODEL);
    let evaluation = [("openinference.span.kind", "LLM"), ("gen_ai.operation.name", "evaluation")];
    assert_eq!(counts(&span(&evaluation).genai()), NOTHING);
    let unknown = [("openinference.span.kind", "LLM"), ("gen_ai.operation.name", "responses")];
    assert_eq!(span(&unknown).genai().llm_calls()[0].operation, "responses");
}

#[test]
fn operations_are_in_the_words_of_the_conventions() {
    for (key, name, expected) in [
        ("openinference.span.kind", "LLM", "chat"),
        ("openinference.span.kind", "EMBEDDING", "embeddings"),
        ("openinference.span.kind", "RERANKER", "rerank"),
        ("ai.operationId", "ai.embed.doEmbed", "embeddings"),
        ("llm.request.type", "completion", "chat"),
        ("judgment.span_kind", "llm", "chat"),
    ] {
        assert_eq!(span(&[(key, name)]).genai().llm_calls()[0].operation, expected, "{name}");
    }
}

#[test]
fn what_is_called_has_the_name_of_its_span_where_nothing_names_it() {
    for key in ["openinference.span.kind", "judgment.span_kind"] {
        assert_eq!(span(&[(key, "tool")]).genai().tool_calls()[0].name, "it");
        let genai = span(&[(key, "agent")]).genai();
        assert_eq!(genai.agents()[0].name.as_deref(), Some("it"));
    }
    let named = [("traceloop.span.kind", "tool"), ("traceloop.entity.name", "weather")];
    assert_eq!(span(&named).genai().tool_calls()[0].name, "weather");
}

#[test]
fn a_call_around_those_that_the_sdk_sends_does_not_count() {
    let step = |trace: TraceBuilder, tokens: u64| {
        trace
            .open("ai.generateText.doGenerate")
            .field("ai.operationId", "ai.generateText.doGenerate")
            .field("ai.usage.promptTokens", tokens)
            .close()
    };
    let open = TraceBuilder::new()
        .open("ai.generateText")
        .field("ai.operationId", "ai.generateText")
        .field("ai.usage.promptTokens", 5);
    let trace = step(step(open.clone(), 2), 3);
    let genai = trace.build().genai();
    assert_eq!((genai.llm_calls().len(), genai.usage().input_tokens), (2, Some(5)));
    // Where those within were not sampled, it stands for them.
    assert_eq!(open.build().genai().usage().input_tokens, Some(5));
}
