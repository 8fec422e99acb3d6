//! One line of a report: a metric in words, its estimate and its range.

use std::fmt;

use crate::{percent::percent, stats::Interval};

/// Says in words what passes.
pub(crate) fn words(k: u64, m: u64) -> String {
    if k == 1 && m == 1 {
        "one trial passes".to_owned()
    } else if m == k {
        format!("all {k} pass")
    } else {
        format!("at least {m} of {k}")
    }
}

/// Writes a line for one metric.
pub(crate) fn write(
    f: &mut fmt::Formatter<'_>,
    k: u64,
    m: u64,
    numbers: (f64, Interval),
) -> fmt::Result {
    write_aligned(f, (k, m), words(k, m).chars().count(), numbers)
}

/// Writes a line for one metric with its words filled up to a width.
pub(super) fn write_aligned(
    f: &mut fmt::Formatter<'_>,
    (k, m): (u64, u64),
    width: usize,
    (estimate, range): (f64, Interval),
) -> fmt::Result {
    let (lo, hi) = (percent(range.lo), percent(range.hi));
    write!(
        f,
        "  {words:<width$}   {estimate:>5}%  {lo:>5} – ",
        words = words(k, m),
        estimate = percent(estimate),
    )?;
    match symbol(k, m) {
        Some(symbol) => write!(f, "{hi:<5}   {symbol}"),
        None => write!(f, "{hi}"),
    }
}

/// The usual symbol of a metric, where it has one.
fn symbol(k: u64, m: u64) -> Option<String> {
    if k < 2 {
        None
    } else if m == k {
        Some(format!("pass^{k}"))
    } else if m == 1 {
        Some(format!("pass@{k}"))
    } else {
        None
    }
}
