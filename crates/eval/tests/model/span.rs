//! The span of a turn.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use futures::TryStreamExt as _;
use probity_eval::{
    Budget, Llm, Session, TurnError,
    model::ToolDefinition,
    scripted::{Fault, Reply, ScriptedModel, WhenUsedUp},
};
use probity_trace::{TraceSnapshot, capture, genai::Usage};
use serde_json::{Value, json};
use tracing::{Event, Metadata, Subscriber, field::Field, span};

use crate::support::{Verdict, llm, spending, text, turn, without_model};

/// Everything that a turn can say of itself.
fn telling() -> Reply {
    Reply::text("It will rain.")
        .with_reasoning("Clouds.")
        .with_tool_call("umbrella", json!({"size": "big"}))
        .with_usage(Usage::new(90, 40).with_cache_read(60).with_cache_write(20).with_reasoning(10))
        .with_model("scripted-1-2026")
}

fn session() -> Session {
    let mut session = Session::new();
    session.push_system("Be brief.");
    session.push_user("Shall I go out?");
    session
}

async fn asked(llm: Llm) -> TraceSnapshot {
    let tool = ToolDefinition::new("umbrella", "Opens it.", json!({"type": "object"}));
    let asking =
        session().text_turn(&llm).tool(tool).temperature(0.5).max_output_tokens(100).seed(7);
    capture(asking.collect()).await.map(|answer| answer.unwrap()).trace
}

