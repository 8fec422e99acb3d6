//! Which cases are to be run.

use std::{borrow::Borrow, collections::BTreeSet};

use super::{error::SelectionError, filter::Filter};
use crate::case::Case;

/// Filters by id and by tag; without any, all cases are selected.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[must_use = "a selection does nothing unless cases are chosen by it"]
pub struct Selection {
    only: Option<BTreeSet<String>>,
    ids: Vec<Filter>,
    tags: Vec<Filter>,
}

impl Selection {
    /// Makes a selection of all cases.
    pub fn new() -> Self {
        Self::default()
    }

    /// Leaves only cases of these ids, letter by letter. Ids that no case has are no error.
    pub fn only(mut self, ids: impl IntoIterator<Item = String>) -> Self {
        self.only = Some(ids.into_iter().collect());
        self
    }

    /// Adds a filter by id: a case matches any of these, and none of those with `!`.
    pub fn id(mut self, filter: Filter) -> Self {
        self.ids.push(filter);
        self
    }

    /// Adds a filter by tag: a case has all of these, and none of those with `!`.
    pub fn tag(mut self, filter: Filter) -> Self {
        self.tags.push(filter);
        self
    }

    /// Returns whether there is no filter.
    pub fn is_empty(&self) -> bool {
        self.only.is_none() && self.ids.is_empty() && self.tags.is_empty()
    }

    /// Returns the cases that are selected, in their order. Cases may be behind an `Arc`.
    ///
    /// # Errors
    ///
    /// If a filter matches no case at all, or no case matches all filters.
    pub fn choose<'c, I, E, C>(&self, cases: &'c [C]) -> Result<Vec<&'c C>, SelectionError>
    where
        C: Borrow<Case<I, E>>,
    {
        let chosen = self.indices(cases)?;
        Ok(chosen.into_iter().filter_map(|index| cases.get(index)).collect())
    }

    /// Returns the places of the cases that are selected, in rising order.
    ///
    /// # Errors
    ///
    /// As [`choose`](Self::choose).
    pub fn indices<I, E, C>(&self, cases: &[C]) -> Result<Vec<usize>, SelectionError>
    where
        C: Borrow<Case<I, E>>,
    {
        let cases = || cases.iter().map(Borrow::borrow);
        let ids = || cases().map(|case| case.id.as_str());
        let tags = || cases().flat_map(|case| case.tags.iter().map(String::as_str));
        for filter in &self.ids {
            SelectionError::check("id", filter, ids)?;
        }
        for filter in &self.tags {
            SelectionError::check("tag", filter, tags)?;
        }
        let chosen = cases().enumerate().filter(|(_, case)| self.selects(&case.id, &case.tags));
        let chosen: Vec<usize> = chosen.map(|(index, _)| index).collect();
        if chosen.is_empty() && !self.is_empty() {
            return Err(SelectionError::none_left(self.only.is_some(), &self.ids, &self.tags));
        }
        Ok(chosen)
    }

    fn selects(&self, id: &str, tags: &[String]) -> bool {
        if self.only.as_ref().is_some_and(|only| !only.contains(id)) {
            return false;
        }
        let has = |filter: &Filter| tags.iter().any(|tag| filter.matches(tag));
        let (mut wanted, mut away) = (
            self.ids.iter().filter(|filter| !filter.takes_away()).peekable(),
            self.ids.iter().filter(|filter| filter.takes_away()),
        );
        (wanted.peek().is_none() || wanted.any(|filter| filter.matches(id)))
            && !away.any(|filter| filter.matches(id))
            && self.tags.iter().all(|filter| has(filter) != filter.takes_away())
    }
}
