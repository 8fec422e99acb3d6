//! Traces that someone made to do harm.

use std::fmt::Write as _;

use probity_trace::{
    Change, Redacted, TraceDiff, TraceSnapshot, matcher::has_field, testing::TraceBuilder,
};

fn with(spans: &str, events: &str) -> String {
    format!(
        r#"{{"format":"probity-trace/1","start_unix_nano":"0","duration_ns":0,
            "status":{{"state":"recorded"}},"spans":[{spans}],"events":[{events}]}}"#
    )
}

#[test]
fn a_hundred_thousand_fields_on_one_span_are_a_matter_of_moments() {
    let mut fields = String::new();
    for n in 0..100_000 {
        let comma = if n == 0 { "" } else { "," };
        write!(fields, r#"{comma}{{"key":"k{n}","value":"v"}}"#).expect("a string takes all");
    }
    let span = format!(
        r#"{{"id":"00000000000000ff","name":"a","start_unix_nano":"0","fields":[{fields}]}}"#
    );
    let trace = TraceSnapshot::from_json(&with(&span, "")).expect("a trace");
    let other = TraceSnapshot::from_json(&with(&span.replace("k99999", "l"), "")).expect("a trace");
    assert_eq!(trace.span("a").expect("a").fields().count(), 100_000);
    assert_eq!(TraceSnapshot::from_json(&trace.to_json().expect("JSON")), Ok(trace.clone()));
    assert_ne!(trace, other);
    assert_eq!(TraceDiff::between(&trace, &other).len(), 2);
    assert!(trace.to_string().ends_with(r#" k99999="v" #00000000000000ff"#));
    assert_eq!(trace.find_all(has_field("k99999")).count(), 1);
}

#[test]
fn a_hundred_thousand_siblings_in_another_order_are_compared() {
    let siblings = |numbers: &mut dyn Iterator<Item = u32>| {
        let mut builder = TraceBuilder::new().open("root");
        for n in numbers {
            builder = builder.span("s", |s| s.field("n", n));
        }
        builder.build()
    };
    let (rising, falling) = (siblings(&mut (0..100_000)), siblings(&mut (0..100_000).rev()));
    let diff = TraceDiff::between(&rising, &falling);
    assert!(diff.is_approximate());
    let moved = diff.changes().filter(|change| matches!(change, Change::Moved { .. })).count();
    assert_eq!((diff.len(), moved), (99_999, 99_999), "one stays in its place");
    assert_eq!(diff.to_string().lines().count(), 100_000);
}

#[test]
fn nesting_that_no_trace_has_is_refused_or_skipped() {
    let deep = "[".repeat(1_000_000);
    for json in [
        deep.clone(),
        format!(r#"{{"x":{deep}"#),
        format!(r#"{{"status":{deep}"#),
        format!(r#"{{"spans":[{{"fields":[{{"value":{deep}"#),
    ] {
        TraceSnapshot::from_json(&json).expect_err("an error");
    }
}

#[test]
fn names_of_any_length_are_shown_short() {
    let name = "n".repeat(1 << 20);
    let span = format!(r#"{{"id":"00000000000000ff","name":"{name}","start_unix_nano":"0"}}"#);
    let trace = TraceSnapshot::from_json(&with(&span, "")).expect("a trace");
    let tree = trace.to_tree(Redacted::new());
    assert!(tree.len() < 300, "{} bytes", tree.len());
    assert!(tree.ends_with("n… (1048576 bytes) (open)"), "{tree}");
}

#[test]
fn times_in_no_order_are_shown_in_the_order_of_the_lists() {
    let span = |id: u8, start: u8, parent: &str| {
        format!(
            r#"{{"id":"00000000000000{id:02x}","name":"s{id}","start_unix_nano":"{start}"{parent}}}"#
        )
    };
    let parent = r#","parent":"0000000000000001""#;
    let spans = [span(1, 9, ""), span(2, 3, parent), span(3, 1, parent), span(4, 0, "")].join(",");
    let event = |at: u8| {
        let message = format!(r#"[{{"key":"message","value":"e{at}"}}]"#);
        format!(r#"{{"span":"0000000000000001","unix_nano":"{at}","fields":{message}}}"#)
    };
    let events = [event(5), event(2), event(4)].join(",");
    let trace = TraceSnapshot::from_json(&with(&spans, &events)).expect("a trace");
    let expected =
        ["s1 (open)", "├─ s2 (open)", "├─ s3 (open)", "├─ • e5", "├─ • e2", "└─ • e4", "s4 (open)"];
    assert_eq!(trace.to_tree(Redacted::new()), expected.join("\n"));
}
