//! A probe on a capture, which may end the whole run.

use std::{
    fmt,
    future::Future,
    ops::ControlFlow,
    pin::Pin,
    task::{Context, Poll, ready},
};

use pin_project_lite::pin_project;
use probity_trace::{
    Capture, CollectedObserved, Observed, Observer, SpanId, TraceEvent, TraceSnapshot,
    genai::{EndedCall, LiveCalls},
};

use super::{Probe, StopReason, guard::Guarded};

/// Puts a probe on a capture.
pub trait CaptureProbeExt<F: Future>: Sized {
    /// Shows what the capture records to a probe, which may end the run.
    ///
    /// The probe is told after each poll of the future, on the capture's own task, so it need be neither
    /// `Send` nor `'static`. Where it gives a reason to stop, the future is dropped. This detects
    /// and does not prevent: what the program did in that poll is done, and work that it
    /// spawned goes on. Options of the capture are set before.
    ///
    /// # Examples
    ///
    /// ```
    /// use probity_eval::{CaptureProbeExt as _, probe::forbidden_tools};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() {
    /// let agent = async {
    ///     let tool = tracing::info_span!(
    ///         "execute_tool",
    ///         gen_ai.operation.name = "execute_tool",
    ///         gen_ai.tool.name = "delete_everything",
    ///     );
    ///     tool.in_scope(|| tracing::info!("deleting"));
    ///     tokio::task::yield_now().await;
    ///     "the agent says that all went well"
    /// };
    /// let collected = probity_trace::capture(agent).probe(forbidden_tools(["delete_everything"])).await;
    ///
    /// let reason = collected.output.unwrap_err();
    /// assert_eq!(reason.to_string(), "stopped by forbidden_tools: `delete_everything` was called");
    /// assert_eq!(reason.span, collected.trace.span("execute_tool").map(|span| span.id()));
    /// # }
    /// ```
    fn probe<P: Probe>(self, probe: P) -> ProbedCapture<F, P>;
}

impl<F: Future> CaptureProbeExt<F> for Capture<F> {
    fn probe<P: Probe>(self, probe: P) -> ProbedCapture<F, P> {
        ProbedCapture { observed: self.observe(AsObserver::new(probe)) }
    }
}

/// What a capture with a probe resolves to.
#[derive(Debug)]
#[non_exhaustive]
pub struct CollectedProbed<T, P> {
    /// What the code returned, or why the probe ended it.
    pub output: Result<T, StopReason>,
    /// All spans and events that were kept.
    pub trace: TraceSnapshot,
    /// The probe.
    pub probe: P,
    /// Why the probe wanted to end the run, even if the run was over by then and gave its output.
    pub stopped: Option<StopReason>,
    /// What the probe said when it panicked, if it did.
    pub panicked: Option<String>,
}

pin_project! {
    /// Future of [`CaptureProbeExt::probe`].
    #[must_use = "futures do nothing unless polled"]
    pub struct ProbedCapture<F, P> {
        #[pin]
        observed: Observed<F, AsObserver<P>>,
    }
}

impl<F: Future, P: Probe> Future for ProbedCapture<F, P> {
    type Output = CollectedProbed<F::Output, P>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let CollectedObserved { output, trace, observer, .. } =
            ready!(self.project().observed.poll(context));
        let AsObserver { probe, stopped, .. } = observer;
        let (probe, panicked) = probe.into_parts();
        let output = output.map_err(|ended| match &stopped {
            Some(reason) => reason.clone(),
            None => StopReason::new(ended.reason),
        });
        Poll::Ready(CollectedProbed { output, trace, probe, stopped, panicked })
    }
}

impl<F, P> fmt::Debug for ProbedCapture<F, P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ProbedCapture").finish_non_exhaustive()
    }
}

/// Lets a probe see what an observer sees.
struct AsObserver<P> {
    probe: Guarded<P>,
    calls: LiveCalls,
    stopped: Option<StopReason>,
}

impl<P: Probe> AsObserver<P> {
    fn new(probe: P) -> Self {
        Self { probe: Guarded::new(probe), calls: LiveCalls::default(), stopped: None }
    }

    /// Shows an event, and what ended with it.
    fn show(&mut self, event: &TraceEvent) -> Option<StopReason> {
        let ended = self.calls.note(event);
        self.probe.tell(|probe| {
            probe.on_trace_event(event);
            if let TraceEvent::SpanClosed(span) = event {
                probe.on_span_closed(span);
            }
            match &ended {
                Some(EndedCall::Tool(call)) => probe.on_tool_call(call),
                Some(EndedCall::Llm(call)) => probe.on_turn_finished(call),
                _ => {}
            }
        })
    }
}

impl<P: Probe> Observer for AsObserver<P> {
    fn observe(&mut self, event: TraceEvent) -> ControlFlow<String> {
        let reason = self.show(&event);
        // The first reason counts; what follows is the end of a run that is ending.
        let Some(mut reason) = reason.filter(|_| self.stopped.is_none()) else {
            return ControlFlow::Continue(());
        };
        if reason.span.is_none() {
            reason.span = span_of(&event);
        }
        (reason.usage, reason.model_calls) = (self.calls.usage(), self.calls.model_calls());
        let text = reason.to_string();
        self.stopped = Some(reason);
        ControlFlow::Break(text)
    }
}

fn span_of(event: &TraceEvent) -> Option<SpanId> {
    match event {
        TraceEvent::SpanOpened(span) | TraceEvent::SpanClosed(span) => Some(span.id),
        TraceEvent::FieldsRecorded { span, .. } => Some(*span),
        TraceEvent::Event(event) => event.span,
        _ => None,
    }
}
