//! Spans as genai 0.7.2 emits them with its feature `otel`: never entered, so that tools lie beside
//! calls; errors with a status; answers of tools under `result`.

use std::time::Duration;

use probity_trace::{
    genai::{CallError, FinishReason, Message, Part, Role, Usage},
    testing::TraceBuilder,
};
use serde_json::json;

fn chat(trace: TraceBuilder) -> TraceBuilder {
    trace
        .open("genai.chat")
        .target("genai::otel::span")
        .field("otel.name", "chat gpt-fake")
        .field("otel.kind", "client")
        .field("gen_ai.operation.name", "chat")
        .field("gen_ai.provider.name", "openai")
        .field("gen_ai.request.model", "gpt-fake")
        .field("gen_ai.request.stream", false)
        .field("gen_ai.request.temperature", 0.2)
        .field("gen_ai.request.max_tokens", 64_i64)
        .field("gen_ai.request.seed", 7_i64)
        .field("server.address", "127.0.0.1")
        .field("server.port", 33_291_i64)
}

fn answer(trace: TraceBuilder, reason: &str) -> TraceBuilder {
    trace
        .field("gen_ai.response.model", "gpt-fake-2")
        .field("gen_ai.response.finish_reasons", json!([reason]).to_string())
        .field("gen_ai.usage.input_tokens", 42_i64)
        .field("gen_ai.usage.output_tokens", 7_i64)
        .field("gen_ai.usage.cache_read.input_tokens", 8_i64)
        .field("gen_ai.usage.cache_creation.input_tokens", 2_i64)
        .field("gen_ai.usage.reasoning.output_tokens", 3_i64)
        .field("gen_ai.response.time_to_first_chunk", 0.25)
}

#[test]
fn calls_are_read() {
    let trace = answer(chat(TraceBuilder::new()), "tool_calls").close().build();
    let genai = trace.genai();
    let [call] = genai.llm_calls() else { panic!("one call") };
    assert_eq!(call.finish_reasons, [FinishReason::ToolCall]);
    assert_eq!(
        call.usage,
        Usage::new(42, 7).with_cache_read(8).with_cache_write(2).with_reasoning(3)
    );
    assert_eq!(call.time_to_first_token, Some(Duration::from_millis(250)));
    assert_eq!(call.model(), Some("gpt-fake-2"));
    assert_eq!(call.response_id, None);
    assert_eq!(call.duration, Some(Duration::from_millis(1)));
    assert_eq!(genai.unreadable(), []);
}

#[test]
fn errors_are_those_of_the_status() {
    for error_type in ["429", "response_invalid_json"] {
        let trace = chat(TraceBuilder::new())
            .field("otel.status_code", "error")
            .field("error.type", error_type)
            .close()
            .build();
        let genai = trace.genai();
        assert_eq!(genai.llm_calls()[0].error, Some(CallError::new(error_type)));
        assert_eq!(genai.unreadable(), []);
    }
}

#[test]
fn tools_beside_the_calls_are_joined_with_what_the_calls_say() {
    let parts = |role: &str, part: serde_json::Value| json!({"role": role, "parts": [part]});
    let question = parts("user", json!({"type": "text", "content": "Weather in Paris?"}));
    let asked = parts(
        "assistant",
        json!({"type": "tool_call", "id": "call_1", "name": "get_weather",
               "arguments": {"city": "Paris"}}),
    );
    let answered =
        parts("tool", json!({"type": "tool_call_response", "id": "call_1", "result": "18"}));
    let done = parts("assistant", json!({"type": "text", "content": "18 degrees."}));

    let first = chat(TraceBuilder::new())
        .field("gen_ai.system_instructions", r#"[{"type":"text","content":"Be terse."}]"#)
        .field("gen_ai.input.messages", json!([question]).to_string())
        .field("gen_ai.output.messages", json!([asked]).to_string());
    let tool = answer(first, "tool_calls")
        .close()
        .open("genai.execute_tool")
        .target("genai::otel::agent")
        .field("otel.name", "execute_tool get_weather")
        .field("gen_ai.operation.name", "execute_tool")
        .field("gen_ai.tool.name", "get_weather")
        .field("gen_ai.tool.call.id", "call_1")
        .close();
    let second = chat(tool)
        .field("gen_ai.input.messages", json!([question, asked, answered]).to_string())
        .field("gen_ai.output.messages", json!([done]).to_string());
    let genai = answer(second, "stop").close().build().genai();

    let [tool] = genai.tool_calls() else { panic!("one call of a tool") };
    assert_eq!(tool.arguments, Some(json!({"city": "Paris"})));
    assert_eq!(tool.result, Some(json!(18)));
    assert_eq!(tool.duration, Some(Duration::from_millis(1)));
    let messages = genai.messages();
    assert_eq!(messages[0], Message::text(Role::System, "Be terse."));
    let response = Part::ToolCallResponse { id: Some("call_1".to_owned()), response: json!(18) };
    assert_eq!(messages[3], Message::new(Role::Tool, vec![response]));
    assert_eq!(messages.len(), 5);
    assert_eq!(genai.conversations().len(), 1);
}

#[test]
fn runs_of_agents_are_read_and_their_making_is_not() {
    let agent = |trace: TraceBuilder, operation: &str| {
        trace
            .open("genai.agent")
            .field("gen_ai.operation.name", operation)
            .field("gen_ai.agent.name", "planner")
            .field("gen_ai.agent.id", "a-1")
            .field("gen_ai.provider.name", "openai")
            .field("gen_ai.request.model", "gpt-fake")
    };
    let trace = agent(TraceBuilder::new(), "create_agent").close();
    let trace = chat(agent(trace, "invoke_agent")).close().close();
    let trace = trace.span("genai.plan", |plan| {
        plan.field("gen_ai.operation.name", "plan").field("gen_ai.agent.name", "planner")
    });
    let genai = trace.build().genai();
    let [agent] = genai.agents() else { panic!("one run") };
    assert_eq!((agent.name.as_deref(), agent.id.as_deref()), (Some("planner"), Some("a-1")));
    let [call] = genai.llm_calls() else { panic!("one call") };
    assert_eq!(call.agent.as_deref(), Some("planner"));
}
