//! The workloads: what is emitted, how often, and what a peer should then hold.

mod batch;
mod concurrent;
mod idle;
mod once;
mod run;
mod work;

use std::io;

use clap::ValueEnum;

use self::concurrent::{SPANS_PER_CAPTURE, TASKS};
pub use self::run::{Purpose, Reach, Run};
use crate::emit::DISABLED_CALLSITES;
use crate::peers::{Peer, Setup};
use crate::sample::{Captured, Sample};

/// A workload, by its name on the command line and in the report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, ValueEnum)]
pub enum Workload {
    /// Flat spans with four fields, a late one and an event.
    W1,
    /// Chains of 8 nested spans.
    #[value(name = "w2_8")]
    W2Depth8,
    /// Chains of 64 nested spans.
    #[value(name = "w2_64")]
    W2Depth64,
    /// Chains of 512 nested spans.
    #[value(name = "w2_512")]
    W2Depth512,
    /// Captures of 200 spans one after the other on two workers.
    #[value(name = "w3_1")]
    W3One,
    /// 1,024 captures of 200 spans at once on two workers.
    #[value(name = "w3_1024")]
    W3Many,
    /// Spans with a text field of 8 KiB.
    W4,
    /// Nothing captured, under one open span.
    #[value(name = "w5_1")]
    W5Depth1,
    /// Nothing captured, under 512 open spans.
    #[value(name = "w5_512")]
    W5Depth512,
    /// One capture, 16 tasks on two workers.
    W7,
    /// Nothing captured beside an `fmt` layer at INFO, past 100 disabled callsites.
    W8,
    /// Flat spans under one span that the capture leaves out.
    #[value(name = "w2b_1")]
    W2bDepth1,
    /// Flat spans under 512 spans that the capture leaves out.
    #[value(name = "w2b_512")]
    W2bDepth512,
    /// As `w7`, on one worker.
    #[value(name = "w7_1")]
    W7OneWorker,
    /// Captures of nothing.
    Empty,
    /// Captures of ten flat spans.
    Ten,
    /// One capture of 1,000,000 flat spans.
    #[value(name = "snapshot_1m")]
    Snapshot1m,
}

/// What a workload does.
#[derive(Clone, Copy, Debug)]
enum Shape {
    Flat,
    Nested { depth: u64 },
    Unrecorded { depth: u64 },
    Concurrent { captures: u64 },
    OneCapture { workers: usize },
    Large,
    Idle { depth: u64 },
    Disabled,
    Batch { spans: u64 },
}

impl Workload {
    /// Returns the name on the command line and in the report.
    #[must_use]
    pub fn name(self) -> String {
        self.to_possible_value().map_or_else(String::new, |value| value.get_name().to_owned())
    }

