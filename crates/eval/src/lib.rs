//! Judges a captured trace and the artifact that a program made, and scores what it finds.
//!
//! ```
//! use probity_eval::{PureEvalExt as _, all_of, from_fn, pass_fail};
//!
//! let collected = probity_trace::capture_sync(|| {
//!     tracing::info_span!("execute_tool", tool = "book_flight").in_scope(|| ());
//!     "Booked, thank you.".to_owned()
//! });
//!
//! let used_a_tool = from_fn(|trace, _: &str| Ok::<_, String>(trace.span_exists("execute_tool")));
//! let brief = from_fn(|_, answer: &str| Ok(answer.len())).map_report(|length| length < 80);
//!
//! let eval = all_of([
//!     used_a_tool.scored_by(pass_fail(|used| *used)).named("used a tool").boxed(),
//!     brief.scored_by(pass_fail(|brief| *brief)).named("brief").boxed(),
//! ]);
//! let record = eval.run(collected);
//!
//! assert!(record.passed());
//! assert_eq!(record.score().map(|score| score.value()), Some(1.0));
//! assert!(record.trace.span_exists("execute_tool"));
//! ```
//!
//! # How the pieces fit
//!
//! ```text
//! trace + artifact -> eval -> report -> objective -> Score
//! ```
//!
//! An **artifact** is what the program under test made; its trace is what
//! [`probity_trace`] captured while it ran.
//! An **eval** looks at both and gives a **report**, a value of any type, or an error.
//! An [`Objective`] turns the report into a [`Score`] in 0..=1, which passes from the pass mark on.
//! Both together are a [`Scored`] report; with the trace they are an [`EvalRecord`].
//!
//! An error says that the artifact could not be judged.
//! That is *not graded*, which is not the same as *failed*: an error never becomes a score unless
//! [`or_else`](PureEvalExt::or_else) says which.
//!
//! # Ready-made checks
//!
//! The module [`checks`] has the evals that most suites need. Their reports know their own score, so that
//! `contains("Paris").scored()` is all it takes.
//!
//! | what is judged | checks |
//! |---|---|
//! | a text | [`exact`](checks::exact), [`contains`](checks::contains), [`regex`](checks::regex), [`edit_distance`](checks::edit_distance) |
//! | a number or JSON | [`close_to`](checks::close_to), [`json_schema`](checks::json_schema), [`json_diff`](checks::json_diff) |
//! | tool calls | [`tool_used`](checks::tool_used), [`tool_not_used`](checks::tool_not_used), [`tool_arguments`](checks::tool_arguments), [`trajectory_match`](checks::trajectory_match) |
//! | spans | [`span_exists`](checks::span_exists), [`span_count`](checks::span_count), [`spans_ordered`](checks::spans_ordered) |
//! | what it took | [`max_duration`](checks::max_duration), [`max_tokens`](checks::max_tokens), [`max_cost`](checks::max_cost) with [`Prices`] |
//! | failures | [`no_errors`](checks::no_errors) |
//!
//! # Two kinds of eval
//!
//! A [`PureEval`] computes; an async [`Eval`] may wait, for a judge say, and is given a context, the
//! [`Llm`]. A type is one or the other, never both, so that every chain of combinators has one
//! meaning even with all traits imported. [`lift`](PureEvalExt::lift) is the one way across.
//!
//! Write a leaf as a closure with [`from_fn`] or [`from_async_fn`], or as a type that implements the
//! trait. Then build on it.
//!
//! # The menu
//!
//! On both kinds, with [`PureEvalExt`] or [`EvalExt`] imported:
//!
//! | method | what it does |
//! |---|---|
//! | [`map_report`](PureEvalExt::map_report) | turns the report into another |
//! | [`map_error`](PureEvalExt::map_error) | turns the error into another |
//! | [`and_then`](PureEvalExt::and_then) | turns the report into another, or into an error |
//! | [`or_else`](PureEvalExt::or_else) | turns the error into a report, or into another error |
//! | [`contramap_artifact`](PureEvalExt::contramap_artifact) | judges a part of a larger artifact |
//! | [`contramap_artifact_owned`](PureEvalExt::contramap_artifact_owned) | judges what is computed from another artifact |
//! | [`combine`](PureEvalExt::combine) | runs two evals and merges their reports |
//! | [`scored_by`](PureEvalExt::scored_by) | scores the report by an objective |
//! | [`scored`](PureEvalExt::scored) | scores a report that knows its own score |
//! | [`in_words`](PureEvalExt::in_words) | leaves of a scored report its text, so that different evals fit into one list |
//! | [`named`](PureEvalExt::named) | gives a name, under which lists report the eval |
//! | [`boxed`](PureEvalExt::boxed) | erases the type, so that different evals fit into one list |
//! | [`lift`](PureEvalExt::lift) | makes a pure eval async |
//! | [`run_collected`](PureEvalExt::run_collected) | judges what a capture gave, and leaves it with the caller |
//! | [`run`](PureEvalExt::run) | judges what a capture gave, and returns the record |
//!
//! Of lists of scored evals: [`all_of`] scores the lowest, [`any_of`] the highest, [`weighted`] the
//! weighted mean.
//!
//! Objectives: [`maximize`], [`minimize`] and [`pass_fail`] take a closure over the report. A number
//! outside 0..=1 needs a range, as in `minimize(|ms: &f32| *ms).within(0.0..=2000.0)`.
//!
//! Judges ask a model: [`RubricJudge`] by criteria, [`PairwiseJudge`] which of two is better,
//! [`JudgeEval`] anything, and a [`Panel`] asks several of them. [`judging`] says how, and what their
//! numbers are worth.
//!
//! # Models of a whole run
//!
//! Many evals at once ask more than a provider allows. [`RateLimits`] say how many requests and tokens per minute it
//! may be, and a [`RateLimiter`] keeps all calls of a run to them, slows down where providers refuse calls, and counts
//! what was waited: see [`rate_limit`].
//!
//! # Reading order
//!
//! [`PureEval`], [`PureEvalExt`], [`Score`], [`Objective`], [`EvalRecord`], then [`Eval`] and
//! [`EvalExt`]. The modules [`combinators`], [`leaf`] and [`objectives`] hold the types that the
//! functions and methods return.
//!
//! # Features and limits
//!
//! There are no feature flags. The crate opens no file and no connection and knows no async
//! runtime: what an eval waits for, it brings along.
//!
//! # Stability
//!
//! Before 1.0 a minor version may break; the changelog says what. The public dependencies are
//! `probity-trace`, `async-trait` (re-exported as [`macro@async_trait`]), `futures`, `schemars` (re-exported as
//! [`schemars`]), `serde` and `serde_json`. The minimum
//! supported Rust version is that of the workspace; raising it is a minor version.
#![warn(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::dbg_macro
)]
#![cfg_attr(
    test,
    allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        clippy::indexing_slicing,
        reason = "a failing test panics"
    )
)]

