//! Running suites: every case k times, on all cores, with limits.

mod drive;
mod limits;
mod progress;
mod resume;
mod settings;
mod summary;
mod trial;

pub use drive::RunError;
pub use limits::TrialLimits;
pub use progress::{Notice, Progress, Start, Watch};
pub use resume::Resume;
pub use settings::Runner;
pub use summary::SuiteRun;
pub use trial::Finished;
