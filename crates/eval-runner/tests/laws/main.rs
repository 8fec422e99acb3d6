//! Laws that the statistics keep for any counts.

mod agreement;
mod check_table;
mod compare;
mod drift;
mod estimator;
mod judges;
mod many;
mod planning;
mod random;
mod ranges;
mod stopping;

use proptest::test_runner::{Config, RngSeed};

/// The same cases in every run.
fn seeded() -> Config {
    Config { rng_seed: RngSeed::Fixed(20_240_712), failure_persistence: None, ..Config::default() }
}
