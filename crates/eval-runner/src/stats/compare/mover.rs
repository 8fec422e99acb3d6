//! The interval of a difference, from the intervals of its two sides.

use serde::{Deserialize, Serialize};

use crate::stats::interval::Interval;

/// A value with its range, which holds it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Ranged {
    /// The estimate.
    pub value: f64,
    /// Its range.
    pub interval: Interval,
}

/// Returns the interval of `first - second`, by the method of variance estimates recovery (MOVER).
///
/// With `d = a - b` and the ends `la..ua`, `lb..ub`, the lower end is
/// `d - √((a - la)² - 2r (a - la)(ub - b) + (ub - b)²)` and the upper `d + √((ua - a)² - 2r (ua - a)(b - lb) + (b - lb)²)`:
/// Newcombe's method 10 (1998) for estimates of any kind. `correlation` is `r`, that of the two estimates, and 0
/// where nothing connects them. The interval holds the difference, and stays within what the two ranges allow.
/// Domain: each range holds its value, `correlation` in -1..=1.
///
/// # Examples
///
/// ```
/// use probity_eval_runner::stats::{Interval, compare::{Ranged, mover}};
///
/// let first = Ranged { value: 0.6, interval: Interval { lo: 0.5, hi: 0.7 } };
/// let second = Ranged { value: 0.5, interval: Interval { lo: 0.4, hi: 0.6 } };
/// let apart = mover(first, second, 0.0);
/// assert!((apart.lo - (0.1 - 0.02_f64.sqrt())).abs() < 1e-12);
/// let together = mover(first, second, 0.9);
/// assert!(together.width() < apart.width());
/// ```
pub fn mover(first: Ranged, second: Ranged, correlation: f64) -> Interval {
    let difference = first.value - second.value;
    let below = |side: Ranged| side.value - side.interval.lo;
    let above = |side: Ranged| side.interval.hi - side.value;
    Interval {
        lo: difference - together(below(first), above(second), correlation),
        hi: difference + together(above(first), below(second), correlation),
    }
}

/// `√(x² - 2rxy + y²)`.
fn together(x: f64, y: f64, correlation: f64) -> f64 {
    (x * x - 2.0 * correlation * x * y + y * y).max(0.0).sqrt()
}
