//! Every key of the dialects beside the conventions, one by one.

use std::time::Duration;

use probity_trace::{
    Value,
    genai::{AgentCall, FinishReason, LlmCall, Message, Part, Role, ToolCall, Usage},
    testing::TraceBuilder,
};
use serde_json::json;

type Row = (&'static str, Value, fn(&LlmCall) -> bool);

fn text(value: &str) -> Value {
    Value::from(value.to_owned())
}

#[track_caller]
fn check(rows: Vec<Row>) {
    for (key, value, holds) in rows {
        let trace = TraceBuilder::new().open("call").field("judgment.span_kind", "llm");
        let trace = trace.field(key, value).build();
        let genai = trace.genai();
        assert_eq!(genai.unreadable(), [], "{key}");
        let [call] = genai.llm_calls() else { panic!("{key}: one call") };
        assert!(holds(call), "{key}: {call:?}");
        let node = trace.span("call").expect("the span").to_node();
        assert_eq!(LlmCall::from_span(&node).as_ref(), Some(call), "{key}");
    }
}

fn is_m(name: Option<&String>) -> bool {
    name.is_some_and(|name| name == "m")
}

#[test]
fn names_and_identifiers() {
    check(vec![
        ("llm.provider", text("m"), |call| is_m(call.provider.as_ref())),
        ("llm.system", text("m"), |call| is_m(call.provider.as_ref())),
        ("ai.model.provider", text("m"), |call| is_m(call.provider.as_ref())),
        ("ai.model.provider", text("openai.chat"), |call| {
            call.provider.as_deref() == Some("openai")
        }),
        ("judgment.llm.provider", text("m"), |call| is_m(call.provider.as_ref())),
        ("ai.model.id", text("m"), |call| is_m(call.request_model.as_ref())),
        ("llm.invocation_parameters", text(r#"{"model":"m"}"#), |call| {
            is_m(call.request_model.as_ref())
        }),
        ("gen_ai.prompt", text(r#"{"model":"m","messages":[]}"#), |call| {
            is_m(call.request_model.as_ref())
        }),
        ("input.value", text(r#"{"model":"m","input":[],"previous_response_id":"m"}"#), |call| {
            is_m(call.previous_response_id.as_ref())
        }),
        ("ai.response.model", text("m"), |call| is_m(call.response_model.as_ref())),
        ("llm.model_name", text("m"), |call| is_m(call.response_model.as_ref())),
        ("judgment.llm.model", text("m"), |call| is_m(call.response_model.as_ref())),
        ("output.value", text(r#"{"model":"m","choices":[]}"#), |call| {
            is_m(call.response_model.as_ref())
        }),
        ("ai.response.id", text("m"), |call| is_m(call.response_id.as_ref())),
        ("output.value", text(r#"{"id":"m","choices":[]}"#), |call| {
            is_m(call.response_id.as_ref())
        }),
        ("judgment.output", text(r#"{"id":"m","model":"m","output":[]}"#), |call| {
            is_m(call.response_id.as_ref())
        }),
        ("anthropic.request.id", text("m"), |call| is_m(call.request_id.as_ref())),
        ("agent.name", text("m"), |call| is_m(call.agent.as_ref())),
        ("agent_name", text("m"), |call| is_m(call.agent.as_ref())),
        ("judgment.agent_instance_name", text("m"), |call| is_m(call.agent.as_ref())),
        ("judgment.agent_class_name", text("m"), |call| is_m(call.agent.as_ref())),
    ]);
}

#[test]
fn conversations() {
    for key in [
        "judgment.session_id",
        "traceloop.association.properties.session_id",
        "traceloop.association.properties.thread_id",
        "traceloop.association.properties.conversation_id",
        "ai.telemetry.metadata.thread_id",
        "ai.telemetry.metadata.threadId",
        "ai.telemetry.metadata.session_id",
        "ai.telemetry.metadata.sessionId",
        "lunary.thread.id",
        "lunette.trajectory_id",
    ] {
        check(vec![(key, text("m"), |call| is_m(call.conversation_id.as_ref()))]);
        // A span that is no call says it for those in it.
        let trace = TraceBuilder::new().open("step").field(key, "m").open("call");
        let genai = trace.field("judgment.span_kind", "llm").build().genai();
        assert!(is_m(genai.llm_calls()[0].conversation_id.as_ref()), "{key}");
    }
}

#[test]
fn a_model_that_is_named_once_is_the_one_asked_for_if_the_call_failed() {
    for key in ["llm.model_name", "judgment.llm.model"] {
        let trace = TraceBuilder::new().open("call").field("judgment.span_kind", "llm");
        let genai = trace.field(key, "m").field("error.type", "x").build().genai();
        let call = &genai.llm_calls()[0];
        assert!(is_m(call.request_model.as_ref()) && call.response_model.is_none(), "{key}");
    }
}

#[test]
fn tokens() {
    let seven = || Value::from(7_u64);
    for key in [
        "llm.token_count.prompt",
        "ai.usage.inputTokens",
        "ai.usage.promptTokens",
        "ai.usage.tokens",
        "judgment.usage.non_cached_input_tokens",
        "ai.usage.inputTokenDetails.noCacheTokens",
    ] {
        check(vec![(key, seven(), |call| call.usage.input_tokens == Some(7))]);
    }
    for key in [
        "llm.token_count.completion",
        "ai.usage.outputTokens",
        "ai.usage.completionTokens",
        "judgment.usage.output_tokens",
    ] {
        check(vec![(key, seven(), |call| call.usage.output_tokens == Some(7))]);
    }
    for key in [
        "gen_ai.usage.details.cache_read_tokens",
        "llm.token_count.prompt_details.cache_read",
        "ai.usage.cachedInputTokens",
        "ai.usage.inputTokenDetails.cacheReadTokens",
        "judgment.usage.cache_read_input_tokens",
    ] {
        check(vec![(key, seven(), |call| call.usage.cache_read_input_tokens == Some(7))]);
    }
    for key in [
        "gen_ai.usage.details.cache_write_tokens",
        "llm.token_count.prompt_details.cache_write",
        "ai.usage.inputTokenDetails.cacheWriteTokens",
        "judgment.usage.cache_creation_input_tokens",
    ] {
        check(vec![(key, seven(), |call| call.usage.cache_write_input_tokens == Some(7))]);
    }
    for key in [
        "gen_ai.usage.details.reasoning_tokens",
        "llm.usage.reasoning_tokens",
        "llm.token_count.completion_details.reasoning",
        "ai.usage.reasoningTokens",
        "ai.usage.outputTokenDetails.reasoningTokens",
    ] {
        check(vec![(key, seven(), |call| call.usage.reasoning_output_tokens == Some(7))]);
    }
    let said = r#"{"id":"r","choices":[],"usage":{"prompt_tokens":7}}"#;
    check(vec![
        ("output.value", text(said), |call| call.usage.input_tokens == Some(7)),
        ("judgment.usage.metadata", text(r#"{"input_tokens":7}"#), |call| {
            call.usage.input_tokens == Some(7)
        }),
    ]);
}

#[test]
fn an_answer_shows_whether_the_input_was_counted_without_what_a_cache_knew() {
    let said = r#"{"message":{"content":"hi"},"usage":{"input_tokens":21,"output_tokens":9,
        "cache_read_input_tokens":7,"cache_creation_input_tokens":5}}"#;
    for (input, whole) in [(21, 33), (33, 33)] {
        let trace = TraceBuilder::new().open("call").field("gen_ai.operation.name", "chat");
        let trace = trace.field("gen_ai.usage.input_tokens", input).field("response_data", said);
        let genai = trace.build().genai();
        assert_eq!(genai.unreadable(), []);
        assert_eq!(genai.usage(), Usage::new(whole, 9).with_cache_read(7).with_cache_write(5));
    }
}

