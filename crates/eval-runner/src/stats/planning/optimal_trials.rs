//! How many trials of each task are worth their cost.

use super::error::{PlanError, not_negative, positive};
use crate::stats::real::real;

/// What a task and a trial cost, in any one unit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TrialCosts {
    /// What one more task costs before it runs: writing it, setting it up.
    pub task: f64,
    /// What one trial costs.
    pub trial: f64,
}

/// Returns the number of trials of each task that makes a budget go farthest; `None` where tasks do not differ.
///
/// The mean varies by `(σ_b² + σ_w²/K) / T` and costs `T (task + K trial)`, so the best `K` is
/// `√(σ_w²/σ_b² · task/trial)` (Cochran 1977, "Sampling Techniques", section 10.6), here the better of the two whole
/// numbers beside it, and at least 1. For a comparison `σ_b²` is `ω²` and `σ_w²` the sum of both agents'. It is 1 or 2
/// unless tasks are dear. Where tasks do not differ, another trial of the same task is as good as another task.
///
/// # Errors
///
/// [`PlanError`] where a variance is negative or a trial's cost is not above 0, or a task's is negative.
///
/// # Examples
///
/// ```
/// use probity_eval_runner::stats::planning::{TrialCosts, optimal_trials};
///
/// let costs = TrialCosts { task: 20.0, trial: 1.0 };
/// assert_eq!(optimal_trials(0.05, 0.12, costs)?, Some(7));
/// # Ok::<(), probity_eval_runner::stats::planning::PlanError>(())
/// ```
pub fn optimal_trials(
    between: f64,
    within: f64,
    costs: TrialCosts,
) -> Result<Option<u64>, PlanError> {
    let between = not_negative("variance between tasks", between)?;
    let within = not_negative("variance within tasks", within)?;
    let task = not_negative("cost of a task", costs.task)?;
    let trial = positive("cost of a trial", costs.trial)?;
    if between <= 0.0 {
        return Ok(None);
    }
    let below = whole((within / between * (task / trial)).sqrt());
    let spent = |trials: u64| (between + within / real(trials)) * (task + real(trials) * trial);
    let above = below.saturating_add(1);
    Ok(Some(if spent(above) < spent(below) { above } else { below }))
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a cast from float saturates, and the number is at least 1"
)]
fn whole(value: f64) -> u64 {
    value.floor().max(1.0) as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trials_pay_where_tasks_are_dear_or_alike() {
        let optimal = |between, within, task| {
            optimal_trials(between, within, TrialCosts { task, trial: 1.0 }).unwrap()
        };
        assert_eq!(optimal(0.05, 0.12, 1.0), Some(2));
        assert_eq!(optimal(0.12, 0.05, 1.0), Some(1));
        assert_eq!(optimal(0.05, 0.12, 0.0), Some(1));
        assert_eq!(optimal(0.05, 0.2, 100.0), Some(20));
        assert_eq!(optimal(0.0, 0.2, 1.0), None);
    }

    #[test]
    fn no_other_number_is_cheaper_for_the_same_noise() {
        for (between, within, task) in [(0.05, 0.12, 7.0), (0.01, 0.2, 3.0), (0.2, 0.05, 40.0)] {
            let best = optimal_trials(between, within, TrialCosts { task, trial: 2.0 });
            let best = best.unwrap().unwrap();
            let spent = |k: u64| (between + within / real(k)) * (task + real(k) * 2.0);
            assert!((1..200).all(|k| spent(k) >= spent(best)), "{between} {within} {task}");
        }
    }

    #[test]
    fn costs_that_make_no_sense_are_refused() {
        for (task, trial) in [(1.0, 0.0), (1.0, f64::NAN), (-1.0, 1.0), (f64::INFINITY, 1.0)] {
            assert!(optimal_trials(0.1, 0.1, TrialCosts { task, trial }).is_err());
        }
        assert!(optimal_trials(0.1, -0.1, TrialCosts { task: 1.0, trial: 1.0 }).is_err());
    }
}
