//! What a plan can show at best, found by imagining the best run of it.

mod enough;
mod reach;

pub use reach::PlannedReach;
