//! Every order in which threads of one capture can meet, tried by `loom`.
//!
//! Run with `RUSTFLAGS="--cfg probity_loom" cargo test -p probity-trace --lib model`.

use std::sync::Arc;

use loom::thread;

use super::{
    Log, Settings,
    record::{SpanKey, SpanRecord},
    scratch::Scratch,
    segment::Refused,
};
use crate::{
    CaptureLimits,
    sync::{AtomicBool, Ordering},
};

/// Tries all orders in which threads are interrupted at most three times; more take hours.
fn model(run: impl Fn() + Send + Sync + 'static) {
    let mut builder = loom::model::Builder::new();
    builder.preemption_bound = Some(3);
    builder.check(run);
}

fn start(limits: CaptureLimits) -> Arc<Log> {
    Log::start(Settings { limits, ..Settings::default() })
}

/// Writes spans as the thread of this number; returns how many were written.
fn write_spans(log: &Arc<Log>, owner: u32, count: usize) -> usize {
    let Some(segment) = log.segment_of(owner) else { return 0 };
    let write = |_: &usize| {
        let written = segment.push_span(SpanRecord::blank(), &mut Scratch::default());
        assert_ne!(written.err(), Some(Refused::Full));
        written.is_ok()
    };
    (0..count).filter(write).count()
}

#[test]
fn whatever_is_written_before_the_end_is_in_the_snapshot_and_nothing_else() {
    model(|| {
        let log = start(CaptureLimits::default());
        let writer = {
            let log = Arc::clone(&log);
            thread::spawn(move || write_spans(&log, 1, 2))
        };
        let ended = log.end().unwrap();
        let written = writer.join().unwrap();
        let kept: usize = ended.buffers.iter().map(|buffer| buffer.spans.len()).sum();
        assert_eq!(kept, written);
        assert!(log.end().is_none(), "a capture ends once");
    });
}

#[test]
fn two_threads_never_keep_more_than_the_bound_and_count_the_rest() {
    model(|| {
        let log = start(CaptureLimits::default().with_max_spans(2));
        let write = |owner| {
            let log = Arc::clone(&log);
            move || {
                let segment = log.segment_of(owner).unwrap();
                let push = || segment.push_span(SpanRecord::blank(), &mut Scratch::default());
                (0..2).filter(|_| push().is_ok()).count()
            }
        };
        let other = thread::spawn(write(1));
        let kept = write(2)() + other.join().unwrap();
        let dropped = log.end().unwrap().dropped.spans;
        assert_eq!(kept, 2);
        assert_eq!(dropped, 2);
    });
}

#[test]
fn a_close_on_another_thread_is_seen_by_whoever_sees_what_came_after_it() {
    model(|| {
        let log = start(CaptureLimits::default());
        let segment = log.segment_of(1).unwrap();
        let before = segment.foreign_closes();
        let reused = Arc::new(AtomicBool::new(false));
        let closer = {
            let (segment, reused) = (Arc::clone(&segment), Arc::clone(&reused));
            thread::spawn(move || {
                segment.note_foreign_close();
                // From here on a registry may use the closed span's number again.
                reused.store(true, Ordering::Release);
            })
        };
        if reused.load(Ordering::Acquire) {
            assert_ne!(segment.foreign_closes(), before, "a stale memory would be trusted");
        }
        closer.join().unwrap();
        drop(log.end());
    });
}

#[test]
fn two_threads_get_segments_of_their_own() {
    model(|| {
        let log = start(CaptureLimits::default());
        let other = {
            let log = Arc::clone(&log);
            thread::spawn(move || log.segment_of(1).map(|segment| segment.number))
        };
        let own = log.segment_of(2).map(|segment| segment.number);
        assert_ne!(own, other.join().unwrap());
        let again = log.segment_of(2).map(|segment| segment.number);
        assert_eq!(own, again);
        assert_ne!(own, Some(SpanKey::NONE.segment));
        drop(log.end());
    });
}
