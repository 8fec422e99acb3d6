//! The JSON form of runs.

use probity_trace::trajectory::{Message, Part, Run, ToolCall, Trajectory, TrajectoryScore};
use proptest::{
    collection::vec,
    option,
    prelude::{Just, Strategy, any, prop_oneof},
    proptest,
    test_runner::{Config, RngSeed},
};
use serde_json::{Map, Value, json};

fn arguments() -> Map<String, Value> {
    Map::from_iter([("a".to_owned(), json!(1))])
}

/// A run that has every field and every kind of message.
fn full() -> Run {
    let call = ToolCall::new("c1", "calc", arguments());
    let image = Part::image("data:image/png;base64,AAAA");
    let messages = [
        Message::system(0, "Help."),
        Message::user(1, vec![Part::text("What?"), image]),
        Message::assistant(2, vec![Part::reasoning("hm"), Part::text("4")], [call.clone()]),
        Message::tool(3, "4", call),
        Message::assistant(4, "It is 4.", []),
    ];
    let mut score = TrajectoryScore::new(1.0);
    score.explanation = Some("right".to_owned());
    let trajectory = Trajectory::new("question-1", messages)
        .with_score("accuracy", score)
        .with_metadata("seed", 1)
        .with_solution("diff --git")
        .with_sandbox_id("33333333-3333-4333-8333-333333333333");
    Run::new("math-eval", "small", [trajectory])
}

#[test]
fn every_field_is_written_as_lunette_wants_it() {
    let body = json!({
        "id": null,
        "task": "math-eval",
        "model": "small",
        "trajectories": [{
            "sample": "question-1",
            "messages": [
                {"position": 0, "role": "system", "content": "Help."},
                {"position": 1, "role": "user", "content": [
                    {"type": "text", "text": "What?"},
                    {"type": "image", "image": "data:image/png;base64,AAAA", "detail": "auto"},
                ]},
                {"position": 2, "role": "assistant", "content": [
                    {"type": "reasoning", "reasoning": "hm", "summary": null, "signature": null,
                     "redacted": false},
                    {"type": "text", "text": "4"},
                ], "tool_calls": [{"id": "c1", "function": "calc", "arguments": {"a": 1}}]},
                {"position": 3, "role": "tool", "content": "4",
                 "tool_call": {"id": "c1", "function": "calc", "arguments": {"a": 1}}},
                {"position": 4, "role": "assistant", "content": "It is 4.", "tool_calls": null},
            ],
            "scores": {"accuracy":
                {"value": 1.0, "answer": null, "explanation": "right", "metadata": null}},
            "metadata": {"seed": 1},
            "solution": "diff --git",
            "sandbox_id": "33333333-3333-4333-8333-333333333333",
            "score": 1.0,
        }],
    });
    assert_eq!(serde_json::to_value(full()).unwrap(), body);
    assert_eq!(serde_json::from_value::<Run>(body).unwrap(), full());
}

#[test]
fn what_may_be_missing_is_empty_and_what_is_not_known_is_ignored() {
    let body = json!({
        "run_id": "ignored",
        "task": "t",
        "model": "m",
        "trajectories": [{
            "sample": 1,
            "score": 0.5,
            "messages": [
                {"role": "user", "position": 0, "content": "hi", "extra": true},
                {"role": "assistant", "position": 1, "content": [
                    {"type": "reasoning", "reasoning": "…"}]},
            ],
        }],
    });
    let run: Run = serde_json::from_value(body).unwrap();
    let trajectory = &run.trajectories[0];
    assert_eq!(trajectory.score(), None, "it is computed, never read");
    assert_eq!(trajectory.messages[1].tool_calls(), []);
    let thought = &serde_json::to_value(&trajectory.messages[1]).unwrap()["content"][0];
    assert_eq!(thought["redacted"], true);
}

#[test]
fn the_score_is_that_of_the_only_one() {
    let mut trajectory = Trajectory::new(1, []);
    assert_eq!(serde_json::to_value(&trajectory).unwrap()["score"], Value::Null);
    trajectory = trajectory.with_score("a", TrajectoryScore::new(0.25));
    assert_eq!(trajectory.score(), Some(0.25));
    trajectory = trajectory.with_score("b", TrajectoryScore::new(1.0));
    assert_eq!(serde_json::to_value(&trajectory).unwrap()["score"], Value::Null);
}

