//! The permission to send one call, and what came of it.

use std::{sync::Arc, time::Duration};

use super::{lane::Grant, shared::SharedLane, tally::Tally};
use crate::model::{ModelError, ModelErrorKind};

/// The status with which providers say that all their customers together ask too much.
const OVERLOADED: u16 = 529;
/// The status of a provider that is away for a while.
const UNAVAILABLE: u16 = 503;

/// The permission to send one call, to which its maker tells what came of it.
///
/// Of a permit that is dropped the provider has said nothing about its limits, and the tokens are counted as they were
/// estimated.
#[derive(Debug)]
#[must_use = "a permit that is dropped counts as a call that was sent"]
pub struct Permit {
    lane: Arc<SharedLane>,
    tally: Arc<Tally>,
    grant: Grant,
    /// The tokens that count for the call.
    tokens: u64,
    longest_hold: Duration,
    /// The provider has said whether it accepts the call, or will not say so any more.
    is_answered: bool,
}

impl Permit {
    pub(super) fn new(lane: Arc<SharedLane>, tally: Arc<Tally>, grant: Grant, tokens: u64) -> Self {
        Self { lane, tally, grant, tokens, longest_hold: Duration::MAX, is_answered: false }
    }

    pub(super) fn with_longest_hold(mut self, hold: Duration) -> Self {
        self.longest_hold = hold;
        self
    }

    /// Returns how long the call waited for it.
    pub fn waited(&self) -> Duration {
        self.grant.waited.total()
    }

    /// Tells that the provider has begun to answer.
    pub fn accepted(&mut self) {
        if !std::mem::replace(&mut self.is_answered, true) {
            self.lane.with(|lane, now| lane.accepted(self.grant.call, now));
        }
    }

    /// Tells that the provider refused the call, since it gets too many: no other call is sent to it until it may be
    /// asked again, and fewer at once from then on.
    pub fn refused(&mut self, retry_after: Option<Duration>) {
        self.is_answered = true;
        self.tally.count_refusal();
        let hold = retry_after.filter(|wait| *wait <= self.longest_hold).unwrap_or_default();
        self.lane.with(|lane, now| lane.refused(self.grant.call, now.saturating_add(hold), now));
    }

    /// Tells that the call failed. Whether the provider gets too many calls is seen from the error: a rate limit,
    /// the statuses 429 and 529, and a 503 that says when to come again. What the account cannot pay for is none.
    pub fn failed(&mut self, error: &ModelError) {
        let is_refusal = error.kind == ModelErrorKind::RateLimited
            || error.status == Some(OVERLOADED)
            || error.status == Some(UNAVAILABLE) && error.retry_after.is_some();
        if is_refusal {
            self.refused(error.retry_after);
        } else {
            self.leave();
        }
    }

    /// Tells how many tokens the call used, in place of those that were estimated; the last word counts.
    pub fn settle(&mut self, used: u64) {
        let taken = std::mem::replace(&mut self.tokens, used);
        if taken != used {
            self.lane.with(|lane, now| lane.settle(taken, used, now));
        }
    }

    fn leave(&mut self) {
        if !std::mem::replace(&mut self.is_answered, true) {
            self.lane.with(|lane, now| lane.left(self.grant.call, now));
        }
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        self.leave();
    }
}
