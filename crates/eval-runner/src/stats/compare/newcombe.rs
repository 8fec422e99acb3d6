//! Newcombe's interval for the difference of two pass rates on the same tasks, one trial each.

use super::{
    mover::{Ranged, mover},
    outcomes::PairedOutcomes,
};
use crate::stats::{confidence::Confidence, interval::Interval, one_task::wilson_score};

/// Returns the interval of the first pass rate minus the second by Newcombe's method 10; `None` of no task.
///
/// [`mover`] of both Wilson intervals with the correlation `φ` of the two-by-two table, its numerator
/// `ad - bc` reduced by `n/2`, but not below 0, where it is positive, and `φ` 0 where a margin is (Newcombe 1998,
/// "Improved confidence intervals for the difference between binomial proportions based on paired data").
///
/// # Examples
///
/// ```
/// use probity_eval_runner::stats::{Confidence, compare::{PairedOutcomes, newcombe}};
///
/// let outcomes = PairedOutcomes { both: 36, first_only: 12, second_only: 2, neither: 0 };
/// let range = newcombe(&outcomes, Confidence::default()).unwrap();
/// assert!((range.lo - 0.0569).abs() < 1e-4 && (range.hi - 0.3404).abs() < 1e-4);
/// ```
pub fn newcombe(outcomes: &PairedOutcomes, confidence: Confidence) -> Option<Interval> {
    outcomes.difference()?;
    let [both, first_only, second_only, neither] = outcomes.real();
    let tasks = both + first_only + second_only + neither;
    let share = |passed: f64| {
        let value = passed / tasks;
        Ranged { value, interval: wilson_score(value, tasks, confidence.z()) }
    };
    Some(mover(share(both + first_only), share(both + second_only), phi(outcomes)))
}

/// The correlation of the table with its correction for continuity.
fn phi(outcomes: &PairedOutcomes) -> f64 {
    let [both, first_only, second_only, neither] = outcomes.real();
    let margins =
        [both + first_only, second_only + neither, both + second_only, first_only + neither];
    if margins.contains(&0.0) {
        return 0.0;
    }
    let association = both * neither - first_only * second_only;
    let tasks = both + first_only + second_only + neither;
    let corrected =
        if association > 0.0 { (association - 0.5 * tasks).max(0.0) } else { association };
    corrected / margins.into_iter().map(f64::sqrt).product::<f64>()
}
