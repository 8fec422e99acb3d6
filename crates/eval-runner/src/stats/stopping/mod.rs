//! When to stop, and whether the planned trials can decide at all.
//!
//! A range for a fixed number of trials, looked at after every trial, misses in half of all runs at some time. What
//! stops a run by its results must hold at every time at once.
//!
//! | question | function | source |
//! |---|---|---|
//! | which pass chance may one task have, at any time of stopping | [`confidence_sequence`], [`ConfidenceSequence`] | Robbins 1970, Howard and others 2021 |
//! | is it the one pass chance or the other, with few trials | [`Sprt`] | Wald 1945 |
//! | can so many trials meet a gate at all, and if not, how many could | [`gate_reach`] | the conservative end, all trials passed |

mod confidence_sequence;
mod gate;
mod sprt;

pub(crate) use confidence_sequence::metric_sequence;
pub use confidence_sequence::{ConfidenceSequence, confidence_sequence};
pub(crate) use gate::least_count;
pub use gate::{GateReach, GateScope, PassGate, PassGateError, PlannedRun, gate_reach};
pub use sprt::{Sprt, SprtDecision, SprtError};
