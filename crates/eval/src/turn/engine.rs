//! What drives a turn: attempts, the answer that grows, the budget, the waits between attempts.

use std::{
    fmt, mem,
    sync::Arc,
    task::{Context, Poll, ready},
    time::{Duration, Instant, SystemTime},
};

use futures::{FutureExt as _, StreamExt as _, future::BoxFuture};
use futures_timer::Delay;
use probity_trace::genai::Usage;

use super::{
    admitted::Admitted, answer::Answer, charge::Charge, error::TurnError, result::TextTurnResult,
};
use crate::{
    budget::{Budget, BudgetError},
    llm::{Llm, RetryPolicy},
    model::{Model, ModelError, ModelErrorKind, ModelEvent, ModelRequest, ModelStream, RawTap},
    rate_limit::{Admission, Waiting, without_limiter},
};

/// A turn under way.
pub(super) struct Engine {
    pub(super) model: Option<Arc<dyn Model>>,
    pub(super) request: Arc<ModelRequest>,
    pub(super) answer: Answer,
    pub(super) admitted: Admitted,
    pub(super) attempts: u32,
    pub(super) captures_content: bool,
    /// A part of the answer was given away, so that the turn cannot begin anew.
    pub(super) handed_on: bool,
    pub(super) started_at: SystemTime,
    started: Instant,
    retry: RetryPolicy,
    charge: Charge,
    state: State,
    /// What attempts used that were given up.
    lost_usage: Usage,
    /// What is known of the last attempt that failed.
    last: Option<LastAttempt>,
}

/// An attempt that failed, and what had come of its answer.
struct LastAttempt {
    error: ModelError,
    partial: Option<Box<TextTurnResult>>,
}

enum State {
    New,
    Ready,
    Admitting(Admission),
    Connecting(BoxFuture<'static, Result<ModelStream, ModelError>>),
    Streaming(ModelStream),
    Waiting(Delay, Option<Waiting>),
    Over,
}

impl Engine {
    pub(super) fn new(llm: Llm, request: ModelRequest, budget: Option<&Budget>) -> Self {
        let charge = Charge::new(&llm, &request, budget);
        let admitted = Admitted::new(&llm, charge.tokens());
        Self {
            model: llm.model,
            request: Arc::new(request),
            answer: Answer::default(),
            admitted,
            attempts: 0,
            captures_content: llm.shared.captures_content,
            handed_on: false,
            started_at: SystemTime::now(),
            started: Instant::now(),
            retry: llm.shared.retry,
            charge,
            state: State::New,
            lost_usage: Usage::default(),
            last: None,
        }
    }

    /// Returns the tokens that were used, by attempts that were given up too.
    pub(super) fn usage(&self) -> Usage {
        self.usage_with(self.answer.usage)
    }

    fn usage_with(&self, last: Usage) -> Usage {
        [self.lost_usage, last].into_iter().sum()
    }

    /// Returns whether the turn has ended.
    pub(super) fn is_over(&self) -> bool {
        matches!(self.state, State::Over)
    }

    /// Returns how long the turn has taken so far.
    pub(super) fn elapsed(&self) -> Duration {
        self.started.elapsed()
    }

