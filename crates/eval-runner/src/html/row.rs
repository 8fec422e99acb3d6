//! One trial with everything that a page can show of it.

use std::{
    borrow::Cow,
    time::{Duration, SystemTime},
};

use probity_trace::{RawTraceSnapshot, TraceSnapshot};
use serde_json::Value;

use crate::{runner::Finished, suite::Judgment, trials::Outcome};

/// One trial with everything that a page can show of it, borrowed or owned.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct TrialRow<'a> {
    /// The name of the case.
    pub case: Cow<'a, str>,
    /// The index among the trials of the case, from 0.
    pub index: u32,
    /// The seed, where it is known.
    pub seed: Option<u64>,
    /// What the trial came to.
    pub outcome: Cow<'a, Outcome>,
    /// What each eval said.
    pub judgments: Cow<'a, [Judgment]>,
    /// What the agent made.
    pub artifact: Option<Cow<'a, Value>>,
    /// What the agent did.
    pub trace: Option<TraceSnapshot>,
    /// What the evals did.
    pub eval_trace: Option<TraceSnapshot>,
    /// What went over the wire.
    pub raw: Option<RawTraceSnapshot>,
    /// When the trial began, where it is known.
    pub started_at: Option<SystemTime>,
    /// How long the agent took.
    pub duration: Duration,
    /// How often the trial was tried.
    pub attempts: u32,
}

impl<'a> TrialRow<'a> {
    /// Makes the row of a trial of which nothing else is known.
    pub fn new(case: impl Into<Cow<'a, str>>, index: u32, outcome: Outcome) -> Self {
        Self {
            case: case.into(),
            index,
            seed: None,
            outcome: Cow::Owned(outcome),
            judgments: Cow::Borrowed(&[]),
            artifact: None,
            trace: None,
            eval_trace: None,
            raw: None,
            started_at: None,
            duration: Duration::ZERO,
            attempts: 1,
        }
    }
}

impl<'a> From<&'a Finished> for TrialRow<'a> {
    fn from(finished: &'a Finished) -> Self {
        Self {
            case: Cow::Borrowed(finished.trial.case()),
            index: finished.trial.index(),
            seed: Some(finished.trial.seed()),
            outcome: Cow::Borrowed(&finished.outcome),
            judgments: Cow::Borrowed(&finished.judgments),
            artifact: finished.artifact.as_ref().map(Cow::Borrowed),
            trace: Some(finished.trace.clone()),
            eval_trace: finished.eval_trace.clone(),
            raw: finished.raw.clone(),
            started_at: Some(finished.started_at),
            duration: finished.duration,
            attempts: finished.attempts,
        }
    }
}
