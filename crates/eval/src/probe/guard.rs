//! Calls a probe's hooks so that its panics stay its own.

use super::{Probe, StopReason, sides::Panics};

/// A probe that is asked no more once it has panicked; of a pair, the side that did.
pub(crate) struct Guarded<P> {
    probe: P,
    panics: Panics,
}

impl<P: Probe> Guarded<P> {
    pub(crate) fn new(probe: P) -> Self {
        Self { probe, panics: Panics::default() }
    }

    /// Calls hooks, then asks whether to stop.
    pub(crate) fn tell(&mut self, hooks: impl FnOnce(&mut P)) -> Option<StopReason> {
        let probe = &mut self.probe;
        let told = self.panics.ask(move || {
            hooks(probe);
            probe.stop().map(|reason| reason.given_by(probe.name()))
        });
        told.flatten()
    }

    /// Returns what the probe said when it panicked.
    pub(crate) fn panicked(&self) -> Option<&str> {
        self.panics.first()
    }

    /// Returns the probe, and what it said when it panicked.
    pub(crate) fn into_parts(self) -> (P, Option<String>) {
        (self.probe, self.panics.into_first())
    }
}
