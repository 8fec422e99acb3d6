//! The range of an m-of-k metric for the same tasks run again.

use super::{
    confidence::Confidence,
    counts::Counts,
    interval::Interval,
    m_of_k::m_of_k,
    one_task::{one_task_metric, wilson_score},
    real::{real, real_len},
    rerun::rerun_variance,
    spread::mean,
};

/// With fewer tasks than this between 0 and 1, their rerun variance says too little about itself.
const TASKS_BETWEEN: usize = 20;

/// Returns the range of the mean over these very tasks of P(at least `m` of `k`), had they run for ever.
///
/// It says nothing about tasks that were not tried: that is what [`effective_wilson`](super::effective_wilson) is for.
/// The trials of a task hold `⌊n/k⌋` draws of `k` that share no trial, so the mean varies at most as much as a
/// binomial share of `T² / Σ 1/⌊n/k⌋` draws (Hoeffding 1956): Wilson's interval at that size mostly holds the truth
/// more often than its level says, and never has width 0. Where 20 tasks or more lie between 0 and 1 and the rerun variance `v`
/// is defined, the size is `x̄ (1 - x̄) / v` if that is more: the range is then a third narrower, and its coverage
/// stays at 92 % and above. For a single task it is that of [`one_task_metric`](super::one_task_metric), extended to the
/// estimate where that lies outside.
///
/// Domain: every task has `n >= k` and `c <= n`, `1 <= m <= k`; `None` outside it and of no task.
///
/// # Examples
///
/// ```
/// use probity_eval_runner::stats::{Confidence, Counts, rerun_range};
///
/// let every_trial_passed = [Counts { n: 20, c: 20 }; 10];
/// let range = rerun_range(&every_trial_passed, 4, 4, Confidence::default()).unwrap();
/// assert!(range.lo > 0.92 && range.hi == 1.0); // 50 draws of 4 trials, none failed
/// ```
pub fn rerun_range(tasks: &[Counts], k: u64, m: u64, confidence: Confidence) -> Option<Interval> {
    if m == 0 || m > k {
        return None;
    }
    let values: Option<Vec<f64>> =
        tasks.iter().map(|task| m_of_k(task.n, task.c, k, m).ok()).collect();
    let values = values?;
    match (tasks, &values[..]) {
        ([], _) => None,
        (&[Counts { n, c }], &[value]) => {
            let Interval { lo, hi } = one_task_metric(n, c, k, m, confidence).ok()?;
            Some(Interval { lo: lo.min(value), hi: hi.max(value) })
        }
        _ => {
            let center = mean(&values).clamp(0.0, 1.0);
            let draws = separate_draws(tasks, k);
            let size = size_by_variance(tasks, &values, k, m).map_or(draws, |size| size.max(draws));
            Some(wilson_score(center, size, confidence.z()))
        }
    }
}

/// The number of draws in a binomial share that varies at least as much as the mean over tasks does.
fn separate_draws(tasks: &[Counts], k: u64) -> f64 {
    let count = real_len(tasks);
    count * count / tasks.iter().map(|task| real(task.n / k).recip()).sum::<f64>()
}

/// The same from the rerun variance, where enough tasks show one.
fn size_by_variance(tasks: &[Counts], values: &[f64], k: u64, m: u64) -> Option<f64> {
    let between = values.iter().filter(|&&value| value > 0.0 && value < 1.0).count();
    if between < TASKS_BETWEEN {
        return None;
    }
    let variance = rerun_variance(tasks, k, m)?.variance;
    let center = mean(values);
    (variance > 0.0).then(|| center * (1.0 - center) / variance)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tasks_that_always_pass_are_not_known_to_pass_for_ever() {
        let tasks = [Counts { n: 4, c: 4 }; 25];
        let range = rerun_range(&tasks, 1, 1, Confidence::default()).unwrap();
        let z = Confidence::default().z();
        assert!((range.lo - 100.0 / (100.0 + z * z)).abs() < 1e-12);
        assert_eq!(range.hi.to_bits(), 1.0_f64.to_bits());
    }

    #[test]
    fn the_variance_between_trials_narrows_the_range_of_many_tasks() {
        let tasks: Vec<Counts> = (0..60).map(|i| Counts { n: 10, c: [1, 9][i % 2] }).collect();
        let range = rerun_range(&tasks, 1, 1, Confidence::default()).unwrap();
        let few = rerun_range(&tasks[..18], 1, 1, Confidence::default()).unwrap();
        let z = Confidence::default().z();
        // v = 0.1 · 0.9 / 9 / 60 against 0.5 · 0.5 / 600 of a binomial share.
        assert!((range.width() / (2.0 * z * (0.01_f64 / 60.0).sqrt()) - 1.0).abs() < 0.01);
        assert!((few.width() / (2.0 * z * (0.25_f64 / 180.0).sqrt()) - 1.0).abs() < 0.02);
    }

    #[test]
    fn what_has_no_estimate_has_no_range() {
        let level = Confidence::default();
        assert_eq!(rerun_range(&[], 1, 1, level), None);
        assert_eq!(rerun_range(&[Counts { n: 3, c: 1 }], 4, 1, level), None);
        assert_eq!(rerun_range(&[Counts { n: 3, c: 4 }], 1, 1, level), None);
        assert_eq!(rerun_range(&[Counts { n: 3, c: 1 }], 2, 0, level), None);
    }
}
