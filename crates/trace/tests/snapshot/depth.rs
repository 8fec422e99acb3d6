//! A trace may be as deep as it is long.

use std::thread;

use probity_trace::{
    Redacted, TraceDiff, TraceSnapshot,
    matcher::{field, has_field, name},
    testing::TraceBuilder,
};

const DEPTH: usize = 100_000;

/// Runs on a thread with the stack that threads have by default.
fn on_a_small_stack(body: impl FnOnce() + Send + 'static) {
    let thread = thread::Builder::new().stack_size(2 << 20).spawn(body);
    thread.expect("a thread starts").join().expect("the thread ends well");
}

fn chain(depth: usize) -> TraceSnapshot {
    let mut builder = TraceBuilder::new();
    for n in 0..depth {
        builder = builder.open("s").field("n", n);
    }
    builder = builder.event("at the bottom");
    for _ in 0..depth {
        builder = builder.close();
    }
    builder.build()
}

#[test]
fn a_hundred_thousand_nested_spans_do_no_harm() {
    on_a_small_stack(|| {
        let trace = chain(DEPTH);
        let root = trace.span("s").expect("the root");
        assert_eq!(root.descendants().count(), DEPTH - 1);
        let last = trace.all_spans().next_back().expect("the last");
        assert_eq!(last.ancestors().count(), DEPTH - 1);
        assert_eq!(trace.find_all(name("s") & has_field("n")).count(), DEPTH);

        let tree = trace.to_tree(Redacted::new());
        assert_eq!(tree.lines().count(), DEPTH + 1);
        let bottom = format!("└─ (depth {DEPTH}) • at the bottom");
        assert!(tree.ends_with(&bottom));

        let json = trace.to_json().expect("JSON");
        let back = TraceSnapshot::from_json(&json).expect("a trace");
        assert_eq!(back, trace);
        assert!(TraceDiff::between(&trace, &back).is_empty());

        let shorter = chain(DEPTH - 1);
        let diff = TraceDiff::between(&trace, &shorter);
        assert_eq!(diff.len(), 2, "a span is gone, and the event with it");
        assert!(diff.to_string().lines().all(|line| line.len() < 200));

        let error = trace.scan_spans().try_single(field("n", "x")).expect_err("an error");
        assert!(error.to_string().lines().count() < 210);
        drop((trace, back, shorter));
    });
}
