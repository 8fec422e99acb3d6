//! The one place where a count becomes a real number.

/// Converts a count, exactly up to 2^53 and to the nearest double beyond.
#[expect(clippy::cast_precision_loss, reason = "counts of trials and tasks stay far below 2^53")]
pub(crate) fn real(count: u64) -> f64 {
    count as f64
}

/// Converts the length of a slice.
pub(crate) fn real_len<T>(items: &[T]) -> f64 {
    real(count_of(items))
}

/// Counts the items of a slice.
pub(crate) fn count_of<T>(items: &[T]) -> u64 {
    u64::try_from(items.len()).unwrap_or(u64::MAX)
}
