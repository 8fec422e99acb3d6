//! Whether a published row of pass^k values can come from its number of tasks and trials.

use super::{
    histograms::{Found, Window, find},
    printed::Printed,
    urn::{COUNTED, choose},
};

/// What the histograms of a row are: how many tasks passed 0, 1, 2, … of their trials.
#[non_exhaustive]
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TableCheck {
    /// No histogram gives the row: it has another number of tasks or trials, or is wrong.
    Impossible {
        /// The values that no histogram gives even alone; empty where only their combination is impossible.
        misfits: Vec<Misfit>,
    },
    /// One histogram gives the row.
    Unique {
        /// The number of tasks that passed 0, 1, 2, … of their trials.
        histogram: Vec<u64>,
    },
    /// Several histograms give the row, or one does and the search gave up before it had tried all others.
    Several {
        /// The first 64 of them.
        histograms: Vec<Vec<u64>>,
        /// Whether these are all.
        complete: bool,
    },
    /// The search found no histogram and gave up before it had tried all.
    Undecided,
}

/// A value that is none of the possible ones.
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Misfit {
    /// The k of its pass^k.
    pub k: u64,
    /// The value must be a multiple of 1 over this: tasks times the ways to draw k of the trials.
    pub parts: u64,
}

/// Finds the histograms that give a published row of pass^k values, as `(k, value)`.
///
/// With `h_c` tasks that passed `c` of `n` trials, `pass^k = Σ h_c C(c, k) / (C(n, k) T)`: whole numbers that must
/// round to every printed digit. Where `k` runs from 1 to `n` they follow one after the other, `h_n` first, and are
/// mostly unique; with fewer values there may be many. At `n = 1` it checks a plain pass rate.
///
/// # Errors
///
/// [`TableError`] where there is nothing to check, `k` is not in 1..=n or occurs twice, or the numbers are too large.
///
/// # Examples
///
/// ```
/// use probity_eval_runner::stats::{Printed, TableCheck, check_table};
///
/// let row = |values: [&str; 4]| values.map(|text| Printed::percent(text).unwrap());
/// let values = |row: [Printed; 4]| (1..=4).zip(row).collect::<Vec<_>>();
///
/// let good = check_table(50, 4, &values(row(["42.0", "27.3", "22.0", "20.0"])))?;
/// assert_eq!(good, TableCheck::Unique { histogram: vec![14, 12, 10, 4, 10] });
/// let bad = check_table(50, 4, &values(row(["64.2", "58.9", "55.4", "52.1"])))?;
/// assert!(matches!(bad, TableCheck::Impossible { .. }));
/// # Ok::<(), probity_eval_runner::stats::TableError>(())
/// ```
pub fn check_table(
    tasks: u64,
    trials: u64,
    values: &[(u64, Printed)],
) -> Result<TableCheck, TableError> {
    if tasks == 0 || values.is_empty() {
        return Err(TableError::Nothing);
    }
    if !(1..=COUNTED).contains(&trials) {
        return Err(TableError::Trials { trials });
    }
    let mut windows: Vec<Window> = Vec::with_capacity(values.len());
    for &(k, printed) in values {
        if !(1..=trials).contains(&k) {
            return Err(TableError::Draw { k, trials });
        }
        if windows.iter().any(|window| window.k == k) {
            return Err(TableError::Twice { k });
        }
        let parts = choose(trials, k).checked_mul(tasks).filter(|&parts| parts < 1 << 53);
        let parts = parts.ok_or(TableError::TooMany { tasks, trials })?;
        windows.push(Window::new(k, parts, printed));
    }
    let misfits: Vec<Misfit> = windows.iter().filter_map(misfit).collect();
    if !misfits.is_empty() {
        return Ok(TableCheck::Impossible { misfits });
    }
    Ok(conclusion(find(&windows, trials, tasks)))
}

/// Why a row cannot be checked.
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TableError {
    /// There are no tasks or no values.
    #[error("a row needs at least 1 task and 1 value")]
    Nothing,
    /// The number of trials is outside what can be counted.
    #[error("{trials} trials of each task: a row can be checked for 1 to 56")]
    Trials {
        /// The number of trials.
        trials: u64,
    },
    /// A value is about more trials than ran, or none.
    #[error("pass^{k} of {trials} trials: k lies in 1..={trials}")]
    Draw {
        /// The k of the value.
        k: u64,
        /// The number of trials.
        trials: u64,
    },
    /// A row has two values for one k.
    #[error("pass^{k} is there twice: a row has one value for each k")]
    Twice {
        /// The k of the values.
        k: u64,
    },
    /// The numbers cannot be counted exactly.
    #[error("{tasks} tasks with {trials} trials are too many to count exactly")]
    TooMany {
        /// The number of tasks.
        tasks: u64,
        /// The number of trials.
        trials: u64,
    },
}

