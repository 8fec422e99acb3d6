//! The report of a run: what is printed, and what machines read.

mod build;
mod metric;
mod note;
pub(crate) mod row;
mod summary;
mod task;
mod text;

pub use build::{Report, ReportError, ReportFormat, ReportSettings};
pub use metric::{Method, Metric, MetricError};
pub use note::Note;
pub use summary::{Consistency, Readings};
pub use task::TaskTally;
