//! Differences between two traces.

use std::time::Duration;

use probity_trace::{Change, SpanOrEvent, TraceDiff, TraceSnapshot, Value, testing::TraceBuilder};
use tracing::Level;

#[track_caller]
fn check(before: TraceBuilder, after: TraceBuilder, expected: &[&str]) {
    let (before, after) = (before.build(), after.build());
    let diff = TraceDiff::between(&before, &after);
    let lines: Vec<String> = diff.to_string().lines().skip(1).map(str::to_owned).collect();
    assert_eq!(lines, expected, "\n{before}\n{after}");
    assert_eq!(diff.len(), expected.len());
    assert_eq!(diff.is_empty(), expected.is_empty());
    let back = TraceDiff::between(&after, &before);
    assert_eq!(back.is_empty(), diff.is_empty());
}

fn new() -> TraceBuilder {
    TraceBuilder::new()
}

#[test]
fn a_trace_does_not_differ_from_itself_nor_from_one_of_other_times_and_identifiers() {
    let run = |wait: u64| {
        new()
            .wait(Duration::from_millis(wait))
            .span("a", |a| a.span("b", |b| b.event("x")).wait(Duration::from_secs(wait)))
            .source("f.rs", 3)
            .target("t")
    };
    check(run(1), run(2), &[]);
    let shifted = new().span("other", |s| s).build();
    let trace = run(1).build();
    assert_eq!(TraceDiff::between(&trace, &trace).to_string(), "no differences");
    assert!(!TraceDiff::between(&trace, &shifted).is_empty());
    let empty = TraceSnapshot::default();
    assert!(TraceDiff::between(&empty, &empty).is_empty());
}

#[test]
fn what_appears_and_vanishes_is_told_with_its_place_and_content() {
    check(
        new().span("a", |a| a.span("gone", |s| s.span("x", |x| x).event("e")).event("gone too")),
        new()
            .span("a", |a| a.span("new", |s| s.span("y", |y| y).span("z", |z| z)))
            .event("new too"),
        &[
            "+ • new too",
            "- a > • gone too",
            "- a > gone (with 1 child and 1 event)",
            "+ a > new (with 2 children)",
        ],
    );
}

#[test]
fn changed_fields_and_levels_are_told_with_both_values() {
    check(
        new().span("a", |a| {
            a.field("same", 1).field("changed", "x").field("gone", true).event("e").field("n", 1)
        }),
        new().span("a", |a| {
            a.level(Level::WARN)
                .field("new", f64::NAN)
                .field("changed", "y")
                .field("same", 1_u64)
                .event("e")
                .field("n", 2)
        }),
        &[
            "~ a: level: INFO -> WARN",
            "~ a: changed: \"x\" -> \"y\"",
            "~ a: gone: true -> none",
            "~ a: new: none -> NaN",
            "~ a > • e: n: 1 -> 2",
        ],
    );
}

#[test]
fn fields_that_mean_the_same_do_not_differ() {
    check(
        new().open("a").field("x", f64::NAN).field("y", "t").field("z", 3),
        new()
            .open("a")
            .field("z", 3_u64)
            .field("y", Value::Debug("t".to_owned()))
            .field("x", f64::NAN),
        &[],
    );
}

#[test]
fn the_one_that_is_missing_among_many_of_a_name_is_found() {
    let chats = |turns: &[u64]| {
        turns.iter().fold(new().open("agent"), |builder, turn| {
            builder.span("chat", |chat| chat.field("turn", *turn))
        })
    };
    check(chats(&[1, 2, 3, 4]), chats(&[1, 3, 4]), &["- agent > chat[2]"]);
    check(chats(&[1, 3]), chats(&[1, 2, 3]), &["+ agent > chat[2]"]);
    check(chats(&[1, 2, 3]), chats(&[1, 9, 3]), &["~ agent > chat[2]: turn: 2 -> 9"]);
}

