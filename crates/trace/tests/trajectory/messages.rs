//! What the messages of a trajectory are, given what the spans say.

use probity_trace::{
    TraceSnapshot,
    testing::TraceBuilder,
    trajectory::{Content, Message, Part, ToolCall, Trajectory},
};
use proptest::{
    collection::vec,
    prelude::{Just, Strategy, any, prop_oneof},
    prop_assert_eq, proptest,
    sample::select,
    test_runner::{Config, RngSeed},
};
use serde_json::{Value, json};

use crate::model::said;

/// Makes a trace of model calls, each of its input and its output.
fn calls(calls: &[(Value, Value)]) -> TraceSnapshot {
    let add = |trace: TraceBuilder, (input, output): &(Value, Value)| {
        trace.span("chat", |chat| {
            chat.field("gen_ai.operation.name", "chat")
                .field("gen_ai.input.messages", input.to_string())
                .field("gen_ai.output.messages", output.to_string())
        })
    };
    calls.iter().fold(TraceBuilder::new(), add).build()
}

fn trajectory(of: &[(Value, Value)]) -> Trajectory {
    Trajectory::from_trace(1, &calls(of))
}

fn user(text: &str) -> Value {
    json!({"role": "user", "content": text})
}

fn assistant(text: &str) -> Value {
    json!({"role": "assistant", "content": text})
}

fn weather(id: &str, city: &str) -> ToolCall {
    let Value::Object(arguments) = json!({"city": city}) else { unreachable!() };
    ToolCall::new(id, "weather", arguments)
}

fn reasons(trajectory: &Trajectory) -> Vec<String> {
    trajectory.gaps.iter().map(ToString::to_string).collect()
}

#[test]
fn messages_of_every_role_come_in_order_with_their_positions() {
    let asked = json!({"role": "assistant", "tool_calls": [
        {"id": "c1", "function": {"name": "weather", "arguments": "{\"city\":\"Oslo\"}"}}]});
    let history = json!([
        {"role": "system", "content": "Be terse."},
        user("Weather in Oslo?"),
        asked,
        {"role": "tool", "tool_call_id": "c1", "content": "rain"},
    ]);
    let first = json!([history[0], history[1]]);
    let trajectory = trajectory(&[(first, json!([asked])), (history, json!([assistant("Rain.")]))]);
    assert_eq!(
        trajectory.messages,
        [
            Message::system(0, "Be terse."),
            Message::user(1, "Weather in Oslo?"),
            Message::assistant(2, "", [weather("c1", "Oslo")]),
            Message::tool(3, "rain", weather("c1", "Oslo")),
            Message::assistant(4, "Rain.", []),
        ]
    );
    assert_eq!(trajectory.gaps, []);
}

#[test]
fn a_message_that_is_said_twice_is_there_twice_and_one_that_is_sent_again_once() {
    let trajectory = trajectory(&[
        (json!([user("yes")]), json!([assistant("sure?")])),
        (json!([user("yes"), assistant("sure?"), user("yes")]), json!([assistant("done")])),
    ]);
    assert_eq!(
        said(&trajectory),
        ["user: yes", "assistant: sure?", "user: yes", "assistant: done"]
    );
}

#[test]
fn an_answer_with_text_and_a_call_is_there_once_however_it_is_sent_back() {
    let call =
        json!({"type": "tool_use", "id": "c1", "name": "weather", "input": {"city": "Oslo"}});
    let answered = json!([{"role": "assistant", "parts": [
        {"type": "text", "content": "Let me look."},
        {"type": "tool_call", "id": "c1", "name": "weather", "arguments": {"city": "Oslo"}}]}]);
    let sent_back = json!([
        user("Weather?"),
        {"role": "assistant", "content": [{"type": "text", "text": "Let me look."}, call]},
        {"role": "user", "content": [
            {"type": "tool_result", "tool_use_id": "c1", "content": "rain"}]},
    ]);
    let trajectory = trajectory(&[
        (json!([user("Weather?")]), answered),
        (sent_back, json!([assistant("Rain.")])),
    ]);
    assert_eq!(
        said(&trajectory),
        ["user: Weather?", "assistant: Let me look.", "tool: rain", "assistant: Rain."]
    );
    assert_eq!(trajectory.messages[1].tool_calls(), [weather("c1", "Oslo")]);
}

