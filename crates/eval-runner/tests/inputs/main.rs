//! What users write for the runner to read: datasets, selections, gates, baselines.

mod baselines;
mod dataset_errors;
mod dataset_files;
mod dataset_formats;
mod dataset_laws;
mod gate_errors;
mod gate_laws;
mod gate_plans;
mod gate_reaches;
mod gate_runs;
mod gate_stops;
mod gate_verdicts;
mod selections;

use proptest::test_runner::{Config, RngSeed};

/// The same cases in every run.
fn seeded() -> Config {
    Config { rng_seed: RngSeed::Fixed(2_026), failure_persistence: None, ..Config::default() }
}
