//! Agreement of two raters beyond chance: Cohen's kappa, plain and weighted.

use serde::{Deserialize, Serialize};

use super::confusion::{ConfusionTable, Shares};
use crate::stats::{
    real::{real, real_len},
    sum::sum,
};

/// Agreement beyond chance and its standard error.
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Kappa {
    /// 1 for full agreement, 0 for as much as chance gives, below 0 for less.
    pub value: f64,
    /// The large-sample standard error; 0 under full agreement and where a rater is constant, where it says nothing.
    pub se: f64,
}

/// How much a disagreement of ordered categories weighs, by their distance.
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KappaWeights {
    /// In proportion to the distance.
    Linear,
    /// In proportion to the square of the distance.
    Quadratic,
}

/// Returns the share of items on which two raters agree; `None` of an empty table.
pub fn raw_agreement(table: &ConfusionTable) -> Option<f64> {
    table.shares().map(|shares| 1.0 - shares.disagreement())
}

/// Returns Cohen's kappa: `1 - D / E`, with `D` the share of disagreements and `E` that expected by chance.
///
/// Chance is what two raters with the same margins give who know nothing of each other (Cohen 1960). The standard
/// error is that of Fleiss, Cohen and Everitt 1969 for large samples. `None` of an empty table, and where both
/// raters give the same single category: agreement is then certain by chance, and nothing can be beyond it.
///
/// # Examples
///
/// ```
/// use probity_eval_runner::stats::agreement::{ConfusionTable, cohen_kappa};
///
/// let table = ConfusionTable::new(vec![vec![25, 35], vec![5, 35]])?;
/// let kappa = cohen_kappa(&table).unwrap();
/// assert!((kappa.value - 7.0 / 27.0).abs() < 1e-12);
///
/// let constant = ConfusionTable::new(vec![vec![40, 0], vec![0, 0]])?;
/// assert_eq!(cohen_kappa(&constant), None);
/// # Ok::<(), probity_eval_runner::stats::agreement::ConfusionTableError>(())
/// ```
pub fn cohen_kappa(table: &ConfusionTable) -> Option<Kappa> {
    kappa(&table.shares()?, |i, j| if i == j { 0.0 } else { 1.0 })
}

/// Returns Cohen's kappa for ordered categories, where a near miss weighs less than a far one.
///
/// `D` and `E` of [`cohen_kappa`] weigh each disagreement with its distance, which is 1 between the first and the
/// last category (Cohen 1968); the standard error is the weighted one of Fleiss, Cohen and Everitt 1969. With two
/// categories all three kappas are one. `None` where [`cohen_kappa`] is.
pub fn weighted_kappa(table: &ConfusionTable, weights: KappaWeights) -> Option<Kappa> {
    let farthest = real_len(table.rows()) - 1.0;
    kappa(&table.shares()?, |i, j| {
        let apart = real(u64::try_from(i.abs_diff(j)).unwrap_or(u64::MAX)) / farthest;
        match weights {
            KappaWeights::Linear => apart,
            KappaWeights::Quadratic => apart * apart,
        }
    })
}

/// Kappa with disagreement weights `v`, 0 on the diagonal and above 0 elsewhere.
///
/// With `r` and `c` the margins, `v̄_i` the mean of `v_ij` over `c` and `v̄_j` that over `r`, the variance is that of
/// `v_ij - (v̄_i + v̄_j) D / E` over the cells, divided by `n E²`: the form of Fleiss, Cohen and Everitt in which
/// nothing cancels. Its mean is `-D`.
fn kappa(shares: &Shares, weight: impl Fn(usize, usize) -> f64) -> Option<Kappa> {
    let mean_weights = |margin: &[f64]| -> Vec<f64> {
        let mean = |i| sum(margin.iter().enumerate().map(|(j, share)| weight(i, j) * share));
        (0..margin.len()).map(mean).collect()
    };
    let (of_rows, of_columns) = (mean_weights(&shares.columns), mean_weights(&shares.rows));
    let expected = sum(shares.rows.iter().zip(&of_rows).map(|(share, mean)| share * mean));
    if expected <= 0.0 {
        return None;
    }
    let each_cell = |term: &dyn Fn(f64, f64, f64) -> f64| {
        sum(shares.cells.iter().zip(&of_rows).enumerate().flat_map(|(i, (row, of_row))| {
            let weight = &weight;
            row.iter()
                .zip(&of_columns)
                .enumerate()
                .map(move |(j, (share, of_column))| term(*share, weight(i, j), of_row + of_column))
        }))
    };
    let observed = each_cell(&|share, weight, _| share * weight);
    let ratio = observed / expected;
    let variance =
        each_cell(&|share, weight, means| share * (weight - means * ratio + observed).powi(2));
    Some(Kappa { value: 1.0 - ratio, se: (variance / shares.total).sqrt() / expected })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(rows: &[&[u64]], weights: KappaWeights, want: Kappa) {
        let table = ConfusionTable::new(rows.iter().map(|row| row.to_vec()).collect()).unwrap();
        let got = weighted_kappa(&table, weights).unwrap();
        assert!((got.value - want.value).abs() < 1e-12, "{got:?}");
        assert!((got.se - want.se).abs() < 1e-12, "{got:?}");
    }

    #[test]
    fn weighted_standard_errors_agree_with_statsmodels() {
        // statsmodels 0.15, `cohens_kappa(table, wt=...)`.
        let three: &[&[u64]] = &[&[44, 5, 1], &[7, 20, 3], &[9, 5, 6]];
        let (linear, quadratic) = (KappaWeights::Linear, KappaWeights::Quadratic);
        check(three, linear, Kappa { value: 9.0 / 19.0, se: 0.076_978_909_870_306_12 });
        check(three, quadratic, Kappa { value: 5.0 / 11.0, se: 0.093_979_697_775_726_01 });
        let four: &[&[u64]] = &[&[11, 3, 1, 0], &[1, 8, 3, 0], &[0, 2, 9, 4], &[0, 0, 1, 6]];
        check(four, linear, Kappa { value: 0.725_297_827_610_371_4, se: 0.064_817_534_219_670_56 });
        check(
            four,
            quadratic,
            Kappa { value: 0.838_461_538_461_538_5, se: 0.047_939_554_927_758_046 },
        );
    }

    #[test]
    fn raters_who_never_differ_and_never_vary_have_no_kappa() {
        for rows in
            [vec![vec![7, 0], vec![0, 0]], vec![vec![0, 0], vec![0, 7]], vec![vec![0; 2]; 2]]
        {
            let table = ConfusionTable::new(rows).unwrap();
            assert_eq!(cohen_kappa(&table), None);
            assert_eq!(weighted_kappa(&table, KappaWeights::Linear), None);
            assert_eq!(weighted_kappa(&table, KappaWeights::Quadratic), None);
        }
    }

    #[test]
    fn one_constant_rater_agrees_as_much_as_chance() {
        let table = ConfusionTable::new(vec![vec![7, 3], vec![0, 0]]).unwrap();
        assert!(cohen_kappa(&table).unwrap().value.abs() < 1e-15);
    }
}
