//! Ratings of items by several raters, as counts.

use crate::stats::{
    real::{real, real_len},
    sum::sum,
};

/// How many raters put each item into each category, with the same number of raters for every item.
///
/// Who gave which rating does not matter. Where ratings are missing, use [`krippendorff_alpha`].
///
/// [`krippendorff_alpha`]: super::krippendorff_alpha
///
/// # Examples
///
/// ```
/// use probity_eval_runner::stats::agreement::{Ratings, fleiss_kappa, gwet_ac1};
///
/// // Three judges, four items; columns are passed and failed.
/// let ratings = Ratings::new(vec![vec![3, 0], vec![2, 1], vec![0, 3], vec![3, 0]])?;
/// assert!(fleiss_kappa(&ratings).unwrap() < gwet_ac1(&ratings));
///
/// let unanimous = Ratings::new(vec![vec![3, 0], vec![3, 0]])?;
/// assert_eq!(fleiss_kappa(&unanimous), None);
/// assert_eq!(gwet_ac1(&unanimous), 1.0);
/// # Ok::<(), probity_eval_runner::stats::agreement::RatingsError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Ratings {
    items: Vec<Vec<u64>>,
    raters: u64,
}

impl Ratings {
    /// Makes ratings from `counts[item][category]`.
    ///
    /// # Errors
    ///
    /// [`RatingsError`] where there is no item, there are fewer than two categories or raters, or items differ in
    /// the number of either.
    pub fn new(counts: Vec<Vec<u64>>) -> Result<Self, RatingsError> {
        let first = counts.first().ok_or(RatingsError::NoItems)?;
        let (categories, raters) = (first.len(), raters(first));
        if categories < 2 {
            return Err(RatingsError::TooFewCategories { categories });
        }
        if raters < 2 {
            return Err(RatingsError::TooFewRaters { raters });
        }
        for (item, row) in counts.iter().enumerate() {
            check(item, row, categories, raters)?;
        }
        Ok(Self { items: counts, raters })
    }

    /// Returns `counts[item][category]`.
    pub fn counts(&self) -> &[Vec<u64>] {
        &self.items
    }

    /// Returns the number of raters of every item, at least 2.
    pub fn raters(&self) -> u64 {
        self.raters
    }

    /// Returns the chance that two different ratings of an item differ, as a mean over items.
    pub(super) fn disagreement(&self) -> f64 {
        let raters = real(self.raters);
        let pairs = raters * (raters - 1.0);
        let apart = |&count: &u64| real(count) * (raters - real(count)) / pairs;
        sum(self.items.iter().map(|item| sum(item.iter().map(apart)))) / real_len(&self.items)
    }

    /// Returns the share of each category among all ratings.
    pub(super) fn shares(&self) -> Vec<f64> {
        let ratings = real(self.raters) * real_len(&self.items);
        let share = |category: usize| {
            let counts = self.items.iter().filter_map(|item| item.get(category));
            sum(counts.copied().map(real)) / ratings
        };
        let categories = self.items.first().map_or(0, Vec::len);
        (0..categories).map(share).collect()
    }
}

/// The number of ratings of an item.
fn raters(item: &[u64]) -> u64 {
    item.iter().fold(0, |total, &count| total.saturating_add(count))
}

fn check(item: usize, row: &[u64], categories: usize, expected: u64) -> Result<(), RatingsError> {
    if row.len() != categories {
        return Err(RatingsError::UnequalCategories {
            item,
            found: row.len(),
            expected: categories,
        });
    }
    let found = raters(row);
    if found != expected {
        return Err(RatingsError::UnequalRaters { item, found, expected });
    }
    Ok(())
}

/// Why counts are no ratings of items.
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RatingsError {
    /// Nothing was rated.
    #[error("no item was rated")]
    NoItems,
    /// There is nothing to tell apart.
    #[error("{categories} categories: ratings need at least 2")]
    TooFewCategories {
        /// The number of categories.
        categories: usize,
    },
    /// Nobody can agree or disagree.
    #[error("{raters} raters of the first item: agreement needs at least 2")]
    TooFewRaters {
        /// The number of raters.
        raters: u64,
    },
    /// An item has another number of categories than the first.
    #[error("item {item} has {found} categories and the first has {expected}")]
    UnequalCategories {
        /// The number of the item, from 0.
        item: usize,
        /// Its number of categories.
        found: usize,
        /// The number of categories of the first item.
        expected: usize,
    },
    /// An item has another number of raters than the first.
    #[error(
        "item {item} has {found} raters and the first has {expected}: \
         missing ratings are a case for Krippendorff's alpha"
    )]
    UnequalRaters {
        /// The number of the item, from 0.
        item: usize,
        /// Its number of raters.
        found: u64,
        /// The number of raters of the first item.
        expected: u64,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_that_are_no_ratings_are_refused() {
        let error = |rows: &[&[u64]]| {
            let rows = rows.iter().map(|row| row.to_vec()).collect();
            Ratings::new(rows).unwrap_err().to_string()
        };
        assert_eq!(error(&[]), "no item was rated");
        assert_eq!(error(&[&[3]]), "1 categories: ratings need at least 2");
        assert_eq!(error(&[&[1, 0]]), "1 raters of the first item: agreement needs at least 2");
        assert_eq!(error(&[&[1, 1], &[1, 1, 0]]), "item 1 has 3 categories and the first has 2");
        assert!(error(&[&[1, 1], &[1, 0]]).starts_with("item 1 has 1 raters and the first has 2"));
    }
}
