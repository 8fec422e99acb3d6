//! Means and population variances of values that occur several times.

use crate::stats::sum::sum;

/// A value and how often it occurs.
#[derive(Debug, Clone, Copy)]
pub(super) struct Weighted<T> {
    pub(super) value: T,
    pub(super) count: f64,
}

/// Returns how many values there are.
pub(super) fn size<T>(values: &[Weighted<T>]) -> f64 {
    sum(values.iter().map(|weighted| weighted.count))
}

/// Returns the mean of a number made of each value. Domain: at least one value.
pub(super) fn mean<T>(values: &[Weighted<T>], number: impl Fn(&T) -> f64) -> f64 {
    sum(values.iter().map(|weighted| weighted.count * number(&weighted.value))) / size(values)
}

/// Returns the covariance of two numbers made of each value, divided by their count.
pub(super) fn covariance<T>(
    values: &[Weighted<T>],
    first: impl Fn(&T) -> f64,
    second: impl Fn(&T) -> f64,
) -> f64 {
    let (first_mean, second_mean) = (mean(values, &first), mean(values, &second));
    mean(values, |value| (first(value) - first_mean) * (second(value) - second_mean))
}

/// Returns the variance of a number made of each value, divided by their count.
pub(super) fn variance<T>(values: &[Weighted<T>], number: impl Fn(&T) -> f64) -> f64 {
    covariance(values, &number, &number)
}
