//! Calls a probe's hooks so that its panics stay its own.

use std::{
    any::Any,
    panic::{AssertUnwindSafe, catch_unwind},
};

use super::{Probe, StopReason};

/// A probe that is asked no more once it has panicked.
pub(crate) struct Guarded<P> {
    probe: P,
    panicked: Option<String>,
}

impl<P: Probe> Guarded<P> {
    pub(crate) fn new(probe: P) -> Self {
        Self { probe, panicked: None }
    }

    /// Calls hooks, then asks whether to stop.
    pub(crate) fn tell(&mut self, hooks: impl FnOnce(&mut P)) -> Option<StopReason> {
        if self.panicked.is_some() {
            return None;
        }
        let probe = &mut self.probe;
        let told = catch_unwind(AssertUnwindSafe(move || {
            hooks(probe);
            probe.stop().map(|reason| reason.given_by(probe.name()))
        }));
        told.unwrap_or_else(|panic| {
            let message = message(&*panic);
            // The drop of what a panic carries may panic as well.
            let _ = catch_unwind(AssertUnwindSafe(|| drop(panic)));
            tracing::warn!(error = message, "a probe panicked; it is asked no more");
            self.panicked = Some(message);
            None
        })
    }

    /// Returns what the probe said when it panicked.
    pub(crate) fn panicked(&self) -> Option<&str> {
        self.panicked.as_deref()
    }

    /// Returns the probe, and what it said when it panicked.
    pub(crate) fn into_parts(self) -> (P, Option<String>) {
        (self.probe, self.panicked)
    }
}

fn message(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().copied();
    let text = text.or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    text.unwrap_or("a panic without a message").to_owned()
}
