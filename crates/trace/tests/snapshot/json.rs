//! The JSON form.

use std::fmt::Write as _;

use probity_trace::{
    CaptureStatus, Dropped, FromJsonError, SpanRef, TraceSnapshot, capture_sync,
    testing::TraceBuilder,
};
use serde_json::{Value, json};
use tracing::level_filters::LevelFilter;
use tracing_subscriber::layer::SubscriberExt as _;

use crate::sample::sample;

#[track_caller]
fn round_trip(trace: &TraceSnapshot) -> TraceSnapshot {
    let json = trace.to_json().expect("JSON");
    let back = TraceSnapshot::from_json(&json).expect("a trace");
    assert_eq!(&back, trace, "{json}");
    let pretty = trace.to_json_pretty().expect("JSON");
    assert_eq!(TraceSnapshot::from_json(&pretty), Ok(back.clone()));
    back
}

/// A small trace as JSON, to be spoiled.
fn small() -> Value {
    let trace =
        TraceBuilder::new().span("a", |a| a.field("k", 1).event("e")).span("b", |b| b).build();
    serde_json::to_value(trace).expect("JSON")
}

#[track_caller]
fn refuse(spoil: impl FnOnce(&mut Value), expected: &str) {
    let mut json = small();
    spoil(&mut json);
    let error = TraceSnapshot::from_json(&json.to_string()).expect_err("an error");
    assert!(matches!(error, FromJsonError::Malformed { .. }), "{error:?}");
    assert!(error.to_string().contains(expected), "{error}");
}

#[test]
fn everything_comes_back_as_it_was() {
    let back = round_trip(&sample());
    assert_eq!(back.to_string(), sample().to_string());
    round_trip(&TraceSnapshot::default());
    round_trip(&TraceBuilder::new().build());
}

#[test]
fn a_captured_trace_comes_back_as_it_was() {
    let subscriber = tracing_subscriber::registry().with(probity_trace::layer());
    let dispatch = tracing::Dispatch::new(subscriber);
    let collected = tracing::dispatcher::with_default(&dispatch, || {
        capture_sync(|| {
            let outer = tracing::info_span!("outer", n = 1, late = tracing::field::Empty);
            let handle = probity_trace::CaptureHandle::current().expect("a capture");
            let (span, dispatch) = (outer.clone(), dispatch.clone());
            std::thread::spawn(move || {
                tracing::dispatcher::with_default(&dispatch, || {
                    handle.in_scope(|| {
                        span.in_scope(|| tracing::warn!(?handle, "from another thread"));
                        let inner = tracing::info_span!(parent: &span, "inner", x = %"y");
                        inner.follows_from(&span);
                        span.record("late", 2.5);
                    });
                });
            })
            .join()
            .expect("the thread ends");
            outer.in_scope(|| tracing::error!(name: "named", "failed"));
            tracing::info!("at the root");
            tracing::info_span!("open")
        })
    });
    assert_eq!(collected.trace.len(), 3);
    assert_eq!(collected.trace.all_events().len(), 3);
    let back = round_trip(&collected.trace);
    assert_eq!(back.to_string(), collected.trace.to_string());
    assert!(back.span("open").expect("the span").is_open());
}

#[test]
fn every_status_and_every_count_comes_back() {
    let mut dropped = Dropped::default();
    dropped.spans = u64::MAX;
    dropped.late = 3;
    let (max_level, static_max_level) = (LevelFilter::OFF, LevelFilter::TRACE);
    for status in [
        CaptureStatus::Recorded,
        CaptureStatus::Fallback,
        CaptureStatus::NothingRecorded { max_level, static_max_level },
        CaptureStatus::NothingFits,
        CaptureStatus::LayerNotSeen,
    ] {
        let trace = TraceBuilder::new().status(status.clone()).dropped(dropped).build();
        let back = round_trip(&trace);
        assert_eq!((back.status(), back.dropped()), (&status, dropped));
    }
}

#[test]
fn long_texts_come_back_whole() {
    let text = format!("{}\u{e9}", "word ".repeat(400_000));
    let trace = TraceBuilder::new().open("a").field("k", &text).build();
    let back = round_trip(&trace);
    let field = back.span("a").expect("a").fields().next().expect("a field");
    assert_eq!(field.value().as_str(), Some(&*text));
    assert!(!field.is_cut());
}

#[test]
fn secrets_are_masked_on_the_way_out() {
    let trace =
        TraceBuilder::new().open("a").field("prompt", "my key is sk-abcdefghijklmnop1234").build();
    let json = trace.to_json().expect("JSON");
    assert!(json.contains("my key is [redacted]"), "{json}");
    assert_ne!(TraceSnapshot::from_json(&json), Ok(trace));
}

#[test]
fn keys_may_come_in_any_order_and_unknown_ones_are_ignored() {
    let trace = sample();
    let json = serde_json::to_value(&trace).expect("JSON");
    let object = json.as_object().expect("an object");
    let mut keys: Vec<_> = object.keys().collect();
    for _ in 0..keys.len() {
        keys.rotate_left(1);
        let mut text = String::from("{\"unknown\":{\"a\":[1,{}]}");
        for key in &keys {
            write!(text, ",{key:?}:{}", object[*key]).expect("a string takes all");
        }
        text.push('}');
        assert_eq!(TraceSnapshot::from_json(&text), Ok(trace.clone()), "{keys:?}");
    }
    assert_eq!(serde_json::from_value::<TraceSnapshot>(json).expect("a trace"), trace);
}

