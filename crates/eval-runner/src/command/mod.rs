//! A suite as the target of a command: `cargo bench`, `cargo test`, cargo-nextest.
//!
//! ```no_run
//! use std::sync::Arc;
//!
//! use probity_eval_runner::{Case, suite::Suite};
//!
//! fn suite() -> Suite<i32, (), i32> {
//!     Suite::new("doubler", [Case::new("two", 2), Case::new("three", 3)])
//!         .agent("1", |case: Arc<Case<i32>>| async move { Ok(case.input * 2) })
//! }
//!
//! probity_eval_runner::main!(suite);
//! ```
//!
//! The target needs no harness of Rust's own:
//!
//! ```toml
//! [[bench]]
//! name = "reliability"
//! harness = false
//! ```
//!
//! `cargo bench --bench reliability` then measures the suite, `cargo test --benches` and `cargo nextest run --benches`
//! run each case as a test. `cargo bench --bench reliability -- --help` lists the arguments, most of which are those
//! of libtest and of criterion.
//!
//! # Measuring
//!
//! With `--bench`, which `cargo bench` adds, the suite is measured. The run is kept in `probity.db` in the folder of the
//! package unless `--store` says otherwise, and a report is printed. One that was interrupted goes on with `--resume`.
//!
//! # Testing
//!
//! Without `--bench`, each case is a test. It passes if it meets the rules of the gate for `each:` case; without such
//! rules, if one of its trials passes. Rules about the whole run are held against runs of all cases; no gate passes where
//! more than 5 % of the trials were not graded. Nothing is kept unless `--store` says where. `--dry`, the files and the
//! baselines that arguments ask for are as when measuring; the step summary of GitHub is written of all cases only,
//! since cargo-nextest runs a process for each.
//!
//! # Ending
//!
//! A run that `--stop-when` ended by its results has biased pass rates, so that no gate asks for another pass rate beside
//! that rule. A gate is for the whole run: of a `--shard` it is not asked.
//!
//! The first SIGINT or SIGTERM lets the trials under way finish, a second drops them, a third ends the process at once.
//! Whatever had finished is kept. One verdict gives one [exit code](crate::gate::exit).

mod arguments;
mod baseline;
mod choose;
mod conclude;
mod console;
mod error;
mod findings;
mod gating;
mod into_suite;
mod job;
mod list;
mod measure;
mod name;
mod outputs;
mod plan;
mod ready;
mod run;
mod run_error;
mod settings;
mod signals;
mod stopping;
mod test_mode;
mod words;

pub use into_suite::{IntoSuite, Setup};
pub use run::{main, main_async};

/// Makes a suite the program: defines `fn main`.
///
/// It takes the path of a function without arguments that returns what [`IntoSuite`](crate::command::IntoSuite) is
/// for: a suite, alone or with a runner, or a result of these. The function is called inside the tokio runtime. With
/// `async` before the path, the function is awaited.
///
/// See [`command`](crate::command).
#[macro_export]
macro_rules! main {
    (async $suite:path) => {
        fn main() -> ::std::process::ExitCode {
            $crate::command::main_async($suite)
        }
    };
    ($suite:path) => {
        fn main() -> ::std::process::ExitCode {
            $crate::command::main($suite)
        }
    };
}
