//! One capture on one thread.

use std::iter;

use super::run::Run;
use crate::clock::Stopwatch;
use crate::peers::{Peer, Setup};
use crate::sample::Sample;

/// Runs `work` in one capture of a fresh `P`.
pub(super) fn sample<P: Peer>(run: &Run, work: impl FnOnce(&Run, &Stopwatch)) -> Sample {
    let peer = P::new(Setup::Capturing);
    let watch = run.stopwatch();
    let (snapshot, taken) = run.under(peer.dispatch(), || {
        let part = P::capture(|| work(run, &watch));
        (peer.snapshot(iter::once(part)), run.read())
    });
    run.settle(peer, snapshot, &watch, taken)
}
