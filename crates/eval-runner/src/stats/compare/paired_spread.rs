//! The difference between two agents for new tasks like the ones they share.

use std::collections::BTreeMap;

use super::mover::{Ranged, mover};
use crate::stats::{
    confidence::Confidence,
    effective_wilson::at_effective_size,
    interval::Interval,
    real::{count_of, real},
    spread::{clustered_error, group_sums, mean, t_interval},
    sum::sum,
};

/// The difference for new tasks like these.
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PairedSpread {
    /// The default interval: [`mover`] of both agents' effective Wilson intervals.
    pub interval: Interval,
    /// The correlation `ρ` of both agents over tasks or groups, 0 where an agent does not vary.
    pub correlation: f64,
    /// The standard error of the mean difference.
    pub se: f64,
    /// The plain t interval, for comparison; with few tasks it covers too little.
    pub t: Interval,
}

/// Returns the spread of `(group, [first, second])`; `None` for fewer than two groups.
pub(super) fn paired_spread<'a, G: Ord + 'a>(
    tasks: impl Iterator<Item = (&'a G, [f64; 2])>,
    confidence: Confidence,
) -> Option<PairedSpread> {
    let mut groups: BTreeMap<&G, Vec<[f64; 2]>> = BTreeMap::new();
    for (group, estimates) in tasks {
        groups.entry(group).or_default().push(estimates);
    }
    let groups: Vec<Vec<[f64; 2]>> = groups.into_values().collect();
    if groups.len() < 2 {
        return None;
    }
    let side = |pick: fn(&[f64; 2]) -> f64| Side::new(&groups, pick, confidence);
    let (first, second) = (side(|[first, _]| *first), side(|[_, second]| *second));
    let apart = picked(&groups, |[first, second]| first - second);
    let (se, units) = (clustered_error(&apart), count_of(&groups));
    let correlation = correlation(&first.sums, &second.sums);
    // With few tasks the correlation that was seen is not to be relied on.
    let trusted = correlation * real(units) / (real(units) + 2.0);
    Some(PairedSpread {
        interval: mover(first.mean, second.mean, trusted),
        correlation,
        se,
        t: t_interval(first.mean.value - second.mean.value, se, units, confidence),
    })
}

/// One agent: its mean with the effective Wilson interval, and what its groups add up to beyond the mean.
struct Side {
    mean: Ranged,
    sums: Vec<f64>,
}

impl Side {
    fn new(groups: &[Vec<[f64; 2]>], pick: fn(&[f64; 2]) -> f64, confidence: Confidence) -> Self {
        let groups = picked(groups, pick);
        let values: Vec<f64> = groups.iter().flatten().copied().collect();
        let (center, error) = (mean(&values), clustered_error(&groups));
        let range = at_effective_size(&values, error, count_of(&groups), confidence);
        Self {
            mean: Ranged { value: center, interval: range.interval },
            sums: group_sums(&groups, center),
        }
    }
}

fn picked(groups: &[Vec<[f64; 2]>], pick: fn(&[f64; 2]) -> f64) -> Vec<Vec<f64>> {
    groups.iter().map(|group| group.iter().map(pick).collect()).collect()
}

/// Pearson's correlation of numbers with mean 0; 0 where one side does not vary.
fn correlation(first: &[f64], second: &[f64]) -> f64 {
    let product = |a: &[f64], b: &[f64]| sum(a.iter().zip(b).map(|(a, b)| a * b));
    let size = (product(first, first) * product(second, second)).sqrt();
    if size > 0.0 { (product(first, second) / size).clamp(-1.0, 1.0) } else { 0.0 }
}
