//! The spans and events that a replayed record gives.

use probity_adapters::tau_bench::{Message, Record, Replay, Results};
use probity_trace::{EventRef, SpanRef, TraceSnapshot, ValueRef, capture_sync};
use serde_json::{Value, json};

use crate::files::{error_record, four_records, passed_record};

fn replay(record: &Record) -> TraceSnapshot {
    let agent = Replay::new("airline").with_provider("openai").with_model("gpt-4o");
    capture_sync(|| agent.run(record)).trace
}

fn replay_messages(messages: Value) -> TraceSnapshot {
    let mut record = passed_record();
    record["traj"] = messages;
    let results = Results::from_json(Value::from(vec![record]).to_string()).unwrap();
    replay(&results.records()[0])
}

#[track_caller]
fn text<'a>(span: SpanRef<'a>, key: &str) -> &'a str {
    span.field(key)
        .and_then(ValueRef::as_str)
        .unwrap_or_else(|| panic!("{} has no text {key}", span.name()))
}

fn json_of(span: SpanRef<'_>, key: &str) -> Value {
    serde_json::from_str(text(span, key)).expect("the field is JSON")
}

#[test]
fn each_message_of_the_model_is_a_chat_and_each_result_a_tool_call_below_one_agent() {
    for record in four_records().records() {
        let trace = replay(record);
        let expected: Vec<_> = record
            .messages
            .iter()
            .filter_map(|message| match message {
                Message::Assistant { .. } => Some("chat"),
                Message::Tool { .. } => Some("execute_tool"),
                _ => None,
            })
            .collect();
        let root = trace.roots().next().unwrap();
        assert_eq!(trace.roots().count(), 1);
        assert_eq!(root.name(), "invoke_agent");
        assert_eq!(root.children().map(SpanRef::name).collect::<Vec<_>>(), expected);
        assert_eq!(trace.len(), expected.len() + 1);
        assert!(trace.all_spans().all(|span| !span.is_open()));
    }
}

#[test]
fn the_spans_carry_the_names_of_the_conventions() {
    let results = four_records();
    let trace = replay(&results.records()[0]);
    for span in trace.all_spans() {
        assert_eq!(text(span, "gen_ai.operation.name"), span.name());
        assert_eq!(text(span, "gen_ai.conversation.id"), "tau-bench/12/3");
    }
    let chat = trace.span("chat").unwrap();
    assert_eq!(text(chat, "gen_ai.provider.name"), "openai");
    assert_eq!(text(chat, "gen_ai.request.model"), "gpt-4o");
    assert_eq!(text(chat, "otel.name"), "chat gpt-4o");
    let root = trace.span("invoke_agent").unwrap();
    assert_eq!(text(root, "gen_ai.agent.name"), "airline");
    assert!(text(root, "gen_ai.system_instructions").contains("Airline Agent Policy"));
    assert_eq!(root.field("gen_ai.request.model"), None);
}

#[test]
fn what_is_not_known_is_not_recorded() {
    let results = four_records();
    let trace = capture_sync(|| Replay::new("airline").run(&results.records()[0])).trace;
    let chat = trace.span("chat").unwrap();
    for key in ["gen_ai.provider.name", "gen_ai.request.model", "otel.name"] {
        assert_eq!(chat.field(key), None, "{key}");
    }
}

#[test]
fn a_tool_call_carries_its_arguments_and_its_result() {
    let results = four_records();
    for record in results.records() {
        let trace = replay(record);
        let mut tools = trace.spans("execute_tool");
        for message in &record.messages {
            let Message::Tool { tool_call_id, name, content } = message else {
                continue;
            };
            let tool = tools.next().unwrap();
            assert_eq!(text(tool, "gen_ai.tool.name"), name);
            assert_eq!(text(tool, "gen_ai.tool.call.id"), tool_call_id);
            assert_eq!(text(tool, "gen_ai.tool.call.result"), content);
            assert!(json_of(tool, "gen_ai.tool.call.arguments").is_object());
            assert_eq!(tool.field("error.type").is_some(), content.starts_with("Error:"));
        }
        assert_eq!(tools.count(), 0);
    }
}

