//! Percentiles of numbers that were measured.

/// Returns the smallest of the values that `percent` percent of them do not exceed, by the nearest rank.
///
/// It is one of the values: rank `⌈percent / 100 · n⌉` of `n`, the first for 0 %. Domain: `percent` at most 100, values
/// that are numbers; `None` of no value and outside it.
///
/// # Examples
///
/// ```
/// use probity_eval_runner::stats::percentile;
///
/// let seconds = [4.0, 1.0, 3.0, 2.0];
/// assert_eq!(percentile(&seconds, 50), Some(2.0));
/// assert_eq!(percentile(&seconds, 90), Some(4.0));
/// assert_eq!(percentile(&[], 50), None);
/// ```
pub fn percentile(values: &[f64], percent: u8) -> Option<f64> {
    if percent > 100 || values.iter().any(|value| value.is_nan()) {
        return None;
    }
    let place = rank(values.len(), percent).checked_sub(1)?;
    let mut values = values.to_vec();
    let (_, found, _) = values.select_nth_unstable_by(place, f64::total_cmp);
    Some(*found)
}

/// `⌈percent · count / 100⌉`, at least 1 of any.
fn rank(count: usize, percent: u8) -> usize {
    let rank = (count as u128 * u128::from(percent)).div_ceil(100).max(1);
    usize::try_from(rank).unwrap_or(usize::MAX).min(count)
}

#[cfg(test)]
mod tests {
    use super::{super::real::real_len, *};

    #[test]
    fn ranks_are_exact_whole_numbers() {
        for (count, percent, want) in
            [(10, 90, 9), (11, 90, 10), (100, 1, 1), (1, 99, 1), (5, 0, 1), (5, 100, 5), (0, 50, 0)]
        {
            assert_eq!(rank(count, percent), want, "{percent}% of {count}");
        }
    }

    #[test]
    fn at_least_so_many_values_do_not_exceed_it() {
        let values: Vec<f64> = (0..37_u8).map(|i| f64::from(i * 7 % 37)).collect();
        for percent in 1..=100 {
            let found = percentile(&values, percent).unwrap();
            let below = values.iter().filter(|&&value| value <= found).count();
            let needed = f64::from(percent) / 100.0 * real_len(&values);
            assert!(real_len(&values[..below]) >= needed, "{percent}%");
            assert!(real_len(&values[..below - 1]) < needed, "{percent}%");
        }
    }

    #[test]
    fn what_is_no_number_has_no_percentile() {
        assert_eq!(percentile(&[1.0, f64::NAN], 50), None);
        assert_eq!(percentile(&[1.0], 101), None);
    }
}
