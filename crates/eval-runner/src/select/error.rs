//! Why no case was selected.

use std::collections::BTreeSet;

use super::filter::Filter;
use crate::nearest::nearest;

/// How many names an error offers.
const OFFERED: usize = 5;

/// Why no case was selected.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SelectionError {
    /// A filter matches nothing.
    #[error(
        "no case has {} {what} that matches {filter:?}; {}",
        article(what), offer(*alike, what, names, *omitted)
    )]
    #[non_exhaustive]
    NoMatch {
        /// What was filtered: `id` or `tag`.
        what: &'static str,
        /// The filter.
        filter: String,
        /// Whether the names are like the filter; if not, they are the first that there are.
        alike: bool,
        /// Names that there are.
        names: Vec<String>,
        /// How many names more there are.
        omitted: usize,
    },
    /// Every filter matches something, and no case matches them all.
    #[error("no case matches all of {}", filters.join(", "))]
    #[non_exhaustive]
    NoneLeft {
        /// The filters, each after what it is about.
        filters: Vec<String>,
    },
}

impl SelectionError {
    /// Checks that a filter matches any of the names.
    pub(super) fn check<'n, N: Iterator<Item = &'n str>>(
        what: &'static str,
        filter: &Filter,
        names: impl Fn() -> N,
    ) -> Result<(), Self> {
        if names().any(|name| filter.matches(name)) {
            return Ok(());
        }
        let distinct: BTreeSet<&str> = names().collect();
        let plain = filter.pattern().replace(['*', '?'], "");
        let near = nearest(&plain, distinct.iter().copied(), OFFERED);
        let alike = !near.is_empty();
        let offered = if alike { near } else { distinct.iter().copied().take(OFFERED).collect() };
        let omitted = if alike { 0 } else { distinct.len() - offered.len() };
        let names = offered.into_iter().map(str::to_owned).collect();
        Err(Self::NoMatch { what, filter: filter.to_string(), alike, names, omitted })
    }

    pub(super) fn none_left(only: bool, ids: &[Filter], tags: &[Filter]) -> Self {
        let only = only.then(|| "the ids that were chosen".to_owned());
        let ids = ids.iter().map(|filter| format!("id {filter}"));
        let tags = tags.iter().map(|filter| format!("tag {filter}"));
        Self::NoneLeft { filters: only.into_iter().chain(ids).chain(tags).collect() }
    }
}

fn article(what: &str) -> &'static str {
    if what == "id" { "an" } else { "a" }
}

fn offer(alike: bool, what: &str, names: &[String], omitted: usize) -> String {
    let listed = names.join(", ");
    match (alike, names.is_empty(), omitted) {
        (_, true, _) => format!("there are no {what}s"),
        (true, false, _) => format!("like it are {listed}"),
        (false, false, 0) => format!("there are {listed}"),
        (false, false, omitted) => format!("there are {listed} and {omitted} more"),
    }
}
