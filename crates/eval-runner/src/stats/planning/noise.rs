//! What makes two agents' measured difference vary: tasks and trials.

use crate::stats::{
    compare::Pair,
    counts::Counts,
    real::{count_of, real, real_len},
    spread::mean,
    sum::sum,
};

use super::error::{PlanError, not_negative};

/// The two sources of noise in a comparison on the same tasks.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct PairedNoise {
    /// `ω²`: the variance over tasks of the true difference of the pass chances.
    pub between: f64,
    /// `σ²` of the first agent: the mean over tasks of `p (1 - p)`.
    pub within_first: f64,
    /// `σ²` of the second agent.
    pub within_second: f64,
}

impl PairedNoise {
    /// Returns `ω² + σ_A² / K_A + σ_B² / K_B`: the variance of one task's measured difference.
    pub(super) fn of_one_task(&self, first: u64, second: u64) -> Result<f64, PlanError> {
        let between = not_negative("variance between tasks", self.between)?;
        let within_first = not_negative("first agent's variance within tasks", self.within_first)?;
        let within_second =
            not_negative("second agent's variance within tasks", self.within_second)?;
        Ok(between + within_first / real(first) + within_second / real(second))
    }
}

/// The noise that an earlier run shows.
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct EstimatedNoise {
    /// The noise, its part between tasks cut to at least 0.
    pub noise: PairedNoise,
    /// The number of tasks it comes from.
    pub tasks_used: u64,
    /// The number of tasks with fewer than two trials under one of the agents, which do not show what part of the
    /// noise is their trials'.
    pub tasks_skipped: u64,
}

/// Estimates the noise from pairs of one trial's pass counts; `None` for fewer than two tasks with two trials each.
///
/// `σ²` is the mean over tasks of `c (n - c) / (n (n - 1))`, and `ω²` the variance of the differences less the mean
/// of `c (n - c) / (n² (n - 1))` of both agents; all are unbiased but for the cut at 0. Tasks with more passes than
/// trials count as skipped.
pub fn estimate_noise(pairs: &[Pair]) -> Option<EstimatedNoise> {
    let repeated = |task: Counts| task.n > 1 && task.c <= task.n;
    let used: Vec<Pair> = pairs
        .iter()
        .copied()
        .filter(|pair| repeated(pair.first) && repeated(pair.second))
        .collect();
    if used.len() < 2 {
        return None;
    }
    let over_tasks = |number: fn(&Pair) -> f64| mean(&used.iter().map(number).collect::<Vec<_>>());
    let differences: Vec<f64> =
        used.iter().map(|pair| share(pair.first) - share(pair.second)).collect();
    let of_trials = over_tasks(|pair| {
        within(pair.first) / real(pair.first.n) + within(pair.second) / real(pair.second.n)
    });
    let noise = PairedNoise {
        between: (sample_variance(&differences) - of_trials).max(0.0),
        within_first: over_tasks(|pair| within(pair.first)),
        within_second: over_tasks(|pair| within(pair.second)),
    };
    let tasks_used = count_of(&used);
    Some(EstimatedNoise { noise, tasks_used, tasks_skipped: count_of(pairs) - tasks_used })
}

fn share(task: Counts) -> f64 {
    real(task.c) / real(task.n)
}

/// The unbiased estimate of `p (1 - p)`.
fn within(task: Counts) -> f64 {
    real(task.c) * (real(task.n - task.c) / real(task.n)) / real(task.n - 1)
}

/// The variance of at least two values, divided by one fewer than there are.
pub(super) fn sample_variance(values: &[f64]) -> f64 {
    let center = mean(values);
    sum(values.iter().map(|value| (value - center).powi(2))) / (real_len(values) - 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pair(first: (u64, u64), second: (u64, u64)) -> Pair {
        let counts = |(n, c)| Counts { n, c };
        Pair { first: counts(first), second: counts(second) }
    }

    #[test]
    fn tasks_that_never_waver_have_noise_between_them_only() {
        let pairs = [pair((4, 4), (4, 0)), pair((4, 0), (4, 0)), pair((1, 1), (4, 2))];
        let estimated = estimate_noise(&pairs).unwrap();
        let noise = PairedNoise { between: 0.5, within_first: 0.0, within_second: 0.0 };
        assert_eq!(estimated.noise, noise);
        assert_eq!((estimated.tasks_used, estimated.tasks_skipped), (2, 1));
    }

    #[test]
    fn what_trials_explain_is_not_put_on_the_tasks() {
        // Equal tasks: all noise is within them, and the part between is cut to 0.
        let estimated = estimate_noise(&[pair((4, 2), (2, 1)); 9]).unwrap().noise;
        assert_eq!(estimated.between.to_bits(), 0.0_f64.to_bits());
        assert!((estimated.within_first - 1.0 / 3.0).abs() < 1e-15);
        assert!((estimated.within_second - 0.5).abs() < 1e-15);
    }

    #[test]
    fn one_repeated_task_shows_no_noise_between_tasks() {
        assert_eq!(estimate_noise(&[pair((4, 2), (4, 1)), pair((1, 0), (4, 1))]), None);
        assert_eq!(estimate_noise(&[pair((4, 5), (4, 1)); 3]), None);
    }
}
