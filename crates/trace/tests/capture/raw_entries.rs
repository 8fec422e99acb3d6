//! Raw entries: kept whole, only where they are asked for, in the order in which they came.

use std::{fmt, thread};

use futures::executor::block_on;
use probity_trace::{
    CaptureHandle, CaptureStatus, CollectedRaw, RawPayload, capture_raw, capture_sync, layer,
};
use tracing::{Dispatch, debug, dispatcher, info, info_span, instrument::WithSubscriber as _};
use tracing_subscriber::{filter::LevelFilter, layer::SubscriberExt as _, registry};

use crate::{shape::shape, stack::with_layer, under::captured};

fn captured_raw(f: impl FnOnce()) -> CollectedRaw<()> {
    block_on(capture_raw(async { f() }).with_subscriber(with_layer()))
}

fn payloads(collected: &CollectedRaw<()>) -> Vec<RawPayload> {
    let entries = &collected.raw.entries;
    entries.iter().map(|entry| entry.payload.clone()).collect()
}

#[test]
fn the_event_form_says_all_that_the_other_form_does() {
    let collected = captured_raw(|| {
        debug!(target: "probity::raw", kind = "request", method = "POST", url = "https://x/", headers = "a: 1\nb: 2:3", body = "{}");
        debug!(target: "probity::raw", kind = "response", status = 200, headers = "a: 1", body = "[]");
        debug!(target: "probity::raw", kind = "response", status = 204_u64);
        debug!(target: "probity::raw", kind = "stream_event", sequence = 3_u64, body = "data");
        debug!(target: "probity::raw", kind = "parse_error", error = "bad", body = "{");
        debug!(target: "probity::raw", kind = "request_error", error = %"slow", status = 429, body = "wait", retryable = true);
        debug!(target: "probity::raw", kind = "request_error", error = "gone");
        debug!(target: "probity::raw", kind = "collect_error", error = "cut", body = "half");
    });

    let header = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    let expected = [
        RawPayload::Request {
            method: "POST".into(),
            url: "https://x/".into(),
            headers: vec![header("a", "1"), header("b", "2:3")],
            body: "{}".into(),
        },
        RawPayload::Response {
            status: 200,
            headers: vec![header("a", "1")],
            body: Some("[]".into()),
        },
        RawPayload::Response { status: 204, headers: Vec::new(), body: None },
        RawPayload::StreamEvent { sequence: 3, body: "data".into() },
        RawPayload::ParseError { error: "bad".into(), body: "{".into() },
        RawPayload::RequestError {
            error: "slow".into(),
            status: Some(429),
            body: Some("wait".into()),
            retryable: Some(true),
        },
        RawPayload::RequestError {
            error: "gone".into(),
            status: None,
            body: None,
            retryable: None,
        },
        RawPayload::CollectError { error: "cut".into(), partial: Some("half".into()) },
    ];
    assert_eq!(payloads(&collected), expected);
    assert!(collected.trace.is_empty(), "raw entries are no events");
    assert_eq!(collected.trace.status(), &CaptureStatus::Recorded);
}

#[test]
fn an_entry_of_an_unknown_kind_is_not_lost() {
    let collected = captured_raw(|| {
        debug!(target: "probity::raw", kind = "telepathy", body = "hm");
        debug!(target: "probity::raw", "no kind at all");
    });

    assert_eq!(collected.raw.entries.len(), 2);
    let RawPayload::ParseError { error, body } = &collected.raw.entries[0].payload else {
        panic!("{:?}", collected.raw.entries[0]);
    };
    assert!(error.contains("telepathy") && body == "hm", "{error}");
}

#[test]
fn raw_entries_are_kept_only_where_they_are_asked_for() {
    let trace = captured(|| {
        let handle = CaptureHandle::current().unwrap();
        assert!(!handle.wants_raw());
        assert!(!handle.record_raw(RawPayload::StreamEvent { sequence: 0, body: "x".into() }));
        debug!(target: "probity::raw", kind = "stream_event", body = "x");
        info!(target: "probity::raw", kind = "stream_event", body = "x");
    });

    assert!(trace.is_empty(), "{:?}", shape(&trace));
    assert!(trace.dropped().is_empty());
}

