//! A finished trial as it is stored.

use std::time::{Duration, SystemTime};

use probity_trace::{RawTraceSnapshot, TraceSnapshot, genai::Usage};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::key::TrialKey;
use crate::{
    suite::{Fingerprint, Judgment},
    trials::Outcome,
};

/// A finished trial without what is large: what a list of trials shows.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct TrialSummary {
    /// Which trial.
    pub key: TrialKey,
    /// The seed of the trial.
    pub seed: u64,
    /// How often the trial was begun. Storing keeps the larger of this and what the store has counted.
    pub attempts: u32,
    /// When the trial began.
    pub started_at: SystemTime,
    /// How long the agent took, without the time in which all that it did was to wait until a model call might be sent.
    pub duration: Duration,
    /// What the agent's model calls used, in all attempts.
    pub spent: Spending,
    /// How the trial was scored.
    pub scores: Scores,
}

/// A finished trial, with the traces that explain it.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct StoredTrial {
    /// What a list shows of it.
    pub summary: TrialSummary,
    /// What the agent made, as JSON; `None` if it made nothing.
    pub artifact: Option<Value>,
    /// What the agent did.
    pub trace: TraceSnapshot,
    /// What went over the wire; `None` if it was not captured.
    pub raw: Option<RawTraceSnapshot>,
    /// What the evals did; `None` if none ran.
    pub eval_trace: Option<TraceSnapshot>,
}

/// How a trial was scored, and by which evals.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Scores {
    /// The fingerprint of the evals.
    pub evals: Fingerprint,
    /// What the trial came to.
    pub outcome: Outcome,
    /// What each eval said.
    pub judgments: Vec<Judgment>,
    /// What the evals' model calls used.
    pub spent: Spending,
}

/// Another scoring of a stored trial.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Rescoring {
    /// The new scores.
    pub scores: Scores,
    /// What the evals did; `None` if none ran.
    pub eval_trace: Option<TraceSnapshot>,
}

/// What model calls used.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Spending {
    /// The tokens.
    pub usage: Usage,
    /// The cost in US dollars of the calls whose price is known; `None` if none is.
    pub cost_usd: Option<f64>,
    /// How many calls have no known price.
    pub unpriced_calls: u32,
}

/// What a trial was before it was scored anew or run again, or an attempt at it that failed.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct PastTrial {
    /// When it was superseded, or failed.
    pub superseded_at: SystemTime,
    /// What it was.
    pub summary: TrialSummary,
    /// What the evals had done; `None` if none had run.
    pub eval_trace: Option<TraceSnapshot>,
    /// What the agent had made and done; `None` where the trial was scored anew and these are still its own.
    pub agent: Option<PastAgent>,
}

/// What an agent had made and done in a trial that was then run again.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct PastAgent {
    /// What the agent had made, as JSON; `None` if it had made nothing.
    pub artifact: Option<Value>,
    /// What the agent had done.
    pub trace: TraceSnapshot,
    /// What had gone over the wire; `None` if it was not captured.
    pub raw: Option<RawTraceSnapshot>,
}

impl Spending {
    /// Adds what others used; what is unknown on both sides stays unknown.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        let cost_usd = match (self.cost_usd, other.cost_usd) {
            (Some(mine), Some(theirs)) => Some(mine + theirs),
            (one, None) | (None, one) => one,
        };
        Self {
            usage: [self.usage, other.usage].into_iter().sum(),
            cost_usd,
            unpriced_calls: self.unpriced_calls.saturating_add(other.unpriced_calls),
        }
    }

    /// Returns the tokens of input and output together, as far as they were reported.
    #[must_use]
    pub fn tokens(&self) -> u64 {
        let Usage { input_tokens, output_tokens, .. } = self.usage;
        input_tokens.unwrap_or_default().saturating_add(output_tokens.unwrap_or_default())
    }

    /// Returns the whole cost in US dollars; `None` if a call has no known price, or no call was seen.
    #[must_use]
    pub fn known_cost_usd(&self) -> Option<f64> {
        self.cost_usd.filter(|_| self.unpriced_calls == 0)
    }
}

impl TrialSummary {
    /// Makes the summary of a trial that was begun once, now, and used nothing.
    #[must_use]
    pub fn new(key: TrialKey, seed: u64, scores: Scores) -> Self {
        Self {
            key,
            seed,
            attempts: 1,
            started_at: SystemTime::now(),
            duration: Duration::ZERO,
            spent: Spending::default(),
            scores,
        }
    }
}

impl StoredTrial {
    /// Makes a trial that made nothing and was judged without a trace.
    #[must_use]
    pub fn new(summary: TrialSummary, trace: TraceSnapshot) -> Self {
        Self { summary, artifact: None, trace, raw: None, eval_trace: None }
    }
}

impl Scores {
    /// Makes scores of evals that used nothing.
    #[must_use]
    pub fn new(evals: Fingerprint, outcome: Outcome, judgments: Vec<Judgment>) -> Self {
        Self { evals, outcome, judgments, spent: Spending::default() }
    }
}

impl Rescoring {
    /// Makes a scoring without a trace.
    #[must_use]
    pub fn new(scores: Scores) -> Self {
        Self { scores, eval_trace: None }
    }
}
