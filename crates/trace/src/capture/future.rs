//! Capturing a future.

use std::{
    pin::Pin,
    task::{Context, Poll, ready},
};

use pin_project_lite::pin_project;

use super::{
    builder::capture_options,
    collected::{Collected, CollectedRaw},
    observe::{Observed, Observer},
    running::Running,
};

/// Captures what `future` records and resolves to its output and trace.
///
/// Nothing is asked of the future: it may borrow, need not be `Send`, and may run on any runtime. The
/// capture starts with the first poll and ends when the future is ready. See the [crate's
/// documentation](crate) for what belongs to a capture.
///
/// # Examples
///
/// ```
/// # futures::executor::block_on(async {
/// let collected = probity_trace::capture(async {
///     tracing::info_span!("answer", question = "6 x 7").in_scope(|| 42)
/// })
/// .await;
///
/// assert_eq!(collected.output, 42);
/// let span = collected.trace.span("answer").unwrap();
/// assert!(span.field("question").unwrap() == "6 x 7");
/// # });
/// ```
pub fn capture<F: Future>(future: F) -> Capture<F> {
    Capture { running: Running::new(future) }
}

/// Captures like [`capture`], and keeps raw entries as well; see [`raw`](crate::raw).
pub fn capture_raw<F: Future>(future: F) -> CaptureRaw<F> {
    let mut running = Running::new(future);
    running.setup().settings.raw = true;
    CaptureRaw { running }
}

pin_project! {
    /// Future of [`capture`].
    #[must_use = "futures do nothing unless polled"]
    pub struct Capture<F> {
        #[pin]
        running: Running<F>,
    }
}

pin_project! {
    /// Future of [`capture_raw`].
    #[must_use = "futures do nothing unless polled"]
    pub struct CaptureRaw<F> {
        #[pin]
        running: Running<F>,
    }
}

capture_options!(Capture<F>);
capture_options!(CaptureRaw<F>);

impl<F: Future> Capture<F> {
    /// Tells `observer` what happens, on the capture's own task; it may end the capture.
    ///
    /// What happens while the future is polled is told after the poll. See [`Observer`].
    pub fn observe<O: Observer>(self, observer: O) -> Observed<F, O> {
        Observed::new(self.running, observer)
    }
}

impl<F: Future> Future for Capture<F> {
    type Output = Collected<F::Output>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let mut running = self.project().running;
        let output = ready!(running.as_mut().poll_with(context, F::poll));
        let (trace, _) = running.finish();
        Poll::Ready(Collected { output, trace })
    }
}

impl<F: Future> Future for CaptureRaw<F> {
    type Output = CollectedRaw<F::Output>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let mut running = self.project().running;
        let output = ready!(running.as_mut().poll_with(context, F::poll));
        let (trace, raw) = running.finish();
        Poll::Ready(CollectedRaw { output, trace, raw })
    }
}
