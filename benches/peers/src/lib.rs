//! Runs one workload under one in-memory capture library and reads the gauges at its edges.
//!
//! A [`Contender`] is a library, a [`Workload`] what it has to capture, and a [`Sample`] one run
//! of the two. The programs of this package repeat that: `peer-bench` with the CPU clock, between
//! two samples of the bare registry, and `peer-count` once, with a counting allocator.

pub mod clock;
mod contender;
mod counted;
mod emit;
mod peers;
mod sample;
mod workloads;

pub use self::contender::Contender;
pub use self::counted::Counted;
pub use self::sample::{Captured, HeapUse, Sample, Times};
pub use self::workloads::{Purpose, Reach, Run, Workload};
