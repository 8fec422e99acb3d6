//! Observers: told on the capture's own task, and able to end it.

use std::{
    cell::RefCell,
    future,
    ops::ControlFlow,
    rc::Rc,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    task::{Context, Poll, Wake, Waker},
    thread,
};

use futures::executor::block_on;
use probity_trace::{CaptureHandle, Observer, TraceEvent, capture};
use tracing::{Instrument as _, dispatcher, info, info_span, instrument::WithSubscriber as _};

use crate::{shape::shape, stack::with_layer, tasks::yield_now};

/// Notes what it is told, in state that it shares with its own thread only.
#[derive(Default)]
struct Notes {
    told: Rc<RefCell<Vec<String>>>,
}

impl Observer for Notes {
    fn observe(&mut self, event: TraceEvent) -> ControlFlow<String> {
        self.told.borrow_mut().push(name(&event));
        ControlFlow::Continue(())
    }
}

fn name(event: &TraceEvent) -> String {
    match event {
        TraceEvent::SpanOpened(span) => format!("opened {}", span.name),
        TraceEvent::FieldsRecorded { fields, .. } => format!("recorded {}", fields[0].key),
        TraceEvent::SpanClosed(span) => format!("closed {}", span.name),
        TraceEvent::Event(event) => format!("said {}", event.fields[0].value),
        _ => unreachable!("there are four kinds"),
    }
}

/// Runs a closure of its own.
struct With<F>(F);

impl<F: FnMut(TraceEvent) -> ControlFlow<String>> Observer for With<F> {
    fn observe(&mut self, event: TraceEvent) -> ControlFlow<String> {
        (self.0)(event)
    }
}

async fn two_steps() -> u8 {
    for step in ["one", "two"] {
        async {
            info!("{step}");
            yield_now().await;
        }
        .instrument(info_span!("step"))
        .await;
    }
    7
}

const TWO_STEPS: [&str; 6] =
    ["opened step", "said one", "closed step", "opened step", "said two", "closed step"];

#[test]
fn an_observer_with_state_of_its_own_thread_is_told_of_everything_in_order() {
    let told = Rc::new(RefCell::new(Vec::new()));
    let notes = Notes { told: Rc::clone(&told) };
    let collected = block_on(capture(two_steps()).observe(notes).with_subscriber(with_layer()));

    assert_eq!(collected.output, Ok(7));
    assert_eq!(*told.borrow(), TWO_STEPS);
    assert!(Rc::ptr_eq(&told, &collected.observer.told), "the observer is handed back");
    assert!(collected.trace.dropped().is_empty());
}

#[test]
fn an_observer_may_be_lent() {
    let mut notes = Notes::default();
    let observed = capture(two_steps()).observe(&mut notes);
    let output = block_on(observed.with_subscriber(with_layer())).output;

    assert_eq!(output, Ok(7));
    assert_eq!(*notes.told.borrow(), TWO_STEPS);
}

#[test]
fn an_observer_is_told_after_the_poll_in_which_something_happened() {
    let polls = Rc::new(RefCell::new(Vec::new()));
    let seen = Rc::clone(&polls);
    let observer = With(|event| {
        seen.borrow_mut().push(name(&event));
        ControlFlow::Continue(())
    });
    let work = async {
        info!("one");
        polls.borrow_mut().push("in the poll".to_owned());
        yield_now().await;
        polls.borrow_mut().push("in the next".to_owned());
    };
    block_on(capture(work).observe(observer).with_subscriber(with_layer()));

    assert_eq!(*polls.borrow(), ["in the poll", "said one", "in the next"]);
}

#[test]
fn an_observer_ends_a_capture_after_the_current_poll() {
    let observer = With(|event| match event {
        TraceEvent::Event(event) if event.fields[0].value == "forbidden" => {
            ControlFlow::Break("that is forbidden".to_owned())
        }
        _ => ControlFlow::Continue(()),
    });
    let work = async {
        async {
            info!("allowed");
            yield_now().await;
            info!("forbidden");
            info!("in the same poll");
            yield_now().await;
            unreachable!("the capture has been ended");
        }
        .instrument(info_span!("agent"))
        .await;
    };
    let collected = block_on(capture(work).observe(observer).with_subscriber(with_layer()));

    let stopped = collected.output.unwrap_err();
    assert_eq!(stopped.reason, "that is forbidden");
    assert_eq!(stopped.span, collected.trace.span("agent").map(probity_trace::SpanRef::id));
    assert_eq!(stopped.to_string(), "an observer ended the capture: that is forbidden");
    assert_eq!(
        shape(&collected.trace),
        ["agent", "'allowed' < agent", "'forbidden' < agent", "'in the same poll' < agent",]
    );
    assert!(!collected.trace.span("agent").unwrap().is_open(), "the future was dropped");
}

