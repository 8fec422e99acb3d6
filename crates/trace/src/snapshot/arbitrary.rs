//! Snapshots of arbitrary records: whatever a buffer holds, nothing panics and nothing is lost.

use std::sync::{Arc, OnceLock};

use proptest::{collection::vec, prelude::*, test_runner::RngSeed};

use super::{Header, Ids, Inner, TraceSnapshot};
use crate::{
    clock::Ticks,
    log::{
        bytes::Entry,
        record::{EventRecord, LateRecord, LinkRecord, SpanKey, SpanRecord, Timing},
        segment::Buffer,
    },
};

/// Keys that mostly name a record, but also one that is not there, or none.
fn key() -> impl Strategy<Value = SpanKey> {
    prop_oneof![
        6 => (0..4_u32, 0..24_u32).prop_map(|(segment, index)| SpanKey { index, segment }),
        1 => Just(SpanKey::NONE),
        1 => (any::<u32>(), any::<u32>()).prop_map(|(segment, index)| SpanKey { index, segment }),
    ]
}

fn entry() -> impl Strategy<Value = Entry> {
    prop_oneof![
        4 => (0..3_u32, 0..64_u32, 0..64_u16).prop_map(|(block, len, offset)| Entry { block, len, offset }),
        1 => (any::<u32>(), any::<u32>(), any::<u16>())
            .prop_map(|(block, len, offset)| Entry { block, len, offset }),
    ]
}

fn ticks() -> impl Strategy<Value = Ticks> {
    prop_oneof![4 => 0..50_u64, 1 => any::<u64>()]
}

fn timing() -> impl Strategy<Value = Timing> {
    (ticks(), ticks(), 0..1_000_u64).prop_map(|(closed, last_exit, busy)| Timing {
        closed,
        last_exit,
        busy,
    })
}

fn span() -> impl Strategy<Value = SpanRecord> {
    (ticks(), timing(), entry(), key()).prop_map(|(opened, timing, fields, parent)| SpanRecord {
        callsite: None,
        opened,
        timing,
        fields,
        parent,
    })
}

fn event() -> impl Strategy<Value = EventRecord> {
    (ticks(), entry(), key()).prop_map(|(at, fields, parent)| EventRecord {
        callsite: None,
        at,
        fields,
        parent,
    })
}

prop_compose! {
    fn buffer()(
        spans in vec(span(), 0..24),
        events in vec(event(), 0..16),
        lates in vec((key(), 0..40_u32, entry()), 0..16),
        links in vec((key(), key()), 0..8),
        blocks in vec(vec(any::<u8>(), 0..96), 0..3),
        longs in vec(".{0,8}", 0..3),
        keys in vec("[a-c]{1,2}", 0..3),
        foreign in vec((key(), timing()), 0..4),
    ) -> Buffer {
        let mut buffer = Buffer::default();
        for record in spans {
            buffer.spans.push(record);
        }
        for record in events {
            buffer.events.push(record);
        }
        for (span, sequence, fields) in lates {
            buffer.lates.push(LateRecord { span, sequence, fields });
        }
        buffer.links = links.into_iter().map(|(span, cause)| LinkRecord { span, cause }).collect();
        for block in blocks {
            buffer.bytes.push(&block);
        }
        buffer.longs = longs.into_iter().map(Into::into).collect();
        buffer.keys = keys.into_iter().map(Into::into).collect();
        buffer.foreign = foreign.into_iter().collect();
        buffer
    }
}

fn snapshot(buffers: Vec<Buffer>) -> TraceSnapshot {
    let header = Header { ids: Ids::Derived(7), started: 1, ended: 40, ..Header::default() };
    TraceSnapshot { inner: Arc::new(Inner { header, buffers, index: OnceLock::new() }) }
}

/// Asks everything there is to ask, and checks that each record is found once.
fn check(trace: &TraceSnapshot, spans: usize, events: usize) {
    assert_eq!((trace.len(), trace.all_spans().len()), (spans, spans));
    assert_eq!(trace.all_events().len(), events);

    let below_roots = trace.roots().map(|root| 1 + root.descendants().count()).sum::<usize>();
    assert_eq!(below_roots, spans, "every span is a root or below one, once");
    let in_spans = trace.all_spans().map(|span| span.events().len()).sum::<usize>();
    assert_eq!(trace.events().len() + in_spans, events, "every event is in one span or none");

    for span in trace.all_spans() {
        assert!(span.ancestors().count() < spans);
        assert!(span.children().all(|child| child.parent() == Some(span)));
        assert!(span.events().all(|event| event.span() == Some(span)));
        for field in span.fields() {
            let found = span.field(field.key()).expect("a field that is listed is found");
            assert!(found.is_identical(field.value()));
        }
        let _ = (span.duration(), span.idle(), span.started_at(), span.siblings().count());
        let _ = (span.id(), span.to_node());
    }
    let _ = (trace.to_string(), format!("{trace:?}"));
}

proptest! {
    #![proptest_config(ProptestConfig {
        rng_seed: RngSeed::Fixed(2_026),
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn arbitrary_records_make_a_snapshot_that_loses_nothing(buffers in vec(buffer(), 0..4)) {
        let spans = buffers.iter().map(|buffer| buffer.spans.len()).sum();
        let events = buffers.iter().map(|buffer| buffer.events.len()).sum();
        let trace = snapshot(buffers);

        check(&trace, spans, events);
    }

    #[test]
    fn arbitrary_records_survive_json(buffers in vec(buffer(), 0..4)) {
        let trace = snapshot(buffers);
        let json = trace.to_json().expect("every snapshot can be written");
        let read = TraceSnapshot::from_json(&json).expect("what was written can be read");

        check(&read, trace.len(), trace.all_events().len());
        prop_assert_eq!(read.to_json().ok(), Some(json));
    }
}
