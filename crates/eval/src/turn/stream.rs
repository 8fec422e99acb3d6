//! The stream of a turn: its attempts, one after the other, in one span.

use std::{
    ops::ControlFlow,
    pin::Pin,
    task::{Context, Poll, ready},
};

use futures::Stream;
use tracing::Span;

use super::{
    engine::Engine,
    error::TurnError,
    result::TextTurnResult,
    span::{self, Ending},
};
use crate::{
    budget::Budget,
    llm::Llm,
    model::{ModelEvent, ModelRequest},
    probe::StopReason,
};

/// The events of a turn, as they come.
///
/// It asks when it is first polled. After an error or the end there is nothing more. Dropped before that,
/// the request is cancelled, the budget is charged what was used, estimated where it is not known,
/// and the span says `finish_reason = "cancelled"`.
///
/// # Examples
///
/// ```
/// use std::sync::Arc;
///
/// use futures::StreamExt as _;
/// use probity_eval::{Budget, Llm, model::ModelEvent, scripted::ScriptedModel};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), probity_eval::TurnError> {
/// let llm = Llm::new(Arc::new(ScriptedModel::replies(["one two"])), Budget::unlimited());
/// let mut answer = llm.completion("Count.").stream();
/// while let Some(event) = answer.next().await {
///     if let ModelEvent::TextDelta(delta) = event? {
///         println!("{delta}");
///     }
/// }
/// assert_eq!(answer.into_result().text, "one two");
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
#[must_use = "streams do nothing unless polled"]
pub struct TurnStream {
    span: Span,
    engine: Engine,
}

/// Sees the events of a turn before they are gone.
pub(super) trait Watch {
    /// Looks at an event, and may end the turn.
    fn see(&mut self, event: &ModelEvent) -> ControlFlow<StopReason>;

    /// Whether events count as handed on, so that the turn cannot begin anew.
    const HANDED_ON: bool;
}

impl TurnStream {
    pub(super) fn new(llm: Llm, request: ModelRequest, budget: Option<&Budget>) -> Self {
        let engine = Engine::new(llm, request, budget);
        // Here and not with the first poll, since another task may read the stream.
        Self { span: span::open(&engine), engine }
    }

    /// Returns what has come so far: of the last attempt, if there were several. A turn that has not ended ends
    /// here.
    pub fn into_result(mut self) -> TextTurnResult {
        self.leave();
        self.take_result()
    }

    /// Ends a turn that is not polled to its end. Where the model has said that the answer is whole, it is.
    fn leave(&mut self) {
        let Self { span, engine } = self;
        if engine.is_over() {
            return;
        }
        span.in_scope(|| engine.cancel());
        let is_whole = engine.answer.is_whole();
        span::record(span, engine, if is_whole { Ending::Whole } else { Ending::Cancelled });
    }

    pub(super) fn take_result(&mut self) -> TextTurnResult {
        self.engine.take_result()
    }

    /// Says on the span that an answer cannot be used, though the model has given it.
    pub(super) fn reject(&self, error: &TurnError) {
        span::record_unusable(&self.span, &self.engine, error);
    }

    /// Drives the turn to its end, shown to `watch`.
    pub(super) fn poll_to_end<W: Watch>(
        &mut self,
        context: &mut Context<'_>,
        watch: &mut W,
    ) -> Poll<Result<Option<StopReason>, TurnError>> {
        let Self { span, engine } = self;
        let _entered = span.enter();
        while let Some(event) = ready!(engine.poll_event(context)) {
            let event =
                event.inspect_err(|error| span::record(span, engine, Ending::Failed(error)))?;
            engine.handed_on |= W::HANDED_ON && event.is_content();
            if let ControlFlow::Break(reason) = watch.see(&event) {
                engine.cancel();
                span::record(span, engine, Ending::Stopped(&reason));
                return Poll::Ready(Ok(Some(reason)));
            }
        }
        span::record(span, engine, Ending::Whole);
        Poll::Ready(Ok(None))
    }

    /// Says on the span that a probe did not want what the model asks for.
    pub(super) fn note_stop(&self, reason: &StopReason) {
        span::record_stop(&self.span, reason);
    }

    /// Runs `f` in the turn's span.
    pub(super) fn in_span<T>(&mut self, f: impl FnOnce(&mut Engine) -> T) -> T {
        let Self { span, engine } = self;
        span.in_scope(|| f(engine))
    }
}

impl Stream for TurnStream {
    type Item = Result<ModelEvent, TurnError>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if self.engine.is_over() {
            return Poll::Ready(None);
        }
        let Self { span, engine } = &mut *self;
        let entered = span.enter();
        let polled = ready!(engine.poll_event(context));
        let ending = match &polled {
            Some(Ok(event)) => {
                engine.handed_on |= event.is_content();
                return Poll::Ready(polled);
            }
            Some(Err(error)) => Ending::Failed(error),
            None => Ending::Whole,
        };
        span::record(span, engine, ending);
        drop(entered);
        *span = Span::none();
        Poll::Ready(polled)
    }
}

impl Drop for TurnStream {
    fn drop(&mut self) {
        self.leave();
    }
}
