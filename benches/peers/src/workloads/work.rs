//! The stretches of work that run on one thread.

use std::hint::black_box;

use crate::clock::Stopwatch;
use crate::emit::{DISABLED_CALLSITES, Emit};

use super::run::Run;

/// Spans in one scope: `fastrace` keeps 10,240 records of one, and a flat span makes three.
const SPANS_PER_SCOPE: u64 = 1_000;

/// Length in bytes of the long text.
const TEXT_LENGTH: usize = 8 * 1_024;

/// Emits flat spans.
pub(super) fn flat<E: Emit>(run: &Run, watch: &Stopwatch) {
    watch.start();
    in_scopes::<E>(run.units, SPANS_PER_SCOPE, E::flat);
    watch.stop();
}

/// Emits chains of nested spans.
pub(super) fn nested<E: Emit>(run: &Run, watch: &Stopwatch, depth: u64) {
    let chains_per_scope = (SPANS_PER_SCOPE / depth).max(1);
    watch.start();
    in_scopes::<E>(run.units / depth, chains_per_scope, |_| E::nested(depth));
    watch.stop();
}

/// Emits spans with a long text.
pub(super) fn large<E: Emit>(run: &Run, watch: &Stopwatch) {
    let text = "x".repeat(TEXT_LENGTH);
    watch.start();
    in_scopes::<E>(run.units, SPANS_PER_SCOPE, |_| E::large(black_box(&text)));
    watch.stop();
}

/// Emits flat spans under `depth` open ones.
pub(super) fn under<E: Emit>(run: &Run, watch: &Stopwatch, depth: u64) {
    let _ancestors = Ancestors::<E>((0..depth).map(|_| E::ancestor()).collect());
    watch.start();
    (0..run.units).for_each(E::flat);
    watch.stop();
}

/// Runs past the disabled callsites.
pub(super) fn disabled<E: Emit>(run: &Run, watch: &Stopwatch) {
    // The first pass registers the callsites.
    E::disabled(0);
    watch.start();
    (0..run.units / DISABLED_CALLSITES).for_each(|pass| E::disabled(black_box(pass)));
    watch.stop();
}

/// Calls `emit` `times` times, opening a new scope after each `per_scope` of them.
pub(super) fn in_scopes<E: Emit>(times: u64, per_scope: u64, emit: impl Fn(u64)) {
    let mut done = 0;
    while done < times {
        let _scope = E::scope();
        let end = times.min(done + per_scope);
        (done..end).for_each(&emit);
        done = end;
    }
}

/// Open spans, closed from the innermost outwards.
struct Ancestors<E: Emit>(Vec<E::Open>);

impl<E: Emit> Drop for Ancestors<E> {
    fn drop(&mut self) {
        while let Some(innermost) = self.0.pop() {
            drop(innermost);
        }
    }
}
