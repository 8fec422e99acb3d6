//! Mean, standard error and t interval of values over tasks.

use super::{
    confidence::Confidence,
    interval::Interval,
    real::{real, real_len},
    sum::sum,
};

/// Values closer together than this are one value: it is the accuracy of the estimates themselves.
pub(super) const SAME: f64 = 1e-12;

/// Returns the mean of the values; 0 of none.
pub(super) fn mean(values: &[f64]) -> f64 {
    if values.is_empty() {
        return 0.0;
    }
    sum(values.iter().copied()) / real_len(values)
}

/// Returns `s / √T`, with the sample standard deviation `s` of the `T` values.
///
/// Exactly 0 where all values agree, so that rounding noise is not taken for a tiny spread. Domain: `T >= 2`.
pub(super) fn standard_error(values: &[f64]) -> f64 {
    let size = real_len(values);
    if all_same(values) || size < 2.0 {
        return 0.0;
    }
    let center = mean(values);
    let squares = sum(values.iter().map(|value| (value - center).powi(2)));
    (squares / (size - 1.0) / size).sqrt()
}

/// Returns the clustered standard error of the mean: `√(G / (G - 1) · Σ_g (Σ_{i in g} (x_i - x̄))²) / T`.
///
/// Source: Miller 2024, arXiv 2411.00640, appendix A, with the correction for the number of groups.
/// Domain: at least two groups, none empty.
pub(super) fn clustered_error(groups: &[Vec<f64>]) -> f64 {
    let values: Vec<f64> = groups.iter().flatten().copied().collect();
    let center = mean(&values);
    let squares = sum(group_sums(groups, center).into_iter().map(|sum| sum * sum));
    let count = real_len(groups);
    (count / (count - 1.0) * squares).sqrt() / real(super::real::count_of(&values))
}

/// Returns what the values of each group add up to beyond the mean of all; exactly 0 where that is rounding.
pub(super) fn group_sums(groups: &[Vec<f64>], center: f64) -> Vec<f64> {
    let beyond = |group: &Vec<f64>| {
        let total = sum(group.iter().map(|value| value - center));
        if total.abs() <= SAME * real_len(group) { 0.0 } else { total }
    };
    groups.iter().map(beyond).collect()
}

/// `center ± t · se`, with one degree of freedom fewer than `size`.
pub(super) fn t_interval(center: f64, se: f64, size: u64, confidence: Confidence) -> Interval {
    let half = if se > 0.0 { confidence.t(size.saturating_sub(1)) * se } else { 0.0 };
    Interval { lo: center - half, hi: center + half }
}

fn all_same(values: &[f64]) -> bool {
    let smallest = values.iter().copied().fold(f64::INFINITY, f64::min);
    let largest = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    largest - smallest <= SAME
}

#[cfg(test)]
mod tests {
    use super::{clustered_error, standard_error};

    #[test]
    fn groups_of_one_give_the_plain_standard_error() {
        let values = [0.2, 0.9, 0.4, 0.4, 1.0];
        let groups: Vec<Vec<f64>> = values.iter().map(|&value| vec![value]).collect();
        assert!((clustered_error(&groups) - standard_error(&values)).abs() < 1e-15);
    }

    #[test]
    fn groups_of_one_mean_have_no_spread_whatever_is_in_them() {
        let groups = [vec![1.0, 0.0, 0.2], vec![0.4], vec![0.1, 0.7]];
        assert_eq!(clustered_error(&groups).to_bits(), 0.0_f64.to_bits());
    }

    #[test]
    fn equal_values_have_no_spread_even_if_they_round_differently() {
        assert_eq!(standard_error(&[0.1 + 0.2, 0.3, 0.3]).to_bits(), 0.0_f64.to_bits());
    }
}
