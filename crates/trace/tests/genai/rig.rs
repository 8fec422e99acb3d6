//! Spans as rig 0.44 emits them: static names, usage recorded twice, answers of tools in the role of the
//! user, run totals on the agent's span, nothing at all on failure.

use probity_trace::{
    SpanRef, TraceSnapshot, Value,
    genai::{CallError, FinishReason, GenAi, Message, Part, Role, Usage},
    testing::TraceBuilder,
};
use serde_json::json;

/// A model call of an agent, with what is recorded at its end.
fn chat(trace: TraceBuilder, response: &str, usage: [u64; 4]) -> TraceBuilder {
    let [input, output, cached, reasoning] = usage;
    trace
        .open("chat")
        .target("rig::agent_chat")
        .field("rig.completion_parent", true)
        .field("gen_ai.operation.name", "chat")
        .field("gen_ai.agent.name", "weather-bot")
        .field("gen_ai.provider.name", "openai")
        .field("gen_ai.request.model", "gpt-fake")
        .field("gen_ai.request.stream", false)
        .field("rig.provider_request_id", "req_abc")
        .field("gen_ai.response.id", response)
        // Streaming records usage twice, and the last write counts.
        .field("gen_ai.usage.input_tokens", 1_u64)
        .field("gen_ai.usage.input_tokens", input)
        .field("gen_ai.usage.output_tokens", output)
        .field("gen_ai.usage.cache_read.input_tokens", cached)
        .field("gen_ai.usage.reasoning_tokens", reasoning)
}

fn tool(trace: TraceBuilder) -> TraceBuilder {
    trace
        .open("execute_tool")
        .target("rig_agent::agent::telemetry")
        .field("gen_ai.operation.name", "execute_tool")
        .field("gen_ai.tool.type", "function")
        .field("gen_ai.tool.name", "get_weather")
        .field("gen_ai.tool.call.id", Value::Debug("call_1".to_owned()))
        .field("gen_ai.tool.call.outcome", "success")
}

/// An agent run without an ambient span, content off.
fn run() -> TraceSnapshot {
    let trace = TraceBuilder::new()
        .open("invoke_agent")
        .target("rig_agent::agent::telemetry")
        .field("gen_ai.operation.name", "invoke_agent")
        .field("gen_ai.agent.name", "weather-bot")
        .field("gen_ai.usage.input_tokens", 84_u64)
        .field("gen_ai.usage.output_tokens", 14_u64);
    let trace = chat(trace, "chatcmpl-1", [42, 7, 8, 3]).close();
    let trace = tool(trace).event("inside the tool body").field("city", "Paris").close();
    chat(trace, "chatcmpl-2", [42, 7, 8, 3]).close().close().build()
}

