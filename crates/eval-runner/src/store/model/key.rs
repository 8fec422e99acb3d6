//! Which trial of a run, and how far it has come.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::outcome_kind::OutcomeKind;
use crate::stats::Tally;

/// Which trial of a run: the same key is never stored twice.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub struct TrialKey {
    /// The name of the case.
    pub case: String,
    /// The index among the trials of the case, from 0.
    pub index: u32,
}

/// How far a trial has come: all that a resumed run must know of it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct TrialState {
    /// Which trial.
    pub key: TrialKey,
    /// How often it was begun.
    pub attempts: u32,
    /// What it came to; `None` if it has not finished.
    pub outcome: Option<OutcomeKind>,
}

/// What the trials of one case came to.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct CaseTally {
    /// The name of the case.
    pub case: String,
    /// The family of related cases that it belongs to.
    pub group: Option<String>,
    /// What its finished trials came to.
    pub tally: Tally,
}

/// Which states of a run to read: those after a key, in the order of the cases in the manifest, then by index.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Page {
    /// Only what comes after this trial; everything if `None`.
    pub after: Option<TrialKey>,
    /// At most so many.
    pub limit: u32,
}

/// Which trials of a run to read.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
#[must_use = "a query does nothing by itself"]
pub struct TrialQuery {
    /// Which part.
    pub page: Page,
    /// Only trials of this case.
    pub case: Option<String>,
    /// Only trials that came to this.
    pub outcome: Option<OutcomeKind>,
}

impl TrialKey {
    /// Makes the key of a trial.
    pub fn new(case: impl Into<String>, index: u32) -> Self {
        Self { case: case.into(), index }
    }
}

impl fmt::Display for TrialKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "trial {} of case {:?}", self.index, self.case)
    }
}

impl Page {
    /// Asks for the first `limit`.
    #[must_use]
    pub fn first(limit: u32) -> Self {
        Self { after: None, limit }
    }

    /// Asks for as many that come after a trial.
    #[must_use]
    pub fn after(mut self, key: TrialKey) -> Self {
        self.after = Some(key);
        self
    }
}

impl TrialQuery {
    /// Asks for all trials on a page.
    pub fn new(page: Page) -> Self {
        Self { page, case: None, outcome: None }
    }

    /// Asks only for trials of a case.
    pub fn case(mut self, case: impl Into<String>) -> Self {
        self.case = Some(case.into());
        self
    }

    /// Asks only for trials that came to this.
    pub fn outcome(mut self, outcome: OutcomeKind) -> Self {
        self.outcome = Some(outcome);
        self
    }
}
