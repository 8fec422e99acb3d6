//! The result of a test, with the way it was computed.

use serde::{Deserialize, Serialize};

/// How likely chance alone is to give a difference as large as the one that was seen.
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct PValue {
    /// The chance, in 0..=1, of both signs of the difference together.
    pub value: f64,
    /// How it was computed.
    pub method: PMethod,
}

/// How a p-value was computed.
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PMethod {
    /// Over every outcome.
    Exact,
    /// Over so many random outcomes, the one that was seen counted among them.
    MonteCarlo {
        /// The number of random outcomes.
        draws: u32,
    },
    /// By the normal distribution that many outcomes approach.
    Normal,
}

impl PValue {
    /// Makes a p-value, cut to 0..=1.
    pub(super) fn new(value: f64, method: PMethod) -> Self {
        Self { value: value.clamp(0.0, 1.0), method }
    }
}
