//! Many small captures, one after the other.

use std::iter;

use super::run::{Purpose, Run};
use super::work::in_scopes;
use crate::emit::Emit as _;
use crate::peers::{Peer, Setup};
use crate::sample::Sample;

/// Runs captures of `spans` flat spans each; a capture of none counts as one unit.
///
/// Each is snapshot and dropped before the next begins, and all of it is the work. Only where the
/// run is a check are they all kept, to be counted at the end.
pub(super) fn sample<P: Peer>(run: &Run, spans: u64) -> Sample {
    let peer = P::new(Setup::Capturing);
    let watch = run.stopwatch();
    let mut kept = Vec::new();
    run.under(peer.dispatch(), || {
        watch.start();
        for _ in 0..run.units / spans.max(1) {
            let part = P::capture(|| in_scopes::<P::Emit>(spans, spans, P::Emit::flat));
            if run.purpose == Purpose::Checked {
                kept.push(part);
            } else {
                drop(peer.snapshot(iter::once(part)));
                peer.clear();
            }
        }
        watch.stop();
    });
    let (_, stopped) = watch.edges();
    let snapshot = peer.snapshot(kept.into_iter());
    run.settle(peer, snapshot, &watch, stopped)
}
