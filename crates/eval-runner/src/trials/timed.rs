//! The time limit of a trial.

use std::{
    pin::{Pin, pin},
    task::{Context, Poll, ready},
    time::Duration,
};

use pin_project_lite::pin_project;
use probity_eval::RateLimiter;
use tokio::{task::unconstrained, time::Sleep};

pin_project! {
    /// A future that gives up after its limit, counted from the first poll.
    ///
    /// Without a limit it needs no runtime. The limit acts where the future awaits.
    pub(crate) struct Timed<F> {
        #[pin]
        future: F,
        limit: Option<Duration>,
        // Tells how long the future has waited for its turn, which does not count.
        turns: Option<RateLimiter>,
        // The time that the limit was put off for that.
        put_off: Duration,
        #[pin]
        sleep: Option<Sleep>,
    }
}

/// The limit is put off at least by so much, since a wait may still be under way.
const A_LITTLE: Duration = Duration::from_millis(10);

/// The future did not end within this time.
#[derive(Debug)]
pub(crate) struct OutOfTime(pub(crate) Duration);

impl<F> Timed<F> {
    pub(crate) fn new(future: F, limit: Option<Duration>) -> Self {
        Self { future, limit, turns: None, put_off: Duration::ZERO, sleep: None }
    }

    /// Does not count the time in which all that the future does is to wait until its calls may be sent.
    pub(crate) fn not_counting(mut self, turns: RateLimiter) -> Self {
        self.turns = Some(turns);
        self
    }
}

impl<F: Future> Future for Timed<F> {
    type Output = Result<F::Output, OutOfTime>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let mut this = self.project();
        if let (Some(limit), None) = (*this.limit, &*this.sleep) {
            this.sleep.set(Some(tokio::time::sleep(limit)));
        }
        if let Poll::Ready(output) = this.future.poll(context) {
            return Poll::Ready(Ok(output));
        }
        let (Some(mut sleep), Some(limit)) = (this.sleep.as_pin_mut(), *this.limit) else {
            return Poll::Pending;
        };
        loop {
            // A future that used up the task's budget must not keep the clock from being read.
            ready!(pin!(unconstrained(sleep.as_mut())).poll(context));
            let waited = this.turns.as_ref().map_or(Duration::ZERO, |turns| turns.waited().elapsed);
            let more = waited.saturating_sub(*this.put_off);
            if more.is_zero() {
                return Poll::Ready(Err(OutOfTime(limit)));
            }
            *this.put_off = waited;
            let until = sleep.deadline() + more.max(A_LITTLE);
            sleep.as_mut().reset(until);
        }
    }
}