#[test]
fn another_format_is_refused_by_name_whatever_else_is_wrong() {
    let mut json = small();
    json["format"] = "probity-trace/2".into();
    json["dropped"] = "something else altogether".into();
    let error = TraceSnapshot::from_json(&json.to_string()).expect_err("an error");
    assert_eq!(error, FromJsonError::OtherFormat { found: "probity-trace/2".to_owned() });
    assert_eq!(
        error.to_string(),
        "the format is \"probity-trace/2\", and only \"probity-trace/1\" is understood"
    );
    json["dropped"] = json!({});
    let error = serde_json::from_value::<TraceSnapshot>(json).expect_err("an error");
    assert!(error.to_string().contains("the format is \"probity-trace/2\""), "{error}");
    refuse(|json| json["format"] = Value::Null, "invalid type: null");
}

#[test]
fn a_later_minor_version_is_read() {
    let mut json = small();
    json["format"] = "probity-trace/1.7".into();
    assert!(TraceSnapshot::from_json(&json.to_string()).is_ok());
}

#[test]
fn what_is_missing_is_named() {
    for key in ["format", "start_unix_nano", "duration_ns", "status"] {
        let missing = format!("missing field `{key}`");
        refuse(|json| drop(json.as_object_mut().expect("an object").remove(key)), &missing);
    }
    let mut json = small();
    for key in ["trace_id", "dropped", "spans", "events"] {
        json.as_object_mut().expect("an object").remove(key);
    }
    let trace = TraceSnapshot::from_json(&json.to_string()).expect("a trace");
    assert!(trace.is_empty() && trace.trace_id().is_none());
}

#[test]
fn what_cannot_be_is_refused_with_its_place() {
    let a = |json: &Value| json["spans"][0]["id"].clone();
    let b = |json: &Value| json["spans"][1]["id"].clone();
    refuse(
        |json| json["spans"][1]["id"] = a(json),
        "spans[1]: the identifier e220a8397b1dcdaf is that of spans[0] already",
    );
    refuse(
        |json| json["spans"][0]["parent"] = b(json),
        "spans[0]: the parent 6e789e6aa1b965f4 does not come before it",
    );
    refuse(
        |json| json["spans"][0]["parent"] = a(json),
        "spans[0]: the parent e220a8397b1dcdaf does not come before it",
    );
    refuse(
        |json| json["spans"][1]["follows_from"] = json!(["00000000000000ff"]),
        "spans[1]: it follows from 00000000000000ff, which is no span of the trace",
    );
    refuse(
        |json| json["events"][0]["span"] = "00000000000000ff".into(),
        "events[0]: it is in 00000000000000ff, which is no span of the trace",
    );
    refuse(
        |json| {
            let field = json["spans"][0]["fields"][0].clone();
            json["spans"][0]["fields"] = json!([field, field]);
        },
        "spans[0]: the field \"k\" is there twice",
    );
    refuse(|json| json["spans"][0]["id"] = "xyz".into(), "16 hexadecimal digits");
    refuse(|json| json["spans"] = json!({}), "expected a list");
    refuse(|json| *json = json!([]), "expected a trace, a map with");
}

#[test]
fn times_that_cannot_be_are_refused_with_their_place() {
    refuse(
        |json| json["start_unix_nano"] = "1".into(),
        "spans[0]: its time is before the start of the trace",
    );
    refuse(
        |json| {
            json["start_unix_nano"] = "1".into();
            json["spans"] = json!([]);
            json["events"] = json!([{"unix_nano": "0"}]);
        },
        "events[0]: its time is before the start of the trace",
    );
    let last = u64::MAX.to_string();
    refuse(
        |json| json["spans"][1]["start_unix_nano"] = last.clone().into(),
        "spans[1]: its time is out of range",
    );
    refuse(
        |json| json["spans"][1]["duration_ns"] = u64::MAX.into(),
        "spans[1]: its time is out of range",
    );
    refuse(
        |json| json["events"][0]["unix_nano"] = last.clone().into(),
        "events[0]: its time is out of range",
    );
    refuse(|json| json["duration_ns"] = u64::MAX.into(), "the time of the trace is out of range");
    refuse(|json| json["start_unix_nano"] = last.clone().into(), "out of range");
}

#[test]
fn a_key_that_is_there_twice_is_refused() {
    for key in [
        "format",
        "trace_id",
        "start_unix_nano",
        "duration_ns",
        "status",
        "dropped",
        "spans",
        "events",
    ] {
        let json = small();
        let twice = format!("{{{key:?}:{},{}", json[key], &json.to_string()[1..]);
        let error = TraceSnapshot::from_json(&twice).expect_err("an error");
        assert!(error.to_string().contains(&format!("duplicate field `{key}`")), "{error}");
    }
}

#[test]
fn a_cause_may_come_after_its_effect() {
    let mut json = small();
    let b = json["spans"][1]["id"].clone();
    json["spans"][0]["follows_from"] = json!([b, b]);
    let trace = TraceSnapshot::from_json(&json.to_string()).expect("a trace");
    let a = trace.span("a").expect("a");
    assert!(a.follows_from().map(SpanRef::name).eq(["b", "b"]));
    round_trip(&trace);
}
