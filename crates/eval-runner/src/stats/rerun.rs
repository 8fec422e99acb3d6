//! How much a rerun of the same tasks moves an m-of-k metric.

use super::{
    counts::Counts,
    m_of_k::m_of_k,
    real::{real, real_len},
    sum::Sum,
    urn::Urn,
};

/// Variance and standard error of a mean over tasks if the same tasks ran again.
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rerun {
    /// The unbiased estimate of the variance; below 0 by chance at times, as unbiased estimates can be.
    pub variance: f64,
    /// The square root of the variance, 0 where that is below 0.
    pub se: f64,
}

/// Returns the rerun variance of the mean over tasks of P(at least `m` of `k`): `Σ v_i / T²`.
///
/// For one task `v = θ² - U`, where `U` is the chance that two disjoint random subsets of `k` trials both hold `m`
/// passes: the unbiased estimate of θ². For `k = 1` it is `c (n - c) / (n² (n - 1))`.
/// Domain: every task has `n >= 2k` and `c <= n`, `1 <= m <= k`; `None` outside it and of no task.
pub fn rerun_variance(tasks: &[Counts], k: u64, m: u64) -> Option<Rerun> {
    if tasks.is_empty() || m == 0 || m > k {
        return None;
    }
    let mut total = Sum::default();
    for &task in tasks {
        total.add(one_task(task, k, m)?);
    }
    let tasks = real_len(tasks);
    let variance = total.value() / (tasks * tasks);
    Some(Rerun { variance, se: variance.max(0.0).sqrt() })
}

/// `θ² - U` of one task.
fn one_task(task: Counts, k: u64, m: u64) -> Option<f64> {
    let Counts { n, c } = task;
    if n < k.checked_mul(2)? {
        return None;
    }
    let estimate = m_of_k(n, c, k, m).ok()?;
    if k == 1 {
        return Some(real(c) / real(n) * (real(n - c) / real(n)) / real(n - 1));
    }
    let both = if m == k {
        m_of_k(n, c, 2 * k, 2 * k).ok()?
    } else if m == 1 {
        // Neither subset may be empty of passes: 1 - 2 P(one is) + P(both are).
        2.0 * estimate - m_of_k(n, c, 2 * k, 1).ok()?
    } else {
        both_hold(Urn { trials: n, passes: c, drawn: k }, m)?
    };
    Some(estimate * estimate - both)
}

/// P(two disjoint draws both hold at least `least` passes), summed over what the first one holds.
///
/// Only counts within `√(21 k)` of the mean are visited: by Hoeffding's bound, which also holds without
/// replacement, all others together have a chance below 1e-18.
fn both_hold(urn: Urn, least: u64) -> Option<f64> {
    let reach = urn.drawn.saturating_mul(21).isqrt() + 2;
    let from = least.max(urn.fewest()).max(urn.mode().saturating_sub(reach));
    let to = urn.most().min(urn.mode().saturating_add(reach));
    let mut total = Sum::default();
    for first in from..=to {
        let rest = m_of_k(urn.trials - urn.drawn, urn.passes - first, urn.drawn, least).ok()?;
        total.add(urn.pmf(first) * rest);
    }
    Some(total.value())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_closed_forms_agree_with_the_sum() {
        for (n, c, k) in [(8, 3, 2), (12, 7, 4), (70, 41, 9), (200, 190, 60)] {
            let urn = Urn { trials: n, passes: c, drawn: k };
            for m in [1, k] {
                let estimate = m_of_k(n, c, k, m).unwrap();
                let summed = estimate * estimate - both_hold(urn, m).unwrap();
                let closed = one_task(Counts { n, c }, k, m).unwrap();
                assert!((summed - closed).abs() < 1e-13, "{urn:?} {m}: {summed} and {closed}");
            }
        }
    }

    #[test]
    fn one_trial_per_task_says_nothing_about_reruns() {
        assert_eq!(rerun_variance(&[Counts { n: 1, c: 1 }], 1, 1), None);
        assert_eq!(rerun_variance(&[Counts { n: 4, c: 1 }, Counts { n: 3, c: 1 }], 2, 1), None);
        assert_eq!(rerun_variance(&[], 1, 1), None);
        assert_eq!(rerun_variance(&[Counts { n: 4, c: 1 }], u64::MAX, 1), None);
    }
}
