//! Which limiter calls ask: known to the code inside its scope, across every `.await`.

use std::{
    cell::RefCell,
    mem,
    pin::Pin,
    task::{Context, Poll},
};

use pin_project_lite::pin_project;

use super::RateLimiter;

thread_local! {
    static CURRENT: RefCell<Option<RateLimiter>> = const { RefCell::new(None) };
}

/// Returns the limiter of the scope that is being polled on this thread.
pub(super) fn current() -> Option<RateLimiter> {
    CURRENT.try_with(|current| current.try_borrow().ok()?.clone()).ok().flatten()
}

/// Runs `f` where no limiter is current: on behalf of a call that was admitted, so that what sends it does not ask
/// again.
pub(crate) fn without_limiter<T>(f: impl FnOnce() -> T) -> T {
    let mut none = None;
    let _entered = Entered::enter(&mut none);
    f()
}

pin_project! {
    /// Future of [`RateLimiter::scope`].
    #[derive(Debug)]
    #[must_use = "futures do nothing unless polled"]
    pub struct InScope<F> {
        // Moved out while the future is polled.
        limiter: Option<RateLimiter>,
        #[pin]
        future: F,
    }
}

impl<F> InScope<F> {
    pub(super) fn new(limiter: RateLimiter, future: F) -> Self {
        Self { limiter: Some(limiter), future }
    }
}

impl<F: Future> Future for InScope<F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        let this = self.project();
        let _entered = Entered::enter(this.limiter);
        this.future.poll(context)
    }
}

/// Swaps the two back when it is dropped, also by a panic.
struct Entered<'a>(&'a mut Option<RateLimiter>);

impl<'a> Entered<'a> {
    fn enter(limiter: &'a mut Option<RateLimiter>) -> Self {
        swap(limiter);
        Self(limiter)
    }
}

impl Drop for Entered<'_> {
    fn drop(&mut self) {
        swap(self.0);
    }
}

/// Swaps a limiter with the current one; does nothing on a thread that is shutting down.
fn swap(limiter: &mut Option<RateLimiter>) {
    let _ = CURRENT.try_with(|current| {
        if let Ok(mut current) = current.try_borrow_mut() {
            mem::swap(&mut *current, limiter);
        }
    });
}

#[cfg(test)]
mod tests {
    use std::panic::{AssertUnwindSafe, catch_unwind};

    use futures::{FutureExt as _, executor::block_on};

    use super::*;
    use crate::rate_limit::RateLimits;

    fn is_current(limiter: &RateLimiter) -> bool {
        current().is_some_and(|current| current.is_same(limiter))
    }

    #[test]
    fn a_limiter_is_current_while_its_scope_is_polled() {
        let [outer, inner] = [(), ()].map(|()| RateLimiter::new(RateLimits::new()));
        block_on(outer.clone().scope(async {
            let mut nested = Box::pin(inner.clone().scope(async {
                assert!(is_current(&inner));
                futures::pending!();
                assert!(is_current(&inner));
                without_limiter(|| assert!(current().is_none()));
                assert!(is_current(&inner));
            }));
            assert!(nested.as_mut().now_or_never().is_none() && is_current(&outer));
            nested.await;
            assert!(is_current(&outer));
        }));
        assert!(current().is_none());
    }

    #[test]
    fn a_panic_leaves_no_limiter_behind() {
        let limiter = RateLimiter::new(RateLimits::new());
        let scoped = limiter.scope(async { panic!("on purpose") });
        assert!(catch_unwind(AssertUnwindSafe(|| block_on(scoped))).is_err());
        assert!(current().is_none());
    }
}
