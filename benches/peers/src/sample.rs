//! One run of one workload under one peer, as the gauges saw it.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::clock::Reading;

/// The gauges at the edges of one run.
#[derive(Clone, Copy, Debug)]
pub struct Sample {
    /// Before the first span of the work.
    pub started: Reading,
    /// After the last span of the work.
    pub stopped: Reading,
    /// When the snapshot and its index were there.
    pub taken: Reading,
    /// Before the peer is dropped, with its store, and then the snapshot.
    pub used: Reading,
    /// Between the two.
    pub held: Reading,
    /// When both were dropped.
    pub dropped: Reading,
    /// What the peer captured, where that was asked for and the peer can tell.
    pub captured: Option<Captured>,
    /// How many spans it holds, whatever their names, where it was left holding them.
    pub len: Option<u64>,
}

/// How many spans (of the workload's name) and events a peer captured.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Captured {
    /// Spans with the name that the workload gives its spans.
    pub spans: u64,
    /// Events of any kind.
    pub events: u64,
}

impl Captured {
    /// Adds what another part of the capture holds.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        Self { spans: self.spans + other.spans, events: self.events + other.events }
    }
}

/// CPU times of one run.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Times {
    /// The work alone.
    pub hot: Duration,
    /// From the end of the work to a snapshot with its index.
    pub snapshot: Duration,
    /// Dropping the peer, with its store, and the snapshot.
    pub drop: Duration,
}

/// Heap use of one run, not yet divided by the number of spans.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeapUse {
    /// Allocations during the work.
    pub hot: u64,
    /// Allocations while the snapshot was taken and indexed.
    pub snapshot: u64,
    /// Reallocations in both.
    pub reallocations: u64,
    /// Bytes that stay alive when nothing but the finished snapshot is left.
    pub live: u64,
    /// Highest number of bytes alive at once, or zero where an earlier run reached higher.
    pub peak: u64,
}

impl Sample {
    /// Returns a sample that nothing was done with after the snapshot.
    pub(crate) fn until(started: Reading, stopped: Reading, taken: Reading) -> Self {
        Self {
            started,
            stopped,
            taken,
            used: taken,
            held: taken,
            dropped: taken,
            captured: None,
            len: None,
        }
    }

    /// Returns the CPU times.
    #[must_use]
    pub fn times(&self) -> Times {
        Times {
            hot: self.stopped.cpu.saturating_sub(self.started.cpu),
            snapshot: self.taken.cpu.saturating_sub(self.stopped.cpu),
            drop: self.dropped.cpu.saturating_sub(self.used.cpu),
        }
    }

    /// Returns the heap use; all zero unless the gauge reads a counting allocator.
    #[must_use]
    pub fn heap(&self) -> HeapUse {
        let (start, stop) = (self.started.heap, self.stopped.heap);
        let taken = self.taken.heap;
        HeapUse {
            hot: stop.allocations.saturating_sub(start.allocations),
            snapshot: taken.allocations.saturating_sub(stop.allocations),
            reallocations: taken.reallocations.saturating_sub(start.reallocations),
            live: self.held.heap.live.saturating_sub(start.live),
            peak: if taken.peak > start.peak { taken.peak - start.live.min(taken.peak) } else { 0 },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Heap;

    fn reading(cpu: u64, allocations: u64, live: u64, peak: u64) -> Reading {
        Reading {
            cpu: Duration::from_nanos(cpu),
            heap: Heap { allocations, reallocations: 0, live, peak },
        }
    }

    fn sample(peak_before: u64) -> Sample {
        Sample {
            started: reading(100, 10, 1_000, peak_before),
            stopped: reading(400, 40, 5_000, 5_500),
            taken: reading(450, 41, 6_000, 7_000),
            used: reading(460, 41, 6_000, 7_000),
            held: reading(465, 41, 2_500, 7_000),
            dropped: reading(480, 41, 900, 7_000),
            captured: None,
            len: None,
        }
    }

    #[test]
    fn times_are_the_stretches_between_the_edges() {
        let times = sample(1_200).times();
        assert_eq!(times.hot, Duration::from_nanos(300));
        assert_eq!(times.snapshot, Duration::from_nanos(50));
        assert_eq!(times.drop, Duration::from_nanos(20));
    }

    #[test]
    fn heap_use_is_counted_from_the_start_of_the_work() {
        let heap = sample(1_200).heap();
        assert_eq!((heap.hot, heap.snapshot), (30, 1));
        assert_eq!((heap.live, heap.peak), (1_500, 6_000));
    }

    #[test]
    fn a_peak_of_an_earlier_run_is_not_taken_for_this_one() {
        assert_eq!(sample(7_000).heap().peak, 0);
    }
}
