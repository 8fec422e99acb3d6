//! Reads the gauges (CPU time or heap) at the edges of a sample.

use std::sync::OnceLock;
use std::time::Duration;

use cpu_time::ProcessTime;

/// What the gauges showed at one moment.
#[derive(Clone, Copy, Debug, Default)]
pub struct Reading {
    /// CPU time of the process so far, over all its threads.
    pub cpu: Duration,
    /// The state of the heap; all zero in a program that does not count.
    pub heap: Heap,
}

/// What a counting allocator has seen so far, over all threads.
#[derive(Clone, Copy, Debug, Default)]
pub struct Heap {
    /// Calls of `alloc` and `alloc_zeroed`.
    pub allocations: u64,
    /// Calls of `realloc`.
    pub reallocations: u64,
    /// Bytes allocated and not yet freed.
    pub live: u64,
    /// Highest value of `live` so far.
    pub peak: u64,
}

/// Reads the gauges: the CPU clock in timed runs, the allocator in counting runs.
pub type Gauge = fn() -> Reading;

/// Reads the CPU time of the process, user and system, over all its threads.
///
/// A thread in the background is thereby charged to the peer that needs it.
#[must_use]
pub fn cpu_gauge() -> Reading {
    Reading { cpu: ProcessTime::now().as_duration(), heap: Heap::default() }
}

/// Notes when the work of a sample began and ended.
///
/// The workload presses the buttons itself, so that its preparations (ancestors to open, threads
/// to start) are outside the measured stretch.
#[derive(Debug)]
pub struct Stopwatch {
    gauge: Gauge,
    started: OnceLock<Reading>,
    stopped: OnceLock<Reading>,
}

impl Stopwatch {
    /// Creates a stopwatch that was neither started nor stopped.
    #[must_use]
    pub fn new(gauge: Gauge) -> Self {
        Self { gauge, started: OnceLock::new(), stopped: OnceLock::new() }
    }

    /// Notes the beginning; later calls change nothing.
    pub fn start(&self) {
        self.started.get_or_init(self.gauge);
    }

    /// Notes the end; later calls change nothing.
    pub fn stop(&self) {
        self.stopped.get_or_init(self.gauge);
    }

    /// Returns the beginning and the end, reading the gauge now for one that was not noted.
    #[must_use]
    pub fn edges(&self) -> (Reading, Reading) {
        let stopped = *self.stopped.get_or_init(self.gauge);
        (*self.started.get_or_init(|| stopped), stopped)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stopwatch_keeps_the_first_press_of_each_button() {
        let watch = Stopwatch::new(cpu_gauge);
        watch.start();
        watch.stop();
        let first = watch.edges();
        std::hint::black_box((0..100_000_u64).map(std::hint::black_box).sum::<u64>());
        watch.start();
        watch.stop();
        assert_eq!(first.0.cpu, watch.edges().0.cpu);
        assert_eq!(first.1.cpu, watch.edges().1.cpu);
        assert!(first.0.cpu <= first.1.cpu);
    }

    #[test]
    fn work_takes_cpu_time() {
        let before = cpu_gauge().cpu;
        let mut sum = 0_u64;
        while cpu_gauge().cpu == before {
            sum = std::hint::black_box(sum.wrapping_add(1));
        }
        assert!(cpu_gauge().cpu > before);
    }
}
