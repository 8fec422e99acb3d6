//! A judge against human labels: how far it can be trusted, and which pass rate its verdicts stand for.
//!
//! Labels are compared with verdicts in a [`Calibration`]. A verdict that is missing, because the judge's reply could
//! not be read or the model could not be reached, is **not graded**: it is no disagreement, is left out of every
//! number, and is always shown.
//!
//! | number | says | undefined where |
//! |---|---|---|
//! | agreement | how often label and verdict are the same | nothing has both |
//! | sensitivity | how many passes the judge finds | nothing is labeled as passed |
//! | specificity | how many failures the judge finds | nothing is labeled as failed |
//! | Cohen's kappa, Krippendorff's alpha | agreement beyond chance | labels and verdicts are all the same |
//! | Gwet's AC1 | the same, with chance that stays low at extreme pass rates | nothing has both |
//! | corrected pass rate | how many of all artifacts pass, from verdicts and labels | see [`Correction`] |
//!
//! Kappa falls and AC1 stays high where nearly everything passes or nearly everything fails. So the table,
//! sensitivity and specificity are printed beside them.
//!
//! A pass rate of the judge is never given without labels, and with fewer than [`MIN_LABELS`] it comes with a note.

mod build;
mod machine;
mod measures;
mod note;
mod rate;
mod text;
mod undefined;

pub use build::Calibration;
pub use note::{CalibrationNote, MIN_LABELS};
pub use rate::{CorrectedRate, Correction};
pub use undefined::Undefined;