#[test]
fn a_result_without_a_call_is_replayed_without_arguments() {
    let trace = replay_messages(json!([
        {"role": "tool", "tool_call_id": "lost", "name": "think", "content": "Error: no thought"},
    ]));
    let tool = trace.span("execute_tool").unwrap();
    assert_eq!(tool.field("gen_ai.tool.call.arguments"), None);
    assert_eq!(text(tool, "error.type"), "tool_error");
    assert_eq!(text(tool, "otel.status_code"), "ERROR");
}

#[test]
fn a_call_is_matched_with_the_last_message_of_the_model() {
    let call = |arguments: &str| {
        json!({"role": "assistant", "content": null, "tool_calls": [
            {"id": "same", "type": "function", "function": {"name": "f", "arguments": arguments}},
        ]})
    };
    let result = json!({"role": "tool", "tool_call_id": "same", "name": "f", "content": ""});
    let trace = replay_messages(json!([call("1"), result, call("2"), result]));
    let arguments: Vec<_> =
        trace.spans("execute_tool").map(|tool| text(tool, "gen_ai.tool.call.arguments")).collect();
    assert_eq!(arguments, ["1", "2"]);
}

#[test]
fn the_input_of_a_model_call_is_all_that_was_said_before() {
    let trace = replay_messages(json!([
        {"role": "system", "content": "Be kind."},
        {"role": "user", "content": "What is 1 + 1?"},
        {"role": "assistant", "content": "Let me see.", "tool_calls": [
            {"id": "1", "type": "function", "function": {"name": "add", "arguments": "[1,1]"}},
        ]},
        {"role": "tool", "tool_call_id": "1", "name": "add", "content": "2"},
        {"role": "assistant", "content": "2."},
    ]));
    let question =
        json!({"role": "user", "parts": [{"type": "text", "content": "What is 1 + 1?"}]});
    let call = json!({"role": "assistant", "parts": [
        {"type": "text", "content": "Let me see."},
        {"type": "tool_call", "id": "1", "name": "add", "arguments": [1, 1]},
    ]});
    let result = json!({"role": "tool", "parts": [
        {"type": "tool_call_response", "id": "1", "response": "2"},
    ]});
    let answer = json!({"role": "assistant", "parts": [{"type": "text", "content": "2."}]});

    let chats: Vec<_> = trace.spans("chat").collect();
    let both =
        |chat| (json_of(chat, "gen_ai.input.messages"), json_of(chat, "gen_ai.output.messages"));
    assert_eq!(both(chats[0]), (json!([question]), json!([call])));
    assert_eq!(both(chats[1]), (json!([question, call, result]), json!([answer])));
}

#[test]
fn what_the_customer_said_is_an_event_of_the_answer_or_of_the_agent() {
    let trace = replay_messages(json!([
        {"role": "user", "content": "Hello?"},
        {"role": "user", "content": "Are you there?"},
        {"role": "assistant", "content": "Yes."},
        {"role": "user", "content": "###STOP###"},
    ]));
    let said = |span: SpanRef<'_>| -> Vec<String> {
        let messages = span.events().filter_map(EventRef::message);
        messages.map(str::to_owned).collect()
    };
    assert_eq!(said(trace.span("chat").unwrap()), ["Hello?", "Are you there?"]);
    assert_eq!(said(trace.span("invoke_agent").unwrap()), ["###STOP###"]);
    assert!(trace.all_events().all(|event| event.name() == "gen_ai.user.message"));
}

#[test]
fn the_last_reply_of_the_agent_is_returned() {
    let results = four_records();
    for record in results.records() {
        let reply = Replay::new("airline").run(record);
        let expected = record.messages.iter().rev().find_map(|message| match message {
            Message::Assistant { content, .. } => content.as_deref(),
            _ => None,
        });
        assert!(expected.is_some());
        assert_eq!(reply, expected);
    }
}

#[test]
fn a_record_that_was_not_graded_says_why_in_its_trace() {
    let results = error_record();
    let trace = replay(&results.records()[0]);
    let root = trace.span("invoke_agent").unwrap();
    assert_eq!(trace.len(), 1);
    assert_eq!(text(root, "error.type"), "litellm.APIConnectionError");
    assert_eq!(text(root, "otel.status_code"), "ERROR");
    assert!(root.event("litellm.APIConnectionError: example").is_some());
}
