//! P-values in order.

use crate::stats::real::{count_of, real};

/// A number that is no p-value.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
#[error("p-value {index} is {value}: a p-value lies in 0..=1")]
pub struct PValueError {
    index: usize,
    value: f64,
}

/// A p-value, where it was, and how many are at least as large, itself included.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ranked {
    pub(super) index: usize,
    pub(super) value: f64,
    pub(super) from_here: f64,
}

/// Returns the p-values from the smallest to the largest.
pub(super) fn ranked(p_values: &[f64]) -> Result<Vec<Ranked>, PValueError> {
    for (index, &value) in p_values.iter().enumerate() {
        if !(0.0..=1.0).contains(&value) {
            return Err(PValueError { index, value });
        }
    }
    let mut order: Vec<(usize, f64)> = p_values.iter().copied().enumerate().collect();
    order.sort_by(|(_, a), (_, b)| a.total_cmp(b));
    let left = (1..=count_of(p_values)).rev().map(real);
    Ok(order
        .into_iter()
        .zip(left)
        .map(|((index, value), from_here)| Ranked { index, value, from_here })
        .collect())
}

/// Returns numbers in the order in which the p-values were given.
pub(super) fn unranked(numbers: impl IntoIterator<Item = (usize, f64)>) -> Vec<f64> {
    let mut placed: Vec<(usize, f64)> = numbers.into_iter().collect();
    placed.sort_by_key(|&(index, _)| index);
    placed.into_iter().map(|(_, number)| number).collect()
}
