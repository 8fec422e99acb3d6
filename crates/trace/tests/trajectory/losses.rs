//! What was recorded is in the messages of a trajectory, or in its gaps.

use probity_trace::{
    testing::TraceBuilder,
    trajectory::{Message, ToolCall, Trajectory},
};
use serde_json::{Value, json};

use crate::model::said;

const QUESTION: &str = r#"[{"role":"user","content":"Refund me."}]"#;

fn chat(trace: TraceBuilder, input: &str, output: &Value) -> TraceBuilder {
    trace.span("chat", |chat| {
        chat.field("gen_ai.operation.name", "chat")
            .field("gen_ai.input.messages", input)
            .field("gen_ai.output.messages", output.to_string())
    })
}

/// Adds a call of the tool `refund`.
fn refund(trace: TraceBuilder, id: Option<&str>, result: Option<&str>) -> TraceBuilder {
    trace.span("execute_tool", |mut tool| {
        tool = tool
            .field("gen_ai.operation.name", "execute_tool")
            .field("gen_ai.tool.name", "refund")
            .field("gen_ai.tool.call.arguments", r#"{"order":7}"#);
        if let Some(id) = id {
            tool = tool.field("gen_ai.tool.call.id", id);
        }
        if let Some(result) = result {
            tool = tool.field("gen_ai.tool.call.result", result);
        }
        tool
    })
}

/// The message by which the model asks for the tool `refund`.
fn asks(id: Option<&str>) -> Value {
    let mut part = json!({"type": "tool_call", "name": "refund", "arguments": {"order": 7}});
    if let Some(id) = id {
        part["id"] = json!(id);
    }
    json!([{"role": "assistant", "parts": [part]}])
}

fn call(id: &str) -> ToolCall {
    let Value::Object(arguments) = json!({"order": 7}) else { unreachable!() };
    ToolCall::new(id, "refund", arguments)
}

fn trajectory(trace: TraceBuilder) -> Trajectory {
    Trajectory::from_trace(1, &trace.build())
}

fn reasons(trajectory: &Trajectory) -> Vec<&str> {
    trajectory.gaps.iter().map(|gap| gap.reason.as_str()).collect()
}

#[test]
fn what_the_last_tool_of_a_run_answers_is_its_last_message() {
    for (id, shown) in [(Some("c1"), "c1"), (None, "probity_call_1")] {
        let trace = chat(TraceBuilder::new(), QUESTION, &asks(id));
        let ended = trajectory(refund(trace, id, Some("refunded")));
        assert_eq!(ended.messages[2..], [Message::tool(2, "refunded", call(shown))]);
        assert_eq!(ended.gaps, []);
    }
}

#[test]
fn what_messages_answer_is_not_answered_again() {
    for id in [Some("c1"), None] {
        let mut history = asks(id);
        let mut answer = json!({"type": "tool_call_response", "response": "refunded"});
        if let Some(id) = id {
            answer["id"] = json!(id);
        }
        let answer = json!({"role": "tool", "parts": [answer]});
        history.as_array_mut().unwrap().insert(0, json!({"role": "user", "content": "Refund me."}));
        history.as_array_mut().unwrap().push(answer);
        let trace = refund(chat(TraceBuilder::new(), QUESTION, &asks(id)), id, Some("refunded"));
        let done = json!([{"role": "assistant", "content": "Done."}]);
        let answered = trajectory(chat(trace, &history.to_string(), &done));
        let expected = ["user: Refund me.", "assistant: ", "tool: refunded", "assistant: Done."];
        assert_eq!(said(&answered), expected);
        assert_eq!(answered.gaps, []);
    }
}

#[test]
fn an_identifier_that_is_used_again_is_answered_as_often_as_it_is_asked_for() {
    let mut history = asks(Some("c1"));
    let list = history.as_array_mut().unwrap();
    list.insert(0, json!({"role": "user", "content": "Refund me."}));
    list.push(json!({"role": "tool", "tool_call_id": "c1", "content": "not yet"}));
    let trace = chat(TraceBuilder::new(), QUESTION, &asks(Some("c1")));
    let trace = refund(trace, Some("c1"), Some("not yet"));
    let trace = chat(trace, &history.to_string(), &asks(Some("c1")));
    let ended = trajectory(refund(trace, Some("c1"), Some("refunded")));
    assert_eq!(said(&ended)[2..], ["tool: not yet", "assistant: ", "tool: refunded"]);
    assert_eq!(ended.gaps, []);
}

#[test]
fn a_call_of_a_tool_that_only_a_span_tells_of_is_a_gap() {
    let answered = json!([{"role": "assistant", "content": "Done."}]);
    let of =
        |result| trajectory(refund(chat(TraceBuilder::new(), QUESTION, &answered), None, result));
    let reason = r#"no message shows what the tool "refund" answered"#;
    assert_eq!(reasons(&of(Some("refunded"))), [reason]);
    assert_eq!(reasons(&of(None)), [r#"no message shows this call of the tool "refund""#]);
    assert!(of(None).gaps[0].span.is_some());
}

#[test]
fn failures_of_models_tools_and_agents_are_gaps() {
    let failed = |trace: TraceBuilder, name: &str, operation: &str| {
        trace.span(name, |span| {
            span.field("gen_ai.operation.name", operation)
                .field("gen_ai.tool.name", "refund")
                .field("gen_ai.input.messages", QUESTION)
                .field("error.type", "429")
                .field("otel.status_description", "rate limited")
        })
    };
    let trace = failed(TraceBuilder::new(), "chat", "chat");
    let trace = failed(failed(trace, "execute_tool", "execute_tool"), "agent", "invoke_agent");
    assert_eq!(
        reasons(&trajectory(trace)),
        [
            "this model call failed: 429: rate limited",
            "this agent failed: 429: rate limited",
            r#"no message says that the tool "refund" failed: 429: rate limited"#,
        ]
    );
}

/// Makes an agent that recorded a question and an answer, around a call of a model.
fn agent_around(operation: &str, input: &str) -> Trajectory {
    let agent = TraceBuilder::new()
        .open("invoke_agent")
        .field("gen_ai.operation.name", "invoke_agent")
        .field("gen_ai.input.messages", QUESTION)
        .field("gen_ai.output.messages", r#"[{"role":"assistant","content":"Done."}]"#);
    trajectory(agent.span("call", |call| {
        call.field("gen_ai.operation.name", operation).field("gen_ai.input.messages", input)
    }))
}

#[test]
fn a_call_that_embeds_does_not_replace_what_an_agent_recorded() {
    let found = agent_around("embeddings", r#"[{"role":"user","content":"embed me"}]"#);
    assert_eq!(said(&found), ["user: Refund me.", "assistant: Done.", "user: embed me"]);
    assert_eq!(found.gaps, []);
}

#[test]
fn what_an_agent_recorded_and_its_model_calls_did_not_is_a_gap() {
    let found = agent_around("chat", QUESTION);
    assert_eq!(said(&found), ["user: Refund me."]);
    let reason = "1 message that this agent recorded is in no conversation of its model calls";
    assert_eq!(reasons(&found), [reason]);
    let found = agent_around("chat", r#"[{"role":"user","content":"Summarize."}]"#);
    let reason = "2 messages that this agent recorded are in no conversation of its model calls";
    assert_eq!(reasons(&found), [reason]);
}

#[test]
fn an_answer_without_an_identifier_is_that_of_the_first_call_that_waits() {
    for (asked, recorded) in [(Some("c1"), Some("c1")), (None, Some("c1")), (Some("c1"), None)] {
        let trace = chat(TraceBuilder::new(), QUESTION, &asks(asked));
        let trace = refund(trace, recorded, Some("refunded"));
        let mut history = asks(asked);
        let answer = json!({"role": "tool", "content": "refunded"});
        history.as_array_mut().unwrap().insert(0, json!({"role": "user", "content": "Refund me."}));
        history.as_array_mut().unwrap().push(answer);
        let done = json!([{"role": "assistant", "content": "Done."}]);
        let answered = trajectory(chat(trace, &history.to_string(), &done));
        let shown = asked.unwrap_or("probity_call_1");
        assert_eq!(answered.messages[2..3], [Message::tool(2, "refunded", call(shown))]);
        assert_eq!(answered.messages.len(), 4);
        assert_eq!(answered.gaps, [], "{asked:?} {recorded:?}");
    }
}
