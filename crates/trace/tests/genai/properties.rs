//! What holds for every trace, whatever its attributes.

use probity_trace::{
    TraceSnapshot, Value,
    genai::{AgentCall, GenAi, LlmCall, ToolCall},
    testing::TraceBuilder,
};
use proptest::{
    collection::vec,
    prelude::*,
    sample::select,
    test_runner::{Config, RngSeed},
};

/// The same cases in every run.
fn seeded() -> Config {
    Config { rng_seed: RngSeed::Fixed(2_026), failure_persistence: None, ..Config::default() }
}

const KEYS: &[&str] = &[
    "gen_ai.operation.name",
    "gen_ai.provider.name",
    "gen_ai.request.model",
    "gen_ai.response.id",
    "gen_ai.response.finish_reasons",
    "gen_ai.response.time_to_first_chunk",
    "gen_ai.conversation.id",
    "gen_ai.agent.name",
    "gen_ai.input.messages",
    "gen_ai.output.messages",
    "gen_ai.system_instructions",
    "gen_ai.prompt",
    "gen_ai.completion",
    "gen_ai.tool.name",
    "gen_ai.tool.call.id",
    "gen_ai.tool.call.arguments",
    "gen_ai.tool.call.result",
    "gen_ai.tool.call.outcome",
    "gen_ai.usage.input_tokens",
    "gen_ai.usage.output_tokens",
    "gen_ai.usage.cache_read.input_tokens",
    "gen_ai.usage.reasoning_tokens",
    "error.type",
    "exception.type",
    "otel.status_code",
    "session.id",
    "probity.attempts",
    "request_id",
    "body",
    "content",
    "openinference.span.kind",
    "llm.model_name",
    "llm.provider",
    "llm.invocation_parameters",
    "llm.input_messages.0.message.role",
    "llm.input_messages.0.message.content",
    "llm.input_messages.0.message",
    "llm.input_messages.1.message.contents.0.message_content.text",
    "llm.output_messages.0.message.tool_calls.0.tool_call.function.name",
    "llm.output_messages.0.message.tool_calls.0.tool_call.id",
    "llm.token_count.total",
    "llm.token_count.prompt",
    "input.value",
    "output.value",
    "llm.request.type",
    "gen_ai.prompt.0.role",
    "gen_ai.prompt.0.content",
    "gen_ai.prompt.99999999999999999999.role",
    "gen_ai.completion.0.content",
    "gen_ai.completion.0.tool_calls.0.name",
    "gen_ai.completion.0.tool_calls.0.arguments",
    "gen_ai.completion.0.finish_reason",
    "traceloop.span.kind",
    "traceloop.entity.name",
    "traceloop.entity.input",
    "traceloop.entity.output",
    "ai.operationId",
    "ai.prompt",
    "ai.prompt.messages",
    "ai.response.text",
    "ai.response.toolCalls",
    "ai.response.msToFirstChunk",
    "ai.toolCall.args",
    "agent_name",
    "model_name",
    "events",
    "all_messages_events",
    "pydantic_ai.all_messages",
    "final_result",
    "tool_response",
    "judgment.span_kind",
    "judgment.input",
    "judgment.output",
    "judgment.llm.model",
    "judgment.usage.non_cached_input_tokens",
    "judgment.usage.metadata",
    "lunette.trajectory_id",
];

const SPANS: &[&str] = &["chat", "llm_turn", "execute_tool a", "step"];

const EVENTS: &[&str] =
    &["gen_ai.user.message", "gen_ai.choice", "gen_ai.content.prompt", "exception"];

const TEXTS: &[&str] = &[
    "",
    "chat",
    "execute_tool",
    "invoke_agent",
    "embeddings",
    "LLM",
    "TOOL",
    "AGENT",
    "llm",
    "tool",
    "agent",
    "ai.generateText",
    "ai.toolCall",
    "a",
    "None",
    "Some(\"a\")",
    "17",
    "[]",
    "[\"stop\"]",
    "null",
    r#"[{"role":"user","content":"a"}]"#,
    r#"[{"role":"user","parts":[{"type":"text","content":"a"}]},{"role":"assistant","content":"b"}]"#,
    r#"[{"role":"assistant","tool_calls":[{"id":"a","function":{"name":"a","arguments":"{}"}}]}]"#,
    r#"[{"role":"tool","parts":[{"type":"tool_call_response","id":"a","result":null}]}]"#,
    r#"[{"type":"text"},{"type":"tool_use","name":"a"},3]"#,
    r#"{"message":{"message":{}},"finish_reason":3}"#,
    r#"{"model":"m","messages":[{"role":"user","content":"a"}],"system":"b"}"#,
    r#"{"id":"a","model":"m","choices":[{"message":{"content":"a"}}],"usage":{"prompt_tokens":7}}"#,
    r#"{"id":"a","model":"m","output":[{"type":"reasoning"},{"type":"message","content":["a"]}]}"#,
    r#"[{"event.name":"gen_ai.choice","message":{"role":"assistant","content":"a"}}]"#,
    r#"[{"toolCallId":"a","toolName":"a","input":"{}"}]"#,
];

