//! Draws without replacement from the trials that ran: the hypergeometric law behind every m-of-k metric.

mod count;
mod none;
mod pmf;
mod tail;

pub(super) use count::{COUNTED, choose};

/// An urn of `trials` graded trials of which `passes` passed, and a draw of `drawn` of them.
///
/// Domain: `passes <= trials` and `1 <= drawn <= trials`; the makers of an urn check it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Urn {
    pub(super) trials: u64,
    pub(super) passes: u64,
    pub(super) drawn: u64,
}

/// A probability and how many terms were evaluated for it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Worked {
    pub(super) value: f64,
    pub(super) terms: u64,
}

impl Urn {
    /// Returns the number of trials that did not pass.
    fn fails(&self) -> u64 {
        self.trials - self.passes
    }

    /// Returns the same draw with passes and fails exchanged.
    pub(super) fn mirrored(&self) -> Self {
        Self { passes: self.fails(), ..*self }
    }

    /// Returns the smallest number of passes that a draw can hold.
    pub(super) fn fewest(&self) -> u64 {
        self.drawn.saturating_sub(self.fails())
    }

    /// Returns the largest number of passes that a draw can hold.
    pub(super) fn most(&self) -> u64 {
        self.drawn.min(self.passes)
    }
}
