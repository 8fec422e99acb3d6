//! The middle of a series and how far it spreads.

/// A series in two numbers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Estimate {
    /// The median.
    pub(crate) median: f64,
    /// The interquartile range, divided by the median.
    pub(crate) spread: f64,
}

/// Returns the median and the relative spread; `None` for an empty series.
///
/// Quartiles are interpolated linearly between the order statistics (Hyndman and Fan, type 7).
/// A spread is relative, so it is zero where the median is.
pub(crate) fn estimate(series: impl Iterator<Item = f64>) -> Option<Estimate> {
    let mut sorted: Vec<f64> = series.collect();
    sorted.sort_by(f64::total_cmp);
    let median = quantile(&sorted, 2)?;
    let range = quantile(&sorted, 3)? - quantile(&sorted, 1)?;
    let spread = if median == 0.0 { 0.0 } else { range / median };
    Some(Estimate { median, spread })
}

/// Returns the value below which so many quarters of the series lie.
fn quantile(sorted: &[f64], quarters: usize) -> Option<f64> {
    let place = sorted.len().checked_sub(1)? * quarters;
    let (low, rest) = (place / 4, place % 4);
    let below = *sorted.get(low)?;
    let above = *sorted.get(low + 1).unwrap_or(&below);
    #[expect(clippy::cast_precision_loss, reason = "a quarter is 0, 1, 2 or 3")]
    let share = rest as f64 / 4.0;
    Some((above - below).mul_add(share, below))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_of_an_even_series_lies_between_its_middle_two() {
        let estimate = estimate([4.0, 1.0, 3.0, 2.0].into_iter()).unwrap();
        assert!((estimate.median - 2.5).abs() < 1e-12);
    }

    #[test]
    fn quartiles_are_interpolated() {
        // Quartiles of 1, 2, 3, 4 are 1.75 and 3.25.
        let estimate = estimate([1.0, 2.0, 3.0, 4.0].into_iter()).unwrap();
        assert!((estimate.spread - 1.5 / 2.5).abs() < 1e-12);
    }

    #[test]
    fn one_value_spreads_nowhere() {
        assert_eq!(estimate([7.0].into_iter()), Some(Estimate { median: 7.0, spread: 0.0 }));
    }

    #[test]
    fn an_empty_series_has_no_middle() {
        assert_eq!(estimate(std::iter::empty()), None);
    }

    #[test]
    fn one_outlier_moves_neither_the_median_nor_the_spread() {
        let calm = estimate([1.0, 1.0, 1.0, 1.0, 1.0].into_iter());
        assert_eq!(estimate([1.0, 1.0, 1.0, 1.0, 90.0].into_iter()), calm);
    }
}
