//! Waiting until a call may be sent.

use std::{
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
    time::Duration,
};

use futures::FutureExt as _;
use futures_timer::Delay;

use super::{
    lane::{Grant, Turn},
    permit::Permit,
    shared::SharedLane,
    tally::{Tally, Waiting},
};

/// How long a timer runs at most, since a longer one might be more than a clock can count.
const LONGEST: Duration = Duration::from_hours(1);

/// Future of [`RateLimiter::admit`](super::RateLimiter::admit).
///
/// Those that wait for one provider are let go in the order in which they were first polled. One that is dropped leaves
/// the queue and gives back what it took.
#[derive(Debug)]
#[must_use = "futures do nothing unless polled"]
pub struct Admission {
    lane: Arc<SharedLane>,
    tally: Arc<Tally>,
    tokens: u64,
    longest_hold: Duration,
    queued: Option<Queued>,
}

#[derive(Debug)]
struct Queued {
    ticket: u64,
    /// None while it has not waited at all.
    waiting: Option<Waiting>,
    timer: Option<Delay>,
}

impl Admission {
    pub(super) fn new(
        lane: Arc<SharedLane>,
        tally: Arc<Tally>,
        tokens: u64,
        longest_hold: Duration,
    ) -> Self {
        Self { lane, tally, tokens, longest_hold, queued: None }
    }

    fn permit(&mut self, grant: Grant) -> Permit {
        if let Some(waiting) = self.queued.take().and_then(|queued| queued.waiting) {
            waiting.end(grant.waited);
        }
        let (lane, tally) = (Arc::clone(&self.lane), Arc::clone(&self.tally));
        Permit::new(lane, tally, grant, self.tokens).with_longest_hold(self.longest_hold)
    }
}

impl Future for Admission {
    type Output = Permit;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Permit> {
        let this = &mut *self;
        loop {
            let (tokens, waker) = (this.tokens, context.waker());
            let known = this.queued.as_ref().map(|queued| queued.ticket);
            let (ticket, turn) = this.lane.with(|lane, now| {
                let ticket = known.unwrap_or_else(|| lane.join(tokens, waker, now));
                (ticket, lane.ask(ticket, waker, now))
            });
            let queued = this.queued.get_or_insert(Queued { ticket, waiting: None, timer: None });
            let until = match turn {
                Turn::Granted(grant) => return Poll::Ready(this.permit(grant)),
                Turn::Wait(until) => until,
            };
            queued.waiting.get_or_insert_with(|| this.tally.begin());
            let wait = this.lane.until(until).min(LONGEST);
            let timer = queued.timer.insert(Delay::new(wait));
            ready!(timer.poll_unpin(context));
        }
    }
}

impl Drop for Admission {
    fn drop(&mut self) {
        if let Some(queued) = self.queued.take() {
            let waited = self.lane.with(|lane, now| lane.leave(queued.ticket, self.tokens, now));
            if let Some(waiting) = queued.waiting {
                waiting.end(waited);
            }
        }
    }
}
