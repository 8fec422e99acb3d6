//! The behavior of the crate through its public names.

mod auto_traits;
mod calibration;
mod comparison;
mod current;
mod errors;
mod isolation;
mod k_metrics;
mod machine;
mod order;
mod outcomes;
mod report;
mod report_facts;
mod report_notes;
mod support;
