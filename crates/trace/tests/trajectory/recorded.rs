//! What recorded traffic of the Lunette client and of instrumentations becomes.

use std::{env, fs, path::PathBuf};

use probity_trace::{
    TraceSnapshot,
    testing::TraceBuilder,
    trajectory::{Message, Run, Trajectory},
};
use serde_json::Value;

/// Finds a file of recorded traffic, which is not part of this repository.
fn recorded(file: &str) -> Option<Value> {
    let default = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared");
    let shared = env::var_os("PROBITY_SHARED").map_or_else(|| default.into(), PathBuf::from);
    let path = shared.join("data/protocol-fixtures").join(file);
    let Ok(text) = fs::read_to_string(&path) else {
        println!("skipped: there is no {}", path.display());
        return None;
    };
    Some(serde_json::from_str(&text).unwrap())
}

#[test]
fn what_the_lunette_client_sends_is_read_and_written_back_the_same() {
    for file in [
        "lunette__current__save.json",
        "lunette__old__save.json",
        "lunette__current__manual-client.json",
        "lunette__old__manual-client.json",
    ] {
        let Some(recorded) = recorded(file) else { return };
        let requests = recorded["requests"].as_array().unwrap();
        let saved: Vec<_> =
            requests.iter().filter(|request| request["path"] == "/api/runs/save").collect();
        assert!(!saved.is_empty(), "{file}");
        for request in saved {
            let run: Run = serde_json::from_value(request["body"].clone()).unwrap();
            assert_eq!(serde_json::to_value(&run).unwrap(), request["body"], "{file}");
        }
    }
}

/// What the spans of each trajectory say, as the provider's answers behind them have it.
fn said(sample: &str) -> Vec<(&'static str, &'static str)> {
    let sunny = ("assistant", "It is sunny.");
    match sample {
        "question-1" => {
            vec![("system", "You are a helpful assistant."), ("user", "What is 2 + 2?"), sunny]
        }
        "tools" => {
            vec![("user", "Weather in Boston?"), ("assistant", ""), ("tool", r#"{"t":72}"#), sunny]
        }
        "stream" => vec![("user", "stream"), sunny],
        "responses" => vec![("system", "be terse"), ("user", "hi"), sunny],
        "7" => vec![
            ("system", "Be terse"),
            ("user", "Weather in Boston?"),
            ("assistant", "Let me look."),
            ("tool", "72F"),
            sunny,
        ],
        "anth-stream" => vec![("user", "hi"), sunny],
        "err" => vec![("user", "x")],
        "outer" => vec![],
        "deco" => vec![("user", "deco"), sunny],
        "conc-2" => vec![("user", "conc 2"), sunny],
        "conc-1" => vec![("user", "conc 1"), sunny],
        other => panic!("an unknown sample {other}"),
    }
}

fn trace_of(spans: &[Value]) -> TraceSnapshot {
    let add = |trace: TraceBuilder, span: &Value| {
        trace.span(span["name"].as_str().unwrap(), |mut built| {
            for (key, value) in span["attributes"].as_object().unwrap() {
                built = match value {
                    Value::String(text) => built.field(key, text.as_str()),
                    Value::Bool(value) => built.field(key, *value),
                    Value::Number(number) if number.is_i64() => {
                        built.field(key, number.as_i64().unwrap())
                    }
                    Value::Number(number) => built.field(key, number.as_f64().unwrap()),
                    other => built.field(key, other.to_string()),
                };
            }
            built
        })
    };
    spans.iter().fold(TraceBuilder::new(), add).build()
}

#[track_caller]
fn check_spans(file: &str) {
    let Some(recorded) = recorded(file) else { return };
    for spans in recorded["trajectories"].as_array().unwrap() {
        let spans = spans.as_array().unwrap();
        let sample = spans[0]["attributes"]["lunette.sample"].as_str().unwrap();
        let trajectory = Trajectory::from_trace(sample, &trace_of(spans));
        let found: Vec<_> = trajectory
            .messages
            .iter()
            .map(|message| (message.role(), message.content().text()))
            .collect();
        let found: Vec<_> = found.iter().map(|(role, text)| (*role, text.as_str())).collect();
        assert_eq!(found, said(sample), "{file}: {sample}: {:?}", trajectory.gaps);
        for message in &trajectory.messages {
            let Message::Tool { tool_call, .. } = message else { continue };
            assert_eq!(tool_call.function, "get_weather");
            assert_eq!(tool_call.arguments["city"], "Boston");
        }
    }
}

#[test]
fn spans_of_the_current_instrumentations_make_the_messages_that_were_said() {
    check_spans("lunette__current__otel-spans.json");
}

#[test]
fn spans_of_the_older_instrumentations_make_the_same_messages() {
    check_spans("lunette__old__otel-spans.json");
}
