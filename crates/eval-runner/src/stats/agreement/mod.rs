//! How far raters agree, and what a judge's verdicts say once some of them are checked against labels.
//!
//! A **rater** puts an **item** into one of several **categories**. Where one rater is the truth, such as a human
//! label, the other is called the judge. Every number that the data leave open is `None`, never 1 and never NaN.
//!
//! | question | function | source |
//! |---|---|---|
//! | which pairs of categories did two raters give | [`ConfusionTable`], [`BinaryTable`] | counts |
//! | how often do they agree | [`raw_agreement`] | share of the diagonal |
//! | the same beyond chance | [`cohen_kappa`], [`weighted_kappa`] | Cohen 1960 and 1968, Fleiss and others 1969 |
//! | the same for several raters of every item | [`fleiss_kappa`] | Fleiss 1971 |
//! | the same where nearly all items are of one category | [`gwet_ac1`], [`gwet_ac1_two_raters`] | Gwet 2008 |
//! | the same with missing values or ordered categories | [`krippendorff_alpha`], [`krippendorff_alpha_two_raters`] | Krippendorff 2011 |
//! | how many passes and failures does a judge find | [`BinaryTable::sensitivity`], [`BinaryTable::specificity`] | Wilson 1927 |
//! | which pass rate is behind the judge's | [`rogan_gladen`], [`rogan_gladen_range`] | Rogan and Gladen 1978, Lang and Reiczigel 2014 |
//! | the same without trusting the judge | [`ppi_mean`], [`ppi_pass_rate`] | Angelopoulos and others 2023 |
//! | which pass rate do the labels alone show | [`label_mean`] | normal interval |
//!
//! Kappa falls and AC1 stays high where nearly all items are of one category, so neither says enough alone: show
//! the table, sensitivity and specificity beside them.

mod binary;
mod cohen;
mod confusion;
mod estimate;
mod fleiss;
mod gwet;
mod krippendorff;
mod lang_reiczigel;
mod ppi;
mod ratings;
mod rogan_gladen;
mod weighted;

pub use binary::BinaryTable;
pub use cohen::{Kappa, KappaWeights, cohen_kappa, raw_agreement, weighted_kappa};
pub use confusion::{ConfusionTable, ConfusionTableError};
pub use estimate::Estimate;
pub use fleiss::fleiss_kappa;
pub use gwet::{gwet_ac1, gwet_ac1_two_raters};
pub use krippendorff::{
    Alpha, KrippendorffError, Scale, krippendorff_alpha, krippendorff_alpha_two_raters,
};
pub use lang_reiczigel::rogan_gladen_range;
pub use ppi::{Lambda, PpiError, PpiMean, label_mean, ppi_mean, ppi_pass_rate};
pub use ratings::{Ratings, RatingsError};
pub use rogan_gladen::{RoganGladen, RoganGladenError, rogan_gladen};
