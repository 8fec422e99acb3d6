//! The program on real stores: what it prints, and its exit codes.

mod looking;
mod merging;
mod planning;
mod program;
mod reporting;
