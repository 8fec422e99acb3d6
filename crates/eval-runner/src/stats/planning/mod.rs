//! How large a comparison must be: tasks, trials of each task, and the difference that they separate.
//!
//! The figures are for one trial's pass chance under two agents on the same tasks. Two numbers decide: `ω²`, the
//! variance over tasks of the true difference, which only more tasks make up for, and `σ²`, the mean over tasks of
//! `p (1 - p)`, which more trials of each task make up for too.
//!
//! | question | function | source |
//! |---|---|---|
//! | what are ω² and σ² | [`estimate_noise`] | unbiased, from an earlier run |
//! | how many tasks separate a difference | [`tasks_needed`] | Miller 2024 |
//! | which difference do so many tasks separate | [`detectable_difference`] | Miller 2024, solved for it |
//! | how likely is a difference to be separated | [`power`] | Miller 2024, solved for it |
//! | which difference does this run separate, by any metric | [`separable_difference`] | the same from its differences |
//! | how many trials of each task are worth their cost | [`optimal_trials`] | Cochran 1977, section 10.6 |
//!
//! Detecting 5 points takes hundreds of tasks with five trials each, and more trials hardly help. How many passes in a
//! row one task needs is [`success_run`](super::success_run).

mod aim;
mod error;
mod miller;
mod noise;
mod optimal_trials;

pub use aim::Aim;
pub use error::PlanError;
pub use miller::{
    PairedPlan, TasksNeeded, detectable_difference, power, separable_difference, tasks_needed,
};
pub use noise::{EstimatedNoise, PairedNoise, estimate_noise};
pub use optimal_trials::{TrialCosts, optimal_trials};
