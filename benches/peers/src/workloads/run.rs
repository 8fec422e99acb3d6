//! How a sample is to be run, and the two steps that all samples share.

use std::mem::ManuallyDrop;

use tracing::Dispatch;
use tracing::dispatcher::{set_global_default, with_default};

use crate::clock::{Gauge, Reading, Stopwatch};
use crate::emit::SPAN;
use crate::peers::Peer;
use crate::sample::Sample;

/// How one sample is run.
#[derive(Clone, Copy, Debug)]
pub struct Run {
    /// What is read at the edges.
    pub gauge: Gauge,
    /// How many units to emit, as [`Workload::units`](super::Workload::units) rounds it.
    pub units: u64,
    /// For which threads the peer's subscriber is the default.
    pub reach: Reach,
    /// What the run is for.
    pub purpose: Purpose,
}

/// For which threads a peer's subscriber is the default.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// For the threads of the sample and while it runs, so that peers can take turns.
    Scoped,
    /// For the whole process and for good.
    Global,
}

/// What a run is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// To be timed: nothing is done with the snapshot but to drop it.
    Timed,
    /// To be checked: what was captured is counted.
    Checked,
    /// To be the only thing that a process does: the snapshot is left alone, not even dropped.
    Alone,
}

impl Run {
    /// Reads the gauge.
    pub(super) fn read(&self) -> Reading {
        (self.gauge)()
    }

    /// Creates a stopwatch on the gauge.
    pub(super) fn stopwatch(&self) -> Stopwatch {
        Stopwatch::new(self.gauge)
    }

    /// Runs `work` with the peer's subscriber as the default.
    pub(super) fn under<T>(&self, dispatch: &Dispatch, work: impl FnOnce() -> T) -> T {
        match self.reach {
            Reach::Scoped => with_default(dispatch, work),
            Reach::Global => {
                // A second call in one process changes nothing, and the count shows it.
                set_global_default(dispatch.clone()).ok();
                work()
            }
        }
    }

    /// Counts what was captured if that is wanted, drops everything, and closes the sample.
    pub(super) fn settle<P: Peer>(
        &self,
        peer: P,
        snapshot: P::Snapshot,
        watch: &Stopwatch,
        taken: Reading,
    ) -> Sample {
        let (started, stopped) = watch.edges();
        let counted = self.purpose == Purpose::Checked;
        let captured = if counted { P::captured(&snapshot, SPAN) } else { None };
        if self.purpose == Purpose::Alone {
            let len = P::len(&snapshot);
            let _left = (ManuallyDrop::new(snapshot), ManuallyDrop::new(peer));
            return Sample { len, ..Sample::until(started, stopped, taken) };
        }
        let used = self.read();
        drop(peer);
        let held = self.read();
        drop(snapshot);
        let dropped = self.read();
        Sample { used, held, dropped, captured, ..Sample::until(started, stopped, taken) }
    }
}