fn misfit(window: &Window) -> Option<Misfit> {
    window.is_empty().then_some(Misfit { k: window.k, parts: window.parts })
}

fn conclusion(found: Found) -> TableCheck {
    let Found { mut histograms, complete } = found;
    match (histograms.len(), complete) {
        (0, true) => TableCheck::Impossible { misfits: Vec::new() },
        (0, false) => TableCheck::Undecided,
        (1, true) => TableCheck::Unique { histogram: histograms.remove(0) },
        _ => TableCheck::Several { histograms, complete },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::real::real;

    fn row(values: &[(u64, &str)]) -> Vec<(u64, Printed)> {
        values.iter().map(|&(k, text)| (k, text.parse().unwrap())).collect()
    }

    fn checked(tasks: u64, trials: u64, values: &[(u64, &str)]) -> TableCheck {
        check_table(tasks, trials, &row(values)).unwrap()
    }

    #[test]
    fn a_task_that_left_the_denominator_is_found() {
        // 324 of 499, printed beside rows of 500 tasks.
        let misfit = Misfit { k: 1, parts: 500 };
        let of_500 = checked(500, 1, &[(1, "64.93%")]);
        assert_eq!(of_500, TableCheck::Impossible { misfits: vec![misfit] });
        let of_499 = checked(499, 1, &[(1, "64.93%")]);
        assert_eq!(of_499, TableCheck::Unique { histogram: vec![175, 324] });
    }

    #[test]
    fn values_that_are_possible_alone_may_not_be_together() {
        // Half of all tasks always pass and no trial passes otherwise, yet 60 % of trials do at k = 2.
        let check = checked(10, 2, &[(1, "0.50"), (2, "0.60")]);
        assert_eq!(check, TableCheck::Impossible { misfits: Vec::new() });
    }

    #[test]
    fn fewer_values_or_digits_leave_more_histograms() {
        let TableCheck::Several { histograms, complete } =
            checked(10, 4, &[(1, "0.525"), (4, "0.2")])
        else {
            panic!("the row leaves histograms open");
        };
        assert!(complete && histograms.len() > 1);
        for histogram in &histograms {
            assert_eq!(histogram.iter().sum::<u64>(), 10);
            let passes: u64 =
                (0..).zip(histogram).map(|(passes, tasks): (u64, _)| passes * tasks).sum();
            assert!((passes, histogram[4]) == (21, 2), "{histogram:?}");
        }
        let vague = checked(1_000, 8, &[(1, "0.5")]);
        assert!(matches!(vague, TableCheck::Several { complete: false, .. }));
    }

    #[test]
    fn every_histogram_is_found_again_from_its_row() {
        let histogram = [3, 0, 2, 5, 1, 0, 4, 2];
        let share = |k| {
            let all: u64 = (0..).zip(histogram).map(|(c, tasks)| tasks * choose(c, k)).sum();
            real(all) / (17.0 * real(choose(7, k)))
        };
        let printed: Vec<(u64, String)> =
            (1..=7).map(|k| (k, format!("{:.6}", share(k)))).collect();
        let values: Vec<(u64, &str)> =
            printed.iter().map(|(k, text)| (*k, text.as_str())).collect();
        assert_eq!(checked(17, 7, &values), TableCheck::Unique { histogram: histogram.to_vec() });
    }

    #[test]
    fn a_search_that_is_too_long_says_so() {
        // No histogram with this mean is so even, but there are too many to try each.
        assert_eq!(checked(30, 30, &[(1, "0.50000"), (2, "0.2413")]), TableCheck::Undecided);
    }

    #[test]
    fn rows_that_make_no_sense_are_refused() {
        let error = |tasks, trials, values: &[(u64, &str)]| {
            check_table(tasks, trials, &row(values)).unwrap_err().to_string()
        };
        assert_eq!(error(0, 4, &[(1, "0.5")]), "a row needs at least 1 task and 1 value");
        assert_eq!(error(9, 4, &[]), "a row needs at least 1 task and 1 value");
        assert_eq!(error(9, 4, &[(5, "0.5")]), "pass^5 of 4 trials: k lies in 1..=4");
        assert_eq!(error(9, 4, &[(0, "0.5")]), "pass^0 of 4 trials: k lies in 1..=4");
        assert!(error(9, 57, &[(1, "0.5")]).starts_with("57 trials of each task"));
        assert!(error(9, 4, &[(1, "0.5"), (1, "0.5")]).starts_with("pass^1 is there twice"));
        assert!(error(9_999, 56, &[(28, "0.5")]).starts_with("9999 tasks with 56 trials"));
    }
}
