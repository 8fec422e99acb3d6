//! Bounds of a capture: kept to, and what they cut is counted exactly.

use std::thread;

use futures::executor::block_on;
use probity_trace::{CaptureHandle, CaptureLimits, Collected, TraceSnapshot, capture, capture_raw};
use tracing::{debug, field::Empty, info, info_span, instrument::WithSubscriber as _};

use crate::{shape::shape, stack::with_layer};

fn within(limits: CaptureLimits, f: impl FnOnce()) -> TraceSnapshot {
    let capture = capture(async { f() }).limits(limits);
    block_on(capture.with_subscriber(with_layer())).trace
}

fn limits() -> CaptureLimits {
    CaptureLimits::default()
}

#[test]
fn spans_beyond_the_bound_are_counted_and_their_children_hang_from_the_nearest_kept() {
    let trace = within(limits().with_max_spans(3), || {
        let _a = info_span!("a").entered();
        let _b = info_span!("b").entered();
        let _c = info_span!("c").entered();
        let _d = info_span!("d").entered();
        info!("in d");
        let e = info_span!("e", late = Empty);
        e.record("late", 1);
        e.in_scope(|| info!("in e"));
    });

    assert_eq!(shape(&trace), ["a", "b < a", "c < b", "'in d' < c", "'in e' < c"]);
    assert_eq!(trace.dropped().spans, 2);
    assert_eq!(trace.dropped().events, 0);
    assert!(trace.all_spans().all(|span| !span.is_open()));
}

#[test]
fn events_beyond_the_bound_are_counted() {
    let trace = within(limits().with_max_events(100), || {
        info_span!("span").in_scope(|| (0..1_000).for_each(|n| info!(n, "said")));
    });

    assert_eq!(trace.all_events().len(), 100);
    assert_eq!(trace.dropped().events, 900);
    let numbers = trace.all_events().map(|event| event.field("n").unwrap().as_u64().unwrap());
    assert!(numbers.eq(0..100), "the first ones are kept");
}

#[test]
fn a_bound_of_nothing_keeps_nothing_and_counts_all() {
    let nothing = limits().with_max_spans(0).with_max_events(0);
    let trace = within(nothing, || {
        info_span!("span").in_scope(|| info!("said"));
    });

    assert!(trace.is_empty());
    assert_eq!((trace.dropped().spans, trace.dropped().events), (1, 1));
}

#[test]
fn values_beyond_the_bound_are_cut_marked_and_counted() {
    let trace = within(limits().with_max_field_bytes(10), || {
        let span = info_span!("span", long = "0123456789abc", fits = "0123456789", late = Empty);
        span.record("late", "0123456789abc");
        let debugged = "0123456789abc".to_owned();
        info!(debugged, shown = %debugged, number = 12_345_678_901_u64, "0123456789, and more");
    });

    let span = trace.span("span").unwrap();
    assert_eq!(span.field("long").unwrap(), "0123456789");
    assert_eq!(span.field("fits").unwrap(), "0123456789");
    assert_eq!(span.field("late").unwrap(), "0123456789");
    let cut: Vec<_> =
        span.fields().filter(|field| field.is_cut()).map(probity_trace::FieldRef::key).collect();
    assert_eq!(cut, ["long", "late"]);
    let event = trace.all_events().next().unwrap();
    assert_eq!(event.message(), Some("0123456789"));
    assert_eq!(event.field("debugged").unwrap(), "0123456789");
    assert_eq!(event.field("shown").unwrap(), "0123456789");
    assert_eq!(event.field("number").unwrap(), 12_345_678_901_u64);
    assert_eq!(trace.dropped().cut_values, 5);
    assert!(span.to_node().fields.iter().any(|field| field.cut));
}

#[test]
fn a_value_is_cut_between_characters() {
    for max in 0..12 {
        let trace = within(limits().with_max_field_bytes(max), || {
            info!(text = "aé漢🦀b", debug = ?"aé漢🦀b", "said");
        });
        let event = trace.all_events().next().unwrap();
        let text = event.field("text").unwrap().as_str().unwrap();
        assert!("aé漢🦀b".starts_with(text) && text.len() <= max as usize, "{max}: {text}");
        let debug = event.field("debug").unwrap().as_str().unwrap();
        assert!("\"aé漢🦀b\"".starts_with(debug) && debug.len() <= max as usize, "{max}: {debug}");
    }
}

#[test]
fn long_values_within_the_bound_are_kept_whole() {
    for length in [511, 512, 513, 65_535, 65_536, 65_537, 1 << 20] {
        let text = "x".repeat(length);
        let trace = within(limits(), || info!(text = text.as_str(), shown = %text, "said"));
        let event = trace.event("said").unwrap();
        assert!(event.field("text").unwrap() == text.as_str(), "{length} bytes as a string");
        assert!(event.field("shown").unwrap() == text.as_str(), "{length} bytes as text");
        assert!(trace.dropped().is_empty());
    }
    let text = "x".repeat((1 << 20) + 1);
    let trace = within(limits(), || info!(text, "said"));
    assert_eq!(trace.dropped().cut_values, 1, "one byte more than the default bound");
}

