//! The printed tree.

use std::time::Duration;

use probity_trace::{
    CaptureStatus, Dropped, Redacted, TraceSnapshot, capture_sync, testing::TraceBuilder,
};
use tracing::Level;
use tracing_subscriber::layer::SubscriberExt as _;

use crate::sample::sample;

#[track_caller]
fn check(trace: &TraceSnapshot, expected: &[&str]) {
    assert_eq!(trace.to_tree(Redacted::new()), expected.join("\n"));
}

#[test]
fn a_tree_shows_everything_in_its_place_by_time() {
    let expected = [
        "trace 01010101010101010101010101010101, 338ms, 4 spans, 4 events",
        "• +0ns before all",
        concat!(
            r#"agent 335ms task="weather in\n\"Oslo\" 🦀\0" bool=true i64=-9223372036854775808 "#,
            "u64=18446744073709551615 i128=-170141183460469231731687303715884105728 ",
            "u128=340282366920938463463374607431768211455 f64=0.30000000000000004 minus zero=-0 ",
            r#"nan=NaN other nan=NaN inf=inf -inf=-inf debug=Some(1) cut="first words"… (cut)"#,
            " #e220a8397b1dcdaf",
        ),
        "├─ • +2ms WARN retrying attempt=2",
        "├─ chat 311ms DEBUG #6e789e6aa1b965f4",
        "│  └─ • +313ms [stream] token",
        "└─ tool 20ms follows from chat #6e789e6aa1b965f4 #06c45d188009454f",
        "left behind 1ms (open) #f88bb8a8724c81ec",
        "└─ • +338ms still here",
    ];
    assert_eq!(sample().to_string(), expected.join("\n"));
}

#[test]
fn times_and_identifiers_are_left_out_and_can_be_put_back() {
    let trace =
        TraceBuilder::new().span("a", |a| a.event("x").span("b", |b| b.follows_from("a"))).build();
    check(&trace, &["a", "├─ • x", "└─ b follows from a"]);
    let with_times = trace.to_tree(Redacted::new().show_times());
    assert!(with_times.starts_with("trace 4ms, 2 spans, 1 event\na 4ms\n├─ • +1ms x\n"));
    let with_ids = trace.to_tree(Redacted::new().show_ids());
    assert!(with_ids.contains("b follows from a #e220a8397b1dcdaf #6e789e6aa1b965f4"));
    assert_eq!(trace.to_tree(Redacted::nothing()), trace.to_string());
    assert_eq!(trace.to_tree(Redacted::default()), trace.to_tree(Redacted::new()));
}

#[test]
fn values_that_differ_from_run_to_run_can_be_hidden() {
    let trace =
        TraceBuilder::new().open("a").field("id", 17).event("said 17").field("n", 1).build();
    let tree = trace.to_tree(Redacted::new().hide_value("id").hide_value("message"));
    assert_eq!(tree, "a (open) id=[hidden]\n└─ • [hidden] n=1");
}

#[test]
fn what_was_dropped_and_why_nothing_was_recorded_comes_last() {
    let mut dropped = Dropped::default();
    dropped.spans = 2;
    dropped.late = 1;
    let trace = TraceBuilder::new()
        .span("a", |a| a)
        .dropped(dropped)
        .status(CaptureStatus::Fallback)
        .build();
    check(
        &trace,
        &[
            "a",
            "dropped: 2 spans, 1 late record",
            "status: recorded by probity's own subscriber, since none was installed",
        ],
    );
    let empty = TraceSnapshot::default().to_string();
    let lines: Vec<&str> = empty.lines().collect();
    assert_eq!(lines[0], "trace 0ns, 0 spans, 0 events");
    assert!(lines[1].starts_with("status: nothing recorded: no capture layer saw anything"));
    check(&TraceBuilder::new().build(), &["(nothing)"]);
}

#[test]
fn secrets_are_masked_wherever_they_stand() {
    const KEY: &str = "sk-abcdefghijklmnop1234";
    let trace = TraceBuilder::new()
        .span(KEY, |span| span.field(KEY, 1).field("prompt", KEY).event(KEY))
        .build();
    let tree = trace.to_string();
    assert!(!tree.contains(KEY), "{tree}");
    assert_eq!(tree.matches("[redacted]").count(), 4, "{tree}");
}

#[test]
fn nothing_that_a_program_records_ends_a_line_or_moves_the_cursor() {
    let trace = TraceBuilder::new()
        .span("a\nb", |span| span.field("k\r", "v\u{1b}[2J").event("m\u{7}\n"))
        .build();
    check(&trace, &[r#"a\nb k\r="v\u{1b}[2J""#, r"└─ • m\u{7}\n"]);
}

#[test]
fn deep_spans_are_indented_no_further_and_say_how_deep_they_are() {
    let mut builder = TraceBuilder::new();
    for _ in 0..28 {
        builder = builder.open("s");
    }
    let tree = builder.event("x").build().to_tree(Redacted::new());
    let lines: Vec<&str> = tree.lines().collect();
    let indent = "   ".repeat(23);
    assert_eq!(lines[24], format!("{indent}└─ s (open)"));
    assert_eq!(lines[25], format!("{indent}└─ (depth 25) s (open)"));
    assert_eq!(lines[28], format!("{indent}└─ (depth 28) • x"));
}

#[test]
fn lines_go_on_beside_what_is_inside() {
    let trace = TraceBuilder::new()
        .span("r", |r| r.span("a", |a| a.span("b", |b| b.event("c"))).span("d", |d| d.event("e")))
        .build();
    check(&trace, &["r", "├─ a", "│  └─ b", "│     └─ • c", "└─ d", "   └─ • e"]);
}

#[test]
fn a_span_and_an_event_at_one_time_are_in_this_order() {
    let now = Duration::ZERO;
    let trace = TraceBuilder::new().event("e").wait(now).span("a", |a| a).build();
    check(&trace, &["a", "• e"]);
}

#[test]
fn a_captured_trace_prints_as_a_built_one() {
    let subscriber = tracing_subscriber::registry().with(probity_trace::layer());
    let collected = tracing::subscriber::with_default(subscriber, || {
        capture_sync(|| {
            let agent =
                tracing::info_span!("agent", task = "weather", answer = tracing::field::Empty);
            let _entered = agent.enter();
            tracing::warn!(attempt = 2, "retrying");
            tracing::info_span!("chat", tokens = 7).in_scope(|| tracing::info!("done"));
            agent.record("answer", "sun");
        })
    });
    let built = TraceBuilder::new()
        .span("agent", |agent| {
            agent
                .field("task", "weather")
                .field("answer", "sun")
                .event("retrying")
                .level(Level::WARN)
                .field("attempt", 2)
                .span("chat", |chat| {
                    chat.field("tokens", 7).wait(Duration::from_millis(3)).event("done")
                })
        })
        .build();
    assert_eq!(collected.trace.to_tree(Redacted::new()), built.to_tree(Redacted::new()));
}
