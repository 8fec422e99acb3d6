//! Golden vectors: every vector of a block holds within its tolerance.
//!
//! The vectors come from the file named by `PROBITY_GOLDEN`, else from `tests/data/golden.json`.

mod agreement;
mod file;
mod metrics;
mod one_task;
mod real_data;
mod tasks;
