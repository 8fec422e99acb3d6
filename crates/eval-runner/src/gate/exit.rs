//! The exit codes of a run: one verdict, one code.

/// The gate is met, or there is none and the run is complete.
pub const MET: u8 = 0;

/// The gate is missed.
pub const MISSED: u8 = 1;

/// The program was used wrongly: an argument that cannot be read, a gate that the trials cannot decide.
pub const USAGE: u8 = 2;

/// The run is incomplete: too many trials were not graded, or some were never run or are still to be scored anew.
pub const INCOMPLETE: u8 = 3;
