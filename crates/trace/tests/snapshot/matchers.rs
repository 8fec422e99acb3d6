//! Matchers, and what failed assertions say.

use std::panic::catch_unwind;

use probity_trace::{
    EventRef, SpanRef, TraceSnapshot,
    matcher::{
        Matcher, ancestor, any, event_where, field, has_field, level, message, name, parent,
        span_where, target,
    },
    testing::TraceBuilder,
};
use tracing::Level;

fn agent() -> TraceSnapshot {
    TraceBuilder::new()
        .span("agent", |agent| {
            agent
                .target("app::agent")
                .span("chat", |chat| chat.field("model", "x").field("turn", 1).event("token"))
                .span("tool", |tool| {
                    tool.span("http", |http| http.level(Level::DEBUG))
                        .event("failed")
                        .level(Level::WARN)
                        .field("status", 500)
                })
                .span("chat", |chat| chat.field("model", "y").field("turn", 2))
        })
        .event("end")
        .build()
}

#[track_caller]
fn spans(matcher: impl Matcher, expected: &[usize]) {
    let trace = agent();
    let found: Vec<usize> = trace.find_all(&matcher).map(SpanRef::position).collect();
    assert_eq!(found, expected, "{matcher}");
}

#[track_caller]
fn events(matcher: impl Matcher, expected: &[&str]) {
    let trace = agent();
    let found: Vec<_> = trace.events_matching(&matcher).filter_map(EventRef::message).collect();
    assert_eq!(found, expected, "{matcher}");
}

#[test]
fn spans_are_found_by_what_they_are() {
    spans(name("chat"), &[1, 4]);
    spans(name("none"), &[]);
    spans(target("app"), &[0]);
    spans(level(Level::DEBUG), &[3]);
    spans(field("model", "y"), &[4]);
    spans(field("turn", 2_u64), &[4]);
    spans(has_field("turn"), &[1, 4]);
    spans(parent(name("agent")), &[1, 2, 4]);
    spans(ancestor(name("agent")), &[1, 2, 3, 4]);
    spans(message("token"), &[]);
    spans(any(), &[0, 1, 2, 3, 4]);
    spans(span_where("leaf", |span| span.children().len() == 0), &[1, 3, 4]);
    spans(event_where("any", |_| true), &[]);
}

#[test]
fn events_are_found_by_what_they_are() {
    events(message("failed"), &["failed"]);
    events(level(Level::WARN), &["failed"]);
    events(field("status", 500), &["failed"]);
    events(parent(name("chat")), &["token"]);
    events(ancestor(name("agent")), &["token", "failed"]);
    events(!ancestor(any()), &["end"]);
    events(event_where("short", |event| event.message() == Some("end")), &["end"]);
    events(span_where("any", |_| true), &[]);
}

#[test]
fn matchers_are_combined() {
    spans(name("chat") & field("model", "x"), &[1]);
    spans(name("tool") | name("http"), &[2, 3]);
    spans(!name("chat"), &[0, 2, 3]);
    spans(name("chat") & !(field("model", "x") | field("model", "z")), &[4]);
    let boxed: Box<dyn Matcher> = Box::new(name("http") & ancestor(name("tool") & parent(any())));
    spans(boxed, &[3]);
}

#[test]
fn assertions_that_hold_return_what_they_found() {
    let trace = agent();
    let agent = trace.scan_spans().single(name("agent"));
    assert_eq!(trace.scan_spans().first(name("chat")).position(), 1);
    trace.scan_spans().none(has_field("error"));
    agent.scan_children().all(ancestor(name("agent")));
    agent.scan_children().none(name("http"));
    agent.scan_descendants().single(name("http"));
    agent.scan_events().none(any());
    trace.scan_events().all(level(Level::INFO) | field("status", 500));
    let steps = agent.scan_children().in_order(&[
        &(name("chat") & field("turn", 1)),
        &name("tool"),
        &name("chat"),
    ]);
    assert!(steps.iter().map(|span| span.position()).eq([1, 2, 4]));
    let said = trace.scan_events().in_order(&[&message("token"), &message("end")]);
    assert_eq!(said[1].span(), None);
    assert_eq!(trace.scan_spans().in_order(&[]), []);
}

#[track_caller]
fn fails(assertion: fn(&TraceSnapshot), expected: &[&str]) {
    let payload = catch_unwind(|| assertion(&agent())).expect_err("a panic");
    let said = payload.downcast::<String>().expect("a message");
    let tree = ["trace 12ms, 5 spans, 3 events", "agent 11ms", "├─ chat 2ms model=\"x\" turn=1"];
    let expected = [expected, &tree].concat().join("\n");
    assert!(said.starts_with(&expected), "{said}");
}

#[test]
fn assertions_that_do_not_hold_show_the_matcher_its_parts_and_the_tree() {
    fails(
        |trace| _ = trace.scan_spans().single(name("chat")),
        &["expected one span that matches name(\"chat\"), found 2 among 5"],
    );
    fails(
        |trace| _ = trace.scan_spans().single(name("chat") & field("model", "z")),
        &[
            "expected one span that matches name(\"chat\") & field(\"model\", \"z\"), found 0 among 5",
            "  name(\"chat\") matches 2",
            "  field(\"model\", \"z\") matches 0",
        ],
    );
    fails(
        |trace| _ = trace.scan_events().first(message("x")),
        &["expected some event that matches message(\"x\"), found none among 3"],
    );
    fails(
        |trace| trace.scan_spans().none(name("http")),
        &["expected no span that matches name(\"http\"), found 1 among 5"],
    );
    fails(
        |trace| trace.scan_spans().all(!name("chat")),
        &["expected every span to match !name(\"chat\"), found 2 that do not among 5"],
    );
    fails(
        |trace| drop(trace.scan_spans().in_order(&[&name("tool"), &name("agent")])),
        &[
            "expected after name(\"tool\") some span that matches name(\"agent\"), found none among 5",
        ],
    );
}

#[test]
fn the_forms_that_do_not_panic_say_the_same() {
    let trace = agent();
    let scan = trace.scan_spans();
    assert_eq!(scan.try_single(name("agent")).map(SpanRef::position), Ok(0));
    let errors = [
        scan.try_single(name("x")).map(drop),
        scan.try_first(name("x")).map(drop),
        scan.try_none(name("chat")),
        scan.try_all(name("chat")),
        scan.try_in_order(&[&name("x")]).map(drop),
    ];
    for error in errors {
        let message = error.expect_err("an error").to_string();
        assert!(message.contains("agent 11ms"), "{message}");
    }
}

#[test]
fn the_tree_in_a_message_is_not_endless() {
    let mut builder = TraceBuilder::new();
    for _ in 0..1000 {
        builder = builder.span("s", |s| s);
    }
    let trace = builder.build();
    let error = trace.scan_spans().try_first(name("x")).expect_err("an error").to_string();
    assert_eq!(error.lines().count(), 203);
    assert!(error.ends_with("\n(800 more spans and events)"), "{error}");
}
