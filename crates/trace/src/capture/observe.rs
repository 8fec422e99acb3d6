//! Watching a capture from its own task, with the right to end it.

use std::{
    fmt,
    ops::ControlFlow,
    panic::{AssertUnwindSafe, catch_unwind},
    pin::Pin,
    task::{Context, Poll, Waker},
};

use pin_project_lite::pin_project;

use super::{builder::capture_options, running::Running};
use crate::{ids::SpanId, log::delivery::listening, node::TraceEvent, snapshot::TraceSnapshot};

/// Watches a capture, and may end it.
///
/// It runs on the capture's own task, so it need be neither `Send` nor `'static`. It is told what
/// happened after each poll of the future. What it causes itself is captured, but told to no one.
/// One that panics is asked no more, and counted; the capture goes on.
pub trait Observer {
    /// Looks at what happened. `Break` with a reason ends the capture: the future is dropped, and its
    /// trace so far is kept. This detects, it does not prevent: what the future did in the poll that
    /// is over is done.
    fn observe(&mut self, event: TraceEvent) -> ControlFlow<String>;
}

impl<O: Observer + ?Sized> Observer for &mut O {
    fn observe(&mut self, event: TraceEvent) -> ControlFlow<String> {
        (**self).observe(event)
    }
}

/// What a capture with an observer resolves to.
#[derive(Debug)]
#[non_exhaustive]
pub struct CollectedObserved<T, O> {
    /// What the code returned, or who ended it why.
    pub output: Result<T, Stopped>,
    /// All spans and events that were kept.
    pub trace: TraceSnapshot,
    /// The observer.
    pub observer: O,
}

/// An observer ended a capture.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Stopped {
    /// The reason that the observer gave.
    pub reason: String,
    /// The span in which the event happened that made the observer end the capture.
    pub span: Option<SpanId>,
}

impl fmt::Display for Stopped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "an observer ended the capture: {}", self.reason)
    }
}

impl std::error::Error for Stopped {}

pin_project! {
    /// Future of [`Capture::observe`](crate::Capture::observe).
    #[must_use = "futures do nothing unless polled"]
    pub struct Observed<F, O> {
        #[pin]
        running: Running<F>,
        observer: Option<O>,
        panicked: bool,
    }
}

capture_options!(Observed<F, O>);

impl<F, O> Observed<F, O> {
    pub(super) fn new(mut running: Running<F>, observer: O) -> Self {
        running.setup().settings.delivery.get_or_insert_default().enable_queue();
        Self { running, observer: Some(observer), panicked: false }
    }
}

impl<F: Future, O: Observer> Future for Observed<F, O> {
    type Output = CollectedObserved<F::Output, O>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let mut this = self.project();
        let polled = this.running.as_mut().poll_with(context, F::poll);
        let waker = polled.is_pending().then(|| context.waker());
        let stopped = tell(&this.running, this.observer.as_mut(), this.panicked, waker);
        let output = match (polled, stopped) {
            // What is done is done: the output is not thrown away.
            (Poll::Ready(output), _) => Ok(output),
            (Poll::Pending, Some(stopped)) => Err(stopped),
            (Poll::Pending, None) => return Poll::Pending,
        };
        // The closing of the future's spans is told as well; it is too late to end anything.
        this.running.as_mut().drop_future();
        tell(&this.running, this.observer.as_mut(), this.panicked, None);
        let (mut trace, _) = this.running.as_mut().finish();
        if *this.panicked {
            trace.count_panicked_observer();
        }
        match this.observer.take() {
            Some(observer) => Poll::Ready(CollectedObserved { output, trace, observer }),
            None => Poll::Pending,
        }
    }
}

/// Tells the observer what has happened since the last time.
fn tell<F, O: Observer>(
    running: &Running<F>,
    observer: Option<&mut O>,
    panicked: &mut bool,
    waker: Option<&Waker>,
) -> Option<Stopped> {
    let log = running.log()?;
    let delivery = log.delivery()?;
    let observer = observer?;
    while let Some(event) = delivery.next_queued(waker) {
        if *panicked {
            delivery.count_undelivered();
            continue;
        }
        let span = span_of(&event);
        let _listening = listening();
        match catch_unwind(AssertUnwindSafe(|| observer.observe(event))) {
            Ok(ControlFlow::Continue(())) => {}
            Ok(ControlFlow::Break(reason)) => return Some(Stopped { reason, span }),
            Err(_) => *panicked = true,
        }
    }
    None
}

fn span_of(event: &TraceEvent) -> Option<SpanId> {
    match event {
        TraceEvent::SpanOpened(node) | TraceEvent::SpanClosed(node) => Some(node.id),
        TraceEvent::FieldsRecorded { span, .. } => Some(*span),
        TraceEvent::Event(node) => node.span,
    }
}
