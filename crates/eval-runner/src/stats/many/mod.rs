//! Many comparisons at once: p-values adjusted for their number.
//!
//! | question | function | source |
//! |---|---|---|
//! | which agents beat the baseline, with no false one among them | [`holm`] | Holm 1979 |
//! | which differences are worth a closer look, with few false ones among them | [`benjamini_hochberg`] | Benjamini and Hochberg 1995 |
//!
//! An adjusted p-value is held against the level as a single one is.

mod benjamini_hochberg;
mod holm;
mod p_values;

pub use benjamini_hochberg::benjamini_hochberg;
pub use holm::holm;
pub use p_values::PValueError;
