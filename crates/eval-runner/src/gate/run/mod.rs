//! The numbers of a run for a gate, from what the run came to.

mod common;
mod measurements;
mod passes;
mod spent;

pub use measurements::RunMeasurements;
pub(super) use passes::groups;
