//! How often something may happen.

use std::{
    fmt,
    ops::{Bound, RangeBounds},
};

use serde::{Deserialize, Serialize};

/// How often something may happen: at least, and at most.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub struct CountRange {
    /// The least count.
    pub min: usize,
    /// The greatest count; `None` if there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max: Option<usize>,
}

impl CountRange {
    /// Takes a range of counts, as `2..=2`, `1..` or `..5`.
    pub(super) fn of(range: &impl RangeBounds<usize>) -> Self {
        let min = match range.start_bound() {
            Bound::Included(min) => Some(*min),
            Bound::Excluded(below) => below.checked_add(1),
            Bound::Unbounded => Some(0),
        };
        let max = match range.end_bound() {
            Bound::Included(max) => Some(Some(*max)),
            Bound::Excluded(above) => above.checked_sub(1).map(Some),
            Bound::Unbounded => Some(None),
        };
        match (min, max) {
            (Some(min), Some(max)) => Self { min, max },
            // The range has no number in it, and so has this one.
            _ => Self { min: 1, max: Some(0) },
        }
    }

    /// Returns whether a count lies in the range.
    #[must_use]
    pub fn contains(self, count: usize) -> bool {
        count >= self.min && self.max.is_none_or(|max| count <= max)
    }

    /// Returns whether a count lies in the range whatever is added to it, or outside of it whatever
    /// is added.
    pub(super) fn is_decided(self, count: usize) -> bool {
        match self.max {
            Some(max) => count > max || self.min > max,
            None => count >= self.min,
        }
    }
}

/// Says the range in words: `exactly 2`, `at least 1`, `at most 4`, `2 to 4`.
impl fmt::Display for CountRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.min, self.max) {
            (0, None) => f.write_str("any number"),
            (min, None) => write!(f, "at least {min}"),
            (min, Some(max)) if min > max => f.write_str("an impossible number"),
            (0, Some(0)) => f.write_str("none"),
            (min, Some(max)) if min == max => write!(f, "exactly {min}"),
            (0, Some(max)) => write!(f, "at most {max}"),
            (min, Some(max)) => write!(f, "{min} to {max}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_range_says_itself_in_words() {
        let words = |range: CountRange| range.to_string();
        assert_eq!(words(CountRange::of(&..)), "any number");
        assert_eq!(words(CountRange::of(&(1..))), "at least 1");
        assert_eq!(words(CountRange::of(&(..=4))), "at most 4");
        assert_eq!(words(CountRange::of(&(2..5))), "2 to 4");
        assert_eq!(words(CountRange::of(&(2..=2))), "exactly 2");
        assert_eq!(words(CountRange::of(&(..1))), "none");
    }

    #[test]
    fn ranges_without_a_number_have_none() {
        let excluded = (Bound::Excluded(usize::MAX), Bound::Unbounded);
        #[expect(clippy::reversed_empty_ranges, reason = "it is what is tested")]
        let ranges = [CountRange::of(&(..0)), CountRange::of(&(3..=2)), CountRange::of(&excluded)];
        for range in ranges {
            assert_eq!(range.to_string(), "an impossible number");
            for count in [0, 1, 2, 3, usize::MAX] {
                assert!(!range.contains(count) && range.is_decided(count));
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig {
            rng_seed: proptest::test_runner::RngSeed::Fixed(2_026),
            failure_persistence: None,
            ..ProptestConfig::default()
        })]

        #[test]
        fn a_count_is_in_the_range_where_it_is_in_that_of_rust(
            start in 0_usize..6, end in 0_usize..6, count in 0_usize..8,
        ) {
            prop_assert_eq!(CountRange::of(&(start..end)).contains(count), (start..end).contains(&count));
            prop_assert_eq!(CountRange::of(&(start..=end)).contains(count), (start..=end).contains(&count));
            prop_assert_eq!(CountRange::of(&(start..)).contains(count), (start..).contains(&count));
            prop_assert_eq!(CountRange::of(&(..end)).contains(count), (..end).contains(&count));
        }

        #[test]
        fn a_decided_count_stays_decided(min in 0_usize..6, max in 0_usize..6, count in 0_usize..8) {
            for range in [CountRange::of(&(min..=max)), CountRange::of(&(min..))] {
                if range.is_decided(count) {
                    let answers = (count..20).map(|more| range.contains(more));
                    prop_assert_eq!(answers.filter(|a| *a == range.contains(count)).count(), 20 - count);
                }
            }
        }
    }
}
