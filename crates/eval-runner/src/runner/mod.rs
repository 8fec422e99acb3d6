//! Running suites: every case k times, on all cores, with limits.

mod drive;
mod progress;
mod settings;
mod summary;
mod trial;

pub use drive::RunError;
pub use progress::{Progress, Watch};
pub use settings::Runner;
pub use summary::SuiteRun;
pub use trial::Finished;
