//! Cochran's Q: does the pass rate change from trial to trial.

use crate::stats::{
    confidence::Confidence,
    quantile::chi_square_tail,
    real::{count_of, real, real_len},
};

/// The pass counts by the number of the trial, and whether they differ by more than chance.
#[non_exhaustive]
#[derive(Debug, Clone, PartialEq)]
pub struct CochranQ {
    /// The number of tasks whose first trials were all graded.
    pub tasks_used: u64,
    /// The number of tasks that lack one of those trials, or whose trial was not graded.
    pub tasks_skipped: u64,
    /// How many of the tasks used passed in their first trial, in their second, and so on.
    pub passes: Vec<u64>,
    /// The test; `None` where fewer than two trials are compared, or no task used has both a pass and a failure.
    pub drift: Option<Drift>,
}

/// The test of a pass rate that changes with the number of the trial.
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Drift {
    /// Cochran's Q.
    pub q: f64,
    /// The degrees of freedom: one fewer than there are trials.
    pub degrees: u64,
    /// The chance of a Q as large, did the number of the trial not matter.
    pub p: f64,
}

impl Drift {
    /// Returns whether the pass rate drifts, at a level such as 95 %.
    pub fn is_shown(&self, confidence: Confidence) -> bool {
        self.p < confidence.alpha()
    }
}

/// Compares the first `trials` trials of each task by their number, `None` being a trial that was not graded.
///
/// With `C_j` the passes of trial `j`, `R_i` those of task `i`, `N` their sum and `k` trials,
/// `Q = (k - 1) (k Σ C_j² - N²) / (k N - Σ R_i²)` follows chi-square with `k - 1` degrees of freedom (Cochran 1950,
/// "The comparison of percentages in matched samples"). Tasks that always or never pass do not change it. Look at
/// errors first: trials that could not be graded are left out here, and often come together.
///
/// # Examples
///
/// ```
/// use probity_eval_runner::stats::{Confidence, drift::cochran_q};
///
/// let warm_cache = [Some(false), Some(true), Some(true)];
/// let compared = cochran_q(&[warm_cache; 8], 3);
/// assert_eq!(compared.passes, [0, 8, 8]);
/// assert!(compared.drift.unwrap().is_shown(Confidence::default()));
/// ```
pub fn cochran_q<R: AsRef<[Option<bool>]>>(tasks: &[R], trials: usize) -> CochranQ {
    let mut passes = vec![0_u64; trials];
    let (mut squares, mut tasks_used) = (0.0, 0);
    for task in tasks {
        let graded = task.as_ref().get(..trials);
        let Some(row) = graded.and_then(|row| row.iter().copied().collect::<Option<Vec<bool>>>())
        else {
            continue;
        };
        tasks_used += 1;
        for (count, passed) in passes.iter_mut().zip(&row) {
            *count += u64::from(*passed);
        }
        let own = row.into_iter().filter(|&passed| passed).count();
        squares += real(u64::try_from(own).unwrap_or(u64::MAX)).powi(2);
    }
    CochranQ {
        tasks_used,
        tasks_skipped: count_of(tasks) - tasks_used,
        drift: drift(&passes, squares),
        passes,
    }
}

fn drift(passes: &[u64], squares_of_tasks: f64) -> Option<Drift> {
    let trials = real_len(passes);
    let all = real(passes.iter().sum());
    let squares: f64 = passes.iter().map(|&count| real(count).powi(2)).sum();
    let within = trials * all - squares_of_tasks;
    // The terms are whole numbers, so a task that disagrees adds at least 1.
    if within < 0.5 {
        return None;
    }
    let degrees = count_of(passes).saturating_sub(1);
    let q = real(degrees) * (trials * squares - all * all) / within;
    Some(Drift { q, degrees, p: chi_square_tail(q, real(degrees)) })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(marks: &str) -> Vec<Option<bool>> {
        marks
            .chars()
            .map(|mark| match mark {
                '1' => Some(true),
                '0' => Some(false),
                _ => None,
            })
            .collect()
    }

    #[test]
    fn a_task_without_all_trials_graded_is_skipped_and_counted() {
        let tasks = ["0110", "01", "01E1", "10011", ""].map(row);
        let compared = cochran_q(&tasks, 4);
        assert_eq!((compared.tasks_used, compared.tasks_skipped), (2, 3));
        assert_eq!(compared.passes, [1, 1, 1, 1]);
        assert!(compared.drift.unwrap().q.abs() < 1e-12);
    }

    #[test]
    fn two_trials_agree_with_the_test_of_mcnemar() {
        // b = 5, c = 1: (b - c)² / (b + c).
        let tasks = ["10", "10", "10", "10", "10", "01", "11", "00"].map(row);
        let drift = cochran_q(&tasks, 2).drift.unwrap();
        assert!((drift.q - 16.0 / 6.0).abs() < 1e-12);
        assert_eq!(drift.degrees, 1);
    }

    #[test]
    fn nothing_to_compare_is_no_test() {
        assert_eq!(cochran_q(&["111", "000"].map(row), 3).drift, None);
        assert_eq!(cochran_q(&["1", "0"].map(row), 1).drift, None);
        assert_eq!(cochran_q(&["1", "0"].map(row), 0).drift, None);
        assert_eq!(cochran_q::<Vec<Option<bool>>>(&[], 4).drift, None);
    }
}
