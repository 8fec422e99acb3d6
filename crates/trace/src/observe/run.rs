//! What the macro puts around the bodies of functions.

use std::{
    fmt,
    pin::Pin,
    task::{Context, Poll, ready},
};

use pin_project_lite::pin_project;

use super::{Call, Said};

/// Returns whether functions are observed at all; the macro asks nothing else where they are not.
#[inline]
#[must_use]
pub fn is_on() -> bool {
    crate::switches::Switches::current().monitoring()
}

/// Opens a call. It is a function of its own, so that the observed one stays small where observing is
/// switched off.
#[inline(never)]
pub fn open(open: impl FnOnce() -> Option<Box<Call>>) -> Option<Box<Call>> {
    open()
}

/// Runs the body of a blocking function.
#[inline]
pub fn call<T, R>(
    call: Option<Box<Call>>,
    body: impl FnOnce() -> T,
    finish: impl FnOnce(Option<Box<Call>>, T) -> R,
) -> R {
    match call {
        None => finish(None, body()),
        Some(call) => {
            let output = call.run(body);
            finish(Some(call), output)
        }
    }
}

/// Runs the body of an async function.
pub fn future<F: Future, D, R>(call: Option<Box<Call>>, future: F, finish: D) -> Observing<F, D>
where
    D: FnOnce(Option<Box<Call>>, F::Output) -> R,
{
    Observing { future: Some(future), call, finish: Some(finish) }
}

/// Runs the body of a function that returns a future, and then the future.
pub fn future_of<F: Future, D, R>(
    call: Option<Box<Call>>,
    body: impl FnOnce() -> F,
    finish: D,
) -> Observing<F, D>
where
    D: FnOnce(Option<Box<Call>>, F::Output) -> R,
{
    let inner = match &call {
        None => body(),
        Some(call) => call.run(body),
    };
    future(call, inner, finish)
}

/// Ends the call of a function that returns a value.
#[inline]
pub fn finish<T>(
    call: Option<Box<Call>>,
    output: T,
    said: impl for<'a> FnOnce(&'a T) -> Said<'a>,
) -> T {
    if let Some(call) = call {
        call.finish(&said(&output));
    }
    output
}

/// Ends the call of a function of whose value nothing is recorded.
#[inline]
pub fn finish_unit<T>(_: Option<Box<Call>>, output: T) -> T {
    output
}

pin_project! {
    /// The future of an observed function. Switched off, or if nothing is interested, it is its inner
    /// future and no more.
    #[must_use = "futures do nothing unless polled"]
    pub struct Observing<F, D> {
        #[pin]
        future: Option<F>,
        call: Option<Box<Call>>,
        finish: Option<D>,
    }

    impl<F, D> PinnedDrop for Observing<F, D> {
        fn drop(this: Pin<&mut Self>) {
            let this = this.project();
            if let Some(call) = this.call {
                drop_in(call, this.future);
                if this.finish.is_some() {
                    call.cancelled();
                }
            }
        }
    }
}

impl<F: Future, D, R> Future for Observing<F, D>
where
    D: FnOnce(Option<Box<Call>>, F::Output) -> R,
{
    type Output = R;

    #[inline]
    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<R> {
        let mut this = self.project();
        let output = match this.call {
            None => match this.future.as_mut().as_pin_mut() {
                Some(future) => ready!(future.poll(context)),
                None => return Poll::Pending,
            },
            Some(call) => ready!(poll_in(call, this.future.as_mut(), context)),
        };
        match this.finish.take() {
            Some(finish) => Poll::Ready(finish(this.call.take(), output)),
            None => Poll::Pending,
        }
    }
}

/// Polls the future in the span, and drops it there when it is done.
#[inline(never)]
fn poll_in<F: Future>(
    call: &Call,
    mut future: Pin<&mut Option<F>>,
    context: &mut Context<'_>,
) -> Poll<F::Output> {
    let Some(inner) = future.as_mut().as_pin_mut() else { return Poll::Pending };
    let output = ready!(call.run(|| inner.poll(context)));
    drop_in(call, future);
    Poll::Ready(output)
}

/// Drops the future in the span: what it does then lies in the span too.
#[inline(never)]
fn drop_in<F>(call: &Call, mut future: Pin<&mut Option<F>>) {
    call.run(|| future.set(None));
}

impl<F, D> fmt::Debug for Observing<F, D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Observing").field("call", &self.call).finish_non_exhaustive()
    }
}
