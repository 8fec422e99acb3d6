//! A side effect that can be counted: a line in a file for each trial that came to its end.
//!
//! A run that was killed and resumed must not run a finished trial again. The file shows whether it did: it knows
//! nothing of the store, and a line in it stays.

use std::{env, fs::OpenOptions, io::Write as _};

use probity::{NotGraded, Trial};

/// The environment variable that names the file; without it there is no side effect.
const VARIABLE: &str = "PROBITY_EXAMPLE_LOG";

/// Adds the line `case index` to the file, in one write at its end, so that lines of many processes do not mix.
///
/// # Errors
///
/// If the file cannot be written. The trial is not graded then, for that is not the agent's fault.
pub(crate) fn leave(trial: &Trial) -> Result<(), NotGraded> {
    let Some(path) = env::var_os(VARIABLE) else {
        return Ok(());
    };
    let file = OpenOptions::new().create(true).append(true).open(path);
    let line = format!("{} {}\n", trial.case(), trial.index());
    file.and_then(|mut file| file.write_all(line.as_bytes())).map_err(NotGraded::new)
}
