//! Do trials depend on when they ran, and do they differ at all.
//!
//! | question | function | source |
//! |---|---|---|
//! | does the pass rate change with the number of the trial | [`cochran_q`] | Cochran 1950 |
//! | do trials of a task ever disagree | [`never_disagree`] | counts |

mod cochran;
mod disagreement;

pub use cochran::{CochranQ, Drift, cochran_q};
pub use disagreement::never_disagree;
