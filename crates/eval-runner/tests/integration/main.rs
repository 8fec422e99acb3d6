//! The behavior of the crate through its public names.

mod auto_traits;
mod calibration;
mod current;
mod errors;
mod isolation;
mod k_metrics;
mod order;
mod outcomes;
mod report;
mod report_notes;
mod support;
