//! Identifiers: of traces, of spans, and those that a registry uses again.

use std::{collections::HashSet, sync::mpsc, thread};

use futures::executor::block_on;
use probity_trace::{EventRef, TraceId, TraceSnapshot, capture, capture_sync};
use tracing::{Id, Span, dispatcher, info, info_span, instrument::WithSubscriber as _};

use crate::{
    shape::shape,
    stack::with_layer,
    under::{captured, captured_by},
};

#[test]
fn every_capture_has_an_identifier_of_its_own() {
    let ids: HashSet<_> = (0..1_000).map(|_| captured(|| ()).trace_id().unwrap()).collect();
    assert_eq!(ids.len(), 1_000);
}

#[test]
fn a_capture_continues_the_trace_it_is_told_to() {
    let id: TraceId = "4bf92f3577b34da6a3ce929d0e0e4736".parse().unwrap();
    let collected =
        block_on(capture(async { info!("said") }).continues(id).with_subscriber(with_layer()));

    assert_eq!(collected.trace.trace_id(), Some(id));
    assert_eq!(id.to_string(), "4bf92f3577b34da6a3ce929d0e0e4736");
}

#[test]
fn span_identifiers_are_unique_within_a_trace_and_lead_to_the_parents() {
    let trace = captured(|| {
        let _top = info_span!("top").entered();
        for n in 0..5_000 {
            info_span!("span", n).in_scope(|| ());
        }
    });

    let ids: HashSet<_> = trace.all_spans().map(probity_trace::SpanRef::id).collect();
    assert_eq!(ids.len(), trace.len());
    let top = trace.span("top").unwrap().id();
    assert!(trace.spans("span").all(|span| span.to_node().parent == Some(top)));
}

#[test]
fn a_handle_knows_the_identifiers_that_the_trace_will_have() {
    let mut known = None;
    let trace = captured(|| {
        let _top = info_span!("top").entered();
        let handle = probity_trace::CaptureHandle::current().unwrap();
        known = Some((handle.trace_id(), handle.span_id().unwrap()));
    });

    assert_eq!(known.map(|known| known.0), trace.trace_id());
    assert_eq!(known.map(|known| known.1), trace.span("top").map(probity_trace::SpanRef::id));
}

/// Opens and closes spans until the registry uses an identifier again, and returns that span.
///
/// The registry counts the uses of a slot in a few bits of the identifier, the highest ones, so that
/// this takes some thousands of spans.
fn reuse(id: &Id) -> Span {
    let slot = |id: &Id| id.into_u64() << 16;
    // A slot that was freed on another thread comes last, when all others are taken.
    let mut taken = Vec::new();
    loop {
        let span = info_span!("filler");
        if span.id().as_ref().map(slot) == Some(slot(id)) {
            break;
        }
        taken.push(span);
        assert!(taken.len() < 100_000, "the registry does not use slots again");
    }
    // A slot that was freed here comes first.
    for _ in 0..1_000_000 {
        let span = info_span!("second");
        if span.id().as_ref() == Some(id) {
            return span;
        }
    }
    panic!("the registry does not use identifiers again");
}

#[test]
fn identifiers_that_the_registry_uses_again_confuse_no_one_on_the_same_thread() {
    let subscriber = with_layer();
    let trace = captured_by(&subscriber, || {
        let first = info_span!("first");
        first.in_scope(|| info!("in the first"));
        let id = first.id().unwrap();
        drop(first);
        let second = reuse(&id);
        second.in_scope(|| info!("in the second"));
        info!(parent: &second, "to the second");
    });

    let in_second = trace.event("in the second").unwrap();
    assert_eq!(in_second.span().map(probity_trace::SpanRef::name), Some("second"));
    let to_second = trace.event("to the second").unwrap();
    assert_eq!(to_second.span(), in_second.span());
    assert!(!in_second.span().unwrap().is_open());
    assert_eq!(trace.span("first").unwrap().events().len(), 1);
}

/// What another thread does with the spans that it is given.
type Use = fn(Span);

/// Enters a span and lets it go.
fn enter(span: Span) {
    span.in_scope(|| info!("entered"));
    info!(parent: &span, "to the span");
    drop(span);
}

/// Lets a span go while it is entered. Only code that talks to the subscriber itself can do this.
fn enter_and_close(span: Span) {
    let id = span.id().unwrap();
    dispatcher::get_default(|subscriber| subscriber.enter(&id));
    info!("entered");
    info!(parent: &span, "to the span");
    drop(span);
    dispatcher::get_default(|subscriber| subscriber.exit(&id));
}

