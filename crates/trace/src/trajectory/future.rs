//! A future that runs as one trajectory.

use std::{
    fmt,
    panic::{AssertUnwindSafe, catch_unwind, resume_unwind},
    pin::Pin,
    task::{Context, Poll, ready},
    thread,
};

use pin_project_lite::pin_project;

use super::{
    NestedTrajectory, TrajectoryScope,
    failure::Failure,
    live::{self, Ended, Live},
};
use crate::capture::{Run, Running};

pin_project! {
    /// Future of [`TrajectoryScope::run`] and [`TrajectoryScope::try_run`].
    ///
    /// Dropped after its first poll and before it is ready, as by a timeout, it keeps the trajectory so
    /// far, with the `error_type` `cancelled`. Never polled, it keeps nothing.
    #[must_use = "futures do nothing unless polled"]
    pub struct RunTrajectory<F>
    where
        F: Future,
    {
        #[pin]
        running: Running<F>,
        live: Option<Live>,
        has_begun: bool,
        judge: fn(&F::Output) -> Option<Failure>,
    }

    impl<F> PinnedDrop for RunTrajectory<F>
    where
        F: Future,
    {
        fn drop(this: Pin<&mut Self>) {
            let this = this.project();
            let live = this.live.take().filter(|_| *this.has_begun);
            if let Some(live) = live {
                let ended = end(this.running, live, Some(Failure::of_cancellation()));
                // A second panic while the first goes on would end the process; this one is written down.
                if let (Err(payload), false) = (ended, thread::panicking()) {
                    resume_unwind(payload);
                }
            }
        }
    }
}

impl<F: Future> RunTrajectory<F> {
    pub(super) fn new(
        scope: TrajectoryScope,
        future: F,
        judge: fn(&F::Output) -> Option<Failure>,
    ) -> Self {
        let (live, setup) = scope.into_parts();
        let mut running = Running::new(future);
        *running.setup() = setup;
        Self { running, live: Some(live), has_begun: false, judge }
    }
}

impl<F: Future> Future for RunTrajectory<F> {
    type Output = Result<F::Output, NestedTrajectory>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let mut this = self.project();
        let Some(live) = this.live.as_ref() else {
            return Poll::Pending;
        };
        if !*this.has_begun {
            if let Err(nested) = live.begin() {
                *this.live = None;
                return Poll::Ready(Err(nested));
            }
            *this.has_begun = true;
        }
        let polled =
            this.running.as_mut().poll_with(context, |future, context| {
                match catch_unwind(AssertUnwindSafe(|| future.poll(context))) {
                    Ok(polled) => polled.map(Ok),
                    Err(payload) => Poll::Ready(Err(payload)),
                }
            });
        let (failure, output) = live::outcome(ready!(polled), *this.judge);
        let ended = match this.live.take() {
            Some(live) => end(this.running, live, failure),
            None => Ok(()),
        };
        match output.and_then(|output| ended.map(|()| output)) {
            Ok(output) => Poll::Ready(Ok(output)),
            Err(payload) => resume_unwind(payload),
        }
    }
}

/// Drops the future, ends the capture and keeps the trajectory.
///
/// # Errors
///
/// If the future panics when it is dropped: what it panics with. The trajectory is kept nevertheless.
fn end<F>(
    mut running: Pin<&mut Running<F>>,
    live: Live,
    mut failure: Option<Failure>,
) -> thread::Result<()>
where
    F: Future,
{
    let note = |run: Option<&Run>, failure: &Option<Failure>| {
        if let Some(run) = run {
            live::record(run, failure.as_ref());
        }
    };
    note(running.run(), &failure);
    let dropped = catch_unwind(AssertUnwindSafe(|| running.as_mut().drop_future()));
    let dropped = dropped.map_err(|payload| {
        let (of_drop, payload) = Failure::of_panic(payload);
        failure = Some(of_drop);
        note(running.run(), &failure);
        payload
    });
    let redaction = running.log().map(|log| log.redaction()).unwrap_or_default();
    let (trace, _) = running.finish();
    live.end(Ended { trace, failure, redaction });
    dropped
}

impl<F: Future> fmt::Debug for RunTrajectory<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RunTrajectory").field("has_begun", &self.has_begun).finish_non_exhaustive()
    }
}