#[test]
fn an_output_that_is_ready_is_not_thrown_away() {
    let observer = With(|_| ControlFlow::Break("too late".to_owned()));
    let capture = capture(async {
        info!("said");
        7
    });
    let collected = block_on(capture.observe(observer).with_subscriber(with_layer()));

    assert_eq!(collected.output, Ok(7));
}

#[test]
fn an_observer_that_panics_is_asked_no_more_and_counted_and_the_capture_goes_on() {
    let mut calls = 0;
    let observer = With(|_| {
        calls += 1;
        panic!("the observer is broken");
    });
    let collected = block_on(capture(two_steps()).observe(observer).with_subscriber(with_layer()));

    assert_eq!(collected.output, Ok(7));
    assert_eq!(collected.trace.len(), 2);
    assert_eq!(collected.trace.dropped().panicked_listeners, 1);
    assert_eq!(calls, 1);
}

#[test]
fn what_an_observer_that_panicked_was_not_told_is_counted() {
    let observer = With(|_| panic!("the observer is broken"));
    let collected = block_on(capture(two_steps()).observe(observer).with_subscriber(with_layer()));

    let told_of_one = TWO_STEPS.len() as u64 - 1;
    assert_eq!(collected.trace.dropped().undelivered, told_of_one);
}

#[test]
fn what_an_observer_logs_is_not_told_to_it_and_counted() {
    let mut calls = 0;
    let observer = With(|_| {
        calls += 1;
        info!("of the observer");
        ControlFlow::Continue(())
    });
    let collected = block_on(capture(two_steps()).observe(observer).with_subscriber(with_layer()));

    let trace = collected.trace;
    assert_eq!(calls, TWO_STEPS.len());
    // The observer runs between the polls, so what it logs may be outside of the capture.
    let logged = trace.all_events().filter(|event| event.message() == Some("of the observer"));
    assert_eq!(trace.dropped().undelivered, logged.count() as u64);
}

#[test]
fn an_observer_is_told_that_the_span_around_the_whole_future_closed() {
    let told = Rc::new(RefCell::new(Vec::new()));
    let notes = Notes { told: Rc::clone(&told) };
    let mut span = None;
    // As `Instrumented` does, the future keeps its span until it is dropped itself.
    let work = future::poll_fn(move |_| {
        span.get_or_insert_with(|| info_span!("whole"));
        Poll::Ready(7)
    });
    let collected = block_on(capture(work).observe(notes).with_subscriber(with_layer()));

    assert!(!collected.trace.span("whole").unwrap().is_open());
    assert_eq!(*told.borrow(), ["opened whole", "closed whole"]);
}

/// Counts how often it is woken.
#[derive(Default)]
struct Woken(AtomicUsize);

impl Wake for Woken {
    fn wake(self: Arc<Self>) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }
}

#[test]
fn what_happens_on_another_thread_wakes_the_task_of_the_observer() {
    let woken = Arc::new(Woken::default());
    let waker = Waker::from(Arc::clone(&woken));
    let told = Rc::new(RefCell::new(Vec::new()));
    let notes = Notes { told: Rc::clone(&told) };
    let handle = RefCell::new(None);
    let mut observed = Box::pin(
        capture(async {
            *handle.borrow_mut() = CaptureHandle::current();
            future::pending::<()>().await;
        })
        .observe(notes),
    );
    dispatcher::with_default(&with_layer(), || {
        assert!(observed.as_mut().poll(&mut Context::from_waker(&waker)).is_pending());
        let handle = handle.take().unwrap();
        thread::spawn(move || handle.in_scope(|| info!("elsewhere"))).join().unwrap();
        assert_eq!(woken.0.load(Ordering::SeqCst), 1);
        assert!(observed.as_mut().poll(&mut Context::from_waker(&waker)).is_pending());
    });

    assert_eq!(*told.borrow(), ["said elsewhere"]);
}

#[test]
fn an_observer_beside_listeners_is_told_the_same() {
    let (sender, heard) = std::sync::mpsc::channel();
    let told = Rc::new(RefCell::new(Vec::new()));
    let notes = Notes { told: Rc::clone(&told) };
    let observed = capture(two_steps())
        .listen_events(move |event| sender.send(name(&event)).unwrap())
        .observe(notes);
    block_on(observed.with_subscriber(with_layer()));

    assert_eq!(heard.try_iter().collect::<Vec<_>>(), *told.borrow());
}
