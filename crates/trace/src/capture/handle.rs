//! Carrying a capture to other threads and tasks.

use std::{
    fmt,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use pin_project_lite::pin_project;
use tracing::{Dispatch, Span, dispatcher};

use super::scope::Scope;
use crate::{
    ids::{SpanId, TraceId},
    local::{self, Site},
    raw::RawPayload,
};

/// A capture and a place in it, to go on with on another thread or in another task.
///
/// It carries the capture, the current span, and the subscriber. Once the capture has ended, work
/// goes on but is not recorded.
///
/// # Examples
///
/// ```
/// let collected = probity_trace::capture_sync(|| {
///     let handle = probity_trace::CaptureHandle::current().unwrap();
///     let worker = std::thread::spawn(move || handle.in_scope(|| tracing::info!("from a thread")));
///     worker.join().unwrap();
/// });
/// assert!(collected.trace.has_event_message("from a thread"));
/// ```
#[derive(Clone)]
pub struct CaptureHandle {
    site: Site,
    /// No span of the capture is current: what is current lies around the capture.
    is_direct: bool,
    /// The subscriber; none if the handle was taken where tracing would not tell.
    dispatch: Option<Dispatch>,
    span: Span,
}

impl CaptureHandle {
    /// Returns the capture that this thread works for; `None` outside of captures.
    ///
    /// While tracing hands over an event, so in a listener or a `Debug` implementation, it does not
    /// tell what the subscriber and the current span are, and a handle that is taken there carries
    /// only the capture.
    #[must_use]
    pub fn current() -> Option<Self> {
        let (site, is_direct) = local::with(|local| local.site()).flatten()?;
        let dispatch = tracing_core::dispatcher::get_current(Dispatch::clone);
        Some(Self { site, is_direct, dispatch, span: Span::current() })
    }

    /// Runs `f` as a part of the capture.
    pub fn in_scope<T>(&self, f: impl FnOnce() -> T) -> T {
        let _scope = self.enter();
        f()
    }

    /// Makes `future` a part of the capture, wherever it is polled.
    pub fn attach<F: Future>(self, future: F) -> InCapture<F> {
        InCapture { future: Some(future), handle: self }
    }

    /// Returns the identifier of the capture's trace.
    #[must_use]
    pub fn trace_id(&self) -> TraceId {
        self.site.log.trace_id
    }

    /// Returns the identifier of the nearest kept span.
    #[must_use]
    pub fn span_id(&self) -> Option<SpanId> {
        self.site.log.span_id(self.site.parent)
    }

    /// Returns whether the capture still runs.
    #[must_use]
    pub fn is_live(&self) -> bool {
        !self.site.log.is_done()
    }

    /// Returns whether the capture keeps raw entries and still runs. Where it does not, there is no
    /// need to make any.
    #[must_use]
    pub fn wants_raw(&self) -> bool {
        self.site.log.raw.is_some() && self.is_live()
    }

    /// Keeps a raw entry at this place, and returns whether it was kept.
    ///
    /// Values of secret headers are masked, and what has the shape of a secret elsewhere. An entry is kept whole or, where a bound of the capture
    /// is reached, not at all, and then counted.
    pub fn record_raw(&self, payload: RawPayload) -> bool {
        self.site.log.record_raw(payload, self.site.parent)
    }

    fn enter(&self) -> Scope<'_> {
        // While tracing hands over an event, the default cannot be changed.
        let is_free = tracing_core::dispatcher::get_current(|_| ()).is_some();
        let dispatch = self.dispatch.as_ref().filter(|_| is_free).map(dispatcher::set_default);
        if self.is_direct {
            Scope::enter_within(self.site.clone(), dispatch, &self.span)
        } else {
            Scope::enter(self.site.clone(), dispatch, Some(&self.span))
        }
    }
}

impl fmt::Debug for CaptureHandle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CaptureHandle")
            .field("trace_id", &self.trace_id())
            .field("span_id", &self.span_id())
            .field("is_live", &self.is_live())
            .finish_non_exhaustive()
    }
}

impl PartialEq for CaptureHandle {
    /// Two handles are equal if they stand for the same place in the same capture.
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.site.log, &other.site.log) && self.site.parent == other.site.parent
    }
}

pin_project! {
    /// Future of [`CaptureHandle::attach`].
    #[must_use = "futures do nothing unless polled"]
    pub struct InCapture<F> {
        #[pin]
        future: Option<F>,
        handle: CaptureHandle,
    }

    impl<F> PinnedDrop for InCapture<F> {
        fn drop(this: Pin<&mut Self>) {
            let mut this = this.project();
            let _scope = this.handle.enter();
            this.future.set(None);
        }
    }
}

impl<F> fmt::Debug for InCapture<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("InCapture").field("handle", &self.handle).finish_non_exhaustive()
    }
}

impl<F: Future> Future for InCapture<F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        let mut this = self.project();
        let Some(future) = this.future.as_mut().as_pin_mut() else {
            return Poll::Pending;
        };
        let _scope = this.handle.enter();
        let polled = future.poll(context);
        if polled.is_ready() {
            // The spans that the future holds close now, while the capture may still run.
            this.future.set(None);
        }
        polled
    }
}
