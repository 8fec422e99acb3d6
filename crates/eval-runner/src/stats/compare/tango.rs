//! Tango's interval for the difference of two pass rates on the same tasks, one trial each.

use super::outcomes::PairedOutcomes;
use crate::stats::{confidence::Confidence, interval::Interval, real::real};

/// Bisection of a range of width 2 has no digit left to find after so many steps.
const STEPS: u32 = 80;

/// Returns the score interval of the first pass rate minus the second; `None` of no task.
///
/// The differences `δ` that the score test does not reject: `|b - c - nδ| <= z √(n (2q + δ (1 - δ)))`, with `q` the
/// chance of a task that only the second passes, fitted to the data under `δ`: the larger root of
/// `2n q² + (-b - c + (2n - b + c) δ) q - c δ (1 - δ) = 0` (Tango 1998, "Equivalence test and confidence interval for
/// the difference in proportions for the paired-sample design"). A little wider than [`newcombe`](super::newcombe)
/// for few tasks.
pub fn tango(outcomes: &PairedOutcomes, confidence: Confidence) -> Option<Interval> {
    outcomes.difference()?;
    let z = confidence.z();
    Some(Interval { lo: lower_end(outcomes, z), hi: -lower_end(&outcomes.swapped(), z) })
}

/// The smallest difference that is not rejected: the score falls from there to 0 at the difference that was seen.
fn lower_end(outcomes: &PairedOutcomes, z: f64) -> f64 {
    let (mut below, mut above) = (-1.0, outcomes.difference().unwrap_or(0.0));
    for _ in 0..STEPS {
        let middle = 0.5 * (below + above);
        if score(outcomes, middle) > z {
            below = middle;
        } else {
            above = middle;
        }
    }
    above
}

/// `(b - c - nδ) / √(n (2q + δ (1 - δ)))`.
fn score(outcomes: &PairedOutcomes, delta: f64) -> f64 {
    let [_, first_only, second_only, _] = outcomes.real();
    let tasks = real(outcomes.tasks());
    let linear = (2.0 * tasks - first_only + second_only) * delta - first_only - second_only;
    let constant = -second_only * delta * (1.0 - delta);
    let root = (linear * linear - 8.0 * tasks * constant).max(0.0).sqrt();
    let fitted = (root - linear) / (4.0 * tasks);
    let variance = tasks * (2.0 * fitted + delta * (1.0 - delta));
    let apart = first_only - second_only - tasks * delta;
    if variance > 0.0 {
        apart / variance.sqrt()
    } else if apart > 0.0 {
        f64::INFINITY
    } else {
        0.0
    }
}
