//! What a model call and the tap of its HTTP client know of each other.

use std::{
    cell::RefCell,
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll},
};

use futures::{Stream, StreamExt as _};
use probity_eval::model::RawTelemetryConfig;

use super::exchange::Exchange;

thread_local! {
    static CURRENT: RefCell<Option<Arc<Call>>> = const { RefCell::new(None) };
}

/// A model call, found by the tap while rig is polled on behalf of it.
///
/// Rig passes no value from a request to its HTTP client, but polls the one within the other.
#[derive(Debug)]
pub(in crate::rig) struct Call {
    raw: RawTelemetryConfig,
    exchange: Mutex<Option<Arc<Exchange>>>,
}

impl Call {
    pub(in crate::rig) fn new(raw: RawTelemetryConfig) -> Arc<Self> {
        Arc::new(Self { raw, exchange: Mutex::default() })
    }

    /// Returns the call that this thread works for.
    pub(super) fn current() -> Option<Arc<Self>> {
        CURRENT.with_borrow(Clone::clone)
    }

    /// Returns which raw entries the call asks for.
    pub(super) fn raw(&self) -> RawTelemetryConfig {
        self.raw
    }

    /// Takes note of the HTTP exchange of the call; the last one, if there are several.
    pub(super) fn set_exchange(&self, exchange: &Arc<Exchange>) {
        *self.lock() = Some(Arc::clone(exchange));
    }

    /// Returns the HTTP exchange of the call; `None` before it is sent, and where no tap saw it.
    pub(in crate::rig) fn exchange(&self) -> Option<Arc<Exchange>> {
        self.lock().clone()
    }

    /// Runs `f` for the call.
    pub(in crate::rig) fn in_scope<T>(self: &Arc<Self>, f: impl FnOnce() -> T) -> T {
        let _scope = Scope(CURRENT.replace(Some(Arc::clone(self))));
        f()
    }

    fn lock(&self) -> MutexGuard<'_, Option<Arc<Exchange>>> {
        self.exchange.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Brings back what was current before, also when the call's code panics.
struct Scope(Option<Arc<Call>>);

impl Drop for Scope {
    fn drop(&mut self) {
        CURRENT.set(self.0.take());
    }
}

/// A stream that is polled for a call.
pub(in crate::rig) struct InCall<S> {
    stream: S,
    call: Arc<Call>,
}

impl<S> InCall<S> {
    pub(in crate::rig) fn new(stream: S, call: Arc<Call>) -> Self {
        Self { stream, call }
    }
}

impl<S: Stream + Unpin> Stream for InCall<S> {
    type Item = S::Item;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<S::Item>> {
        let Self { stream, call } = &mut *self;
        call.in_scope(|| stream.poll_next_unpin(context))
    }
}

#[cfg(test)]
mod tests {
    use std::panic::{AssertUnwindSafe, catch_unwind};

    use super::*;

    #[test]
    fn a_call_is_current_within_its_scope_only() {
        let (outer, inner) =
            (Call::new(RawTelemetryConfig::all()), Call::new(RawTelemetryConfig::none()));
        let is_current = |call| Call::current().is_some_and(|current| Arc::ptr_eq(&current, call));
        outer.in_scope(|| {
            let panicked = catch_unwind(AssertUnwindSafe(|| {
                inner.in_scope(|| {
                    assert!(is_current(&inner));
                    panic!("on purpose");
                })
            }));
            assert!(panicked.is_err() && is_current(&outer));
        });
        assert!(Call::current().is_none());
    }
}
