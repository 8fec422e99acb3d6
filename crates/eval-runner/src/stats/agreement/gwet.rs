//! Agreement that does not fall where nearly all items are of one category: Gwet's AC1.

use super::{confusion::ConfusionTable, ratings::Ratings};
use crate::stats::{real::real_len, sum::sum};

/// Returns Gwet's AC1: `1 - D / (1 - E)`, with `D` the chance that two ratings of an item differ.
///
/// Chance agreement is `E = Σ p (1 - p) / (q - 1)` over the shares `p` of the `q` categories (Gwet 2008); it is at
/// most `1 / q`, so AC1 is always defined, and is 1 where all ratings are the same. A category that nobody used
/// counts in `q`. The range is from `-1 / (q - 1)` to 1.
pub fn gwet_ac1(ratings: &Ratings) -> f64 {
    ac1(ratings.disagreement(), &ratings.shares())
}

/// Returns [`gwet_ac1`] of two raters; `None` of an empty table.
pub fn gwet_ac1_two_raters(table: &ConfusionTable) -> Option<f64> {
    table.shares().map(|shares| ac1(shares.disagreement(), &shares.pooled()))
}

fn ac1(disagreement: f64, shares: &[f64]) -> f64 {
    let others = real_len(shares) - 1.0;
    let by_chance = sum(shares.iter().map(|share| share * (1.0 - share))) / others;
    1.0 - disagreement / (1.0 - by_chance)
}