    /// Returns the next event of the answer; `None` at its end.
    pub(super) fn poll_event(
        &mut self,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<ModelEvent, TurnError>>> {
        loop {
            match &mut self.state {
                State::New => {
                    (self.started_at, self.started) = (SystemTime::now(), Instant::now());
                    self.state = State::Ready;
                }
                State::Ready => {
                    if let Err(error) = self.ask_or_connect() {
                        self.state = State::Over;
                        return Poll::Ready(Some(Err(error)));
                    }
                }
                State::Admitting(admission) => {
                    let permit = ready!(admission.poll_unpin(context));
                    self.admitted.begin(permit);
                    if let Err(error) = self.connect() {
                        self.admitted.forget();
                        self.state = State::Over;
                        return Poll::Ready(Some(Err(error)));
                    }
                }
                State::Connecting(connecting) => {
                    // What the model asks for was admitted here.
                    match ready!(without_limiter(|| connecting.poll_unpin(context))) {
                        Ok(stream) => {
                            self.admitted.accepted();
                            self.state = State::Streaming(stream);
                        }
                        Err(error) => self.give_up_or_wait(error)?,
                    }
                }
                State::Streaming(stream) => {
                    match ready!(without_limiter(|| stream.poll_next_unpin(context))) {
                        Some(Ok(event)) => {
                            self.answer.add(&event);
                            return Poll::Ready(Some(Ok(event)));
                        }
                        // What goes wrong after the answer is whole takes nothing from it.
                        None | Some(Err(_)) if self.answer.is_whole() => {
                            self.end();
                            return Poll::Ready(None);
                        }
                        Some(Err(error)) => self.give_up_or_wait(error)?,
                        None => self.give_up_or_wait(broke_off())?,
                    }
                }
                State::Waiting(delay, counted) => {
                    ready!(delay.poll_unpin(context));
                    drop(counted.take());
                    self.state = State::Ready;
                }
                State::Over => return Poll::Ready(None),
            }
        }
    }

    /// Ends the turn where it is.
    pub(super) fn cancel(&mut self) {
        if self.attempts > 0 {
            self.end();
        }
        self.state = State::Over;
    }

    /// Takes out what has come.
    pub(super) fn take_result(&mut self) -> TextTurnResult {
        let answer = mem::take(&mut self.answer);
        self.result(answer)
    }

    fn result(&self, answer: Answer) -> TextTurnResult {
        TextTurnResult {
            duration: self.elapsed(),
            attempts: self.attempts,
            usage: self.usage_with(answer.usage),
            ..answer.into_result()
        }
    }

    /// Asks whether an attempt may be sent, or sends it where nobody limits that.
    fn ask_or_connect(&mut self) -> Result<(), TurnError> {
        if self.model.is_none() {
            return Err(TurnError::NoModel);
        }
        let Some(admission) = self.admitted.ask() else {
            return self.connect();
        };
        // Nobody waits for what he cannot afford. Nothing is reserved while he waits, since nothing is sent yet.
        self.charge.check().map_err(|refused| self.refused(refused))?;
        self.state = State::Admitting(admission);
        Ok(())
    }

    fn connect(&mut self) -> Result<(), TurnError> {
        let model = Arc::clone(self.model.as_ref().ok_or(TurnError::NoModel)?);
        if let Err(refused) = self.charge.reserve() {
            return Err(self.refused(refused));
        }
        self.attempts += 1;
        self.answer = Answer::begin();
        let request = Arc::clone(&self.request);
        self.state = State::Connecting(async move { model.stream(&request).await }.boxed());
        Ok(())
    }

    /// Returns why there is no further attempt: for want of budget, or else what went wrong before.
    fn refused(&mut self, refused: BudgetError) -> TurnError {
        let Some(LastAttempt { error, partial }) = self.last.take() else {
            return refused.into();
        };
        tracing::warn!(error = %refused, "there is no budget for another attempt");
        TurnError::Model { error, attempts: self.attempts, partial }
    }

    fn end(&mut self) {
        self.state = State::Over;
        let tokens = self.charge.settle(&self.answer);
        self.admitted.end(tokens);
    }

    /// Plans another attempt, or ends the turn.
    fn give_up_or_wait(&mut self, error: ModelError) -> Result<(), TurnError> {
        let has_begun = self.answer.has_content();
        if matches!(self.state, State::Streaming(_)) {
            // An attempt that is made anew leaves nothing else behind of what it had said.
            let said = has_begun.then(|| self.answer.in_raw());
            RawTap::new(&self.request).collect_error(&error.to_string(), said);
        }
        let tokens = if has_begun {
            self.charge.settle(&self.answer)
        } else {
            self.charge.settle_unanswered(self.answer.usage)
        };
        self.admitted.failed(&error);
        self.admitted.end(tokens);
        let partial = has_begun.then(|| Box::new(self.result(self.answer.clone())));
        let partial = partial.or_else(|| self.last.take()?.partial);
        let wait = if self.handed_on { None } else { self.retry.wait(&error, self.attempts) };
        if let Some(wait) = wait {
            tell_of_wait(&error, self.attempts, wait);
            self.lost_usage += self.answer.usage;
            self.answer = Answer::default();
            self.last = Some(LastAttempt { error, partial });
            let waiting = self.admitted.wait_between_attempts();
            self.state = State::Waiting(Delay::new(wait), waiting);
            return Ok(());
        }
        self.state = State::Over;
        Err(TurnError::Model { error, attempts: self.attempts, partial })
    }
}

fn broke_off() -> ModelError {
    ModelError::new(ModelErrorKind::Truncated, "the stream ended before the answer did")
}

fn tell_of_wait(error: &ModelError, attempts: u32, wait: Duration) {
    tracing::warn!(
        attempt = attempts,
        wait_ms = u64::try_from(wait.as_millis()).unwrap_or(u64::MAX),
        error.type = &*error.error_type(),
        error = %error,
        "a model call failed and will be tried again"
    );
}

impl fmt::Debug for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Engine")
            .field("attempts", &self.attempts)
            .field("is_over", &self.is_over())
            .finish_non_exhaustive()
    }
}
