//! The names that are most like one that was not found.

use std::collections::HashSet;

/// How alike two names must be, from 0 to 1, for one to be offered in place of the other.
const ALIKE: f64 = 0.6;

/// How many characters of a name are compared, so that a long one costs no more than a short one.
const COMPARED: usize = 100;

/// Returns up to `most` of the candidates, the most alike first, each once.
///
/// A candidate that contains the name comes before one that is spelled like it. Upper and lower case count as
/// the same.
#[must_use]
pub fn nearest<'a>(
    wanted: &str,
    candidates: impl IntoIterator<Item = &'a str>,
    most: usize,
) -> Vec<&'a str> {
    let wanted = compared(wanted);
    let mut seen = HashSet::new();
    let mut found: Vec<(f64, &str)> = candidates
        .into_iter()
        .filter(|candidate| seen.insert(*candidate))
        .map(|candidate| (likeness(&wanted, &compared(candidate)), candidate))
        .filter(|(likeness, _)| *likeness >= ALIKE)
        .collect();
    found.sort_by(|(a, _), (b, _)| b.total_cmp(a));
    found.into_iter().take(most).map(|(_, candidate)| candidate).collect()
}

fn compared(name: &str) -> String {
    name.chars().take(COMPARED).flat_map(char::to_lowercase).collect()
}

/// From 0 to 1 for spelling, and from 1 on for a name that holds the other.
fn likeness(wanted: &str, candidate: &str) -> f64 {
    let spelling = strsim::normalized_damerau_levenshtein(wanted, candidate);
    if !wanted.is_empty() && candidate.contains(wanted) { 1.0 + spelling } else { spelling }
}

#[cfg(test)]
mod tests {
    use super::nearest;

    const FIELDS: [&str; 6] = ["id", "input", "expected", "tags", "group", "metadata"];

    #[track_caller]
    fn check(wanted: &str, most: usize, expected: &[&str]) {
        assert_eq!(nearest(wanted, FIELDS, most), expected, "{wanted}");
    }

    #[test]
    fn slips_of_the_keyboard_are_found() {
        check("inptu", 1, &["input"]);
        check("Expected", 1, &["expected"]);
        check("tag", 1, &["tags"]);
        check("meta", 1, &["metadata"]);
    }

    #[test]
    fn what_is_like_nothing_finds_nothing() {
        check("difficulty", 3, &[]);
        check("", 3, &[]);
    }

    #[test]
    fn a_name_that_contains_the_wanted_one_comes_first_and_each_comes_once() {
        let names = ["refund-lade", "refund-late-1", "refund-late-1", "refund-date"];
        assert_eq!(
            nearest("refund-late", names, 3),
            ["refund-late-1", "refund-lade", "refund-date"]
        );
    }
}
