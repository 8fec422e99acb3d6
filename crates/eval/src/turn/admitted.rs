//! What a turn and the rate limiter tell each other.

use std::time::Duration;

use crate::{
    llm::Llm,
    model::ModelError,
    rate_limit::{Admission, Permit, RateLimiter, Waiting},
};

/// What a turn and the rate limiter tell each other; nothing where there is none.
#[derive(Debug)]
pub(super) struct Admitted {
    limiter: Option<RateLimiter>,
    provider: String,
    tokens: u64,
    /// That of the attempt under way.
    permit: Option<Permit>,
    waited: Duration,
}

impl Admitted {
    /// Prepares a turn whose attempts may need so many tokens each. The limiter of the context goes before that of the
    /// scope.
    pub(super) fn new(llm: &Llm, tokens: u64) -> Self {
        let limiter = llm.shared.limiter.clone().or_else(RateLimiter::current);
        let provider = llm.model.as_ref().map(|model| model.provider().to_owned());
        let provider = provider.unwrap_or_default();
        Self { limiter, provider, tokens, permit: None, waited: Duration::ZERO }
    }

    /// Asks whether an attempt may be sent; `None` where nobody limits it.
    pub(super) fn ask(&mut self) -> Option<Admission> {
        // A turn may have been made outside of the scope in which it is asked.
        self.limiter = self.limiter.take().or_else(RateLimiter::current);
        Some(self.limiter.as_ref()?.admit(&self.provider, self.tokens))
    }

    /// An attempt may be sent.
    pub(super) fn begin(&mut self, permit: Permit) {
        self.waited = self.waited.saturating_add(permit.waited());
        self.permit = Some(permit);
    }

    /// The attempt is not sent after all.
    pub(super) fn forget(&mut self) {
        self.end(0);
    }

    /// The answer has begun.
    pub(super) fn accepted(&mut self) {
        if let Some(permit) = &mut self.permit {
            permit.accepted();
        }
    }

    /// The attempt failed.
    pub(super) fn failed(&mut self, error: &ModelError) {
        if let Some(permit) = &mut self.permit {
            permit.failed(error);
        }
    }

    /// The attempt is over, and has used so many tokens.
    pub(super) fn end(&mut self, tokens: u64) {
        if let Some(mut permit) = self.permit.take() {
            permit.settle(tokens);
        }
    }

    /// Counts the wait for the next attempt, until it is dropped.
    pub(super) fn wait_between_attempts(&self) -> Option<Waiting> {
        self.limiter.as_ref().map(RateLimiter::wait_between_attempts)
    }

    /// Returns how long attempts waited before they were sent.
    pub(super) fn waited(&self) -> Duration {
        self.waited
    }
}
