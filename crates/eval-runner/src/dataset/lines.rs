//! Lines and columns of places in a text.

use std::ops::Range;

/// Knows where the lines of a text begin.
#[derive(Debug)]
pub(super) struct Lines<'t> {
    text: &'t str,
    /// The first byte of each line.
    starts: Vec<usize>,
}

impl<'t> Lines<'t> {
    pub(super) fn of(text: &'t str) -> Self {
        let breaks = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
        let starts = std::iter::once(0).chain(breaks.map(|(at, _)| at + 1)).collect();
        Self { text, starts }
    }

    /// Returns line and column, both from 1 on, of the beginning of a range of bytes.
    pub(super) fn place(&self, range: &Range<usize>) -> (u64, u64) {
        let line = self.starts.partition_point(|start| *start <= range.start);
        let start = self.starts.get(line.saturating_sub(1)).copied().unwrap_or_default();
        let before = self.text.get(start..range.start).unwrap_or_default();
        let column = before.chars().count() + 1;
        (u64::try_from(line).unwrap_or(u64::MAX), u64::try_from(column).unwrap_or(u64::MAX))
    }
}

#[cfg(test)]
mod tests {
    use super::Lines;

    #[test]
    fn lines_and_columns_count_from_one_and_columns_count_characters() {
        let text = "é = 1\r\n\nb";
        let lines = Lines::of(text);
        for (at, place) in [(0, (1, 1)), (3, (1, 3)), (8, (2, 1)), (9, (3, 1)), (10, (3, 2))] {
            assert_eq!(lines.place(&(at..at)), place, "byte {at}");
        }
        assert_eq!(Lines::of("").place(&(0..0)), (1, 1));
    }
}
