//! An application that wraps a client which traces its requests itself has each of them twice.

use std::time::Duration;

use probity_trace::{
    TraceSnapshot,
    genai::{Message, Role, Usage},
};
use serde_json::{Map, Value, json};

use crate::families::otlp::{Raw, snapshot};

/// A span beside others: its times, and its attributes.
fn span(id: u64, times: [u64; 2], attributes: Value) -> Raw {
    let Value::Object(attributes) = attributes else { panic!("an object") };
    let attributes: Map<String, Value> = attributes;
    let [started, ended] = times;
    Raw {
        id: format!("{id:016x}"),
        name: "call".to_owned(),
        started,
        ended,
        attributes,
        ..Raw::default()
    }
}

fn wrapper(id: u64, times: [u64; 2], answer: &str) -> Raw {
    let said = json!({"id": answer, "stop_reason": "end_turn", "role": "assistant",
        "content": [{"type": "text", "text": "hi"}]});
    span(
        id,
        times,
        json!({"judgment.span_kind": "llm", "gen_ai.completion": said.to_string(),
        "judgment.usage.non_cached_input_tokens": 21, "judgment.usage.output_tokens": 9}),
    )
}

fn client(id: u64, times: [u64; 2], answer: &str) -> Raw {
    span(
        id,
        times,
        json!({"gen_ai.operation.name": "chat", "gen_ai.response.id": answer,
        "gen_ai.usage.input_tokens": 21, "gen_ai.usage.output_tokens": 9}),
    )
}

fn calls(spans: Vec<Raw>) -> (TraceSnapshot, usize) {
    let trace = snapshot(spans);
    let count = trace.genai().llm_calls().len();
    (trace, count)
}

#[test]
fn the_span_of_the_client_counts_and_gets_what_only_the_wrapper_says() {
    let (trace, count) = calls(vec![wrapper(1, [10, 40], "r1"), client(2, [20, 30], "r1")]);
    assert_eq!(count, 1);
    let genai = trace.genai();
    let call = &genai.llm_calls()[0];
    assert_eq!(call.output, [Message::text(Role::Assistant, "hi")]);
    assert_eq!(call.duration, Some(Duration::from_nanos(10)));
    assert_eq!(genai.usage(), Usage::new(21, 9));
}

#[test]
fn answers_of_one_identifier_that_follow_one_another_are_others() {
    let spans =
        vec![client(1, [10, 20], "r1"), client(2, [30, 40], "r1"), client(3, [35, 50], "r1")];
    assert_eq!(calls(spans).1, 3);
    let other = vec![wrapper(1, [10, 40], "r1"), client(2, [20, 30], "r2")];
    assert_eq!(calls(other).1, 2);
    let elsewhere = Raw { parent: Some(format!("{:016x}", 3)), ..client(2, [20, 30], "r1") };
    let step = span(3, [15, 35], json!({}));
    assert_eq!(calls(vec![wrapper(1, [10, 40], "r1"), step, elsewhere]).1, 2);
}

#[test]
fn a_wrapper_that_does_not_know_the_answer_is_known_by_the_model_and_the_tokens() {
    let wrapper = |model: &str, tokens: u64| {
        span(
            1,
            [10, 40],
            json!({"judgment.span_kind": "llm", "judgment.usage.output_tokens": tokens,
            "gen_ai.request.model": model}),
        )
    };
    let client = |answer: Option<&str>| {
        let mut said = json!({"gen_ai.operation.name": "chat", "gen_ai.request.model": "m",
            "gen_ai.usage.output_tokens": 9});
        if let Some(answer) = answer {
            said["gen_ai.response.id"] = answer.into();
        }
        span(2, [20, 30], said)
    };
    assert_eq!(calls(vec![wrapper("m", 9), client(Some("r1"))]).1, 1);
    assert_eq!(calls(vec![wrapper("m", 8), client(Some("r1"))]).1, 2);
    assert_eq!(calls(vec![wrapper("n", 9), client(Some("r1"))]).1, 2);
    // Two requests at once of an emitter without identifiers are two.
    assert_eq!(calls(vec![wrapper("m", 9), client(None)]).1, 2);
}