/// A thread that uses the spans it is given, one after the other.
struct Other {
    spans: mpsc::Sender<Span>,
    done: mpsc::Receiver<()>,
    worker: thread::JoinHandle<()>,
}

impl Other {
    fn that_does(uses: [Use; 2]) -> Self {
        let (spans, to_use) = mpsc::channel::<Span>();
        let (tell, done) = mpsc::channel();
        let subscriber = dispatcher::get_default(Clone::clone);
        let work = move || {
            for (span, do_it) in to_use.into_iter().zip(uses) {
                do_it(span);
                tell.send(()).unwrap();
            }
        };
        let worker = thread::spawn(move || dispatcher::with_default(&subscriber, work));
        Self { spans, done, worker }
    }

    fn uses(&self, span: Span) {
        self.spans.send(span).unwrap();
        self.done.recv().unwrap();
    }
}

#[track_caller]
fn check_second(trace: &TraceSnapshot) {
    let of = |event: EventRef<'_>| {
        (event.message().unwrap().to_owned(), event.span().unwrap().name().to_owned())
    };
    let expected = [
        ("entered", "first"),
        ("to the span", "first"),
        ("entered", "second"),
        ("to the span", "second"),
    ];
    let found: Vec<_> = trace.all_events().map(of).collect();
    assert_eq!(found, expected.map(|(event, span)| (event.to_owned(), span.to_owned())));
    assert!(!trace.span("first").unwrap().is_open());
}

#[test]
fn a_thread_that_remembers_a_closed_span_does_not_take_another_for_it() {
    let trace = captured(|| {
        let other = Other::that_does([enter, enter]);
        let first = info_span!("first");
        let id = first.id().unwrap();
        other.uses(first.clone());
        // It is closed on the thread that opened it, which the other one does not see.
        drop(first);
        let second = reuse(&id);
        other.uses(second.clone());
        drop((second, other.spans));
        other.worker.join().unwrap();
    });

    check_second(&trace);
}

#[test]
fn a_thread_that_closed_a_span_does_not_take_another_for_it() {
    let trace = captured(|| {
        let other = Other::that_does([enter, enter]);
        let first = info_span!("first");
        let id = first.id().unwrap();
        other.uses(first);
        let second = reuse(&id);
        other.uses(second.clone());
        drop((second, other.spans));
        other.worker.join().unwrap();
    });

    check_second(&trace);
}

#[test]
fn a_thread_that_closed_a_span_while_it_was_entered_does_not_take_another_for_it() {
    let trace = captured(|| {
        let other = Other::that_does([enter_and_close, enter]);
        let first = info_span!("first");
        let id = first.id().unwrap();
        other.uses(first);
        let second = reuse(&id);
        other.uses(second.clone());
        drop((second, other.spans));
        other.worker.join().unwrap();
    });

    check_second(&trace);
}

#[test]
fn a_thread_that_remembers_a_span_of_an_ended_capture_does_not_take_another_for_it() {
    let subscriber = with_layer();
    dispatcher::with_default(&subscriber, || {
        let first = capture_sync(|| {
            let first = info_span!("first");
            first.in_scope(|| info!("in the first"));
            first
        });
        let id = first.output.id().unwrap();
        // It closes when its capture has ended, and perhaps no capture runs.
        drop(first.output);
        let second = capture_sync(|| {
            let second = reuse(&id);
            second.in_scope(|| info!("in the second"));
        });

        assert_eq!(shape(&first.trace), ["first", "'in the first' < first"]);
        let event = second.trace.event("in the second").unwrap();
        assert_eq!(event.span().map(probity_trace::SpanRef::name), Some("second"));
    });
}

#[test]
fn more_than_100_000_spans_on_one_thread_are_all_there() {
    let trace = captured(|| {
        for n in 0..150_000_u64 {
            info_span!("span", n).in_scope(|| info!(n, "said"));
        }
    });

    assert_eq!(trace.len(), 150_000);
    assert_eq!(trace.roots().len(), 150_000);
    for (span, n) in trace.all_spans().zip(0_u64..) {
        assert_eq!(span.field("n").unwrap(), n);
        assert!(!span.is_open());
        assert!(span.events().map(|event| event.field("n").unwrap().as_u64()).eq([Some(n)]));
    }
}
