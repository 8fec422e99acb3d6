//! The crate as a user meets it, through its public names.

mod ambiguity;
mod auto_traits;
mod captured;
mod checks;
mod erased;
mod evals;
mod records;
mod spawned;
