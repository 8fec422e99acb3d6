//! A suite as the target of `cargo bench` and `cargo test`: real processes, their output and their exit codes.
//!
//! With `PROBITY_TEST_SUITE` in the environment, the program is that suite; without it, it is the tests.

mod deciding;
mod harness;
mod measuring;
mod program;
mod signals;
mod suites;
mod testing;

use std::process::ExitCode;

use libtest_mimic::{Arguments, Trial};

fn main() -> ExitCode {
    if let Some(code) = suites::run() {
        return code;
    }
    let tests = [harness::TESTS, testing::TESTS, measuring::TESTS, deciding::TESTS, signals::TESTS]
        .concat();
    let tests = tests.into_iter().map(|(name, test)| {
        Trial::test(name, move || {
            test();
            Ok(())
        })
    });
    libtest_mimic::run(&Arguments::from_args(), tests.collect()).exit_code()
}

/// Names tests by their functions.
macro_rules! tests {
    ($($test:ident),+ $(,)?) => {
        pub(crate) const TESTS: &[(&str, fn())] =
            &[$((concat!(module_path!(), "::", stringify!($test)), $test)),+];
    };
}
pub(crate) use tests;
