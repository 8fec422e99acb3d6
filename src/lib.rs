//! Tells how reliable an LLM agent is: captures what it does, judges it, and runs it many times.
//!
//! ```
//! use probity::{PureEvalExt as _, TraceSnapshot, Trial, TrialError, capture, from_fn, pass_fail, pass_hat_k};
//!
//! // The agent: any code that emits `tracing` spans. This one forgets its tool now and then.
//! async fn agent(seed: u64) -> String {
//!     if seed % 8 != 0 {
//!         tracing::info_span!("execute_tool", gen_ai.tool.name = "search").in_scope(|| ());
//!     }
//!     "It is 39 euros.".to_owned()
//! }
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), TrialError> {
//! // The eval: did it look the price up, or make it up? The answer does not say, the trace does.
//! let looked_up = from_fn(|trace: &TraceSnapshot, _: &String| {
//!     Ok::<_, String>(trace.span_exists("execute_tool"))
//! })
//! .scored_by(pass_fail(|found: &bool| *found));
//!
//! // The number: how likely is it that four runs in a row pass?
//! let metric = pass_hat_k(4, || async {
//!     let seed = Trial::current().map_or(0, |trial| trial.seed());
//!     let collected = capture(agent(seed)).await;
//!     Ok(looked_up.run_collected(&collected)?.passed)
//! })
//! .trials(40)
//! .await?;
//!
//! println!("{metric}");
//! assert!(metric.range.lo < metric.rate && metric.rate < metric.range.hi);
//! # Ok(())
//! # }
//! ```
//!
//! # How the pieces fit
//!
//! ```text
//! program -> capture -> TraceSnapshot -> eval -> report -> objective -> Score
//!                                     -> trial (x k) -> metric with a range -> run report
//! ```
//!
//! [`capture`] wraps any future and resolves to its output and a [`TraceSnapshot`] of the spans and events
//! in it. An **eval** ([`PureEval`], or the async [`Eval`]) looks at both and gives a **report**; an
//! **objective** ([`maximize`], [`minimize`], [`pass_fail`]) makes a score of it. A **trial** is one
//! run that passed or failed; [`pass_at_k`], [`pass_hat_k`] and [`run_trials`] run many of them and estimate
//! the chance that they pass, with a range. A [`Suite`] is [`Case`]s, an agent and evals;
//! [`main!`] makes it a target of `cargo bench` and `cargo test`, whose runs are stored, resumed, compared and gated.
//! Evals that ask a model do so through an [`Llm`]; a [`Probe`] watches a turn or a whole run while it happens, and may
//! end it. What could not be graded is an error at every step, and never counts silently as passed or as failed.
//!
//! # Where to go on
//!
//! This page has the names of the first hour. Each crate has a guide of its own:
//!
//! | module | guide to |
//! |---|---|
//! | [`trace`] | capturing, in every situation: tasks, threads, filters, limits, secrets; asking a trace |
//! | [`mod@trace::observe`] | [`macro@observe`], which turns any function into a span; sessions, projects, switches |
//! | [`eval`] | evals, objectives, ready-made checks and the menu of combinators; models, judges and probes |
//! | [`runner`] | suites, stored runs, trials, metrics, ranges, what "not graded" means; [`runner::stats`] has the formulas |
//! | [`runner::command`] | a suite as a cargo target: arguments, tests, signals, exit codes |
//! | [`adapters`] | models over rig, genai and async-openai; result files of tau-bench |
//!
//! [`first_benchmark`] gets your own agent measured, in one page. `benches/reliability` is a suite of some size:
//! `cargo bench --bench reliability` runs it, offline.
//!
//! The examples, in reading order: `quickstart`, `compose_evals`, `captures_and_tasks`, `observed_functions`, `watch_live`,
//! `live_probe`, `judge`, `reliability_run`, `tau_bench`. Start with `cargo run --release --example quickstart`.
//!
//! # Features
//!
//! | feature | default | what it adds |
//! |---|---|---|
//! | `cli` | yes | [`main!`](crate::main): makes a suite the target of `cargo bench` and `cargo test` |
//! | `sqlite` | yes | keeps runs in a SQLite file |
//! | `postgres` | no | keeps runs in a PostgreSQL database |
//! | `genai` | no | `adapters::genai`: asks models through genai, any of its providers |
//! | `openai` | no | `adapters::openai`: asks models through async-openai, and records what programs do that use it |
//! | `rig` | no | `adapters::rig`: asks models through rig, taps the clients of agents written with it, has its prices |
//! | `tau-bench` | no | `adapters::tau_bench`: reads result files of tau-bench and replays them |
//!
//! # Stability
//!
//! Before 1.0 a minor version may break; the changelog says what. The minimum supported Rust version
//! is that of the workspace; raising it is a minor version.

/// [capturing]: crate::trace::capturing
#[doc = include_str!("../docs/first-benchmark.md")]
pub mod first_benchmark {}

pub use probity_adapters as adapters;
pub use probity_eval as eval;
pub use probity_eval_runner as runner;
pub use probity_trace as trace;

pub use probity_eval::{
    CaptureProbeExt, Eval, EvalExt, EvalRecord, Llm, Model, ModelInput, Probe, PureEval,
    PureEvalExt, Scored, Session, StopReason, all_of, checks, from_fn, maximize, minimize,
    pass_fail,
};
#[cfg(feature = "cli")]
pub use probity_eval_runner::main;
pub use probity_eval_runner::{
    Answer, Case, KMetric, NotGraded, Report, Runner, Suite, Trial, TrialError, pass_at_k,
    pass_hat_k, run_trials,
};
/// The options, and what is recorded, are told at [`mod@trace::observe`].
///
/// # Examples
///
/// ```
/// use probity::{capture_sync, observe};
///
/// #[observe(tool)]
/// fn double(number: u32) -> u32 {
///     number * 2
/// }
///
/// let trace = capture_sync(|| double(4)).trace;
/// assert_eq!(trace.genai().tool_calls()[0].result, Some(8.into()));
/// ```
pub use probity_macros::observe_facade as observe;
pub use probity_macros::trajectory;
pub use probity_trace::{
    Collected, SpanRef, TraceEvent, TraceSnapshot, Tracer, capture, capture_raw, capture_sync,
    layer, spawn,
};

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
