//! A range of plausible values.

use serde::{Deserialize, Serialize};

/// A closed range from `lo` to `hi`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Interval {
    /// The lower end.
    pub lo: f64,
    /// The upper end, never below the lower.
    pub hi: f64,
}

impl Interval {
    /// Returns the distance between the ends.
    pub fn width(self) -> f64 {
        self.hi - self.lo
    }

    /// Returns whether a value lies in the range, ends included.
    pub fn contains(self, value: f64) -> bool {
        self.lo <= value && value <= self.hi
    }
}