#[test]
fn what_is_missing_of_a_sum_is_known_from_it() {
    for key in [
        "gen_ai.usage.total_tokens",
        "llm.usage.total_tokens",
        "llm.token_count.total",
        "ai.usage.totalTokens",
    ] {
        for known in ["gen_ai.usage.input_tokens", "gen_ai.usage.output_tokens"] {
            let trace = TraceBuilder::new().open("call").field("llm.request.type", "chat");
            let usage = trace.field(known, 29).field(key, 40).build().genai().usage();
            assert_eq!(usage.total_tokens(), Some(40), "{key}");
            let both = [usage.input_tokens, usage.output_tokens];
            assert!(both == [Some(29), Some(11)] || both == [Some(11), Some(29)], "{both:?}");
        }
    }
}

#[test]
#[expect(clippy::too_many_lines, reason = "a table of keys")]
fn messages() {
    fn asks(call: &LlmCall) -> bool {
        call.input == [Message::text(Role::User, "hi")]
    }
    fn says(call: &LlmCall) -> bool {
        call.output == [Message::text(Role::Assistant, "hi")]
    }
    fn calls(call: &LlmCall) -> bool {
        let id = Some("c".to_owned());
        let part = Part::ToolCall { id, name: "t".to_owned(), arguments: json!({"a": 1}) };
        call.output == [Message::new(Role::Assistant, vec![part])]
    }
    let messages = r#"[{"role":"user","content":"hi"}]"#;
    let events = r#"[{"event.name":"gen_ai.user.message","role":"user","content":"hi"}]"#;
    let choice = r#"[{"event.name":"gen_ai.choice","message":{"content":"hi"}}]"#;
    let responses = r#"{"model":"m","output":[{"type":"message","role":"assistant","content":[{"type":"output_text","text":"hi"}]}]}"#;
    check(vec![
        ("gen_ai.prompt.0.content", text("hi"), asks),
        ("gen_ai.prompt.5.content", text(r#"[{"type":"text","text":"hi"}]"#), asks),
        ("llm.input_messages.0.message.content", text("hi"), asks),
        ("llm.input_messages.0.message.contents.0.message_content.text", text("hi"), asks),
        ("llm.prompts.0.prompt.text", text("hi"), asks),
        ("ai.prompt.messages", text(messages), asks),
        ("ai.prompt", text(r#"{"prompt":"hi"}"#), asks),
        ("ai.prompt", text(&format!("{{\"messages\":{messages}}}")), asks),
        ("gen_ai.prompt", text(&format!("{{\"model\":\"m\",\"messages\":{messages}}}")), asks),
        ("events", text(events), asks),
        ("request_data", text(&format!("{{\"model\":\"m\",\"messages\":{messages}}}")), asks),
        ("request_data", text(r#"{"model":"m","stream":true}"#), |call| call.input.is_empty()),
        ("input.value", text("hi"), asks),
        ("input.value", text(messages), asks),
        ("judgment.input", text("hi"), asks),
        ("traceloop.entity.input", text("hi"), asks),
        ("gen_ai.completion.0.content", text("hi"), says),
        ("llm.output_messages.0.message.content", text("hi"), says),
        ("llm.choices.0.completion.text", text("hi"), says),
        ("gen_ai.completion", text(r#"{"choices":[{"message":{"content":"hi"}}]}"#), says),
        ("gen_ai.completion", text(r#"{"choices":[{"text":"hi"}]}"#), says),
        ("response_data", text(r#"{"message":{"role":"assistant","content":"hi"}}"#), says),
        ("response_data", text(r#"{"combined_chunk_content":"hi","chunk_count":1}"#), says),
        ("output.value", text(responses), says),
        ("output.value", text("hi"), says),
        ("judgment.output", text("hi"), says),
        ("traceloop.entity.output", text("\"hi\""), says),
        ("events", text(choice), says),
        ("ai.response.text", text("hi"), says),
        ("ai.result.text", text("hi"), says),
        ("ai.response.object", text("hi"), says),
        (
            "ai.response.toolCalls",
            text(r#"[{"toolCallId":"c","toolName":"t","input":"{\"a\":1}"}]"#),
            calls,
        ),
        (
            "ai.result.toolCalls",
            text(r#"[{"toolCallId":"c","toolName":"t","args":{"a":1}}]"#),
            calls,
        ),
        (
            "judgment.output",
            text(
                r#"{"role":"assistant","function_call":{"id":"c","name":"t","arguments":"{\"a\":1}"}}"#,
            ),
            calls,
        ),
        ("ai.response.reasoning", text("hm"), |call| {
            call.output[0].parts == [Part::Reasoning { content: "hm".to_owned() }]
        }),
        (
            "gen_ai.completion.0.reasoning",
            text(r#"[{"type":"summary_text","text":"hm"}]"#),
            |call| call.output[0].parts == [Part::Reasoning { content: "hm".to_owned() }],
        ),
    ]);
}

#[test]
fn reasons_to_stop_and_times() {
    for key in [
        "llm.finish_reason",
        "ai.response.finishReason",
        "ai.finishReason",
        "anthropic.message.stop_reason",
    ] {
        check(vec![(key, text("tool_use"), |call| {
            call.finish_reasons == [FinishReason::ToolCall]
        })]);
    }
    check(vec![
        ("gen_ai.completion.0.finish_reason", text("length"), |call| {
            call.finish_reasons == [FinishReason::Length]
        }),
        (
            "output.value",
            text(r#"{"content":[],"role":"assistant","stop_reason":"max_tokens"}"#),
            |call| call.finish_reasons == [FinishReason::Length],
        ),
        ("gen_ai.server.time_to_first_token", 0.5.into(), |call| {
            call.time_to_first_token == Some(Duration::from_millis(500))
        }),
        ("ai.response.msToFirstChunk", 18.5.into(), |call| {
            call.time_to_first_token == Some(Duration::from_micros(18_500))
        }),
        ("ai.stream.msToFirstChunk", 18.into(), |call| {
            call.time_to_first_token == Some(Duration::from_millis(18))
        }),
    ]);
}

#[test]
fn tool_calls() {
    type Row = (&'static str, &'static str, fn(&ToolCall) -> bool);
    let rows: [Row; 21] = [
        ("tool.name", "m", |call| call.name == "m"),
        ("tool_call.function.name", "m", |call| call.name == "m"),
        ("ai.toolCall.name", "m", |call| call.name == "m"),
        ("traceloop.entity.name", "m", |call| call.name == "m"),
        ("tool_call.id", "m", |call| is_m(call.id.as_ref())),
        ("ai.toolCall.id", "m", |call| is_m(call.id.as_ref())),
        ("tool_arguments", "{\"a\":1}", |call| call.arguments == Some(json!({"a": 1}))),
        ("tool_call.function.arguments", "{\"a\":1}", |call| {
            call.arguments == Some(json!({"a": 1}))
        }),
        ("ai.toolCall.args", "{\"a\":1}", |call| call.arguments == Some(json!({"a": 1}))),
        ("ai.toolCall.input", "{\"a\":1}", |call| call.arguments == Some(json!({"a": 1}))),
        ("traceloop.entity.input", "{\"a\":1}", |call| call.arguments == Some(json!({"a": 1}))),
        ("input.value", "{\"a\":1}", |call| call.arguments == Some(json!({"a": 1}))),
        ("judgment.input", "{\"a\":1}", |call| call.arguments == Some(json!({"a": 1}))),
        ("tool_response", "72F", |call| call.result == Some(json!("72F"))),
        ("tool_output", "72F", |call| call.result == Some(json!("72F"))),
        ("ai.toolCall.result", "72F", |call| call.result == Some(json!("72F"))),
        ("ai.toolCall.output", "72F", |call| call.result == Some(json!("72F"))),
        ("traceloop.entity.output", "72F", |call| call.result == Some(json!("72F"))),
        ("output.value", "72F", |call| call.result == Some(json!("72F"))),
        ("judgment.output", "72F", |call| call.result == Some(json!("72F"))),
        ("agent_name", "m", |call| is_m(call.agent.as_ref())),
    ];
    for (key, value, holds) in rows {
        let trace = TraceBuilder::new().open("call").field("openinference.span.kind", "TOOL");
        let trace = trace.field(key, value).build();
        let genai = trace.genai();
        assert_eq!(genai.unreadable(), [], "{key}");
        assert!(holds(&genai.tool_calls()[0]), "{key}: {:?}", genai.tool_calls());
        let node = trace.span("call").expect("the span").to_node();
        assert_eq!(ToolCall::from_span(&node).as_ref(), genai.tool_calls().first(), "{key}");
    }
}

fn asked(run: &AgentCall) -> bool {
    run.input == [Message::text(Role::User, "hi")]
}

fn answered(run: &AgentCall) -> bool {
    run.output == [Message::text(Role::Assistant, "ho")]
}

#[test]
fn runs_of_agents() {
    type Row = (&'static str, &'static str, fn(&AgentCall) -> bool);
    let said = r#"[{"role":"user","content":"hi"},{"role":"assistant","content":"ho"}]"#;
    let rows: [Row; 14] = [
        ("judgment.agent_id", "m", |run| is_m(run.id.as_ref())),
        ("agent.name", "m", |run| is_m(run.name.as_ref())),
        ("traceloop.entity.name", "m", |run| is_m(run.name.as_ref())),
        ("input.value", "hi", asked),
        ("judgment.input", "hi", asked),
        ("traceloop.entity.input", "hi", asked),
        ("pydantic_ai.all_messages", said, asked),
        ("all_messages_events", said, asked),
        ("pydantic_ai.all_messages", said, answered),
        ("all_messages_events", said, answered),
        ("final_result", "ho", answered),
        ("output.value", "ho", answered),
        ("judgment.output", "ho", answered),
        ("traceloop.entity.output", "ho", answered),
    ];
    for (key, value, holds) in rows {
        let trace = TraceBuilder::new().open("run").field("openinference.span.kind", "AGENT");
        let trace = trace.field(key, value).build();
        let genai = trace.genai();
        assert_eq!(genai.unreadable(), [], "{key}");
        assert!(holds(&genai.agents()[0]), "{key}: {:?}", genai.agents());
        let node = trace.span("run").expect("the span").to_node();
        assert_eq!(AgentCall::from_span(&node).as_ref(), genai.agents().first(), "{key}");
    }
}

#[test]
fn a_run_that_was_stopped_at_a_tool_has_no_answer() {
    let said = r#"[{"role":"user","content":"hi"},
        {"role":"assistant","tool_calls":[{"id":"c","function":{"name":"t","arguments":"{}"}}]}]"#;
    let trace = TraceBuilder::new().open("run").field("openinference.span.kind", "AGENT");
    let genai = trace.field("pydantic_ai.all_messages", said).build().genai();
    assert_eq!(genai.agents()[0].input.len(), 2);
    assert_eq!(genai.agents()[0].output, []);
}

#[test]
fn an_empty_list_of_messages_does_not_hide_those_under_another_key() {
    let trace = TraceBuilder::new().open("chat").field("gen_ai.operation.name", "chat");
    let trace = trace
        .field("gen_ai.input.messages", "[]")
        .field("llm.input_messages.0.message.role", "user");
    let trace = trace.field("llm.input_messages.0.message.content", "hi").build();
    let genai = trace.genai();
    assert_eq!(genai.llm_calls()[0].input, [Message::text(Role::User, "hi")]);
    assert_eq!(genai.unreadable(), []);
}
