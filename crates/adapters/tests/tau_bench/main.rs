//! The tau-bench adapter, through its public API.

mod files;
mod grading;
mod reading;
mod replaying;
mod whole_file;