#[test]
fn siblings_in_another_order_have_moved() {
    let leaf = |name| move |builder: TraceBuilder| builder.span(name, |s| s);
    let (x, y, z) = (leaf("x"), leaf("y"), leaf("z"));
    check(z(y(x(new()))), y(x(z(new()))), &["> z -> z"]);
    check(new().event("1").event("2"), new().event("2").event("1"), &["> • 1 -> • 1"]);
}

#[test]
fn a_span_elsewhere_has_moved_and_what_changed_in_it_is_told() {
    let tool = |builder: TraceBuilder, n: u64| {
        builder.span("tool", |tool| tool.span("http", |http| http.field("n", n)))
    };
    check(
        tool(new().span("a", |a| a).open("b"), 1),
        tool(new().open("a"), 1).close().span("b", |b| b),
        &["> b > tool -> a > tool"],
    );
    check(
        tool(new().span("a", |a| a).open("b"), 1),
        tool(new().open("a"), 2).close().span("b", |b| b),
        &["> b > tool -> a > tool", "~ a > tool > http: n: 1 -> 2"],
    );
}

#[test]
fn of_several_spans_of_one_name_those_have_moved_that_are_the_same() {
    let tools = |builder: TraceBuilder, numbers: [u64; 2]| {
        numbers.into_iter().fold(builder, |builder, n| builder.span("tool", |s| s.field("n", n)))
    };
    check(
        tools(new().open("a"), [1, 2]).close().span("b", |b| b),
        tools(new().span("a", |a| a).open("b"), [2, 3]),
        &[
            "> a > tool[1] -> b > tool[2]",
            "~ b > tool[2]: n: 1 -> 3",
            "> a > tool[2] -> b > tool[1]",
        ],
    );
}

#[test]
fn what_was_in_a_span_that_vanished_has_moved_out() {
    let chat = |builder: TraceBuilder| builder.span("chat", |chat| chat.field("k", 1));
    check(
        new().span("agent", |agent| agent.span("wrapper", |w| chat(w).span("gone", |g| g))),
        new().span("agent", chat),
        &["- agent > wrapper (with 2 children)", "> agent > wrapper > chat -> agent > chat"],
    );
}

#[test]
fn changes_are_values_of_their_own() {
    let before = new().span("a", |a| a.field("k", 1)).build();
    let after = new().span("a", |a| a.field("k", 2)).event("e").build();
    let diff = TraceDiff::between(&before, &after);
    let changes: Vec<&Change<'_>> = diff.changes().collect();
    assert!(matches!(changes[0], Change::Appeared(item) if item.message() == Some("e")));
    assert!(changes[0].before().is_none());
    assert!(matches!(
        changes[1],
        Change::Field { key: "k", old: Some(old), new: Some(new), .. } if *old == 1 && *new == 2
    ));
    assert_eq!(changes[1].to_string(), "~ a: k: 1 -> 2");
    assert_eq!(changes[1].before().map(SpanOrEvent::trace), Some(&before));
    assert_eq!(diff.changes().count(), 2);
}

#[test]
fn secrets_are_masked_and_long_paths_shortened() {
    let deep = |key: &str| {
        let builder = ["a", "b", "c", "d", "e", "f"].into_iter().fold(new(), TraceBuilder::open);
        builder.field("k", key)
    };
    check(
        deep("sk-abcdefghijklmnop1234"),
        deep("x"),
        &["~ … > b > c > d > e > f: k: \"[redacted]\" -> \"x\""],
    );
}

#[test]
fn lists_that_are_too_long_for_the_best_way_are_still_compared() {
    let many = |first: u64| {
        (first..first + 3_000)
            .fold(new(), |builder, n| builder.span("s", |s| s.field("n", n % 7 * n)))
    };
    let (before, after) = (many(0).build(), many(1).build());
    let diff = TraceDiff::between(&before, &after);
    // Equal beginnings and ends are found first, so something in the middle must differ.
    assert!(diff.is_approximate(), "{diff}");
    assert!(diff.to_string().contains("too long"));
    assert!(diff.len() >= 2);
    assert!(diff.len() < 10, "{diff}");
    let small = (new().event("a").build(), new().event("b").build());
    assert!(!TraceDiff::between(&small.0, &small.1).is_approximate());
}
