//! Traces that are nested far deeper than a stack is.

use std::{fmt::Write as _, thread};

use probity_trace::{Redacted, TraceDiff, TraceSnapshot, capture_sync};
use tracing::{Span, dispatcher, info, info_span};

use crate::{stack::with_layer, under::captured};

const DEPTH: usize = 100_000;

/// As much as a thread of Rust gets by default, half of what most main threads get.
const STACK: usize = 2 << 20;

fn on_a_small_stack(work: impl FnOnce() + Send + 'static) {
    let worker = thread::Builder::new().stack_size(STACK).spawn(work);
    worker.unwrap().join().expect("the small stack is enough");
}

/// Opens a chain of spans below `top`, each the contextual child of the one before.
fn chain(top: Option<Span>, depth: usize) -> Vec<Span> {
    let mut spans: Vec<Span> = top.into_iter().collect();
    for level in 0..depth {
        let open = || info_span!("level", level);
        spans.push(match spans.last() {
            Some(parent) => parent.in_scope(open),
            None => open(),
        });
    }
    spans
}

/// Lets the spans go from the innermost outwards: in the other order the registry recurses.
fn close(mut spans: Vec<Span>) {
    while let Some(innermost) = spans.pop() {
        drop(innermost);
    }
}

fn check_chain(trace: &TraceSnapshot) {
    assert_eq!(trace.len(), DEPTH);
    assert_eq!(trace.roots().len(), 1);
    let root = trace.roots().next().unwrap();
    assert_eq!(root.descendants().count(), DEPTH - 1);
    let leaf = trace.all_spans().next_back().unwrap();
    assert_eq!(leaf.ancestors().count(), DEPTH - 1);
    let levels = leaf.ancestors().map(|span| span.field("level").unwrap().as_u64().unwrap());
    assert!(levels.eq((0..DEPTH as u64 - 1).rev()), "the ancestors are out of order");
}

#[test]
fn a_chain_of_100_000_spans_is_captured_asked_and_dropped_on_a_small_stack() {
    on_a_small_stack(|| {
        let subscriber = with_layer();
        let trace = dispatcher::with_default(&subscriber, || {
            capture_sync(|| {
                let spans = chain(None, DEPTH);
                spans.last().unwrap().in_scope(|| info!("at the bottom"));
                close(spans);
            })
            .trace
        });

        check_chain(&trace);
        assert!(trace.all_spans().all(|span| !span.is_open()));
        let event = trace.event("at the bottom").unwrap();
        assert_eq!(event.span().unwrap().ancestors().count(), DEPTH - 1);
        drop(trace);
    });
}

#[test]
fn a_chain_that_two_threads_wrote_is_put_in_order_on_a_small_stack() {
    on_a_small_stack(|| {
        let subscriber = with_layer();
        let trace = dispatcher::with_default(&subscriber, || {
            capture_sync(|| {
                let spans = chain(None, DEPTH / 2);
                let (top, other) = (spans.last().cloned(), subscriber.clone());
                let lower =
                    thread::spawn(move || dispatcher::with_default(&other, || lower_half(top)));
                lower.join().unwrap();
                close(spans);
            })
            .trace
        });

        check_chain(&trace);
    });
}

fn lower_half(top: Option<Span>) {
    let mut spans: Vec<Span> = top.into_iter().collect();
    for level in DEPTH / 2..DEPTH {
        let open = || info_span!("level", level);
        let next = spans.last().map_or_else(open, |parent| parent.in_scope(open));
        spans.push(next);
    }
    close(spans);
}

fn deep_trace() -> TraceSnapshot {
    captured(|| close(chain(None, DEPTH)))
}

#[test]
fn a_deep_trace_is_printed_on_a_small_stack() {
    on_a_small_stack(|| {
        let trace = deep_trace();

        let mut text = String::new();
        write!(text, "{trace:?}").unwrap();
        assert_eq!(text.matches("\"level\"").count(), 2 * DEPTH, "name and key");
        let tree = trace.to_string();
        assert_eq!(tree.matches("level=").count(), DEPTH);
        // Deeper than a screen is wide, a tree must not grow with the square of its depth.
        assert!(tree.len() < 1_000 * DEPTH, "{} bytes", tree.len());
        assert_eq!(trace.to_tree(Redacted::new()).lines().count(), DEPTH);
    });
}

#[test]
fn a_deep_trace_is_stored_read_and_compared_on_a_small_stack() {
    on_a_small_stack(|| {
        let trace = deep_trace();

        let json = trace.to_json().unwrap();
        let read = TraceSnapshot::from_json(&json).unwrap();
        check_chain(&read);
        assert!(read == trace, "a stored trace differs from what it was");
        assert!(TraceDiff::between(&trace, &read).is_empty());
        assert!(TraceDiff::between(&trace, &deep_trace()).is_empty());
    });
}

#[test]
fn ten_thousand_spans_may_be_entered_at_once() {
    const ENTERED: usize = 10_000;
    on_a_small_stack(|| {
        let subscriber = with_layer();
        let trace = dispatcher::with_default(&subscriber, || {
            capture_sync(|| {
                let mut entered: Vec<_> =
                    (0..ENTERED).map(|level| info_span!("level", level).entered()).collect();
                info!("at the bottom");
                while let Some(innermost) = entered.pop() {
                    drop(innermost);
                }
            })
            .trace
        });

        let event = trace.event("at the bottom").unwrap();
        assert_eq!(event.span().unwrap().ancestors().count(), ENTERED - 1);
        assert!(trace.all_spans().all(|span| !span.is_open()));
    });
}
