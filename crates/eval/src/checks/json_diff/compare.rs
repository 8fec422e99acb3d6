//! Compares two JSON values.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::Difference;
use crate::{
    checks::{json_path::Place, shortlist::Shortlist},
    excerpt::Excerpt,
    json_value::same_number,
};

/// What a comparison found.
#[derive(Debug, Default)]
pub(crate) struct Comparison {
    /// The places that differ.
    pub(crate) differences: Shortlist<Difference>,
    /// The number of values that hold no others and are equal on both sides.
    pub(crate) equal: usize,
    /// The number of those that differ, or are on one side only.
    pub(crate) unequal: usize,
}

/// Whether what is not expected may be there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Extra {
    Counts,
    Allowed,
}

impl Comparison {
    /// Compares values by what they mean: the order of keys does not matter, and 1 is 1.0.
    pub(crate) fn of(expected: &Value, found: &Value, extra: Extra) -> Self {
        let mut comparison = Self::default();
        comparison.values(Place::Root, expected, found, extra);
        comparison
    }

    fn values(&mut self, place: Place<'_>, expected: &Value, found: &Value, extra: Extra) {
        match (expected, found) {
            (Value::Object(expected), Value::Object(found)) => {
                self.objects(place, expected, found, extra);
            }
            (Value::Array(expected), Value::Array(found)) => {
                self.arrays(place, expected, found, extra);
            }
            (Value::Number(a), Value::Number(b)) if same_number(a, b) => self.equal += 1,
            _ if expected == found => self.equal += 1,
            _ => {
                self.unequal += leaves(expected).max(leaves(found));
                self.differences.push_with(|| Difference::Different {
                    path: place.to_string(),
                    expected: Excerpt::of_named_json(place.name(), expected),
                    found: Excerpt::of_named_json(place.name(), found),
                });
            }
        }
    }

    fn objects(
        &mut self,
        place: Place<'_>,
        expected: &Map<String, Value>,
        found: &Map<String, Value>,
        extra: Extra,
    ) {
        // Two empty objects are equal values that hold no others.
        self.equal += usize::from(expected.is_empty() && found.is_empty());
        // By name, since the order of an object's keys hangs on a feature that any crate may turn on.
        for (key, expected) in by_name(expected) {
            let place = Place::Key(&place, key);
            match found.get(key) {
                Some(found) => self.values(place, expected, found, extra),
                None => self.missing(place, expected),
            }
        }
        let extras = by_name(found).into_iter().filter(|(key, _)| !expected.contains_key(*key));
        for (key, found) in extras {
            self.extra(Place::Key(&place, key), found, extra);
        }
    }

    fn arrays(&mut self, place: Place<'_>, expected: &[Value], found: &[Value], extra: Extra) {
        self.equal += usize::from(expected.is_empty() && found.is_empty());
        for (index, (expected, found)) in expected.iter().zip(found).enumerate() {
            self.values(Place::Index(&place, index), expected, found, extra);
        }
        for (index, expected) in expected.iter().enumerate().skip(found.len()) {
            self.missing(Place::Index(&place, index), expected);
        }
        for (index, found) in found.iter().enumerate().skip(expected.len()) {
            self.extra(Place::Index(&place, index), found, extra);
        }
    }

    fn missing(&mut self, place: Place<'_>, expected: &Value) {
        self.unequal += leaves(expected);
        self.differences.push_with(|| Difference::Missing {
            path: place.to_string(),
            expected: Excerpt::of_named_json(place.name(), expected),
        });
    }

    fn extra(&mut self, place: Place<'_>, found: &Value, extra: Extra) {
        if extra == Extra::Allowed {
            return;
        }
        self.unequal += leaves(found);
        self.differences.push_with(|| Difference::Extra {
            path: place.to_string(),
            found: Excerpt::of_named_json(place.name(), found),
        });
    }
}

fn by_name(object: &Map<String, Value>) -> BTreeMap<&String, &Value> {
    object.iter().collect()
}

