//! Capturing a future that may panic.

use std::{
    any::Any,
    fmt,
    panic::{AssertUnwindSafe, catch_unwind},
    pin::Pin,
    task::{Context, Poll, ready},
};

use pin_project_lite::pin_project;

use super::{builder::capture_options, collected::Collected, running::Running};

/// Captures like [`capture`](crate::capture()), and if the future panics, gives the panic and the
/// trace up to it.
///
/// The future is dropped after a panic, so that no one sees what it left half done. What it shares
/// with others it may still leave so, which is why `std` asks for
/// [`UnwindSafe`](std::panic::UnwindSafe) here; this function does not.
///
/// # Examples
///
/// ```
/// # futures::executor::block_on(async {
/// let collected = probity_trace::capture_catch(async {
///     tracing::info!("so far");
///     if true {
///         panic!("no further");
///     }
/// })
/// .await;
///
/// assert_eq!(collected.output.unwrap_err().message(), "no further");
/// assert!(collected.trace.has_event_message("so far"));
/// # });
/// ```
pub fn capture_catch<F: Future>(future: F) -> CaptureCatch<F> {
    CaptureCatch { running: Running::new(future) }
}

pin_project! {
    /// Future of [`capture_catch`].
    #[must_use = "futures do nothing unless polled"]
    pub struct CaptureCatch<F> {
        #[pin]
        running: Running<F>,
    }
}

capture_options!(CaptureCatch<F>);

/// The panic of a captured future.
pub struct Panicked {
    payload: Box<dyn Any + Send>,
}

impl Panicked {
    /// Returns the message that the panic was raised with, if it was a text.
    #[must_use]
    pub fn message(&self) -> &str {
        let text = self.payload.downcast_ref::<&'static str>().copied();
        text.or_else(|| self.payload.downcast_ref::<String>().map(String::as_str))
            .unwrap_or("a panic whose payload is no text")
    }

    /// Returns the payload, for [`resume_unwind`](std::panic::resume_unwind).
    #[must_use]
    pub fn into_payload(self) -> Box<dyn Any + Send> {
        self.payload
    }
}

impl From<Box<dyn Any + Send>> for Panicked {
    /// Wraps what [`catch_unwind`](std::panic::catch_unwind) returns.
    fn from(payload: Box<dyn Any + Send>) -> Self {
        Self { payload }
    }
}

impl fmt::Debug for Panicked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Panicked").field("message", &self.message()).finish()
    }
}

impl fmt::Display for Panicked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the captured code panicked: {}", self.message())
    }
}

impl std::error::Error for Panicked {}

impl<F: Future> Future for CaptureCatch<F> {
    type Output = Collected<Result<F::Output, Panicked>>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let mut running = self.project().running;
        let output = ready!(running.as_mut().poll_with(context, |future, context| {
            match catch_unwind(AssertUnwindSafe(|| future.poll(context))) {
                Ok(polled) => polled.map(Ok),
                Err(payload) => Poll::Ready(Err(Panicked { payload })),
            }
        }));
        let (trace, _) = running.finish();
        Poll::Ready(Collected { output, trace })
    }
}
