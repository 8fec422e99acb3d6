//! Runs held against another one on the tasks that both have: how far apart they are, and what may be said of it.

mod build;
mod difference;
mod error;
mod many;
mod settings;
mod text;

pub use build::{ComparedTask, Comparison, ComparisonFormat};
pub use difference::{DifferenceMethod, DifferenceTest, MetricDifference};
pub use error::ComparisonError;
pub use many::Comparisons;
pub use settings::ComparisonSettings;
pub(crate) use text::signed;