#[test]
fn all_records_together_keep_to_the_bound_on_bytes() {
    let trace = within(limits().with_max_total_bytes(100_000), || {
        for n in 0..1_000_u64 {
            let span = info_span!("span", n, late = Empty);
            span.record("late", "x".repeat(100));
            span.in_scope(|| info!(text = "x".repeat(100), "said"));
        }
    });

    let dropped = trace.dropped();
    assert_eq!(trace.len() as u64 + dropped.spans, 1_000);
    assert_eq!(trace.all_events().len() as u64 + dropped.events, 1_000);
    let lates = trace.all_spans().filter(|span| span.field("late").is_some()).count() as u64;
    // A value for a span that was not kept itself is lost with its span.
    assert_eq!(lates + dropped.fields + dropped.spans, 1_000);
    // 100,000 bytes are more than 100 and less than 500 of these.
    assert!((100..500).contains(&lates), "{lates} kept");
    let text: u64 = 100 * (lates + trace.all_events().len() as u64);
    assert!(text < 100_000, "{text} bytes of text alone");
}

#[test]
fn one_value_that_is_too_large_is_left_out_and_what_fits_is_kept() {
    let trace = within(limits().with_max_total_bytes(10_000), || {
        info!(text = "x".repeat(20_000), "large");
        info!("small");
    });

    assert_eq!(shape(&trace), ["'small'"]);
    assert_eq!(trace.dropped().events, 1);
}

#[test]
fn links_keep_to_the_bound_on_bytes_too() {
    let trace = within(limits().with_max_total_bytes(10_000), || {
        let (cause, effect) = (info_span!("cause"), info_span!("effect"));
        (0..100_000).for_each(|_| _ = effect.follows_from(&cause));
    });

    let links = trace.span("effect").unwrap().follows_from().count();
    assert!(links < 10_000, "{links} links in 10,000 bytes");
    assert!(!trace.dropped().is_empty(), "what was left out is counted");
}

#[test]
fn raw_entries_beyond_the_bound_are_counted() {
    let Collected { trace, .. } = block_on(
        capture(async {
            let raw = capture_raw(async {
                for _ in 0..100 {
                    let body = "x".repeat(1_000);
                    debug!(target: "probity::raw", kind = "stream_event", body);
                }
            });
            let raw = raw.limits(limits().with_max_total_bytes(20_000)).await;
            let kept = raw.raw.entries.len() as u64;
            assert!((10..20).contains(&kept), "{kept} entries of 1,000 bytes in 20,000");
            assert_eq!(kept + raw.raw.dropped, 100);
            assert_eq!(raw.raw.dropped, raw.trace.dropped().raw_entries);
        })
        .with_subscriber(with_layer()),
    );
    assert_eq!(trace.dropped().raw_entries, 0, "each capture counts its own");
}

#[test]
fn bounds_hold_for_all_threads_together_and_the_counts_are_exact() {
    const THREADS: u64 = 8;
    const EACH: u64 = 1_000;
    let trace = within(limits().with_max_spans(2_000).with_max_events(3_000), || {
        let handle = CaptureHandle::current().unwrap();
        let threads: Vec<_> = (0..THREADS)
            .map(|_| {
                let handle = handle.clone();
                let work =
                    || (0..EACH).for_each(|n| info_span!("span").in_scope(|| info!(n, "said")));
                thread::spawn(move || handle.in_scope(work))
            })
            .collect();
        for thread in threads {
            thread.join().unwrap();
        }
    });

    let (spans, events) = (trace.len() as u64, trace.all_events().len() as u64);
    assert!((1_800..=2_000).contains(&spans), "{spans} spans");
    assert!((2_700..=3_000).contains(&events), "{events} events");
    assert_eq!(spans + trace.dropped().spans, THREADS * EACH);
    assert_eq!(events + trace.dropped().events, THREADS * EACH);
}

#[test]
fn threads_that_record_little_do_not_use_the_bounds_up() {
    const THREADS: usize = 500;
    let bounds =
        limits().with_max_spans(1_000).with_max_events(1_000).with_max_total_bytes(1_000_000);
    let trace = within(bounds, || {
        for n in 0..THREADS {
            let handle = CaptureHandle::current().unwrap();
            let work = move || info_span!("span", n).in_scope(|| info!("said"));
            thread::spawn(move || handle.in_scope(work)).join().unwrap();
        }
    });

    assert_eq!((trace.len(), trace.all_events().len()), (THREADS, THREADS));
    assert!(trace.dropped().is_empty(), "{:?}", trace.dropped());
}

#[test]
fn what_the_policy_leaves_out_takes_no_room_and_is_not_counted() {
    let trace = within(limits().with_max_spans(1).with_max_events(1), || {
        for _ in 0..100 {
            debug!("left out");
            tracing::debug_span!("left out").in_scope(|| ());
            info_span!("left out as well", probity.capture = false).in_scope(|| ());
        }
        info_span!("kept").in_scope(|| info!("kept"));
    });

    assert_eq!(shape(&trace), ["kept", "'kept' < kept"]);
    assert!(trace.dropped().is_empty(), "{:?}", trace.dropped());
}