/// Returns the number of values that hold no others; an empty object or list is one itself.
fn leaves(value: &Value) -> usize {
    let count = match value {
        Value::Array(items) => items.iter().map(leaves).sum(),
        Value::Object(entries) => entries.values().map(leaves).sum(),
        _ => 1,
    };
    count.max(1)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    #[track_caller]
    fn check(expected: &Value, found: &Value, differences: &[&str], counts: (usize, usize)) {
        let comparison = Comparison::of(expected, found, Extra::Counts);
        let texts = comparison.differences.items.iter().map(ToString::to_string);
        assert_eq!(texts.collect::<Vec<_>>(), differences);
        assert_eq!((comparison.equal, comparison.unequal), counts);
    }

    #[test]
    fn what_is_missing_extra_and_different_is_told_by_its_path() {
        check(
            &json!({"city": "Paris", "pop": 2, "tags": ["a", "b"], "gone": {"x": 1, "y": 2}}),
            &json!({"city": "Lyon", "pop": 2.0, "tags": ["a"], "new": []}),
            &[
                r#"/city: expected "Paris", found "Lyon""#,
                r#"/gone: missing {"x":1,"y":2}"#,
                r#"/tags/1: missing "b""#,
                "/new: unexpected []",
            ],
            (2, 5),
        );
        check(&json!([1]), &json!([1, [2, 3]]), &["/1: unexpected [2,3]"], (1, 2));
        check(&json!(1), &json!("1"), &[r#"the root: expected 1, found "1""#], (0, 1));
    }

    #[test]
    fn values_that_mean_the_same_are_equal() {
        check(&json!({"a": 1, "b": [2]}), &json!({"b": [2.0], "a": 1}), &[], (2, 0));
        check(&json!(u64::MAX), &json!(u64::MAX), &[], (1, 0));
        check(&json!({}), &json!({}), &[], (1, 0));
        check(&json!([]), &json!([]), &[], (1, 0));
        check(&json!(null), &json!(null), &[], (1, 0));
    }

    #[test]
    fn values_that_do_not_mean_the_same_are_different() {
        let pairs = [
            (json!(i64::MAX), json!(i64::MAX - 1)),
            (json!({}), json!([])),
            (json!(null), json!(false)),
            (json!(""), json!(null)),
            (json!("é"), json!("e\u{301}")),
        ];
        for (a, b) in pairs {
            let comparison = Comparison::of(&a, &b, Extra::Counts);
            assert_eq!((comparison.equal, comparison.unequal), (0, 1), "{a} {b}");
        }
    }

    #[test]
    fn what_is_extra_counts_only_where_it_is_not_allowed() {
        let (expected, found) = (json!({"a": {"b": 1}}), json!({"a": {"b": 1, "c": 2}, "d": 3}));
        let counted = Comparison::of(&expected, &found, Extra::Counts);
        assert_eq!((counted.equal, counted.unequal), (1, 2));
        let allowed = Comparison::of(&expected, &found, Extra::Allowed);
        assert_eq!((allowed.equal, allowed.unequal), (1, 0));
    }

    #[test]
    fn many_differences_are_cut_and_counted() {
        let list = |n: i32| (0..50).map(|i| json!(i + n)).collect::<Value>();
        let differences = Comparison::of(&list(0), &list(1), Extra::Counts).differences;
        assert_eq!((differences.items.len(), differences.total()), (20, 50));
    }

    #[test]
    fn secrets_in_differences_are_masked() {
        let (expected, found) = (json!({"password": "a1"}), json!({"password": "b2"}));
        let differences = Comparison::of(&expected, &found, Extra::Counts).differences;
        let text = differences.to_string();
        assert!(!text.contains("a1") && !text.contains("b2"), "{text}");
    }

    fn any_json() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            (-3_i64..3).prop_map(Value::from),
            "[a-c]{0,2}".prop_map(Value::from),
        ];
        leaf.prop_recursive(3, 24, 4, |inner| {
            prop_oneof![
                proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                proptest::collection::btree_map("[a-c]", inner, 0..4)
                    .prop_map(|entries| entries.into_iter().collect()),
            ]
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig {
            rng_seed: proptest::test_runner::RngSeed::Fixed(2_026),
            failure_persistence: None,
            ..ProptestConfig::default()
        })]

        #[test]
        fn there_is_a_difference_exactly_where_values_are_unequal(a in any_json(), b in any_json()) {
            let comparison = Comparison::of(&a, &b, Extra::Counts);
            prop_assert_eq!(comparison.differences.is_empty(), a == b);
            prop_assert_eq!(comparison.unequal == 0, a == b);
            prop_assert!(comparison.equal + comparison.unequal > 0);
            let same = Comparison::of(&a, &a, Extra::Counts);
            prop_assert_eq!((same.equal, same.unequal), (leaves(&a), 0));
        }

        #[test]
        fn differences_lead_to_their_values(a in any_json(), b in any_json()) {
            for difference in Comparison::of(&a, &b, Extra::Counts).differences.items {
                let (in_a, in_b) = (a.pointer(difference.path()), b.pointer(difference.path()));
                let there = match difference {
                    Difference::Missing { .. } => (true, false),
                    Difference::Extra { .. } => (false, true),
                    Difference::Different { .. } => (true, true),
                };
                prop_assert_eq!((in_a.is_some(), in_b.is_some()), there);
            }
        }
    }
}
