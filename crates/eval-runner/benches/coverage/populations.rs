//! Populations of tasks: how their pass chances are spread.

use crate::random::Random;

/// A population of tasks.
#[derive(Clone, Copy)]
pub(crate) enum Population {
    /// Pass chances follow a Beta distribution.
    Beta(f64, f64),
    /// This share of the tasks always passes, the others never.
    Certain(f64),
    /// All tasks have this pass chance.
    Equal(f64),
}

/// What tau-bench looks like: some tasks easy, some hard, most in between.
pub(crate) const TAU_LIKE: Population = Population::Beta(0.62, 0.85);
/// Nearly all tasks pass.
pub(crate) const CEILING: Population = Population::Beta(2.1, 0.23);

/// The five populations: tau-like, ceiling, floor, certain and equal tasks.
pub(crate) const ALL: [Population; 5] = [
    TAU_LIKE,
    CEILING,
    Population::Beta(0.23, 2.1),
    Population::Certain(0.6),
    Population::Equal(0.7),
];

impl Population {
    /// Draws the pass chance of a task.
    pub(crate) fn draw(self, random: &mut Random) -> f64 {
        match self {
            Self::Beta(a, b) => random.beta(a, b),
            Self::Certain(share) => f64::from(u8::from(random.hits(share))),
            Self::Equal(chance) => chance,
        }
    }

    /// Returns the mean over the population of P(at least `m` of `k` trials pass).
    pub(crate) fn truth(self, k: u32, m: u32) -> f64 {
        match self {
            Self::Beta(a, b) => (m..=k).map(|passes| beta_binomial(k, passes, a, b)).sum(),
            Self::Certain(share) => share,
            Self::Equal(chance) => at_least(k, m, chance),
        }
    }
}

/// P(at least `m` of `k` trials pass).
pub(crate) fn at_least(k: u32, m: u32, chance: f64) -> f64 {
    (m..=k)
        .map(|passes| ways(k, passes) * power(chance, passes) * power(1.0 - chance, k - passes))
        .sum()
}

/// P(so many of `k` trials pass) where the pass chance follows a Beta distribution.
fn beta_binomial(k: u32, passes: u32, a: f64, b: f64) -> f64 {
    let rising = |from: f64, steps: u32| (0..steps).map(|i| from + f64::from(i)).product::<f64>();
    ways(k, passes) * rising(a, passes) * rising(b, k - passes) / rising(a + b, k)
}

fn ways(k: u32, passes: u32) -> f64 {
    (0..passes).map(|i| f64::from(k - i) / f64::from(i + 1)).product()
}

fn power(chance: f64, times: u32) -> f64 {
    (0..times).map(|_| chance).product()
}
