//! Capturing a future whose trace must not be empty.

use std::{
    fmt,
    pin::Pin,
    task::{Context, Poll, ready},
};

use pin_project_lite::pin_project;

use super::{builder::capture_options, collected::Collected, running::Running};
use crate::{snapshot::TraceSnapshot, status::CaptureStatus};

/// Captures like [`capture`](crate::capture()), and errs if nothing was recorded.
///
/// The future runs to its end either way; its output is in the error.
pub fn try_capture<F: Future>(future: F) -> TryCapture<F> {
    TryCapture { running: Running::new(future) }
}

pin_project! {
    /// Future of [`try_capture`].
    #[must_use = "futures do nothing unless polled"]
    pub struct TryCapture<F> {
        #[pin]
        running: Running<F>,
    }
}

capture_options!(TryCapture<F>);

/// A capture recorded nothing.
#[non_exhaustive]
pub struct NotCaptured<T> {
    /// What the captured code returned.
    pub output: T,
    /// The trace, in which nothing is.
    pub trace: TraceSnapshot,
}

impl<T> NotCaptured<T> {
    /// Returns why nothing was recorded.
    #[must_use]
    pub fn status(&self) -> &CaptureStatus {
        self.trace.status()
    }
}

impl<T> fmt::Debug for NotCaptured<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NotCaptured").field("status", self.status()).finish_non_exhaustive()
    }
}

impl<T> fmt::Display for NotCaptured<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.status().fmt(f)
    }
}

impl<T> std::error::Error for NotCaptured<T> {}

impl<F: Future> Future for TryCapture<F> {
    type Output = Result<Collected<F::Output>, NotCaptured<F::Output>>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let mut running = self.project().running;
        let output = ready!(running.as_mut().poll_with(context, F::poll));
        let (trace, _) = running.finish();
        Poll::Ready(if trace.status().is_recorded() {
            Ok(Collected { output, trace })
        } else {
            Err(NotCaptured { output, trace })
        })
    }
}
