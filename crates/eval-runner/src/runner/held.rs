//! How long a future holds its thread.

use std::{
    pin::Pin,
    task::{Context, Poll},
    time::{Duration, Instant},
};

use pin_project_lite::pin_project;

pin_project! {
    /// A future that notes the longest time which it held its thread without awaiting.
    pub(super) struct Held<F> {
        #[pin]
        future: F,
        longest: Duration,
    }
}

impl<F> Held<F> {
    pub(super) fn new(future: F) -> Self {
        Self { future, longest: Duration::ZERO }
    }
}

impl<F: Future> Future for Held<F> {
    /// What the future resolves to, and the longest time that it held its thread.
    type Output = (F::Output, Duration);

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        let began = Instant::now();
        let polled = this.future.poll(context);
        *this.longest = began.elapsed().max(*this.longest);
        polled.map(|output| (output, *this.longest))
    }
}
