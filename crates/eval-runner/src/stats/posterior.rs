//! What a uniform prior for each task says of a mean over these tasks: an option, not the default.

use super::{
    confidence::Confidence,
    counts::Counts,
    interval::Interval,
    m_of_k::m_of_k,
    real::{real, real_len},
    sum::sum,
};

/// The most trials that a metric of a posterior can ask about.
const MOST_TRIALS: u64 = 1_000;

/// The posterior of a mean over tasks.
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Posterior {
    /// The posterior mean.
    pub mean: f64,
    /// The posterior standard deviation.
    pub deviation: f64,
    /// The normal range around the mean, cut to 0..=1.
    pub interval: Interval,
}

/// Returns the posterior of the mean over these tasks of P(at least `m` of `k`), each with a uniform prior of its own.
///
/// A task with `c` of `n` passes has the posterior Beta(c + 1, n - c + 1) (Bowyer and others 2025, arXiv 2503.01747).
/// It speaks of these tasks run again, not of new ones, and it pulls every task towards one half: with few trials a
/// mean near 0 or 1 is far off, so [`rerun_range`](super::rerun_range) is the default. It exists for `k > n` too.
/// Domain: `c <= n`, `1 <= m <= k <= 1,000`; `None` outside it and of no task.
///
/// # Examples
///
/// ```
/// use probity_eval_runner::stats::{Confidence, Counts, posterior_mean};
///
/// let always = [Counts { n: 4, c: 4 }; 50];
/// let posterior = posterior_mean(&always, 1, 1, Confidence::default()).unwrap();
/// assert!((posterior.mean - 5.0 / 6.0).abs() < 1e-12); // 200 of 200 passed
/// ```
pub fn posterior_mean(
    tasks: &[Counts],
    k: u64,
    m: u64,
    confidence: Confidence,
) -> Option<Posterior> {
    let valid = 1 <= m && m <= k && k <= MOST_TRIALS && tasks.iter().all(|task| task.c <= task.n);
    if !valid || tasks.is_empty() {
        return None;
    }
    let moments: Vec<[f64; 2]> = tasks.iter().map(|&task| moments(task, k, m)).collect();
    let count = real_len(tasks);
    let mean = sum(moments.iter().map(|&[first, _]| first)) / count;
    let variance = sum(moments.iter().map(|[first, second]| second - first * first));
    let deviation = variance.max(0.0).sqrt() / count;
    let half = confidence.z() * deviation;
    let interval = Interval { lo: (mean - half).max(0.0), hi: (mean + half).min(1.0) };
    Some(Posterior { mean, deviation, interval })
}

/// The means of θ and of θ² over the posterior of one task.
///
/// θ² is the chance that two draws of `k` trials both hold `m` passes: given the passes of all `2k`, the first draw's
/// are hypergeometric.
fn moments(task: Counts, k: u64, m: u64) -> [f64; 2] {
    let (passed, failed) = (real(task.c) + 1.0, real(task.n - task.c) + 1.0);
    let once = predicted(k, passed, failed);
    let first = sum((0..=k).zip(once).filter(|&(passes, _)| passes >= m).map(|(_, p)| p));
    let twice = predicted(2 * k, passed, failed);
    let both = |passes: u64| {
        let at_least = |least: u64| m_of_k(2 * k, passes, k, least).unwrap_or(0.0);
        if passes < 2 * m { 0.0 } else { at_least(m) - at_least(passes - m + 1) }
    };
    [first, sum((0..=2 * k).zip(twice).map(|(passes, p)| p * both(passes)))]
}

/// The chances of 0, 1, … passes in fresh trials, with the pass chance from Beta(`a`, `b`): beta-binomial.
///
/// By the ratio of neighbors, whose logarithms neither vanish nor overflow, and made to add up to 1.
fn predicted(trials: u64, a: f64, b: f64) -> Vec<f64> {
    let mut logs = vec![0.0];
    let mut log = 0.0_f64;
    for passes in 0..trials {
        let (passed, left) = (real(passes), real(trials - passes));
        log += (left / (passed + 1.0) * ((a + passed) / (b + left - 1.0))).ln();
        logs.push(log);
    }
    let highest = logs.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let weights: Vec<f64> = logs.iter().map(|log| (log - highest).exp()).collect();
    let total = sum(weights.iter().copied());
    weights.into_iter().map(|weight| weight / total).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::{beta::Beta, binomial::at_least};

    /// The means of θ and θ² by the midpoint rule over the quantiles of the posterior.
    fn integrated(task: Counts, k: u64, m: u64) -> [f64; 2] {
        let beta = Beta { a: real(task.c) + 1.0, b: real(task.n - task.c) + 1.0 };
        let steps = 4_000;
        let thetas = (0..steps).map(|step| {
            let chance = (real(step) + 0.5) / real(steps);
            at_least(k, m, beta.quantile(crate::stats::beta::Split::from_lower(chance)).lower)
        });
        let thetas: Vec<f64> = thetas.collect();
        [1, 2].map(|power| thetas.iter().map(|theta| theta.powi(power)).sum::<f64>() / real(steps))
    }

    #[test]
    fn moments_agree_with_an_integral_over_the_posterior() {
        for (n, c, k, m) in [(4, 3, 1, 1), (4, 4, 4, 4), (10, 2, 3, 1), (7, 5, 9, 4), (0, 0, 2, 2)]
        {
            let task = Counts { n, c };
            let (got, want) = (moments(task, k, m), integrated(task, k, m));
            for (got, want) in got.into_iter().zip(want) {
                assert!((got - want).abs() < 2e-4, "{task:?} {m} of {k}: {got} and {want}");
            }
        }
    }

    #[test]
    fn one_trial_has_the_moments_of_its_beta() {
        for (n, c) in [(0_u64, 0_u64), (5, 2), (1_000, 999)] {
            let (a, b) = (real(c) + 1.0, real(n - c) + 1.0);
            let [first, second] = moments(Counts { n, c }, 1, 1);
            assert!((first - a / (a + b)).abs() < 1e-13);
            assert!((second - a * (a + 1.0) / (a + b) / (a + b + 1.0)).abs() < 1e-13);
        }
    }

    #[test]
    fn what_makes_no_sense_has_no_posterior() {
        let level = Confidence::default();
        let task = Counts { n: 4, c: 2 };
        assert_eq!(posterior_mean(&[], 1, 1, level), None);
        assert_eq!(posterior_mean(&[Counts { n: 1, c: 2 }], 1, 1, level), None);
        assert_eq!(posterior_mean(&[task], 2, 0, level), None);
        assert_eq!(posterior_mean(&[task], 2, 3, level), None);
        assert_eq!(posterior_mean(&[task], u64::MAX, 1, level), None);
    }
}
