//! The table of two raters: how often they gave each pair of categories.

use serde::{Deserialize, Serialize};

use super::binary::BinaryTable;
use crate::stats::{real::real, sum::sum};

/// A square table of counts: rows are the first rater or the truth, columns the second rater or the judge.
///
/// # Examples
///
/// ```
/// use probity_eval_runner::stats::agreement::{
///     ConfusionTable, KappaWeights, raw_agreement, weighted_kappa,
/// };
///
/// let table = ConfusionTable::new(vec![vec![44, 5, 1], vec![7, 20, 3], vec![9, 5, 6]])?;
/// assert_eq!(raw_agreement(&table), Some(0.7));
/// let kappa = weighted_kappa(&table, KappaWeights::Linear).unwrap();
/// assert!((kappa.value - 9.0 / 19.0).abs() < 1e-12);
/// # Ok::<(), probity_eval_runner::stats::agreement::ConfusionTableError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "Vec<Vec<u64>>", into = "Vec<Vec<u64>>")]
pub struct ConfusionTable {
    rows: Vec<Vec<u64>>,
}

impl ConfusionTable {
    /// Makes a table from its rows.
    ///
    /// # Errors
    ///
    /// [`ConfusionTableError`] where there are fewer than two rows, or a row is not as long as there are rows.
    pub fn new(rows: Vec<Vec<u64>>) -> Result<Self, ConfusionTableError> {
        let categories = rows.len();
        if categories < 2 {
            return Err(ConfusionTableError::TooFewCategories { categories });
        }
        match rows.iter().map(Vec::len).enumerate().find(|&(_, found)| found != categories) {
            Some((row, found)) => Err(ConfusionTableError::NotSquare { row, found, categories }),
            None => Ok(Self { rows }),
        }
    }

    /// Counts pairs of categories, each numbered from 0.
    ///
    /// # Errors
    ///
    /// [`ConfusionTableError`] where there are fewer than two categories, or a pair names another one.
    pub fn from_pairs(
        categories: usize,
        pairs: impl IntoIterator<Item = (usize, usize)>,
    ) -> Result<Self, ConfusionTableError> {
        let mut table = Self::new(vec![vec![0; categories]; categories])?;
        for (first, second) in pairs {
            let cell = table.rows.get_mut(first).and_then(|row| row.get_mut(second));
            let cell = cell.ok_or(ConfusionTableError::UnknownCategory {
                category: first.max(second),
                categories,
            })?;
            *cell = cell.saturating_add(1);
        }
        Ok(table)
    }

    /// Returns the rows.
    pub fn rows(&self) -> &[Vec<u64>] {
        &self.rows
    }

    /// Returns one category as passed and all others as failed, for its sensitivity and specificity.
    ///
    /// `None` where there is no such category.
    pub fn one_against_rest(&self, category: usize) -> Option<BinaryTable> {
        if category >= self.rows.len() {
            return None;
        }
        let mut table = BinaryTable::default();
        for (row, column, count) in self.cells() {
            let cell = match (row == category, column == category) {
                (true, true) => &mut table.true_positives,
                (true, false) => &mut table.false_negatives,
                (false, true) => &mut table.false_positives,
                (false, false) => &mut table.true_negatives,
            };
            *cell = cell.saturating_add(count);
        }
        Some(table)
    }

    /// Returns the table as shares of all items; `None` of an empty table.
    pub(super) fn shares(&self) -> Option<Shares> {
        let total = sum(self.rows.iter().flatten().copied().map(real));
        let share = |count: &u64| real(*count) / total;
        let column = |j: usize| sum(self.rows.iter().filter_map(|row| row.get(j)).map(share));
        (total > 0.0).then(|| Shares {
            total,
            cells: self.rows.iter().map(|row| row.iter().map(share).collect()).collect(),
            rows: self.rows.iter().map(|row| sum(row.iter().map(share))).collect(),
            columns: (0..self.rows.len()).map(column).collect(),
        })
    }

    fn cells(&self) -> impl Iterator<Item = (usize, usize, u64)> {
        self.rows
            .iter()
            .enumerate()
            .flat_map(|(i, row)| row.iter().enumerate().map(move |(j, &count)| (i, j, count)))
    }
}

impl From<BinaryTable> for ConfusionTable {
    /// Makes the table with passed as its first category.
    fn from(table: BinaryTable) -> Self {
        let passed = vec![table.true_positives, table.false_negatives];
        let failed = vec![table.false_positives, table.true_negatives];
        Self { rows: vec![passed, failed] }
    }
}

