//! Traces built by hand.

use std::time::Duration;

use probity_trace::{FieldRef, testing::TraceBuilder};
use tracing::Level;

const MS: Duration = Duration::from_millis(1);

#[test]
fn what_is_added_is_found_where_it_was_added() {
    let trace = TraceBuilder::new()
        .span("a", |a| {
            a.field("k", 1)
                .span("b", |b| b.level(Level::WARN).target("t").source("f.rs", 3))
                .event("in a")
                .field("k", "v")
        })
        .event("at the root")
        .build();
    let a = trace.span("a").expect("a");
    let b = trace.span("b").expect("b");
    assert_eq!(b.parent(), Some(a));
    assert_eq!((b.level(), b.target()), (Level::WARN, "t"));
    assert_eq!((b.file(), b.line()), (Some("f.rs"), Some(3)));
    assert_eq!(a.field("k").expect("k"), 1);
    let event = trace.event("in a").expect("the event");
    assert_eq!(event.span(), Some(a));
    assert_eq!(event.field("k").expect("k"), "v");
    assert!(trace.events().eq(trace.event("at the root")));
}

#[test]
fn time_passes_as_it_is_said_and_a_millisecond_where_nothing_is_said() {
    let trace = TraceBuilder::new()
        .span("a", |a| {
            a.span("waits", |span| span.wait(300 * MS))
                .span("lasts", |span| span.lasts(40 * MS).event("x"))
        })
        .build();
    let duration = |name| trace.span(name).expect("the span").duration();
    assert_eq!(duration("waits"), 300 * MS);
    assert_eq!(duration("lasts"), 40 * MS);
    // Opening `waits`, opening `lasts` after it, and closing after `lasts`.
    assert_eq!(duration("a"), 343 * MS);
    assert_eq!(trace.duration(), duration("a"));
    assert!(trace.all_spans().all(|span| span.busy() == span.duration() && !span.is_open()));
}

#[test]
fn a_later_value_of_a_key_takes_the_place_of_the_earlier() {
    let trace = TraceBuilder::new().open("a").field("k", 1).field("l", 2).field("k", 3).build();
    let a = trace.span("a").expect("a");
    assert!(a.fields().map(FieldRef::key).eq(["k", "l"]));
    assert_eq!(a.field("k").expect("k"), 3);
}

#[test]
fn calls_that_make_no_sense_do_nothing() {
    let trace = TraceBuilder::new()
        .close()
        .field("k", 1)
        .cut()
        .level(Level::WARN)
        .follows_from("a")
        .lasts(MS)
        .span("a", |a| a.close().close().follows_from("none"))
        .wait(Duration::MAX)
        .wait(Duration::MAX)
        .event("end of time")
        .build();
    assert_eq!(trace.len(), 1);
    assert_eq!(trace.all_events().len(), 1);
    let json = trace.to_json().expect("JSON");
    assert_eq!(probity_trace::TraceSnapshot::from_json(&json), Ok(trace));
}
