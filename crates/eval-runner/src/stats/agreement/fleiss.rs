//! Agreement of several raters beyond chance: Fleiss' kappa.

use super::ratings::Ratings;
use crate::stats::sum::sum;

/// Returns Fleiss' kappa: `1 - D / E`, with `D` the chance that two ratings of an item differ and `E = Σ p (1 - p)`
/// over the shares `p` of the categories.
///
/// Source: Fleiss 1971. `None` where all ratings are of one category, which makes agreement by chance certain.
pub fn fleiss_kappa(ratings: &Ratings) -> Option<f64> {
    let shares = ratings.shares();
    if shares.iter().filter(|&&share| share > 0.0).count() < 2 {
        return None;
    }
    let expected = sum(shares.into_iter().map(|share| share * (1.0 - share)));
    Some(1.0 - ratings.disagreement() / expected)
}
