//! The test of `McNemar` for two agents that each ran once on the same tasks.

use serde::{Deserialize, Serialize};

use crate::stats::{
    binomial::{at_least, ln_peak},
    real::real,
};

/// The chance of a split of the disagreements as uneven as the one that was seen, were both agents alike.
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct McNemar {
    /// The exact binomial chance, which is too large: at 5 % it errs in 2.8 % of cases.
    pub exact: f64,
    /// The same with half the chance of the split that was seen: the one to use.
    pub mid_p: f64,
}

/// Tests whether the tasks that only one of two agents passed are split evenly.
///
/// With `b` and `c` such tasks, `exact = 2 P(Binomial(b + c, ½) <= min(b, c))` but at most 1, and mid-p takes off
/// half of each tail's last term (`McNemar` 1947, Fagerland and others 2013). Both are 1 without a disagreement.
///
/// # Examples
///
/// ```
/// use probity_eval_runner::stats::compare::mcnemar;
///
/// let test = mcnemar(10, 2);
/// assert!((test.exact - 158.0 / 4096.0).abs() < 1e-12);
/// assert!((test.mid_p - 92.0 / 4096.0).abs() < 1e-12);
/// ```
pub fn mcnemar(first_only: u64, second_only: u64) -> McNemar {
    let fewer = first_only.min(second_only);
    let all = first_only.saturating_add(second_only);
    // By symmetry the lower tail is the upper tail at the larger count.
    let tail = at_least(all, all - fewer, 0.5);
    let point = half_chance(all, fewer);
    let mid_p = if first_only == second_only { 1.0 } else { 2.0 * tail - point };
    McNemar { exact: (2.0 * tail).min(1.0), mid_p: mid_p.min(1.0) }
}

/// P(Binomial(n, ½) = c).
fn half_chance(n: u64, c: u64) -> f64 {
    if n == 0 {
        return 1.0;
    }
    // The chance under the share c/n, moved to the share ½.
    let share =
        |count: u64| if count == 0 { 0.0 } else { real(count) * (real(count) / real(n)).ln() };
    (ln_peak(n, c) - share(c) - share(n - c) - real(n) * std::f64::consts::LN_2).exp()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_chance_of_a_split_agrees_with_counting() {
        for (n, c, want) in
            [(0, 0, 1.0), (1, 0, 0.5), (5, 2, 10.0 / 32.0), (12, 12, 0.5_f64.powi(12))]
        {
            assert!((half_chance(n, c) - want).abs() < 1e-15, "{n} {c}");
        }
    }

    #[test]
    fn millions_of_disagreements_are_no_trouble() {
        let test = mcnemar(5_000_000, 5_005_000);
        // The normal distribution at 5,000 / √10,005,000, with and without continuity correction.
        assert!((test.exact - 0.113_966).abs() < 1e-4 && test.mid_p < test.exact, "{test:?}");
    }
}