impl TryFrom<Vec<Vec<u64>>> for ConfusionTable {
    type Error = ConfusionTableError;

    fn try_from(rows: Vec<Vec<u64>>) -> Result<Self, ConfusionTableError> {
        Self::new(rows)
    }
}

impl From<ConfusionTable> for Vec<Vec<u64>> {
    fn from(table: ConfusionTable) -> Self {
        table.rows
    }
}

/// Why counts are no table of two raters.
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ConfusionTableError {
    /// There is nothing to tell apart.
    #[error("{categories} categories: a table of two raters needs at least 2")]
    TooFewCategories {
        /// The number of categories.
        categories: usize,
    },
    /// A row has more or fewer cells than there are categories.
    #[error("row {row} has {found} cells where {categories} rows ask for {categories}")]
    NotSquare {
        /// The number of the row, from 0.
        row: usize,
        /// Its number of cells.
        found: usize,
        /// The number of rows.
        categories: usize,
    },
    /// A pair names a category that the table does not have.
    #[error("category {category} of {categories}: categories are numbered from 0")]
    UnknownCategory {
        /// The larger number of the pair.
        category: usize,
        /// The number of categories.
        categories: usize,
    },
}

/// A table as shares of all items.
#[derive(Debug)]
pub(super) struct Shares {
    /// The number of items.
    pub(super) total: f64,
    /// The share of each pair of categories.
    pub(super) cells: Vec<Vec<f64>>,
    /// The share of each category among the first rater's.
    pub(super) rows: Vec<f64>,
    /// The share of each category among the second rater's.
    pub(super) columns: Vec<f64>,
}

impl Shares {
    /// Returns the share of the items on which the raters differ.
    pub(super) fn disagreement(&self) -> f64 {
        let off_diagonal = self.cells.iter().enumerate().flat_map(|(i, row)| {
            row.iter().enumerate().filter(move |&(j, _)| i != j).map(|(_, &share)| share)
        });
        sum(off_diagonal)
    }

    /// Returns the share of each category among all ratings of both raters.
    pub(super) fn pooled(&self) -> Vec<f64> {
        self.rows.iter().zip(&self.columns).map(|(row, column)| 0.5 * (row + column)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_are_counted_in_their_cells() {
        let table = ConfusionTable::from_pairs(3, [(0, 1), (2, 2), (0, 1), (1, 0)]).unwrap();
        assert_eq!(table.rows(), [[0, 2, 0], [1, 0, 0], [0, 0, 1]]);
    }

    #[test]
    fn one_category_against_the_rest_keeps_every_item() {
        let table = ConfusionTable::new(vec![vec![5, 1, 2], vec![3, 7, 0], vec![4, 6, 8]]).unwrap();
        let middle = BinaryTable {
            true_positives: 7,
            false_negatives: 3,
            false_positives: 7,
            true_negatives: 19,
        };
        assert_eq!(table.one_against_rest(1), Some(middle));
        assert_eq!(middle.items(), 36);
        assert_eq!(table.one_against_rest(3), None);
    }

    #[test]
    fn a_binary_table_has_passed_first() {
        let table = BinaryTable {
            true_positives: 1,
            false_negatives: 2,
            false_positives: 3,
            true_negatives: 4,
        };
        let wide = ConfusionTable::from(table);
        assert_eq!(wide.rows(), [[1, 2], [3, 4]]);
        assert_eq!(wide.one_against_rest(0), Some(table));
    }

    #[test]
    fn counts_that_are_no_table_are_refused() {
        let error = |rows| ConfusionTable::new(rows).unwrap_err().to_string();
        assert_eq!(error(vec![]), "0 categories: a table of two raters needs at least 2");
        assert_eq!(error(vec![vec![1, 2], vec![3]]), "row 1 has 1 cells where 2 rows ask for 2");
        let unknown = ConfusionTable::from_pairs(2, [(0, 2)]).unwrap_err();
        assert_eq!(unknown.to_string(), "category 2 of 2: categories are numbered from 0");
    }

    #[test]
    fn counts_near_the_largest_integer_do_not_overflow() {
        let table = ConfusionTable::new(vec![vec![u64::MAX; 2]; 2]).unwrap();
        assert_eq!(table.one_against_rest(0).unwrap().items(), u64::MAX);
        assert!((table.shares().unwrap().disagreement() - 0.5).abs() < 1e-15);
    }
}
