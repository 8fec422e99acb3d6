//! A run as a list of runs shows it.

use std::{collections::BTreeMap, time::SystemTime};

use serde::{Deserialize, Serialize};

use super::{manifest::Shard, run_id::RunId};
use crate::{stats::Tally, suite::Fingerprint};

/// A run as a list of runs shows it, without its cases and trials.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct RunSummary {
    /// The identifier of the run.
    pub id: RunId,
    /// The name of the suite.
    pub suite: String,
    /// A name that a user gave to the run.
    pub name: Option<String>,
    /// What else a user said of the run.
    pub labels: BTreeMap<String, String>,
    /// The fingerprint of the agent.
    pub agent: Fingerprint,
    /// The version of the agent, where it is known.
    pub agent_version: Option<String>,
    /// The fingerprint of the evals that score its trials: those of the suite when the run went on last.
    pub evals: Fingerprint,
    /// How many cases there are.
    pub cases: u64,
    /// How often each case is to be run.
    pub trials: u32,
    /// The seed of the run.
    pub seed: u64,
    /// Which part of the trials this run does; `None` if all.
    pub shard: Option<Shard>,
    /// When the run was created.
    pub created_at: SystemTime,
    /// When and why the run ended; `None` while it goes on, and after it was killed.
    pub end: Option<RunEnd>,
    /// How many of its trials have finished, and with what.
    pub tally: Tally,
}

/// When and why a run ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct RunEnd {
    /// When.
    pub at: SystemTime,
    /// Why.
    pub reason: EndReason,
    /// How the rule stood that ends the run, where cases were run no further since it was decided of them: rates of such
    /// a run are biased, whatever ended it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub settled: Option<String>,
}

/// Why a run ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum EndReason {
    /// Every planned trial has finished.
    Complete,
    /// A user or the system asked it to stop.
    Interrupted,
    /// It stopped itself, for this reason: a limit of time or cost.
    Stopped(String),
    /// It had seen enough: the rule that ends it was decided, in these words. No trial is missing.
    Decided(String),
    /// The rule that ends it was decided of some cases, which were run no further, and is open, in these words, though
    /// every other case has all of its trials. No trial is missing.
    Settled(String),
}

/// Which runs to list. All of them, unless told.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
#[must_use = "a query does nothing by itself"]
pub struct RunQuery {
    /// Only runs of the suite of this name.
    pub suite: Option<String>,
    /// Only the run of this identifier.
    pub id: Option<RunId>,
    /// Only runs to which a user gave this name.
    pub name: Option<String>,
    /// Only runs created before this one, to read on.
    pub before: Option<RunId>,
    /// At most so many runs.
    pub limit: Option<u32>,
}

impl EndReason {
    /// Returns how the rule stood that ends the run, where no trial was needed any more.
    #[must_use]
    pub fn decided(&self) -> Option<&str> {
        match self {
            Self::Decided(how) | Self::Settled(how) => Some(how),
            _ => None,
        }
    }
}

impl RunEnd {
    /// Makes an end that is now.
    #[must_use]
    pub fn now(reason: EndReason) -> Self {
        Self { at: SystemTime::now(), reason, settled: None }
    }

    /// Says how the rule stood that ends the run, where cases were run no further since it was decided of them.
    #[must_use]
    pub fn with_settled(self, settled: Option<String>) -> Self {
        Self { settled, ..self }
    }
}

impl RunQuery {
    /// Asks for all runs.
    pub fn new() -> Self {
        Self::default()
    }

    /// Asks only for runs of a suite.
    pub fn suite(mut self, suite: impl Into<String>) -> Self {
        self.suite = Some(suite.into());
        self
    }

    /// Asks only for one run.
    pub fn id(mut self, run: RunId) -> Self {
        self.id = Some(run);
        self
    }

    /// Asks only for runs of a name.
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// Asks only for runs created before this one.
    pub fn before(mut self, run: RunId) -> Self {
        self.before = Some(run);
        self
    }

    /// Asks for at most so many runs.
    pub fn limit(mut self, limit: u32) -> Self {
        self.limit = Some(limit);
        self
    }
}
