//! The report: a table for each workload, a table across them, and a file.

mod comparisons;
mod json;
mod results;
mod table;

pub(crate) use self::comparisons::comparisons;
pub(crate) use self::json::{create, write};
pub(crate) use self::results::Results;
pub(crate) use self::table::table;
