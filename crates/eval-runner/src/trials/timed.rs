//! The time limit of a trial.

use std::{
    pin::{Pin, pin},
    task::{Context, Poll},
    time::Duration,
};

use pin_project_lite::pin_project;
use tokio::{task::unconstrained, time::Sleep};

pin_project! {
    /// A future that gives up after its limit, counted from the first poll.
    ///
    /// Without a limit it needs no runtime. The limit acts where the future awaits.
    pub(crate) struct Timed<F> {
        #[pin]
        future: F,
        limit: Option<Duration>,
        #[pin]
        sleep: Option<Sleep>,
    }
}

/// The future did not end within this time.
#[derive(Debug)]
pub(crate) struct OutOfTime(pub(crate) Duration);

impl<F> Timed<F> {
    pub(crate) fn new(future: F, limit: Option<Duration>) -> Self {
        Self { future, limit, sleep: None }
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
        match (this.sleep.as_pin_mut(), *this.limit) {
            (Some(mut sleep), Some(limit)) => {
                // A future that used up the task's budget must not keep the clock from being read.
                let clock = pin!(unconstrained(sleep.as_mut()));
                clock.poll(context).map(|()| Err(OutOfTime(limit)))
            }
            _ => Poll::Pending,
        }
    }
}