#[doc = include_str!("../docs/judging.md")]
pub mod judging {}

pub mod checks;
pub mod combinators;
pub mod judge;
pub mod leaf;
pub mod model;
pub mod objectives;
pub mod prices;
pub mod probe;
pub mod rate_limit;
pub mod scripted;

mod answer_schema;
mod budget;
mod captured;
mod eval;
mod eval_ext;
mod excerpt;
mod into_score;
mod json_value;
mod llm;
mod objective;
mod pass_mark;
mod pointer;
mod pure_eval;
mod pure_eval_ext;
mod record;
mod score;
mod scored;
mod scored_error;
mod self_scoring;
mod session;
#[cfg(test)]
mod testing;
mod turn;
mod type_name;

pub use async_trait::async_trait;
pub use schemars;

pub use self::{
    answer_schema::{AnswerSchema, InvalidAnswer, InvalidSchema},
    budget::{Budget, BudgetError, BudgetLimit, Spent},
    captured::Captured,
    combinators::{BoxEval, BoxPureEval, GroupError, Part, all_of, any_of, weighted},
    eval::Eval,
    eval_ext::EvalExt,
    into_score::IntoScore,
    judge::{JudgeError, JudgeEval, PairwiseJudge, Panel, RubricJudge},
    leaf::{BoxFuture, from_async_fn, from_fn},
    llm::{Llm, RetryPolicy},
    model::{Model, ModelError, ModelInput, RawTelemetryConfig},
    objective::{Objective, ObjectiveError},
    objectives::{maximize, minimize, pass_fail},
    prices::{Price, Prices},
    probe::{CaptureProbeExt, Probe, Probed, StopReason},
    pure_eval::PureEval,
    pure_eval_ext::PureEvalExt,
    rate_limit::{RateLimiter, RateLimits},
    record::{EvalRecord, RawEvalRecord},
    score::{InvalidScore, Score},
    scored::Scored,
    scored_error::ScoredError,
    self_scoring::SelfScoring,
    session::Session,
    turn::{
        RequestedToolCall, StructuredTurn, StructuredTurnResult, TextTurn, TextTurnResult,
        TurnError, TurnStream,
    },
};