#[tokio::test]
async fn a_turn_is_a_span_with_the_attributes_of_the_conventions() {
    let model = ScriptedModel::replies([telling()]).with_provider("openai").with_name("gpt-5");
    let trace = asked(llm(&model)).await;
    let span = turn(&trace);
    for (key, expected) in [
        ("otel.name", "chat gpt-5"),
        ("otel.kind", "client"),
        ("gen_ai.operation.name", "chat"),
        ("gen_ai.provider.name", "openai"),
        ("gen_ai.request.model", "gpt-5"),
        ("gen_ai.request.temperature", "0.5"),
        ("gen_ai.request.max_tokens", "100"),
        ("gen_ai.request.seed", "7"),
        ("gen_ai.output.type", "text"),
        ("gen_ai.response.id", "resp_0"),
        ("gen_ai.response.model", "scripted-1-2026"),
        ("gen_ai.response.finish_reasons", r#"["tool_call"]"#),
        ("gen_ai.usage.input_tokens", "90"),
        ("gen_ai.usage.output_tokens", "40"),
        ("gen_ai.usage.cache_read.input_tokens", "60"),
        ("gen_ai.usage.cache_write.input_tokens", "20"),
        ("gen_ai.usage.reasoning.output_tokens", "10"),
        ("request_id", "req_0"),
        ("finish_reason", "tool_call"),
        ("probity.attempts", "1"),
    ] {
        assert_eq!(text(span, key).as_deref(), Some(expected), "{key}");
    }
    let first = span.field("gen_ai.response.time_to_first_chunk").unwrap().as_f64().unwrap();
    assert!((0.0..span.duration().as_secs_f64()).contains(&first), "{first}");
    for absent in ["error.type", "otel.status_code", "probity.stopped_by"] {
        assert_eq!(text(span, absent), None, "{absent}");
    }
    assert!(!span.is_open());
}

#[tokio::test]
async fn messages_are_kept_off_the_span_unless_they_are_wanted() {
    let trace = asked(llm(&ScriptedModel::replies([telling()]))).await;
    let json = trace.to_json().unwrap();
    for said in ["Be brief", "Shall I", "rain", "Clouds", "umbrella", "big", "Opens it"] {
        assert!(!json.contains(said), "{said:?} is in {json}");
    }
}

#[tokio::test]
async fn messages_that_are_wanted_are_recorded_in_the_shape_of_the_conventions() {
    let trace = asked(llm(&ScriptedModel::replies([telling()])).with_content_capture(true)).await;
    let span = turn(&trace);
    let json = |key| -> Value {
        serde_json::from_str(span.field(key).unwrap().as_str().unwrap()).unwrap()
    };
    assert_eq!(
        json("gen_ai.system_instructions"),
        json!([{"type": "text", "content": "Be brief."}])
    );
    assert_eq!(
        json("gen_ai.input.messages"),
        json!([{"role": "user", "parts": [{"type": "text", "content": "Shall I go out?"}]}])
    );
    assert_eq!(
        json("gen_ai.output.messages"),
        json!([{"role": "assistant", "parts": [
            {"type": "reasoning", "content": "Clouds."},
            {"type": "text", "content": "It will rain."},
            {"type": "tool_call", "id": "call_0_0", "name": "umbrella", "arguments": {"size": "big"}},
        ]}])
    );
    assert_eq!(
        json("gen_ai.tool.definitions"),
        json!([{"type": "function", "name": "umbrella", "description": "Opens it.",
                "parameters": {"type": "object"}}])
    );
}

#[tokio::test]
async fn the_genai_view_sees_a_turn_as_one_call() {
    let trace = asked(llm(&ScriptedModel::replies([telling()]))).await;
    let genai = trace.genai();
    let [call] = genai.llm_calls() else { panic!("{genai:?}") };
    assert_eq!(
        call.usage,
        Usage::new(90, 40).with_cache_read(60).with_cache_write(20).with_reasoning(10)
    );
    assert_eq!(trace.genai().usage(), call.usage);
    assert_eq!((call.model(), call.attempts), (Some("scripted-1-2026"), 1));
    assert_eq!(call.error, None);
}

#[tokio::test]
async fn a_turn_that_fails_says_so_on_its_span() {
    let broken = Fault::status(500).with_body("out of order");
    let model = ScriptedModel::replies([broken]).when_used_up(WhenUsedUp::Repeat);
    let llm = llm(&model);
    let collected = capture(llm.completion("?").collect()).await;
    let span = turn(&collected.trace);
    let words = "the provider failed (status 500): out of order (request req_2) (after 3 attempts)";
    assert_eq!(collected.output.unwrap_err().to_string(), words);
    for (key, expected) in [
        ("error.type", "500"),
        ("otel.status_code", "ERROR"),
        ("otel.status_description", words),
        ("finish_reason", "error"),
        ("request_id", "req_2"),
        ("probity.attempts", "3"),
    ] {
        assert_eq!(text(span, key).as_deref(), Some(expected), "{key}");
    }
}

#[tokio::test]
async fn a_turn_that_breaks_off_says_what_had_come() {
    let reply = telling().with_fault(Fault::status(529).with_body("overloaded").after_deltas(3));
    let llm = llm(&ScriptedModel::replies([reply])).with_content_capture(true);
    let reading = async { llm.completion("?").stream().try_for_each(async |_| Ok(())).await };
    let collected = capture(reading).await;
    let span = turn(&collected.trace);
    let error = collected.output.unwrap_err();
    assert_eq!(error.to_string(), "the provider failed: overloaded");
    for (key, expected) in [
        ("error.type", "server_error"),
        ("finish_reason", "error"),
        ("gen_ai.response.id", "resp_0"),
        ("gen_ai.response.model", "scripted-1-2026"),
        ("request_id", "req_0"),
    ] {
        assert_eq!(text(span, key).as_deref(), Some(expected), "{key}");
    }
    assert!(span.field("gen_ai.response.time_to_first_chunk").is_some());
    let output = text(span, "gen_ai.output.messages").unwrap();
    assert!(output.contains("It will") && !output.contains("rain"), "{output}");
}

#[tokio::test]
async fn errors_that_are_not_the_model_s_have_names_of_their_own() {
    #[track_caller]
    fn check(trace: &TraceSnapshot, error_type: &str, finish: Option<&str>) {
        let span = turn(trace);
        assert_eq!(text(span, "error.type").as_deref(), Some(error_type));
        assert_eq!(text(span, "otel.status_code").as_deref(), Some("ERROR"));
        assert_eq!(text(span, "finish_reason").as_deref(), finish);
    }
    let trace = capture(without_model().completion("?").collect()).await.trace;
    check(&trace, "no_model", Some("error"));
    let poor = spending(&ScriptedModel::replies(["never"]), Budget::unlimited().max_requests(0));
    let trace = capture(poor.completion("?").collect()).await.trace;
    check(&trace, "budget_exceeded", Some("error"));

    let model = ScriptedModel::replies([Reply::refusal("I do not."), "no JSON".into()]);
    let llm = llm(&model);
    let trace = capture(llm.structured::<Verdict>("?").collect()).await.trace;
    check(&trace, "refused", Some("content_filter"));
    let trace = capture(llm.structured::<Verdict>("?").collect()).await.trace;
    check(&trace, "invalid_answer", Some("stop"));
}

#[tokio::test]
async fn what_is_wrong_with_an_answer_is_recorded_only_where_messages_are() {
    let said = r#"{"score": "said by the model", "reason": ""}"#;
    for (captures, expected) in [(false, 0), (true, 1)] {
        let llm = llm(&ScriptedModel::replies([said])).with_content_capture(captures);
        let collected = capture(llm.structured::<Verdict>("?").collect()).await;
        assert!(matches!(collected.output, Err(TurnError::Invalid { .. })));
        let description = text(turn(&collected.trace), "otel.status_description").unwrap();
        assert!(description.starts_with("the answer is not what was asked for"), "{description}");
        assert_eq!(description.matches("said by the model").count(), expected, "{description}");
    }
}

/// Counts the fields that a span `llm_turn` declares.
#[derive(Clone, Default)]
struct CountsFields(Arc<AtomicUsize>);

impl Subscriber for CountsFields {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, span: &span::Attributes<'_>) -> span::Id {
        if span.metadata().name() == "llm_turn" {
            self.0
                .store(span.metadata().fields().iter().map(|_: Field| 1).sum(), Ordering::Relaxed);
        }
        span::Id::from_u64(1)
    }

    fn record(&self, _: &span::Id, _: &span::Record<'_>) {}
    fn record_follows_from(&self, _: &span::Id, _: &span::Id) {}
    fn event(&self, _: &Event<'_>) {}
    fn enter(&self, _: &span::Id) {}
    fn exit(&self, _: &span::Id) {}
}

#[test]
fn a_span_has_no_more_fields_than_every_version_of_tracing_allows() {
    let counted = CountsFields::default();
    let llm = llm(&ScriptedModel::replies(["hi"]));
    tracing::subscriber::with_default(counted.clone(), || drop(llm.completion("?").stream()));
    let fields = counted.0.load(Ordering::Relaxed);
    assert!((20..=32).contains(&fields), "{fields}");
}
