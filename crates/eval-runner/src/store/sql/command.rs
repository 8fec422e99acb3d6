//! What the thread that writes is asked to do, and what it answers.

use sea_query::Value;

use crate::store::{
    model::{OutcomeKind, RunId},
    run_store::{Creation, Stored},
};

/// Which trial, in numbers: the run, the case by its place in the manifest, the index.
pub(super) type Key = [i64; 3];

/// What the thread that writes is asked to do. Everything costly was done before, on the caller's thread.
#[derive(Debug)]
pub(super) enum Command {
    Create(Box<NewRun>),
    Continue(Box<GoingOn>),
    End { run: RunId, ended: String },
    Claim { run: RunId },
    Release { run: RunId },
    Begin { trials: Vec<Key> },
    KeepAttempt { attempt: Box<NewTrial>, at: i64 },
    Withdraw { trials: Vec<Key> },
    Finish(Box<NewTrial>),
    Rescore(Box<NewScores>),
    TakeBack { trials: Vec<Key>, at: i64 },
    Baseline { name: String, run: RunId, at: i64 },
}

/// A run to be created.
#[derive(Debug)]
pub(super) struct NewRun {
    /// A row of `run` without its number and end.
    pub(super) row: Vec<(&'static str, Value)>,
    /// Rows of `run_case` without the number of the run.
    pub(super) cases: Vec<Vec<Value>>,
}

/// What has changed of a run that goes on.
#[derive(Debug)]
pub(super) struct GoingOn {
    pub(super) run: RunId,
    /// Columns of `run`.
    pub(super) row: Vec<(&'static str, Value)>,
    pub(super) cases: Vec<ChangedCase>,
}

/// What has changed of a case.
#[derive(Debug)]
pub(super) struct ChangedCase {
    /// The run, and the case by its place in the manifest.
    pub(super) key: [i64; 2],
    /// Columns of `run_case`.
    pub(super) row: Vec<(&'static str, Value)>,
}

/// A trial to be stored.
#[derive(Debug)]
pub(super) struct NewTrial {
    pub(super) key: Key,
    pub(super) kind: OutcomeKind,
    /// A row of `trial`.
    pub(super) row: Vec<Value>,
    /// A row of `trial_body`.
    pub(super) body: Vec<Value>,
}

/// Other scores of a stored trial.
#[derive(Debug)]
pub(super) struct NewScores {
    pub(super) key: Key,
    pub(super) kind: OutcomeKind,
    pub(super) at: i64,
    /// Columns of `trial`.
    pub(super) trial: Vec<(&'static str, Value)>,
    /// Columns of `trial_body`.
    pub(super) body: Vec<(&'static str, Value)>,
}

/// What the thread that writes answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Reply {
    Done,
    Created(Creation),
    Stored(Stored),
    /// These have finished already.
    Begun(Vec<Key>),
    TakenBack(u64),
    Claimed(bool),
    UnknownRun,
    NotFinished,
}
