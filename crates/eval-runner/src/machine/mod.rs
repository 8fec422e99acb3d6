//! A run as machines read it: everything that its numbers can be derived from again.
//!
//! [`MachineReport`] lies beside [`report`](crate::report), on which it rests, as it holds what a store knows of a run
//! too. Times, tries and identifiers are in its [`run`](MachineReport::run) and nowhere else, so that the rest of two
//! runs of the same seed is equal.

mod build;
mod case;
mod gate;
mod run;

pub use build::{MachineFormat, MachineReport};
pub use case::MachineCase;
pub use gate::MachineGate;
pub use run::{CaseCourse, MachineRun};
