//! Two agents compared: how far apart they are, with a range, and what may be said of it.
//!
//! The **first** agent is the one that is judged, the **second** the one it is held against, such as a baseline;
//! every difference is the first minus the second. Agents that ran on the same tasks are compared task by task,
//! which separates with half as many tasks. A p-value is for those who ask; the range says more.
//!
//! | question | function | source |
//! |---|---|---|
//! | which tasks do both have | [`pair_up`] | by name |
//! | how far apart are they on any m-of-k metric | [`compare_paired`] | Newcombe 1998 and MOVER, at effective sizes |
//! | the same for tasks that come in groups | [`compare_grouped`] | Miller 2024 |
//! | the same on different tasks | [`compare_unpaired`] | MOVER without a correlation |
//! | the same for estimates of any kind | [`mover`] | Newcombe 1998 |
//! | may one be called better | [`conclude`] | the range excludes 0 |
//! | could chance alone give the average difference | [`sign_flip`] | randomization |
//! | could chance alone give the differences on every task | [`stratified`] | Mantel and Haenszel 1959, exact |
//! | the range with one trial of each task | [`newcombe`], [`tango`] | Newcombe 1998, Tango 1998 |
//! | the test with one trial of each task | [`mcnemar`] | `McNemar` 1947, mid-p |

mod conclusion;
mod mcnemar;
mod mover;
mod newcombe;
mod outcomes;
mod p_value;
mod paired;
mod paired_spread;
mod pairing;
mod sign_flip;
mod stratified;
mod tango;
mod unpaired;

pub use conclusion::{Conclusion, conclude};
pub use mcnemar::{McNemar, mcnemar};
pub use mover::{Ranged, mover};
pub use newcombe::newcombe;
pub use outcomes::PairedOutcomes;
pub use p_value::{PMethod, PValue};
pub use paired::{Difference, Paired, compare_grouped, compare_paired};
pub use paired_spread::PairedSpread;
pub use pairing::{Pair, Pairing, PairingError, pair_up};
pub use sign_flip::sign_flip;
pub use stratified::stratified;
pub use tango::tango;
pub use unpaired::{Unpaired, compare_unpaired};
