//! Equality of snapshots.

use std::time::Duration;

use probity_trace::{TraceSnapshot, Value, testing::TraceBuilder};
use tracing::Level;

use crate::sample::sample;

/// Builds a trace with one thing changed.
fn with(change: impl FnOnce(TraceBuilder) -> TraceBuilder) -> TraceSnapshot {
    let builder =
        TraceBuilder::new().span("before", |span| span).open("a").field("k", 1).field("f", 0.0);
    change(builder).event("e").close().build()
}

#[test]
fn a_trace_equals_itself_however_it_came_to_be() {
    let trace = sample();
    assert_eq!(trace, trace.clone());
    assert_eq!(trace, sample());
    assert_eq!(TraceSnapshot::default(), TraceSnapshot::default());
}

type Change = fn(TraceBuilder) -> TraceBuilder;

#[test]
fn whatever_differs_makes_traces_differ() {
    let unchanged = with(|builder| builder);
    assert_eq!(unchanged, with(|builder| builder));
    let changed: &[(&str, Change)] = &[
        ("name", |b| b.name("b")),
        ("target", |b| b.target("t")),
        ("level", |b| b.level(Level::WARN)),
        ("source", |b| b.source("f.rs", 1)),
        ("value", |b| b.field("k", 2)),
        ("type", |b| b.field("k", 1_u64)),
        ("type of text", |b| b.field("k", Value::Debug("1".to_owned()))),
        ("zero", |b| b.field("f", -0.0)),
        ("field", |b| b.field("l", 1)),
        ("cut", TraceBuilder::cut),
        ("duration", |b| b.wait(Duration::from_nanos(1))),
        ("busy", |b| b.busy(Duration::from_nanos(1))),
        ("link", |b| b.follows_from("before")),
        ("span", |b| b.open("c")),
        ("event", |b| b.event("e")),
        ("start", |b| b.started_at(std::time::UNIX_EPOCH + Duration::from_nanos(1))),
        ("status", |b| b.status(probity_trace::CaptureStatus::Fallback)),
        ("trace_id", |b| {
            b.trace_id("00000000000000000000000000000001".parse().expect("an identifier"))
        }),
    ];
    for (what, change) in changed {
        assert_ne!(unchanged, with(change), "{what}");
    }
}

#[test]
fn a_span_that_is_open_differs_from_one_that_closed_at_the_end() {
    let open = TraceBuilder::new().open("a").wait(Duration::from_secs(1)).build();
    let closed = TraceBuilder::new()
        .span("a", |a| a.wait(Duration::from_secs(1)).busy(Duration::ZERO))
        .build();
    assert_eq!(open.duration(), closed.duration());
    assert_ne!(open, closed);
}
