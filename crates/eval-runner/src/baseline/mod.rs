//! Baselines in a repository: what a run came to, in a file that is reviewed like a snapshot.
//!
//! ```json
//! {
//!   "format": "probity-baseline/1",
//!   "suite": "support",
//!   "agent": "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a",
//!   "trials": 5,
//!   "seed": 7,
//!   "cases": {
//!     "refund": {"passed":5,"failed":0,"not_graded":0,"input_tokens":8120,"output_tokens":514,"cost_usd":0.0312},
//!     "cancel": {"passed":3,"failed":2,"not_graded":0,"input_tokens":7800,"output_tokens":498,"cost_usd":0.0301}
//!   }
//! }
//! ```
//!
//! One line a case, in the order of the suite, without times and identifiers, so that a change of the file says what
//! has changed: the same run gives the same file. What a case spent is the sum of its trials; single trials are not
//! kept, so a baseline file has no percentiles and no durations. A [`Baseline`] is held against a run by its
//! [`facts`](Baseline::facts), as a run that a store keeps is; its [`drift`](Baseline::drift) says in words what
//! differs.

mod drift;
mod error;
mod file;
mod format;
mod read;
mod write;

pub use drift::{Drift, Moved};
pub use error::BaselineError;
pub use file::Baseline;
pub use write::Written;