fn value() -> impl Strategy<Value = Value> {
    prop_oneof![
        6 => select(TEXTS).prop_map(Value::from),
        1 => select(TEXTS).prop_map(|text| Value::Debug(text.to_owned())),
        1 => any::<String>().prop_map(Value::from),
        1 => "[\\[\\]{}:,\"a0-]{0,12}".prop_map(Value::from),
        1 => any::<i64>().prop_map(Value::from),
        1 => (0..100_u64).prop_map(Value::from),
        1 => any::<f64>().prop_map(Value::from),
        1 => any::<bool>().prop_map(Value::from),
        1 => any::<u128>().prop_map(Value::from),
    ]
}

#[derive(Debug, Clone)]
enum Step {
    Open(&'static str, &'static str),
    Close,
    Event(&'static str),
    Field(&'static str, Value),
    Cut,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => (select(SPANS), select(&["probity::x", "app"][..]))
            .prop_map(|(name, target)| Step::Open(name, target)),
        2 => Just(Step::Close),
        1 => select(EVENTS).prop_map(Step::Event),
        12 => (select(KEYS), value()).prop_map(|(key, value)| Step::Field(key, value)),
        1 => Just(Step::Cut),
    ]
}

fn trace() -> impl Strategy<Value = TraceSnapshot> {
    vec(step(), 0..60).prop_map(|steps| {
        let apply = |trace: TraceBuilder, step| match step {
            Step::Open(name, target) => trace.open(name).target(target),
            Step::Close => trace.close(),
            Step::Event(name) => trace.event("said").name(name),
            Step::Field(key, value) => trace.field(key, value),
            Step::Cut => trace.cut(),
        };
        steps.into_iter().fold(TraceBuilder::new(), apply).build()
    })
}

/// Returns whether a value of an attribute that is a number can be read, by the words of its rule.
fn is_count(value: &Value) -> bool {
    let in_range =
        |number: f64| number.fract() == 0.0 && (0.0..=9_007_199_254_740_992.0).contains(&number);
    match value {
        Value::Str(text) | Value::Debug(text) => text.trim().parse::<f64>().is_ok_and(in_range),
        Value::Bool(_) => false,
        number => number.as_ref().as_f64().is_some_and(in_range),
    }
}

proptest! {
    #![proptest_config(seeded())]

    #[test]
    fn any_attributes_make_a_view(trace in trace()) {
        let genai = trace.genai();
        let spans = trace.len();
        prop_assert!(genai.llm_calls().len() <= spans);
        prop_assert!(genai.agents().len() <= spans);
        prop_assert!(genai.llm_calls().iter().all(|call| call.attempts >= 1));
        prop_assert!(genai.llm_calls().is_sorted_by_key(|call| call.started_at));
        prop_assert!(genai.tool_calls().is_sorted_by_key(|call| call.started_at));
        let is_span = |id| trace.all_spans().any(|span| span.id() == id);
        prop_assert!(genai.llm_calls().iter().all(|call| is_span(call.span)));
        prop_assert!(genai.tool_calls().iter().all(|call| is_span(call.span)));
        for unreadable in genai.unreadable() {
            let span = trace.all_spans().find(|span| span.id() == unreadable.span).expect("a span");
            let has = span.field(&unreadable.key).is_some() || span.events().len() > 0;
            prop_assert!(has, "{unreadable:?}");
            prop_assert!(unreadable.reason.len() < 200, "{unreadable:?}");
        }
    }

    #[test]
    fn a_view_comes_back_from_its_json(trace in trace()) {
        let genai = trace.genai();
        let json = serde_json::to_string(&genai).expect("JSON");
        prop_assert_eq!(serde_json::from_str::<GenAi>(&json).expect("a view"), genai);
    }

    #[test]
    fn every_call_is_in_one_conversation_and_every_answer_too(trace in trace()) {
        let genai = trace.genai();
        let spoke = genai.llm_calls().iter().filter(|call| !(call.input.is_empty() && call.output.is_empty()));
        let mut expected: Vec<_> = spoke.clone().map(|call| call.span).collect();
        let conversations = genai.conversations();
        let mut found: Vec<_> = conversations.iter().flat_map(|talk| talk.calls.clone()).collect();
        expected.sort_unstable();
        found.sort_unstable();
        prop_assert_eq!(found, expected);
        let messages = genai.messages();
        let answers: usize = spoke.clone().map(|call| call.output.len()).sum();
        let said: usize = spoke.map(|call| call.input.len() + call.output.len()).sum();
        if !conversations.iter().all(|talk| talk.calls.is_empty()) {
            prop_assert!((answers..=said).contains(&messages.len()));
        }
    }

    #[test]
    fn the_readers_of_single_spans_never_panic(trace in trace()) {
        for span in trace.all_spans() {
            let node = span.to_node();
            let kinds = [
                LlmCall::from_span(&node).is_some(),
                ToolCall::from_span(&node).is_some(),
                AgentCall::from_span(&node).is_some(),
            ];
            prop_assert!(kinds.iter().filter(|is| **is).count() <= 1);
        }
    }

    #[test]
    fn every_count_is_read_or_told(value in value()) {
        let trace = TraceBuilder::new()
            .open("chat")
            .field("gen_ai.operation.name", "chat")
            .field("gen_ai.usage.output_tokens", value.clone())
            .build();
        let genai = trace.genai();
        prop_assert_eq!(genai.usage().output_tokens.is_some(), is_count(&value), "{:?}", value);
        prop_assert_eq!(genai.unreadable().is_empty(), is_count(&value), "{:?}", value);
    }
}
