//! Ready-made checks: pure evals of texts, numbers, JSON, tool calls, spans, time, tokens, cost and errors.
//!
//! Each check is made by a function and is a struct of the same name. Its report is a small struct that
//! says what was expected and what was found, prints itself, is written and read by serde, and knows
//! its own score, so that [`scored`](crate::PureEvalExt::scored) needs no objective.
//!
//! | check | passes where |
//! |---|---|
//! | [`exact`] | the text is the expected one |
//! | [`contains`] | a text is in it |
//! | [`regex`] | a regular expression matches |
//! | [`edit_distance`] | it is similar enough to the expected text |
//! | [`close_to`] | the number, or the number in the text, is near the expected one |
//! | [`json_schema`] | the JSON follows a schema |
//! | [`json_diff`] | the JSON is the expected one |
//! | [`tool_used`] | a tool was called |
//! | [`tool_not_used`] | a tool was not called |
//! | [`tool_arguments`] | a tool was called with such arguments |
//! | [`trajectory_match`] | the expected tools were called |
//! | [`span_exists`] | a span matches |
//! | [`span_count`] | so many spans match |
//! | [`spans_ordered`] | spans were opened in this order |
//! | [`max_duration`] | the program took at most so long |
//! | [`max_tokens`] | model calls used at most so many tokens |
//! | [`max_cost`] | model calls cost at most so much |
//! | [`no_errors`] | nothing failed |
//! | [`not`] | another check fails |
//!
//! # Together
//!
//! Checks differ in their reports; [`in_words`](crate::PureEvalExt::in_words) makes texts of them, and
//! then they fit into one list, with evals of your own as well:
//!
//! ```
//! use std::time::Duration;
//!
//! use probity_eval::{
//!     PureEvalExt as _, all_of,
//!     checks::{contains, json_schema, max_duration, no_errors, not, tool_used},
//!     from_fn, pass_fail,
//! };
//! use serde_json::json;
//!
//! let collected = probity_trace::capture_sync(|| {
//!     tracing::info_span!("search", gen_ai.operation.name = "execute_tool", gen_ai.tool.name = "search")
//!         .in_scope(|| ());
//!     r#"{"city": "Paris"}"#.to_owned()
//! });
//!
//! let short = from_fn(|_, answer: &str| Ok::<_, String>(answer.len()));
//! let eval = all_of([
//!     contains("Paris").scored().in_words().named("answer").boxed(),
//!     not(contains("sorry")).scored().in_words().named("no excuse").boxed(),
//!     json_schema(&json!({"type": "object"}))?.scored().in_words().named("format").boxed(),
//!     tool_used("search").scored().in_words().named("searched").boxed(),
//!     max_duration(Duration::from_secs(60)).scored().in_words().named("in time").boxed(),
//!     no_errors().scored().in_words().named("clean").boxed(),
//!     short.scored_by(pass_fail(|length| *length < 80)).in_words().named("short").boxed(),
//! ]);
//! let record = eval.run(collected);
//!
//! let parts = record.report().expect("all could judge");
//! assert_eq!(parts[3].scored.report, r#"calls of "search": expected at least 1, found 1; tools called: search"#);
//! assert!(record.passed());
//! # Ok::<(), probity_eval::InvalidSchema>(())
//! ```
//!
//! # Artifacts
//!
//! Checks of texts judge a `str`, and so every captured output that lends one, as `String` does. What has
//! its text inside is judged through [`contramap_artifact`](crate::PureEvalExt::contramap_artifact).
//!
//! All other checks are generic over the artifact `A`: those of JSON take what is
//! [`JsonArtifact`], `close_to` takes what has [`Numbers`], and those of the trace take anything, since they
//! do not look at it. `A` is inferred from the list that a check is in, or from the artifact. One case
//! needs help: a captured `String` could be judged as a `String` or as a `str`, so where no other
//! eval of the list tells it, name it once, as in `tool_used::<str>("search")`.
//!
//! # Failed, or not graded
//!
//! What the program got wrong fails: an empty answer, a text that is no JSON, a tool that was not
//! called. A [`CheckError`] is for what cannot be known: nothing was recorded, the capture dropped what
//! would decide, tokens or prices are unknown. So `tool_not_used("delete")` never passes only because
//! nobody was watching.
//!
//! Reports show the beginning of long texts and lists, and say how much is left out; see [`Excerpt`] and
//! [`Shortlist`]. Secrets in them are masked.

mod any_matcher;
mod close_to;
mod contains;
mod count_range;
mod edit_distance;
mod error;
mod evidence;
mod exact;
mod json_artifact;
mod json_diff;
mod json_path;
mod json_schema;
mod letters;
mod max_cost;
mod max_duration;
mod max_tokens;
mod no_errors;
mod not;
mod of_any;
mod regex;
mod report;
mod shortlist;
mod span_count;
mod span_exists;
mod spans_ordered;
#[cfg(test)]
mod testing;
mod tool_arguments;
mod tool_not_used;
mod tool_used;
mod trajectory_match;

pub use crate::excerpt::Excerpt;

pub use self::{
    close_to::{CloseTo, CloseToReport, InvalidNumber, Numbers, Tolerance, close_to},
    contains::{Contains, ContainsReport, contains},
    count_range::CountRange,
    edit_distance::{EditDistance, EditDistanceReport, edit_distance},
    error::CheckError,
    exact::{Exact, ExactReport, exact},
    json_artifact::{JsonArtifact, NotJson},
    json_diff::{Difference, JsonDiff, JsonDiffReport, json_diff},
    json_schema::{JsonSchema, JsonSchemaReport, Violation, json_schema},
    max_cost::{InvalidLimit, MaxCost, MaxCostReport, ModelCost, max_cost},
    max_duration::{MaxDuration, MaxDurationReport, max_duration},
    max_tokens::{MaxTokens, MaxTokensReport, max_tokens},
    no_errors::{ErrorKind, FoundError, NoErrors, NoErrorsReport, no_errors},
    not::{Not, NotReport, not},
    regex::{InvalidPattern, Regex, RegexReport, regex},
    shortlist::Shortlist,
    span_count::{SpanCount, SpanCountReport, span_count},
    span_exists::{SpanExists, span_exists},
    spans_ordered::{SpansOrdered, SpansOrderedReport, spans_ordered},
    tool_arguments::{
        Arguments, CallArguments, ToolArguments, ToolArgumentsReport, tool_arguments,
    },
    tool_not_used::{ToolNotUsed, tool_not_used},
    tool_used::{ToolUsed, ToolUsedReport, tool_used},
    trajectory_match::{TrajectoryMatch, TrajectoryMatchReport, TrajectoryOrder, trajectory_match},
};
