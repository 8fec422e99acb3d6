//! No capture: what a layer costs while it is merely installed.

use std::iter;

use super::run::Run;
use crate::clock::Stopwatch;
use crate::peers::{Peer, Setup};
use crate::sample::Sample;

/// Runs `work` under a fresh `P` outside any capture.
pub(super) fn sample<P: Peer>(
    run: &Run,
    setup: Setup,
    work: impl FnOnce(&Run, &Stopwatch),
) -> Sample {
    let peer = P::new(setup);
    let watch = run.stopwatch();
    run.under(peer.dispatch(), || work(run, &watch));
    let (_, stopped) = watch.edges();
    // Whatever the store holds here should not be there.
    let snapshot = peer.snapshot(iter::empty());
    run.settle(peer, snapshot, &watch, stopped)
}
