//! What it means for a command that a run was not run, or not to its end.

use super::error::CommandError;
use crate::{runner::RunError, store::StoreError};

/// Makes the error of a command, with what the user can do.
pub(super) fn command_error(error: RunError) -> CommandError {
    match error {
        RunError::Changed { run, differences } => CommandError::usage(format_args!(
            "run {run} cannot go on: {}; --allow-changed begins a new one",
            differences.join(", ")
        )),
        RunError::Store(error) => store_error(&error),
        error @ RunError::StoreFailed { .. } => {
            CommandError::incomplete(&error).with_advice("--resume goes on with it")
        }
        error => CommandError::wrong(&error),
    }
}

/// Makes the error of a store that failed before anything was run.
pub(super) fn store_error(error: &StoreError) -> CommandError {
    if error.may_pass() { CommandError::incomplete(error) } else { CommandError::wrong(error) }
}