#[test]
fn entries_name_the_span_they_belong_to() {
    let collected = captured_raw(|| {
        let handle = CaptureHandle::current().unwrap();
        assert!(handle.wants_raw());
        let turn = info_span!("turn");
        turn.in_scope(|| {
            debug!(target: "probity::raw", kind = "stream_event", body = "0");
            let handle = CaptureHandle::current().unwrap();
            let work = move || {
                handle.record_raw(RawPayload::StreamEvent { sequence: 1, body: "1".into() })
            };
            assert!(thread::spawn(work).join().unwrap());
        });
        debug!(target: "probity::raw", parent: &turn, kind = "stream_event", body = "2");
        debug!(target: "probity::raw", parent: None, kind = "stream_event", body = "3");
        assert!(handle.record_raw(RawPayload::StreamEvent { sequence: 4, body: "4".into() }));
    });

    let turn = Some(collected.trace.span("turn").unwrap().id());
    let spans: Vec<_> = collected.raw.entries.iter().map(|entry| entry.span).collect();
    assert_eq!(spans, [turn, turn, turn, None, None]);
    assert!(collected.raw.entries.is_sorted_by_key(|entry| entry.at));
}

#[test]
fn bodies_are_kept_whole() {
    let body = "é".repeat(3 << 20);
    let collected = captured_raw(|| {
        debug!(target: "probity::raw", kind = "stream_event", body);
    });

    assert_eq!(payloads(&collected), [RawPayload::StreamEvent { sequence: 0, body }]);
}

#[test]
fn an_entry_after_the_end_is_counted() {
    let (trace, handle) = dispatcher::with_default(&with_layer(), || {
        let collected = probity_trace::capture_raw_sync(|| CaptureHandle::current().unwrap());
        (collected.trace, collected.output)
    });

    assert!(!handle.wants_raw());
    assert!(!handle.record_raw(RawPayload::StreamEvent { sequence: 0, body: "late".into() }));
    assert_eq!(trace.dropped().late, 1);
}

#[test]
fn a_filter_that_keeps_raw_entries_out_is_named_by_the_status() {
    let subscriber = Dispatch::new(registry().with(layer()).with(LevelFilter::INFO));
    let collected = block_on(
        capture_raw(async {
            debug!(target: "probity::raw", kind = "stream_event", body = "x");
        })
        .with_subscriber(subscriber),
    );

    assert!(collected.raw.entries.is_empty());
    assert!(!collected.trace.status().is_recorded());
    let said = collected.trace.status().to_string();
    assert!(said.contains("filter"), "{said}");
}

#[test]
fn a_body_whose_debug_fails_is_no_panic_of_the_layer() {
    struct Fails;
    impl fmt::Debug for Fails {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("half")?;
            Err(fmt::Error)
        }
    }

    let collected = captured_raw(|| {
        debug!(target: "probity::raw", kind = "stream_event", body = ?Fails);
    });

    let expected = RawPayload::StreamEvent { sequence: 0, body: "half".into() };
    assert_eq!(payloads(&collected), [expected]);
}

#[test]
fn a_raw_capture_of_a_closure_keeps_the_same() {
    let collected = dispatcher::with_default(&with_layer(), || {
        probity_trace::capture_raw_sync(|| {
            debug!(target: "probity::raw", kind = "stream_event", body = "x");
            // An ordinary capture within it takes none of its entries and keeps none of its own.
            capture_sync(|| debug!(target: "probity::raw", kind = "stream_event", body = "y"));
        })
    });

    let expected = RawPayload::StreamEvent { sequence: 0, body: "x".into() };
    assert_eq!(payloads(&collected), [expected]);
}
