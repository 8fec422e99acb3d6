//! Runs a test a second time in a process of its own.

use std::{
    env,
    process::{Command, Output},
};

const IS_CHILD: &str = "PROBITY_TEST_IN_CHILD";

/// Runs `body` in a process of its own and returns what the process said; `name` is the full name of
/// the test that calls this.
///
/// In that process itself it runs `body` and returns `None`.
pub(crate) fn in_child(name: &str, body: impl FnOnce()) -> Option<Output> {
    if env::var_os(IS_CHILD).is_some() {
        body();
        return None;
    }
    let test_binary = env::current_exe().expect("a running test has a path");
    let output = Command::new(test_binary)
        .args(["--exact", name, "--nocapture", "--test-threads=1"])
        .env(IS_CHILD, "1")
        .output()
        .expect("a test binary can be started again");
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(said.contains("running 1 test"), "there is no test {name}");
    Some(output)
}
