//! A trace that version 1 of the format wrote is read for ever.

use probity_trace::TraceSnapshot;

use crate::sample::sample;

/// Written once, with unknown keys added by hand at every level. It is never written again.
const V1: &str = include_str!("../data/trace-v1.json");

#[test]
fn the_stored_trace_of_version_1_still_says_the_same() {
    let trace = TraceSnapshot::from_json(V1).expect("a trace");
    assert_eq!(trace, sample());
    assert!(V1.contains("later_version"));
}

#[test]
fn what_is_written_is_what_version_1_wrote() {
    let stored: serde_json::Value = serde_json::from_str(V1).expect("JSON");
    let written = serde_json::to_value(sample()).expect("JSON");
    assert_eq!(written, without_unknown(stored));
}

fn without_unknown(value: serde_json::Value) -> serde_json::Value {
    match value {
        serde_json::Value::Object(map) => map
            .into_iter()
            .filter(|(key, _)| !key.starts_with("later_version"))
            .map(|(key, value)| (key, without_unknown(value)))
            .collect(),
        serde_json::Value::Array(items) => items.into_iter().map(without_unknown).collect(),
        other => other,
    }
}
