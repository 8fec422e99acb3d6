//! Running suites: every case k times, on all cores, with limits, and so that a crash loses nothing.
//!
//! ```text
//! drive.rs      opens the run, starts workers, ends it
//!   opening.rs    a new run, or one that goes on: what has finished, what was under way
//!   claim.rs      no other process runs it at the same time
//!   agenda.rs     which trial begins next
//!   feed.rs       counts attempts in the store, and hands trials to workers
//!   shared.rs     what a worker does: try, wait, try again, store, count
//!     trial.rs      one attempt: the agent under a capture, then the evals under another
//!     keep.rs       stores a trial
//!   rescore.rs    scores stored trials anew
//!   suspects.rs   runs the trials that may have ended the process
//!   journal.rs    which trials these are
//! ledger.rs     what has become of the trials
//! preview.rs    what a run would do, without running anything
//! ```

mod agenda;
mod claim;
mod drive;
mod error;
mod feed;
mod held;
mod journal;
mod keep;
mod keepers;
mod ledger;
mod limits;
mod opening;
mod preview;
mod progress;
mod rescore;
mod resume;
mod settings;
mod shared;
mod spending;
mod stop;
mod summary;
mod suspects;
mod trial;

pub use error::RunError;
pub use preview::Preview;
pub use progress::{Notice, Progress, Start, Watch};
pub use resume::Resume;
pub use settings::Runner;
pub use summary::SuiteRun;
/// Ends a run; see [`Runner::drain_with`] and [`Runner::cancel_with`].
pub use tokio_util::sync::CancellationToken;
pub use trial::Finished;