/// The same agent in a span of the program's, content on.
fn run_with_content() -> TraceSnapshot {
    let system = json!([{"type": "text", "content": "You are terse."}]).to_string();
    let question = json!([
        {"role": "system", "parts": [{"type": "text", "content": "You are terse."}]},
        {"role": "user", "parts": [{"type": "text", "content": "Weather in Paris?"}]},
    ]);
    let asked = json!({"role": "assistant", "parts": [
        {"type": "tool_call", "id": "call_1", "name": "get_weather", "arguments": {"city": "Paris"}},
    ]});
    let answered = json!({"role": "user", "parts": [
        {"type": "tool_call_response", "id": "call_1", "response": {"city": "Paris", "temp_c": 18}},
    ]});
    let mut history = question.as_array().unwrap().clone();
    history.extend([asked.clone(), answered]);
    let mut output = asked;
    output["finish_reason"] = json!("tool_call");
    let last = json!([{"role": "assistant", "parts": [{"type": "text", "content": "18 degrees."}],
                       "finish_reason": "unknown"}]);

    let trace = TraceBuilder::new().open("trial").field("case", "paris").field("trial", 0_u64);
    let trace = chat(trace, "chatcmpl-1", [42, 7, 8, 3])
        .field("gen_ai.system_instructions", system.clone())
        .field("gen_ai.input.messages", question.to_string())
        .field("gen_ai.output.messages", json!([output]).to_string())
        .close();
    let trace = tool(trace)
        .field("gen_ai.tool.call.arguments", r#"{"city":"Paris"}"#)
        .field("gen_ai.tool.call.result", r#"{"city":"Paris","temp_c":18}"#)
        .close();
    chat(trace, "chatcmpl-2", [60, 5, 8, 0])
        .field("gen_ai.system_instructions", system)
        .field("gen_ai.input.messages", json!(history).to_string())
        .field("gen_ai.output.messages", last.to_string())
        .close()
        .close()
        .build()
}

#[track_caller]
fn readable(trace: &TraceSnapshot) -> GenAi {
    let genai = trace.genai();
    assert_eq!(genai.unreadable(), []);
    genai
}

#[test]
fn calls_are_read_and_run_totals_are_not_counted() {
    let trace = run();
    let genai = readable(&trace);
    let usage = Usage::new(42, 7).with_cache_read(8).with_reasoning(3);
    assert_eq!(genai.llm_calls().len(), 2);
    assert_eq!(genai.usage(), [usage, usage].into_iter().sum());
    let call = &genai.llm_calls()[0];
    assert_eq!(call.usage, usage);
    assert_eq!(call.operation, "chat");
    assert_eq!(call.provider.as_deref(), Some("openai"));
    assert_eq!(call.model(), Some("gpt-fake"));
    assert_eq!(call.response_id.as_deref(), Some("chatcmpl-1"));
    assert_eq!(call.request_id.as_deref(), Some("req_abc"));
    assert_eq!(call.agent.as_deref(), Some("weather-bot"));
    assert_eq!((call.attempts, &call.error), (1, &None));
    assert_eq!(Some(call.span), trace.span("chat").map(SpanRef::id));
    assert_eq!(genai.messages(), []);
}

#[test]
fn the_tool_and_the_agent_are_read() {
    let genai = readable(&run());
    let [tool] = genai.tool_calls() else { panic!("one call of a tool") };
    assert_eq!((tool.name.as_str(), tool.id.as_deref()), ("get_weather", Some("call_1")));
    assert_eq!(tool.agent.as_deref(), Some("weather-bot"));
    assert_eq!((&tool.arguments, &tool.result, &tool.error), (&None, &None, &None));
    let [agent] = genai.agents() else { panic!("one run of an agent") };
    assert_eq!(agent.name.as_deref(), Some("weather-bot"));
}

#[test]
fn finish_reasons_come_from_the_messages_and_unknown_is_none() {
    let genai = readable(&run_with_content());
    let reasons: Vec<_> = genai.llm_calls().iter().map(|call| &call.finish_reasons[..]).collect();
    assert_eq!(reasons, [&[FinishReason::ToolCall][..], &[][..]]);
}

#[test]
fn instructions_that_are_recorded_twice_are_sent_once() {
    let genai = readable(&run_with_content());
    let roles: Vec<_> = genai.llm_calls()[0].input.iter().map(|message| &message.role).collect();
    assert_eq!(roles, [&Role::System, &Role::User]);
}

#[test]
fn the_conversation_has_each_message_once_and_the_tool_in_its_own_role() {
    let genai = readable(&run_with_content());
    let arguments = json!({"city": "Paris"});
    let call = Part::ToolCall { id: Some("call_1".into()), name: "get_weather".into(), arguments };
    assert_eq!(
        genai.messages(),
        [
            Message::text(Role::System, "You are terse."),
            Message::text(Role::User, "Weather in Paris?"),
            Message::new(Role::Assistant, vec![call]),
            Message::tool_response("call_1", json!({"city": "Paris", "temp_c": 18})),
            Message::text(Role::Assistant, "18 degrees."),
        ]
    );
}

#[test]
fn a_tool_call_that_spans_and_messages_show_is_there_once() {
    let genai = readable(&run_with_content());
    let [tool] = genai.tool_calls() else { panic!("one call of a tool") };
    assert_eq!(tool.arguments, Some(json!({"city": "Paris"})));
    assert_eq!(tool.result, Some(json!({"city": "Paris", "temp_c": 18})));
}

#[test]
fn failed_tools_say_why_by_outcome_and_type() {
    #[track_caller]
    fn check(outcome: &str, error_type: Option<&str>, expected: Option<&str>) {
        let mut trace = tool(TraceBuilder::new()).field("gen_ai.tool.call.outcome", outcome);
        if let Some(error_type) = error_type {
            trace = trace.field("gen_ai.tool.error.type", error_type);
        }
        let genai = readable(&trace.close().build());
        assert_eq!(genai.tool_calls()[0].error, expected.map(CallError::new));
    }
    check("success", None, None);
    check("error", Some("timeout"), Some("timeout"));
    check("error", None, Some("error"));
    check("denied", None, Some("denied"));
    check("skipped", None, Some("skipped"));
}

#[test]
fn a_call_that_failed_without_a_word_is_a_call() {
    let trace = TraceBuilder::new()
        .open("chat")
        .target("rig::completions")
        .field("gen_ai.operation.name", "chat")
        .field("gen_ai.provider.name", "openai")
        .field("gen_ai.request.model", "gpt-fake")
        .field("rig.provider_request_id", "req_429")
        .close()
        .build();
    let genai = readable(&trace);
    let [call] = genai.llm_calls() else { panic!("one call") };
    assert_eq!(call.request_id.as_deref(), Some("req_429"));
    assert_eq!(call.usage, Usage::default());
}

#[test]
fn the_prompt_and_the_completion_of_a_run_stand_in_for_messages_that_calls_lack() {
    let agent = |trace: TraceBuilder| {
        trace
            .open("invoke_agent")
            .field("gen_ai.operation.name", "invoke_agent")
            .field("gen_ai.agent.name", "weather-bot")
            .field("gen_ai.prompt", "Weather in Paris?")
            .field("gen_ai.completion", "18 degrees.")
    };
    let said = [
        Message::text(Role::User, "Weather in Paris?"),
        Message::text(Role::Assistant, "18 degrees."),
    ];
    let trace = chat(agent(TraceBuilder::new()), "chatcmpl-1", [1, 2, 0, 0]).build();
    assert_eq!(readable(&trace).messages(), said);

    let question = json!([{"role": "user", "content": "Hello?"}]).to_string();
    let trace = chat(agent(TraceBuilder::new()), "chatcmpl-1", [1, 2, 0, 0])
        .field("gen_ai.input.messages", question)
        .build();
    assert_eq!(readable(&trace).messages(), [Message::text(Role::User, "Hello?")]);
}

#[test]
fn a_tool_call_with_malformed_arguments_gets_its_name_from_the_messages() {
    // rig answers such a call itself, and its span says no more than that it was one.
    let asked = json!([{"role": "assistant", "parts": [
        {"type": "tool_call", "id": "call_1", "name": "get_weather", "arguments": "{\"city"}]}]);
    let history = json!([
        {"role": "user", "parts": [{"type": "text", "content": "Weather?"}]}, asked[0],
        {"role": "user", "parts": [
            {"type": "tool_call_response", "id": "call_1", "response": "not a JSON object"}]},
    ]);
    let trace = chat(TraceBuilder::new(), "chatcmpl-1", [1, 2, 0, 0])
        .field("gen_ai.input.messages", json!([history[0]]).to_string())
        .field("gen_ai.output.messages", asked.to_string())
        .close()
        .span("execute_tool", |tool| tool.field("gen_ai.operation.name", "execute_tool"));
    let trace = chat(trace, "chatcmpl-2", [1, 2, 0, 0])
        .field("gen_ai.input.messages", history.to_string())
        .build();
    let genai = readable(&trace);
    let [tool] = genai.tool_calls() else { panic!("one call of a tool") };
    assert_eq!((tool.name.as_str(), tool.id.as_deref()), ("get_weather", Some("call_1")));
    assert_eq!(tool.arguments, Some(json!("{\"city")));
    assert_eq!(Some(tool.span), trace.span("execute_tool").map(SpanRef::id));
}