#[test]
fn what_is_wrong_is_refused() {
    for wrong in [
        json!({"task": "t"}),
        json!({"task": "t", "model": "m", "trajectories": [{}]}),
        json!({"task": "t", "model": "m", "trajectories": [
            {"sample": 1, "messages": [{"role": "critic", "position": 0, "content": ""}]}]}),
        json!({"task": "t", "model": "m", "trajectories": [
            {"sample": 1, "messages": [{"role": "user", "position": -1, "content": ""}]}]}),
        json!({"task": "t", "model": "m", "trajectories": [
            {"sample": 1, "messages": [{"role": "tool", "position": 0, "content": "",
                "tool_call": {"id": "c", "function": "f", "arguments": "{}"}}]}]}),
    ] {
        assert!(serde_json::from_value::<Run>(wrong.clone()).is_err(), "{wrong}");
    }
}

#[test]
fn gaps_are_written_only_where_there_are_any() {
    let trace = probity_trace::testing::TraceBuilder::new()
        .span("chat", |chat| chat.field("gen_ai.operation.name", "chat"))
        .build();
    let trajectory = Trajectory::from_trace(1, &trace);
    let written = serde_json::to_value(&trajectory).unwrap();
    assert_eq!(written["gaps"].as_array().unwrap().len(), 1);
    assert_eq!(serde_json::from_value::<Trajectory>(written).unwrap(), trajectory);
    let without = serde_json::to_value(Trajectory::new(1, [])).unwrap();
    assert!(without.get("gaps").is_none());
}

fn text() -> impl Strategy<Value = String> {
    "[a-zé\"\\\\{}\\[\\] ]{0,8}"
}

fn call() -> impl Strategy<Value = ToolCall> {
    let arguments = vec((text(), any::<i64>()), 0..3);
    (text(), text(), arguments).prop_map(|(id, function, arguments)| {
        let arguments = arguments.into_iter().map(|(key, value)| (key, value.into())).collect();
        ToolCall::new(id, function, arguments)
    })
}

fn part() -> impl Strategy<Value = Part> {
    let thought = (text(), option::of(text()), option::of(text()), any::<bool>()).prop_map(
        |(reasoning, summary, signature, redacted)| Part::Reasoning {
            reasoning,
            summary,
            signature,
            redacted,
        },
    );
    prop_oneof![text().prop_map(Part::text), text().prop_map(Part::image), thought]
}

fn message() -> impl Strategy<Value = Message> {
    let position = 0..100_usize;
    prop_oneof![
        (position.clone(), text()).prop_map(|(position, text)| Message::system(position, text)),
        (position.clone(), vec(part(), 0..3))
            .prop_map(|(position, parts)| Message::user(position, parts)),
        (position.clone(), text(), vec(call(), 0..3))
            .prop_map(|(position, text, calls)| Message::assistant(position, text, calls)),
        (position, text(), call())
            .prop_map(|(position, text, call)| Message::tool(position, text, call)),
    ]
}

fn trajectory() -> impl Strategy<Value = Trajectory> {
    let sample = prop_oneof![
        any::<i64>().prop_map(probity_trace::trajectory::Sample::from),
        text().prop_map(probity_trace::trajectory::Sample::from),
    ];
    let scores = vec((text(), -1e9..1e9_f64), 0..3);
    let settings = (option::of(text()), option::of(text()), vec((text(), text()), 0..3));
    (sample, vec(message(), 0..5), scores, settings).prop_map(
        |(sample, messages, scores, (solution, sandbox_id, metadata))| {
            let mut trajectory = Trajectory::new(sample, messages);
            for (name, value) in scores {
                trajectory = trajectory.with_score(name, TrajectoryScore::new(value));
            }
            for (key, value) in metadata {
                trajectory = trajectory.with_metadata(key, value);
            }
            trajectory.solution = solution;
            trajectory.sandbox_id = sandbox_id;
            trajectory
        },
    )
}

proptest! {
    #![proptest_config(Config {
        rng_seed: RngSeed::Fixed(2_026),
        failure_persistence: None,
        ..Config::default()
    })]

    #[test]
    fn a_run_reads_back_as_it_was_written(
        trajectories in vec(trajectory(), 0..4),
        id in prop_oneof![Just(None), text().prop_map(Some)],
    ) {
        let mut run = Run::new("t", "m", trajectories);
        run.id = id;
        let text = serde_json::to_string(&run).unwrap();
        proptest::prop_assert_eq!(serde_json::from_str::<Run>(&text).unwrap(), run);
    }
}
