//! Every key of every dialect, one by one.

use std::time::Duration;

use probity_trace::{
    Value,
    genai::{CallError, FinishReason, LlmCall, Message, Part, Role},
    testing::TraceBuilder,
};
use serde_json::json;

/// A field, and what a call says because of it.
type Row = (&'static str, Value, fn(&LlmCall) -> bool);

fn text(value: &str) -> Value {
    Value::Str(value.to_owned())
}

#[track_caller]
fn check(operation: &str, rows: Vec<Row>) {
    for (key, value, holds) in rows {
        let span = TraceBuilder::new().open("call").field("gen_ai.operation.name", operation);
        let trace = span.field(key, value).build();
        let genai = trace.genai();
        assert_eq!(genai.unreadable(), [], "{key}");
        let [call] = genai.llm_calls() else { panic!("{key}: one call") };
        assert!(holds(call), "{key}: {call:?}");

        // A probe that sees the span alone reads the same.
        let node = trace.span("call").expect("the span").to_node();
        assert_eq!(LlmCall::from_span(&node).as_ref(), Some(call), "{key}");
    }
}

#[test]
fn names_and_identifiers() {
    check(
        "chat",
        vec![
            ("gen_ai.provider.name", text("x"), |call| call.provider.as_deref() == Some("x")),
            ("gen_ai.system", text("x"), |call| call.provider.as_deref() == Some("x")),
            ("gen_ai.request.model", text("m"), |call| call.request_model.as_deref() == Some("m")),
            ("gen_ai.response.model", text("m"), |call| call.model() == Some("m")),
            ("gen_ai.response.id", text("r"), |call| call.response_id.as_deref() == Some("r")),
            ("gen_ai.response.id", 17_u8.into(), |call| call.response_id.as_deref() == Some("17")),
            ("gen_ai.request.previous_response.id", text("r"), |call| {
                call.previous_response_id.as_deref() == Some("r")
            }),
            ("request_id", text("r"), |call| call.request_id.as_deref() == Some("r")),
            ("rig.provider_request_id", text("r"), |call| call.request_id.as_deref() == Some("r")),
            ("gen_ai.conversation.id", text("c"), |call| {
                call.conversation_id.as_deref() == Some("c")
            }),
            ("session.id", text("c"), |call| call.conversation_id.as_deref() == Some("c")),
            ("gen_ai.agent.name", text("a"), |call| call.agent.as_deref() == Some("a")),
            ("gen_ai.agent.name", Value::Debug("\"a\"".to_owned()), |call| {
                call.agent.as_deref() == Some("a")
            }),
            ("gen_ai.agent.name", Value::Debug("Some(\"a\")".to_owned()), |call| {
                call.agent.as_deref() == Some("a")
            }),
            ("gen_ai.agent.name", Value::Debug("None".to_owned()), |call| call.agent.is_none()),
            ("gen_ai.agent.name", text(""), |call| call.agent.is_none()),
        ],
    );
}

#[test]
fn tokens() {
    check(
        "chat",
        vec![
            ("gen_ai.usage.input_tokens", 7_i64.into(), |call| call.usage.input_tokens == Some(7)),
            ("gen_ai.usage.input_tokens", text("7"), |call| call.usage.input_tokens == Some(7)),
            ("gen_ai.usage.input_tokens", 7.0.into(), |call| call.usage.input_tokens == Some(7)),
            ("gen_ai.usage.input_tokens", 0.into(), |call| call.usage.input_tokens == Some(0)),
            ("gen_ai.usage.prompt_tokens", 7.into(), |call| call.usage.input_tokens == Some(7)),
            ("gen_ai.usage.output_tokens", 7.into(), |call| call.usage.output_tokens == Some(7)),
            ("gen_ai.usage.completion_tokens", 7.into(), |call| {
                call.usage.output_tokens == Some(7)
            }),
            ("gen_ai.usage.cache_read.input_tokens", 7.into(), |call| {
                call.usage.cache_read_input_tokens == Some(7)
            }),
            ("gen_ai.usage.cache_read_input_tokens", 7.into(), |call| {
                call.usage.cache_read_input_tokens == Some(7)
            }),
            ("gen_ai.usage.cached_input_tokens", 7.into(), |call| {
                call.usage.cache_read_input_tokens == Some(7)
            }),
            ("gen_ai.usage.cache_write.input_tokens", 7.into(), |call| {
                call.usage.cache_write_input_tokens == Some(7)
            }),
            ("gen_ai.usage.cache_creation.input_tokens", 7.into(), |call| {
                call.usage.cache_write_input_tokens == Some(7)
            }),
            ("gen_ai.usage.cache_creation_input_tokens", 7.into(), |call| {
                call.usage.cache_write_input_tokens == Some(7)
            }),
            ("gen_ai.usage.cache_write_input_tokens", 7.into(), |call| {
                call.usage.cache_write_input_tokens == Some(7)
            }),
            ("gen_ai.usage.reasoning.output_tokens", 7.into(), |call| {
                call.usage.reasoning_output_tokens == Some(7)
            }),
            ("gen_ai.usage.reasoning_tokens", 7.into(), |call| {
                call.usage.reasoning_output_tokens == Some(7)
            }),
        ],
    );
}

#[test]
fn messages() {
    fn says_hello(call: &LlmCall) -> bool {
        call.input == [Message::text(Role::User, "hello")]
            || call.output == [Message::text(Role::Assistant, "hello")]
    }
    let current = r#"[{"role":"user","parts":[{"type":"text","content":"hello"}]}]"#;
    let answered = r#"[{"role":"assistant","parts":[{"type":"text","content":"hello"}]}]"#;
    let twice = serde_json::to_string(current).expect("JSON");
    check(
        "chat",
        vec![
            ("gen_ai.input.messages", text(current), says_hello),
            ("gen_ai.input.messages", Value::Debug(current.to_owned()), says_hello),
            ("gen_ai.input.messages", Value::Debug(twice), says_hello),
            ("gen_ai.input.messages", text(r#"[{"role":"user","content":"hello"}]"#), says_hello),
            ("gen_ai.input.messages", text(r#"{"role":"user","content":"hello"}"#), says_hello),
            ("gen_ai.input.messages", text(r#"["hello"]"#), says_hello),
            ("gen_ai.input.messages", text("[]"), |call| call.input.is_empty()),
            ("gen_ai.input.messages", text("null"), |call| call.input.is_empty()),
            ("gen_ai.prompt", text(current), says_hello),
            ("gen_ai.prompt", text("hello"), says_hello),
            ("gen_ai.prompt", text("\"hello\""), says_hello),
            ("gen_ai.output.messages", text(answered), says_hello),
            ("gen_ai.output.messages", text(r#"[{"message":{"content":"hello"}}]"#), says_hello),
            ("gen_ai.completion", text("hello"), says_hello),
            ("gen_ai.system_instructions", text("Be kind."), |call| {
                call.input == [Message::text(Role::System, "Be kind.")]
            }),
            (
                "gen_ai.system_instructions",
                text(r#"[{"type":"text","content":"Be "},{"type":"text","content":"kind."}]"#),
                |call| call.input[0].content() == "Be kind." && call.input.len() == 1,
            ),
            ("gen_ai.system_instructions", text(r#"["Be kind."]"#), |call| {
                call.input == [Message::text(Role::System, "Be kind.")]
            }),
        ],
    );
}

#[test]
fn reasons_to_stop_and_times() {
    fn is_tool_call(call: &LlmCall) -> bool {
        call.finish_reasons == [FinishReason::ToolCall]
    }
    check(
        "chat",
        vec![
            ("gen_ai.response.finish_reasons", text(r#"["tool_calls"]"#), is_tool_call),
            ("gen_ai.response.finish_reasons", text("tool_use"), is_tool_call),
            (
                "gen_ai.response.finish_reasons",
                Value::Debug(r#"["tool-calls"]"#.into()),
                is_tool_call,
            ),
            ("gen_ai.response.finish_reasons", text("[]"), |call| call.finish_reasons.is_empty()),
            ("finish_reason", text("function_call"), is_tool_call),
            (
                "gen_ai.output.messages",
                text(r#"[{"role":"assistant","parts":[],"finish_reason":"tool_call"}]"#),
                is_tool_call,
            ),
            ("gen_ai.response.time_to_first_chunk", 0.25.into(), |call| {
                call.time_to_first_token == Some(Duration::from_millis(250))
            }),
            ("gen_ai.response.time_to_first_chunk", 2.into(), |call| {
                call.time_to_first_token == Some(Duration::from_secs(2))
            }),
            ("probity.attempts", 0.into(), |call| call.attempts == 1),
        ],
    );
}

#[test]
fn errors() {
    fn is(call: &LlmCall, error_type: &str, message: Option<&str>) -> bool {
        let mut expected = CallError::new(error_type);
        expected.message = message.map(str::to_owned);
        call.error == Some(expected)
    }
    check(
        "chat",
        vec![
            ("error.type", text("timeout"), |call| is(call, "timeout", None)),
            ("error.type", 429_u64.into(), |call| is(call, "429", None)),
            ("otel.status_code", text("error"), |call| is(call, "_OTHER", None)),
            ("otel.status_code", text("ERROR"), |call| is(call, "_OTHER", None)),
            ("otel.status_code", text("ok"), |call| call.error.is_none()),
            ("otel.status_code", text("unset"), |call| call.error.is_none()),
            ("otel.status_description", text("no"), |call| is(call, "_OTHER", Some("no"))),
            ("otel.status_message", text("no"), |call| is(call, "_OTHER", Some("no"))),
            ("exception.type", text("IoError"), |call| is(call, "IoError", None)),
            ("exception.message", text("no"), |call| is(call, "_OTHER", Some("no"))),
        ],
    );
}

#[test]
fn every_operation_of_a_model_is_a_call() {
    for operation in [
        "chat",
        "CHAT",
        "text_completion",
        "generate_content",
        "embeddings",
        "rerank",
        "transcription",
        "image_generation",
        "audio_generation",
    ] {
        check(operation, vec![("gen_ai.usage.input_tokens", 1.into(), |call| call.attempts == 1)]);
    }
}

#[test]
fn a_current_key_goes_before_an_older_one() {
    let trace = TraceBuilder::new()
        .open("chat")
        .field("gen_ai.operation.name", "chat")
        .field("gen_ai.usage.prompt_tokens", 1)
        .field("gen_ai.usage.input_tokens", 2)
        .field("gen_ai.system", "old")
        .field("gen_ai.provider.name", "new")
        .build();
    let call = trace.genai().llm_calls()[0].clone();
    assert_eq!((call.usage.input_tokens, call.provider.as_deref()), (Some(2), Some("new")));
}

#[test]
fn operations_that_ask_no_model_are_no_calls() {
    for operation in ["create_agent", "invoke_workflow", "plan", "retrieval", "evaluation"] {
        let trace = TraceBuilder::new()
            .open("x")
            .field("gen_ai.operation.name", operation)
            .field("gen_ai.provider.name", "openai")
            .field("gen_ai.request.model", "small")
            .build();
        assert_eq!(trace.genai().llm_calls(), [], "{operation}");
    }
}

#[test]
fn spans_of_before_operations_had_names_are_known_by_their_model_and_provider() {
    let old = TraceBuilder::new().open("openai.chat").field("gen_ai.system", "openai");
    assert_eq!(old.clone().build().genai().llm_calls(), []);
    let trace = old.field("gen_ai.request.model", "small").build();
    assert_eq!(trace.genai().llm_calls()[0].operation, "");

    let custom = TraceBuilder::new()
        .open("responses")
        .field("gen_ai.operation.name", "responses")
        .field("gen_ai.provider.name", "openai")
        .field("gen_ai.request.model", "small")
        .build();
    assert_eq!(custom.genai().llm_calls()[0].operation, "responses");

    let tool = TraceBuilder::new().open("tools/call").field("gen_ai.tool.name", "search").build();
    assert_eq!(tool.genai().tool_calls()[0].name, "search");
}

#[test]
fn messages_of_older_events_are_read() {
    let trace = TraceBuilder::new()
        .open("chat")
        .field("gen_ai.operation.name", "chat")
        .event("")
        .name("gen_ai.system.message")
        .field("content", "Be terse.")
        .event("")
        .name("gen_ai.user.message")
        .field("content", "2+2?")
        .event("")
        .field("event.name", "gen_ai.choice")
        .field("message", r#"{"content":"4"}"#)
        .field("finish_reason", "stop")
        .event("")
        .name("gen_ai.tool.message")
        .field("body", r#"{"id":"c1","content":"four"}"#)
        .build();
    let genai = trace.genai();
    assert_eq!(genai.unreadable(), []);
    let call = &genai.llm_calls()[0];
    let response = Part::ToolCallResponse { id: Some("c1".to_owned()), response: json!("four") };
    assert_eq!(
        call.input,
        [
            Message::text(Role::System, "Be terse."),
            Message::text(Role::User, "2+2?"),
            Message::new(Role::Tool, vec![response]),
        ]
    );
    assert_eq!(call.output, [Message::text(Role::Assistant, "4")]);
    assert_eq!(call.finish_reasons, [FinishReason::Stop]);
}

#[test]
fn content_that_an_event_carries_is_that_of_its_span() {
    let said = r#"[{"role":"user","parts":[{"type":"text","content":"hello"}]}]"#;
    let trace = TraceBuilder::new()
        .open("chat")
        .field("gen_ai.operation.name", "chat")
        .event("")
        .name("gen_ai.client.inference.operation.details")
        .field("gen_ai.input.messages", said)
        .field("gen_ai.response.id", "r1")
        .build();
    let call = trace.genai().llm_calls()[0].clone();
    assert_eq!(call.input, [Message::text(Role::User, "hello")]);
    assert_eq!(call.response_id.as_deref(), Some("r1"));
}

#[test]
fn what_a_message_has_beside_its_content_is_a_part() {
    for (beside, expected) in [
        (json!({"refusal": "I cannot help."}), vec![Part::text("I cannot help.")]),
        (json!({"refusal": null, "audio": null, "reasoning": {}}), vec![]),
        (json!({"reasoning": {"text": "hm"}}), vec![Part::Reasoning { content: "hm".to_owned() }]),
        (
            json!({"reasoning": "hm", "reasoning_details": [{"text": "hm"}]}),
            vec![Part::Reasoning { content: "hm".to_owned() }],
        ),
        (
            json!({"audio": {"id": "a1", "transcript": "hi"}}),
            vec![other(json!({"type": "audio", "audio": {"id": "a1", "transcript": "hi"}}))],
        ),
        (
            json!({"reasoning_details": [{"data": "x"}]}),
            vec![other(json!({"type": "reasoning_details", "reasoning_details": [{"data": "x"}]}))],
        ),
    ] {
        let mut message = beside.clone();
        message["role"] = json!("assistant");
        message["content"] = json!(null);
        let genai = TraceBuilder::new()
            .open("chat")
            .field("gen_ai.operation.name", "chat")
            .field("gen_ai.output.messages", json!([message]).to_string())
            .build()
            .genai();
        assert_eq!(genai.unreadable(), []);
        assert_eq!(genai.llm_calls()[0].output[0].parts, expected, "{beside}");
    }
}

fn other(part: serde_json::Value) -> Part {
    let serde_json::Value::Object(part) = part else { panic!("an object") };
    Part::Other(part)
}
