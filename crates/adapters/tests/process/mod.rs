//! Tests that need a variable of the environment, and so a process of their own.

use std::{env, process::Command};

/// Runs a test again in a process that has the variable, and returns whether this is that process.
///
/// A test that is told `false` has nothing left to do: it has passed in the other process.
pub(crate) fn has_variable(test: &str, variable: &str, value: &str) -> bool {
    if env::var(variable).is_ok_and(|own| own == value) {
        return true;
    }
    let mut run = Command::new(env::current_exe().unwrap());
    run.args(["--exact", test, "--nocapture"]).env(variable, value);
    let run = run.output().unwrap();
    let said = String::from_utf8_lossy(&run.stdout);
    let complained = String::from_utf8_lossy(&run.stderr);
    assert!(run.status.success() && said.contains("1 passed"), "{said}\n{complained}");
    false
}
