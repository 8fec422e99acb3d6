//! Tasks, trials and power of a comparison on the same tasks.

use super::{
    aim::Aim,
    error::{PlanError, positive, some},
    noise::{PairedNoise, sample_variance},
};
use crate::stats::{
    confidence::Confidence,
    quantile::normal_tail,
    real::{real, real_len},
};

/// A comparison to be planned: its noise, and how often each agent runs on each task.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PairedPlan {
    /// The noise, as estimated from an earlier run or supposed.
    pub noise: PairedNoise,
    /// The number of trials of each task under the first agent, at least 1.
    pub trials_first: u64,
    /// The number of trials of each task under the second agent, at least 1.
    pub trials_second: u64,
}

impl PairedPlan {
    /// The variance of one task's measured difference.
    fn of_one_task(&self) -> Result<f64, PlanError> {
        let first = some("trials of the first agent", self.trials_first)?;
        let second = some("trials of the second agent", self.trials_second)?;
        self.noise.of_one_task(first, second)
    }
}

/// A number of tasks.
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TasksNeeded {
    /// The number as the formula gives it.
    pub exact: f64,
    /// The number of tasks to run: the next whole one, and at least 2.
    pub tasks: u64,
}

/// Returns the number of tasks that separate a difference: `(z_{α/2} + z_β)² (ω² + σ_A²/K_A + σ_B²/K_B) / δ²`.
///
/// Source: Miller 2024, arXiv 2411.00640, section 5. The difference `δ` is in shares: 5 points are 0.05.
///
/// # Errors
///
/// [`PlanError`] where the difference is not above 0, a variance is negative, or there are no trials.
///
/// # Examples
///
/// ```
/// use probity_eval_runner::stats::planning::{Aim, PairedNoise, PairedPlan, tasks_needed};
///
/// let noise = PairedNoise { between: 0.02, within_first: 0.15, within_second: 0.15 };
/// let plan = PairedPlan { noise, trials_first: 8, trials_second: 8 };
/// assert_eq!(tasks_needed(&plan, 0.05, Aim::default())?.tasks, 181);
/// # Ok::<(), probity_eval_runner::stats::planning::PlanError>(())
/// ```
pub fn tasks_needed(
    plan: &PairedPlan,
    difference: f64,
    aim: Aim,
) -> Result<TasksNeeded, PlanError> {
    let errors = aim.errors() / positive("difference", difference)?;
    let exact = errors * errors * plan.of_one_task()?;
    Ok(TasksNeeded { exact, tasks: whole_tasks(exact) })
}

/// Returns the difference that so many tasks separate: `(z_{α/2} + z_β) √((ω² + σ_A²/K_A + σ_B²/K_B) / T)`.
///
/// # Errors
///
/// [`PlanError`] where there are no tasks or trials, or a variance is negative.
pub fn detectable_difference(plan: &PairedPlan, tasks: u64, aim: Aim) -> Result<f64, PlanError> {
    let tasks = real(some("tasks", tasks)?);
    Ok(aim.errors() * (plan.of_one_task()? / tasks).sqrt())
}

/// Returns the chance that the range of so many tasks excludes 0, on the right side, where the difference is `δ`.
///
/// `Φ(δ √T / √(ω² + σ_A²/K_A + σ_B²/K_B) - z_{α/2})`; 1 without noise.
///
/// # Errors
///
/// [`PlanError`] where there are no tasks or trials, the difference is not above 0, or a variance is negative.
///
/// # Examples
///
/// ```
/// use probity_eval_runner::stats::{Confidence, planning::{PairedNoise, PairedPlan, power}};
///
/// let noise = PairedNoise { between: 0.02, within_first: 0.15, within_second: 0.15 };
/// let plan = PairedPlan { noise, trials_first: 8, trials_second: 8 };
/// assert!((power(&plan, 181, 0.05, Confidence::default())? - 0.8).abs() < 0.002);
/// # Ok::<(), probity_eval_runner::stats::planning::PlanError>(())
/// ```
pub fn power(
    plan: &PairedPlan,
    tasks: u64,
    difference: f64,
    confidence: Confidence,
) -> Result<f64, PlanError> {
    let difference = positive("difference", difference)?;
    let error = (plan.of_one_task()? / real(some("tasks", tasks)?)).sqrt();
    let beyond = difference / error - confidence.z();
    let tail = 0.5 * normal_tail(beyond);
    Ok(if beyond < 0.0 { tail } else { 1.0 - tail })
}

/// Returns the difference that a run with these differences per task separates: `(z_{α/2} + z_β) s_d / √T`.
///
/// The differences are those of [`Paired::differences`](crate::stats::compare::Paired), by any metric. `None` for
/// fewer than two.
pub fn separable_difference(differences: &[f64], aim: Aim) -> Option<f64> {
    if differences.len() < 2 {
        return None;
    }
    Some(aim.separable((sample_variance(differences) / real_len(differences)).sqrt()))
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a cast from float saturates, and the number is at least 2"
)]
fn whole_tasks(exact: f64) -> u64 {
    exact.ceil().max(2.0) as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan(between: f64, within: f64, trials: u64) -> PairedPlan {
        let noise = PairedNoise { between, within_first: within, within_second: within };
        PairedPlan { noise, trials_first: trials, trials_second: trials }
    }

    #[test]
    fn the_three_forms_of_the_formula_agree() {
        for aim in [Aim::default(), Aim::new(Confidence::new(0.9).unwrap(), 0.3).unwrap()] {
            let plan = plan(0.07, 0.05, 5);
            let needed = tasks_needed(&plan, 0.05, aim).unwrap();
            let back = detectable_difference(&plan, needed.tasks, aim).unwrap();
            assert!((back / 0.05 - (needed.exact / needed.exact.ceil()).sqrt()).abs() < 1e-12);
            let power = power(&plan, needed.tasks, back, aim.confidence()).unwrap();
            assert!((power - aim.power()).abs() < 1e-9, "{power}");
        }
    }

    #[test]
    fn no_noise_needs_two_tasks_and_finds_everything() {
        let certain = plan(0.0, 0.0, 1);
        assert_eq!(tasks_needed(&certain, 0.01, Aim::default()).unwrap().tasks, 2);
        let power = power(&certain, 3, 0.01, Confidence::default()).unwrap();
        assert_eq!(power.to_bits(), 1.0_f64.to_bits());
    }

    #[test]
    fn a_plan_that_makes_no_sense_is_refused_in_words() {
        let error = |plan: &PairedPlan, difference| {
            tasks_needed(plan, difference, Aim::default()).unwrap_err().to_string()
        };
        assert_eq!(
            error(&plan(0.1, 0.1, 1), 0.0),
            "the difference is 0: it must be a finite number above 0"
        );
        assert_eq!(
            error(&plan(0.1, 0.1, 0), 0.1),
            "0 trials of the first agent: a plan needs at least 1"
        );
        assert_eq!(
            error(&plan(-0.1, 0.1, 1), 0.1),
            "the variance between tasks is -0.1: it must be a finite number of at least 0"
        );
        assert!(detectable_difference(&plan(0.1, 0.1, 1), 0, Aim::default()).is_err());
        assert!(power(&plan(0.1, 0.1, 1), 1, f64::NAN, Confidence::default()).is_err());
        assert!(Aim::new(Confidence::default(), 1.0).is_err());
    }
}
