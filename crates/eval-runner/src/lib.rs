//! Runs an agent many times and says how reliable it is, with an honest range.
//!
//! ```
//! use probity_eval_runner::{Trial, TrialError, pass_hat_k};
//!
//! # futures::executor::block_on(async {
//! // An agent that fails one time in five.
//! async fn agent(seed: u64) -> Result<String, TrialError> {
//!     Ok(if seed % 5 == 0 { "no idea".into() } else { "the refund is 42".into() })
//! }
//!
//! let metric = pass_hat_k(4, || async {
//!     let trial = Trial::current().ok_or("no trial is running")?;
//!     Ok(agent(trial.seed()).await?.contains("42"))
//! })
//! .trials(20)
//! .seed(1)
//! .await?;
//!
//! println!("{metric}"); // all 4 pass    37.6%   11.6 – 71.4    pass^4
//! for record in metric.records.iter().filter(|record| !record.outcome.is_passed()) {
//!     println!("trial {}: {}\n{:?}", record.index, record.outcome, record.trace);
//! }
//! # Ok::<(), TrialError>(())
//! # }).unwrap();
//! ```
//!
//! # How the pieces fit
//!
//! A **trial** is one run of an agent on one **case**: a future that resolves to passed or not. It runs under a
//! capture of its own, so its trace explains its outcome. [`pass_at_k`] and [`pass_hat_k`] run one case many
//! times and give a [`KMetric`]; [`run_trials`] runs many cases and gives a [`TrialRun`], whose
//! [`report`](TrialRun::report) is a [`Report`]: printed for people, serialized for machines. Counts turn into
//! numbers and ranges in [`stats`], which knows nothing of the rest.
//!
//! # Passed, failed, not graded
//!
//! | what happened | outcome |
//! |---|---|
//! | the trial returned true | passed |
//! | it returned false | failed |
//! | it returned an error | failed, unless the infrastructure is to blame |
//! | it ran out of its time | failed, unless the infrastructure is to blame |
//! | it panicked | failed, and the message is kept |
//!
//! The infrastructure is to blame where the error, or any of its sources, is a [`NotGraded`], a broken network
//! connection ([`std::io::ErrorKind`]), a fault of the provider ([`TurnError`](probity_eval::TurnError)) or a judge
//! that gave no verdict ([`JudgeError`](probity_eval::JudgeError)), or where the trial's own trace shows a model call with an `error.type`
//! of rate limit (429), timeout, connection, 5xx or credentials that no later model call made good. Then the trial is **not
//! graded**: a headline counts it as failed, which cannot be gamed, and always shows how many there were; above
//! 5 % the result is incomplete. Where no trial at all was graded there is no result, but an error that holds
//! the trials.
//!
//! A [`capture`](probity_trace::capture()) inside a trial hides its model calls from the trial's trace and so from
//! this check, unless it is set [`visible_outside`](probity_trace::Capture::visible_outside).
//!
//! # How trials run
//!
//! All trials share the task that awaits them. So closures may borrow, nothing need be `Send`, and they overlap
//! where they wait, [`DEFAULT_CONCURRENCY`] at a time unless told otherwise; they do not compute in parallel, and
//! a time limit acts where a trial awaits. Only a time limit needs a runtime, which is tokio's. A panic ends its
//! own trial and no other. Results come in the order of cases and trials whichever ends first, and
//! [`Trial::current`] gives each trial a seed that depends on nothing but the run's seed, the case's name and the
//! trial's index.
//!
//! # Suites
//!
//! A [`Suite`] is cases, an agent, and named evals that judge its artifacts. A
//! [`Runner`] runs it on all cores of a tokio runtime: its agent is `Send + 'static` and spawned.
//! Evals run after the agent's capture has ended, under one of their own, so that the agent's trace and cost
//! hold nothing of a judge's. A trial whose infrastructure failed is tried again, a bounded number of times.
//!
//! # Runs that survive
//!
//! With a [store](Runner::store) a trial counts as finished once it is committed with its traces, so that a
//! process may be killed at any moment; a run that goes on ([`Resume`](runner::Resume)) runs the trials that are
//! missing, and no other. More trials are run on top; changed evals score what is there anew; a changed agent or case is
//! refused, with what differs. A trial that ends the process is found out and not tried for ever.
//!
//! # Two ranges
//!
//! For **new tasks like these**, the range comes from the differences between tasks
//! ([`effective_wilson`](stats::effective_wilson)). For **these tasks run again**, it comes from the differences
//! between trials ([`rerun_variance`](stats::rerun_variance)); it is the narrower one, and says nothing about
//! tasks that were not tried. A report prints the first beside each number and the second in words. The range of
//! a single task speaks of that task alone ([`one_task_metric`](stats::one_task_metric)).
//!
//! # Judges
//!
//! A pass rate that a judge gives is worth what labels show it to be worth. A [`Calibration`] compares verdicts with
//! human labels, prints the table with sensitivity, specificity and agreement beyond chance, and corrects the pass
//! rate of artifacts that nobody labeled; without labels it gives none.
//!
//! # Reading order
//!
//! [`trials`], then [`suite`], [`runner`] and [`store`], then [`facts`], [`report`] and [`gate`], then [`machine`],
//! [`reporters`] and [`html`], then [`calibration`], then [`stats`].
//!
//! | feature | default | what it adds |
//! |---|---|---|
//! | `cli` | yes | `command` and `main!`: a suite as the target of `cargo bench` and `cargo test`; live progress |
//! | `sqlite` | yes | runs are kept in a SQLite file |
//! | `junit` | with `cli` | reports as `JUnit` XML |
//! | `postgres` | no | runs are kept in a PostgreSQL database |
//!
//! The crate follows the workspace's minimum supported Rust version; until 1.0, minor versions may change the API.
#![warn(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::dbg_macro
)]

pub mod baseline;
pub mod calibration;
#[cfg(feature = "cli")]
pub mod command;
pub mod dataset;
pub mod facts;
pub mod gate;
pub mod html;
pub mod machine;
pub mod report;
pub mod reporters;
pub mod runner;
pub mod select;
pub mod stats;
pub mod store;
pub mod suite;
pub mod trials;

mod case;
mod date;
mod file;
mod nearest;
mod percent;
mod reason;

pub use calibration::{Calibration, Correction};
pub use case::Case;
pub use report::{Note, Report, ReportError, ReportSettings, TaskTally};
pub use runner::Runner;
pub use suite::{Answer, Suite};
pub use trials::{
    CaseRun, DEFAULT_CONCURRENCY, Failure, InTrial, KFuture, KMetric, KMetricError, KTrials,
    NotGraded, Outcome, RunFuture, RunTrials, RunTrialsError, SettingsError, Trial, TrialError,
    TrialRecord, TrialRun, pass_at_k, pass_hat_k, run_trials, trial_seed,
};
