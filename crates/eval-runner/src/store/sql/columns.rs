//! The names of tables and columns.

/// Runs.
pub(super) const RUN: &str = "run";
/// The cases of runs.
pub(super) const RUN_CASE: &str = "run_case";
/// What the trials of each case came to; kept in step with `trial`, so that nobody need count a million rows.
pub(super) const CASE_TALLY: &str = "case_tally";
/// Trials that were begun or finished: what is small, so that reading all of them is quick.
pub(super) const TRIAL: &str = "trial";
/// What is large of finished trials.
pub(super) const TRIAL_BODY: &str = "trial_body";
/// What trials were before they were scored anew or run again, and attempts at them that failed.
pub(super) const PAST_TRIAL: &str = "past_trial";
/// Which run is the baseline of a name.
pub(super) const BASELINE: &str = "baseline";

/// The three columns that say which trial: the run, the case by its place in the manifest, the index.
pub(in crate::store) const KEY: [&str; 3] = ["run_no", "case_no", "idx"];

/// The columns of `trial` that are written when a trial finishes, after the key.
pub(super) const FINISHED: [&str; 15] = [
    "attempts",
    "outcome",
    "detail",
    "seed",
    "started_at",
    "duration_ns",
    "input_tokens",
    "output_tokens",
    "cache_read_tokens",
    "cache_write_tokens",
    "reasoning_tokens",
    "cost_usd",
    "unpriced_calls",
    "evals",
    "eval_spent",
];

/// The columns of `trial_body`, after the key.
pub(super) const BODY: [&str; 5] = ["judgments", "artifact", "trace", "raw", "eval_trace"];

/// What the trials in the index by outcome have in common. A query must say it in the same words to use the index.
pub(super) const NOT_PASSED: &str = "outcome <> 'passed'";