    /// Returns what the figures are divided by: a span in most workloads.
    #[must_use]
    pub fn unit(self) -> &'static str {
        match self {
            Self::W8 => "callsite",
            Self::Empty => "capture",
            _ => "span",
        }
    }

    /// Returns how many units a run emits when `asked` for so many, or for the usual number.
    ///
    /// The number is rounded down to whole chains, waves and tasks, and is never zero.
    #[must_use]
    pub fn units(self, asked: Option<u64>) -> u64 {
        let step = match self.shape() {
            Shape::Nested { depth } => depth,
            Shape::Concurrent { captures } => captures * SPANS_PER_CAPTURE,
            Shape::OneCapture { .. } => TASKS,
            Shape::Disabled => DISABLED_CALLSITES,
            Shape::Batch { spans } => spans.max(1),
            Shape::Flat | Shape::Unrecorded { .. } | Shape::Large | Shape::Idle { .. } => 1,
        };
        (asked.unwrap_or(self.usual_units()) / step).max(1) * step
    }

    /// Returns what a peer should hold after a run of so many units.
    #[must_use]
    pub fn expected(self, units: u64) -> Captured {
        match self.shape() {
            Shape::Large => Captured { spans: units, events: 0 },
            Shape::Idle { .. } | Shape::Disabled | Shape::Batch { spans: 0 } => Captured::default(),
            _ => Captured { spans: units, events: units },
        }
    }

    /// Returns whether the run ends in a snapshot that can be timed by itself.
    #[must_use]
    pub fn has_snapshot(self) -> bool {
        !self.is_idle() && !self.drops_captures()
    }

    /// Returns whether each capture is dropped before the next one begins.
    #[must_use]
    pub fn drops_captures(self) -> bool {
        matches!(self.shape(), Shape::Batch { .. })
    }

    /// Returns whether nothing is captured, so that a layer of nothing is a fair comparison too.
    #[must_use]
    pub fn is_idle(self) -> bool {
        matches!(self.shape(), Shape::Idle { .. } | Shape::Disabled)
    }

    /// Runs the workload once under a fresh `P`.
    ///
    /// # Errors
    ///
    /// Where a runtime cannot be built or a task panics.
    pub(crate) fn sample<P: Peer>(self, run: &Run) -> io::Result<Sample> {
        match self.shape() {
            Shape::Flat => Ok(once::sample::<P>(run, work::flat::<P::Emit>)),
            Shape::Nested { depth } => Ok(once::sample::<P>(run, |run, watch| {
                work::nested::<P::Emit>(run, watch, depth);
            })),
            Shape::Unrecorded { depth } => Ok(once::sample::<P>(run, |run, watch| {
                work::under::<P::Emit>(run, watch, depth);
            })),
            Shape::Large => Ok(once::sample::<P>(run, work::large::<P::Emit>)),
            Shape::Concurrent { captures } => concurrent::many::<P>(run, captures),
            Shape::OneCapture { workers } => concurrent::one::<P>(run, workers),
            Shape::Idle { depth } => Ok(idle::sample::<P>(run, Setup::Idle, |run, watch| {
                work::under::<P::Emit>(run, watch, depth);
            })),
            Shape::Disabled => {
                Ok(idle::sample::<P>(run, Setup::IdleBesideFmt, work::disabled::<P::Emit>))
            }
            Shape::Batch { spans } => Ok(batch::sample::<P>(run, spans)),
        }
    }

    fn shape(self) -> Shape {
        match self {
            Self::W1 | Self::Snapshot1m => Shape::Flat,
            Self::W2Depth8 => Shape::Nested { depth: 8 },
            Self::W2Depth64 => Shape::Nested { depth: 64 },
            Self::W2Depth512 => Shape::Nested { depth: 512 },
            Self::W3One => Shape::Concurrent { captures: 1 },
            Self::W3Many => Shape::Concurrent { captures: 1_024 },
            Self::W4 => Shape::Large,
            Self::W5Depth1 => Shape::Idle { depth: 1 },
            Self::W5Depth512 => Shape::Idle { depth: 512 },
            Self::W7 => Shape::OneCapture { workers: 2 },
            Self::W7OneWorker => Shape::OneCapture { workers: 1 },
            Self::W8 => Shape::Disabled,
            Self::W2bDepth1 => Shape::Unrecorded { depth: 1 },
            Self::W2bDepth512 => Shape::Unrecorded { depth: 512 },
            Self::Empty => Shape::Batch { spans: 0 },
            Self::Ten => Shape::Batch { spans: 10 },
        }
    }

    fn usual_units(self) -> u64 {
        match self.shape() {
            Shape::Flat if self == Self::Snapshot1m => 1_000_000,
            Shape::Flat | Shape::OneCapture { .. } => 100_000,
            Shape::Nested { .. } | Shape::Unrecorded { .. } => 25_600,
            Shape::Concurrent { .. } => 1_024 * SPANS_PER_CAPTURE,
            Shape::Idle { .. } | Shape::Batch { spans: 0 } => 50_000,
            Shape::Large | Shape::Batch { .. } => 10_000,
            Shape::Disabled => 200_000,
        }
    }
}
