//! How the tools that were called are compared with those expected.

use std::{collections::HashMap, fmt};

use serde::{Deserialize, Serialize};

/// How the tools that were called are compared with those expected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum TrajectoryOrder {
    /// The expected calls in their order, and no others.
    Strict,
    /// The expected calls in their order; others may lie before, between and after them.
    InOrder,
    /// The expected calls, each as often as it is expected, in any order; others may be among them.
    AnyOrder,
    /// No calls but the expected, none more often than it is expected, in any order; some may be
    /// missing, or all.
    Subset,
}

impl TrajectoryOrder {
    /// Returns how many of the expected calls were made, as far as the order lets them count.
    pub(super) fn matched(self, expected: &[String], called: &[&str]) -> usize {
        match self {
            Self::Strict => expected.iter().zip(called).take_while(|(a, b)| a == b).count(),
            Self::InOrder => {
                let mut called = called.iter();
                // The first that fits is as good as any later one, since it leaves most to come.
                expected.iter().take_while(|name| called.any(|other| other == name)).count()
            }
            Self::AnyOrder | Self::Subset => {
                let mut left = counts(called.iter().copied());
                expected.iter().filter(|name| take_one(&mut left, name)).count()
            }
        }
    }

    /// Returns whether these counts are those of a match.
    pub(super) fn is_match(self, matched: usize, expected: usize, called: usize) -> bool {
        match self {
            Self::Strict => matched == expected && matched == called,
            Self::InOrder | Self::AnyOrder => matched == expected,
            Self::Subset => matched == called,
        }
    }

    /// Returns whether the answer stays the same whatever other calls there were.
    pub(super) fn is_decided(self, passed: bool) -> bool {
        match self {
            Self::Strict => false,
            Self::InOrder | Self::AnyOrder => passed,
            Self::Subset => !passed,
        }
    }
}

fn counts<'n>(names: impl Iterator<Item = &'n str>) -> HashMap<&'n str, usize> {
    let mut counts = HashMap::new();
    for name in names {
        *counts.entry(name).or_default() += 1;
    }
    counts
}

/// Returns whether there is one more of a name, and takes it.
fn take_one(counts: &mut HashMap<&str, usize>, name: &str) -> bool {
    counts.get_mut(name).is_some_and(|count| {
        let is_there = *count > 0;
        *count = count.saturating_sub(1);
        is_there
    })
}

impl fmt::Display for TrajectoryOrder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Strict => "exactly, in order",
            Self::InOrder => "in order",
            Self::AnyOrder => "in any order",
            Self::Subset => "at most",
        })
    }
}

#[cfg(test)]
mod tests {
    use TrajectoryOrder::{AnyOrder, InOrder, Strict, Subset};
    use proptest::prelude::*;

    use super::*;

    fn judge(order: TrajectoryOrder, expected: &[String], called: &[&str]) -> bool {
        order.is_match(order.matched(expected, called), expected.len(), called.len())
    }

    #[track_caller]
    fn check(expected: &str, called: &str, answers: [bool; 4]) {
        let expected: Vec<_> = expected.chars().map(String::from).collect();
        let called: Vec<_> = called.chars().map(String::from).collect();
        let called: Vec<_> = called.iter().map(String::as_str).collect();
        let found =
            [Strict, InOrder, AnyOrder, Subset].map(|order| judge(order, &expected, &called));
        assert_eq!(
            found, answers,
            "strict, in order, any order, subset of {expected:?}: {called:?}"
        );
    }

    #[test]
    fn each_order_compares_in_its_own_way() {
        check("abc", "abc", [true, true, true, true]);
        check("abc", "axbc", [false, true, true, false]);
        check("abc", "cba", [false, false, true, true]);
        check("abc", "ac", [false, false, false, true]);
        check("abc", "abcc", [false, true, true, false]);
        check("aab", "ab", [false, false, false, true]);
        check("aab", "aba", [false, false, true, true]);
        check("abc", "xyz", [false, false, false, false]);
    }

    #[test]
    fn nothing_expected_is_matched_by_nothing() {
        check("", "", [true, true, true, true]);
        check("", "a", [false, true, true, false]);
        check("a", "", [false, false, false, true]);
    }

    proptest! {
        #![proptest_config(ProptestConfig {
            rng_seed: proptest::test_runner::RngSeed::Fixed(2_026),
            failure_persistence: None,
            ..ProptestConfig::default()
        })]

        #[test]
        fn the_stricter_implies_the_looser(
            expected in proptest::collection::vec("[abc]", 0..5),
            called in proptest::collection::vec("[abc]", 0..6),
        ) {
            let called: Vec<_> = called.iter().map(String::as_str).collect();
            let holds = |order| judge(order, &expected, &called);
            prop_assert!(!holds(Strict) || holds(InOrder));
            prop_assert!(!holds(InOrder) || holds(AnyOrder));
            let both = holds(AnyOrder) && holds(Subset);
            prop_assert!(!both || expected.len() == called.len());
        }

        #[test]
        fn what_is_decided_stays_so_whatever_is_called_besides(
            expected in proptest::collection::vec("[abc]", 0..5),
            called in proptest::collection::vec("[abc]", 0..6),
            (other, at) in ("[abc]", 0_usize..6),
        ) {
            let called: Vec<_> = called.iter().map(String::as_str).collect();
            let mut more = called.clone();
            more.insert(at.min(called.len()), &other);
            for order in [InOrder, AnyOrder, Subset] {
                let passed = judge(order, &expected, &called);
                prop_assert!(!order.is_decided(passed) || judge(order, &expected, &more) == passed);
            }
        }
    }
}
