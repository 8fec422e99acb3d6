//! What a report shows of a list: its first items.

use std::{collections::HashSet, fmt};

use serde::{Deserialize, Serialize};

use crate::excerpt::is_zero;

/// How many items of a list a report shows.
const MAX_ITEMS: usize = 20;

/// The first items of a list, and how many are left out.
///
/// Lists of up to 20 items are there as a whole.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Shortlist<T> {
    /// The first items.
    pub items: Vec<T>,
    /// How many items follow that are left out.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub omitted: usize,
}

impl<T> Shortlist<T> {
    /// Returns the number of all items, those left out among them.
    #[must_use]
    pub fn total(&self) -> usize {
        self.items.len().saturating_add(self.omitted)
    }

    /// Returns whether the list is empty.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.total() == 0
    }

    /// Adds an item, or counts it where the list is full; the item is made only where it fits.
    pub(crate) fn push_with(&mut self, item: impl FnOnce() -> T) {
        if self.items.len() < MAX_ITEMS {
            self.items.push(item());
        } else {
            self.omitted += 1;
        }
    }
}

impl Shortlist<String> {
    /// Takes each text once, in the order in which they come first.
    pub(crate) fn of_distinct<'a>(texts: impl Iterator<Item = &'a str>) -> Self {
        let mut seen = HashSet::new();
        texts.filter(|text| seen.insert(*text)).map(str::to_owned).collect()
    }
}

impl<T> Default for Shortlist<T> {
    fn default() -> Self {
        Self { items: Vec::new(), omitted: 0 }
    }
}

impl<T> FromIterator<T> for Shortlist<T> {
    fn from_iter<I: IntoIterator<Item = T>>(items: I) -> Self {
        let mut list = Self::default();
        items.into_iter().for_each(|item| list.push_with(|| item));
        list
    }
}

/// Prints the items with commas between them, and how many are left out; an empty list is `none`.
impl<T: fmt::Display> fmt::Display for Shortlist<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_joined(f, self, ", ")
    }
}

/// Prints the items with a separator between them, and how many are left out.
pub(crate) fn write_joined<T: fmt::Display>(
    f: &mut fmt::Formatter<'_>,
    list: &Shortlist<T>,
    separator: &str,
) -> fmt::Result {
    if list.is_empty() {
        return f.write_str("none");
    }
    for (number, item) in list.items.iter().enumerate() {
        let before = if number == 0 { "" } else { separator };
        write!(f, "{before}{item}")?;
    }
    match list.omitted {
        0 => Ok(()),
        omitted => write!(f, "{separator}and {omitted} more"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_list_is_there_as_a_whole() {
        let list: Shortlist<usize> = (0..20).collect();
        assert_eq!((list.items.len(), list.omitted, list.total()), (20, 0, 20));
        assert_eq!(Shortlist::from_iter([1, 2]).to_string(), "1, 2");
        assert_eq!(Shortlist::<usize>::default().to_string(), "none");
    }

    #[test]
    fn a_long_list_is_cut_and_says_so() {
        let list: Shortlist<usize> = (0..27).collect();
        assert_eq!((list.items.len(), list.omitted, list.total()), (20, 7, 27));
        assert!(list.to_string().ends_with("18, 19, and 7 more"), "{list}");
    }

    #[test]
    fn distinct_texts_keep_their_order() {
        let list = Shortlist::of_distinct(["b", "a", "b"].into_iter());
        assert_eq!(list.items, ["b", "a"]);
    }

    #[test]
    fn json_brings_a_list_back() {
        for length in [0, 2, 27] {
            let list: Shortlist<usize> = (0..length).collect();
            let json = serde_json::to_string(&list).unwrap();
            assert_eq!(serde_json::from_str::<Shortlist<usize>>(&json).unwrap(), list);
        }
    }
}
