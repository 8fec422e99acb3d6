//! A future under a capture, whatever it resolves to in the end.

use std::{
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use pin_project_lite::pin_project;

use super::run::{Run, Setup};
use crate::{log::Log, raw::RawTraceSnapshot, snapshot::TraceSnapshot};

pin_project! {
    /// Starts its capture with the first poll. Knows no requirement on the future but to be one.
    pub(crate) struct Running<F> {
        #[pin]
        future: Option<F>,
        setup: Option<Setup>,
        run: Option<Run>,
    }

    impl<F> PinnedDrop for Running<F> {
        fn drop(this: Pin<&mut Self>) {
            // What the future does when it is dropped half way belongs to its capture too.
            let mut this = this.project();
            let _scope = this.run.as_ref().map(Run::enter);
            this.future.set(None);
        }
    }
}

impl<F> Running<F> {
    pub(crate) fn new(future: F) -> Self {
        Self { future: Some(future), setup: Some(Setup::default()), run: None }
    }

    /// Returns the set-up, as long as the capture has not started.
    pub(crate) fn setup(&mut self) -> &mut Setup {
        self.setup.get_or_insert_default()
    }

    /// Returns the capture, while it runs.
    pub(crate) fn run(&self) -> Option<&Run> {
        self.run.as_ref()
    }

    pub(crate) fn log(&self) -> Option<&Arc<Log>> {
        self.run.as_ref().map(Run::log)
    }
}

impl<F: Future> Running<F> {
    /// Polls the future under the capture with `poll`. It stays pending once it was finished.
    pub(crate) fn poll_with<T>(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        poll: impl FnOnce(Pin<&mut F>, &mut Context<'_>) -> Poll<T>,
    ) -> Poll<T> {
        let mut this = self.project();
        if let Some(setup) = this.setup.take() {
            *this.run = Some(Run::start(setup));
        }
        let (Some(run), Some(future)) = (this.run.as_ref(), this.future.as_mut().as_pin_mut())
        else {
            return Poll::Pending;
        };
        let scope = run.enter();
        let polled = poll(future, context);
        drop(scope);
        polled
    }

    /// Drops the future under the capture, so that the spans it holds and the one around it are closed.
    pub(crate) fn drop_future(self: Pin<&mut Self>) {
        let mut this = self.project();
        let scope = this.run.as_ref().map(Run::enter);
        this.future.set(None);
        drop(scope);
        if let Some(run) = this.run {
            run.drop_anchor();
        }
    }

    /// Drops the future and ends the capture.
    pub(crate) fn finish(mut self: Pin<&mut Self>) -> (TraceSnapshot, RawTraceSnapshot) {
        self.as_mut().drop_future();
        self.project().run.take().map(Run::finish).unwrap_or_default()
    }
}