#[test]
fn thoughts_and_images_are_parts() {
    let input = json!([{"role": "user", "content": [
        {"type": "text", "text": "What is this?"},
        {"type": "image_url", "image_url": {"url": "data:image/png;base64,AAAA"}}]}]);
    let output = json!([{"role": "assistant", "parts": [
        {"type": "reasoning", "content": "hm"}, {"type": "text", "content": "A cat."}]}]);
    let trajectory = trajectory(&[(input, output)]);
    let parts = [Part::text("What is this?"), Part::image("data:image/png;base64,AAAA")];
    assert_eq!(trajectory.messages[0].content(), &Content::from(parts.to_vec()));
    let parts = [Part::reasoning("hm"), Part::text("A cat.")];
    assert_eq!(trajectory.messages[1].content(), &Content::from(parts.to_vec()));
    assert_eq!(trajectory.gaps, []);
}

#[test]
fn an_answer_that_is_more_than_text_is_json() {
    let call = json!({"role": "assistant", "parts": [
        {"type": "tool_call", "id": "c1", "name": "weather", "arguments": {"city": "Oslo"}}]});
    let answer = json!({"role": "tool", "parts": [
        {"type": "tool_call_response", "id": "c1", "response": {"rain": true}}]});
    let trajectory = trajectory(&[(json!([call, answer]), json!([assistant("Rain.")]))]);
    assert_eq!(trajectory.messages[1].content().text(), r#"{"rain":true}"#);
}

#[test]
fn calls_without_identifiers_get_one_and_are_answered_in_order() {
    let call =
        |city: &str| json!({"type": "tool_call", "name": "weather", "arguments": {"city": city}});
    let answer = |text: &str| json!({"type": "tool_call_response", "response": text});
    let input = json!([
        {"role": "assistant", "parts": [call("Oslo"), call("Rome")]},
        {"role": "tool", "parts": [answer("rain"), answer("sun")]},
    ]);
    let trajectory = trajectory(&[(input, json!([assistant("Mixed.")]))]);
    let (oslo, rome) = (weather("probity_call_1", "Oslo"), weather("probity_call_2", "Rome"));
    assert_eq!(
        trajectory.messages,
        [
            Message::assistant(0, "", [oslo.clone(), rome.clone()]),
            Message::tool(1, "rain", oslo),
            Message::tool(2, "sun", rome),
            Message::assistant(3, "Mixed.", []),
        ]
    );
}

#[test]
fn an_identifier_that_is_used_again_is_of_the_call_that_waits() {
    let call = |city: &str| {
        json!({"type": "tool_call", "id": "c", "name": "weather",
        "arguments": {"city": city}})
    };
    let asked = |parts: Value| json!({"role": "assistant", "parts": parts});
    let answer = |text: &str| json!({"role": "tool", "tool_call_id": "c", "content": text});
    let input = json!([
        asked(json!([call("Oslo"), call("Rome")])),
        answer("rain"),
        answer("sun"),
        asked(json!([call("Bonn")])),
        answer("fog"),
        answer("more fog"),
    ]);
    let trajectory = trajectory(&[(input, json!([assistant("Mixed.")]))]);
    let answered: Vec<_> = trajectory
        .messages
        .iter()
        .filter_map(|message| match message {
            Message::Tool { content, tool_call, .. } => Some((content.text(), tool_call.clone())),
            _ => None,
        })
        .collect();
    let expected = [("rain", "Oslo"), ("sun", "Rome"), ("fog", "Bonn"), ("more fog", "Bonn")];
    assert_eq!(answered, expected.map(|(text, city)| (text.to_owned(), weather("c", city))));
}

#[test]
fn an_answer_whose_call_only_a_span_tells_of_has_that_call() {
    let input = json!([{"role": "tool", "tool_call_id": "c1", "content": "rain"}]);
    let trace = TraceBuilder::new()
        .span("execute_tool", |tool| {
            tool.field("gen_ai.operation.name", "execute_tool")
                .field("gen_ai.tool.name", "weather")
                .field("gen_ai.tool.call.id", "c1")
                .field("gen_ai.tool.call.arguments", r#"{"city":"Oslo"}"#)
        })
        .span("chat", |chat| {
            chat.field("gen_ai.operation.name", "chat")
                .field("gen_ai.input.messages", input.to_string())
        })
        .build();
    let trajectory = Trajectory::from_trace(1, &trace);
    assert_eq!(trajectory.messages, [Message::tool(0, "rain", weather("c1", "Oslo"))]);
    assert_eq!(trajectory.gaps, []);
}

#[test]
fn an_answer_that_nobody_asked_for_is_kept_and_is_a_gap() {
    let input = json!([{"role": "tool", "tool_call_id": "c9", "content": "rain"}]);
    let trajectory = trajectory(&[(input, json!([assistant("Rain.")]))]);
    let unknown = ToolCall::new("c9", "", serde_json::Map::new());
    assert_eq!(trajectory.messages[0], Message::tool(0, "rain", unknown));
    assert_eq!(
        reasons(&trajectory),
        ["message 0: no model call shows the tool call that this answers"]
    );
}

#[test]
fn what_has_no_place_in_a_trajectory_is_a_gap() {
    let input = json!([
        {"role": "critic", "content": "Think again."},
        {"role": "user", "parts": [{"type": "blob", "modality": "audio", "content": "AAAA"}]},
        {"role": "assistant", "parts": [
            {"type": "tool_call", "id": "c1", "name": "weather", "arguments": "Oslo, I guess"}]},
    ]);
    let trajectory = trajectory(&[(input, json!([assistant("Done.")]))]);
    assert_eq!(
        said(&trajectory),
        ["user: Think again.", "user: ", "assistant: ", "assistant: Done."]
    );
    assert_eq!(trajectory.messages[2].tool_calls()[0].arguments, serde_json::Map::new());
    assert_eq!(
        reasons(&trajectory),
        [
            r#"message 0: the role "critic" is shown as user"#,
            r#"message 1: a part of the type "blob" is left out"#,
            "message 2: the arguments of weather are no object",
        ]
    );
}

#[test]
fn a_model_call_without_content_and_an_attribute_that_cannot_be_read_are_gaps() {
    let trace = TraceBuilder::new()
        .span("chat", |chat| chat.field("gen_ai.operation.name", "chat"))
        .span("chat", |chat| {
            chat.field("gen_ai.operation.name", "chat")
                .field("gen_ai.input.messages", r#"[{"role":"user","content":"cut off"#)
                .field("gen_ai.output.messages", r#"[{"role":"assistant","content":"hi"}]"#)
        })
        .build();
    let trajectory = Trajectory::from_trace(1, &trace);
    let reasons = reasons(&trajectory);
    assert!(reasons[0].contains("recorded no messages"), "{reasons:?}");
    assert!(reasons[1].contains("gen_ai.input.messages"), "{reasons:?}");
    let spans: Vec<_> = trace.all_spans().map(|span| Some(span.id())).collect();
    assert_eq!([trajectory.gaps[0].span, trajectory.gaps[1].span], spans[..]);
}

#[test]
fn many_calls_and_answers_are_joined_in_reasonable_time() {
    const MANY: usize = 10_000;
    let calls: Vec<Value> = (0..MANY)
        .map(|n| json!({"type": "tool_call", "id": format!("c{n}"), "name": "t", "arguments": {}}))
        .collect();
    let answers: Vec<Value> = (0..MANY)
        .rev()
        .map(|n| json!({"type": "tool_call_response", "id": format!("c{n}"), "response": n}))
        .collect();
    let input = json!([{"role": "assistant", "parts": calls}, {"role": "tool", "parts": answers}]);
    let trajectory = trajectory(&[(input, json!([assistant("Done.")]))]);
    assert_eq!(trajectory.messages.len(), MANY + 2);
    for message in &trajectory.messages {
        if let Message::Tool { content, tool_call, .. } = message {
            assert_eq!(tool_call.id, format!("c{}", content.text()));
        }
    }
}

/// Any JSON, of the words that messages are made of.
fn anything() -> impl Strategy<Value = Value> {
    let word = select(vec![
        "role",
        "content",
        "parts",
        "type",
        "text",
        "assistant",
        "user",
        "tool",
        "system",
        "tool_call",
        "tool_call_response",
        "tool_result",
        "tool_calls",
        "id",
        "tool_call_id",
        "name",
        "function",
        "arguments",
        "response",
        "image_url",
        "source",
        "reasoning",
        "c1",
    ]);
    let leaf = prop_oneof![
        word.clone().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        Just(Value::Null),
    ];
    leaf.prop_recursive(5, 40, 6, move |inner| {
        prop_oneof![
            vec(inner.clone(), 0..6).prop_map(Value::from),
            vec((word.clone(), inner), 0..6).prop_map(|fields| {
                let fields = fields.into_iter().map(|(key, value)| (key.to_owned(), value));
                Value::Object(fields.collect())
            }),
        ]
    })
}

proptest! {
    #![proptest_config(Config {
        rng_seed: RngSeed::Fixed(2_026),
        failure_persistence: None,
        ..Config::default()
    })]

    #[test]
    fn whatever_spans_say_makes_messages_in_order_that_can_be_written_and_read(
        said in vec((vec(anything(), 0..6), vec(anything(), 0..3)), 0..4),
    ) {
        let said: Vec<_> =
            said.into_iter().map(|(input, output)| (input.into(), output.into())).collect();
        let trajectory = trajectory(&said);
        for (position, message) in trajectory.messages.iter().enumerate() {
            prop_assert_eq!(message.position(), position);
        }
        let written = serde_json::to_string(&trajectory).unwrap();
        prop_assert_eq!(serde_json::from_str::<Trajectory>(&written).unwrap(), trajectory);
    }
}
