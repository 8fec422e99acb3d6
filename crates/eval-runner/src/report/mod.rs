//! The report of a run: what is printed, and what machines read.

mod besides;
mod build;
mod comparison;
mod effort;
mod groups;
mod metric;
mod note;
pub(crate) mod row;
mod summary;
mod task;
mod text;

pub(crate) use besides::Besides;
pub use build::{Report, ReportError, ReportFormat, ReportSettings};
pub(crate) use comparison::signed;
pub use comparison::{
    ComparedTask, Comparison, ComparisonError, ComparisonFormat, ComparisonSettings, Comparisons,
    DifferenceMethod, DifferenceTest, MetricDifference,
};
pub use effort::{Course, ModelSpending, Seconds, Spent};
pub use metric::{Method, Metric, MetricError, Ranges};
pub use note::Note;
pub use summary::{Consistency, Readings};
pub use task::TaskTally;
