//! Which run it was, and how it went.

use std::{
    collections::BTreeMap,
    time::{SystemTime, UNIX_EPOCH},
};

use serde::{Deserialize, Serialize};

use crate::{
    facts::{CaseFacts, RunFacts},
    report::Course,
    store::{EndReason, RunId, Shard},
    suite::Fingerprint,
};

/// Which run it was, and how it went: names, identifiers, times and tries.
#[non_exhaustive]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MachineRun {
    /// The identifier, where a store keeps the run.
    pub id: Option<RunId>,
    /// A name that a user gave to the run.
    pub name: Option<String>,
    /// What else a user said of the run.
    pub labels: BTreeMap<String, String>,
    /// The name of the suite.
    pub suite: String,
    /// The fingerprint of the agent, where it is known.
    pub agent: Option<Fingerprint>,
    /// The version of the agent, where it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agent_version: Option<String>,
    /// The fingerprint of the evals, where it is known.
    pub evals: Option<Fingerprint>,
    /// The seed.
    pub seed: u64,
    /// How often each case was to be run.
    pub trials: u32,
    /// Which part of the trials the run did; `None` if all.
    pub shard: Option<Shard>,
    /// When the run was created, in milliseconds since 1970, where it is known.
    pub created_at_unix_ms: Option<u64>,
    /// When it ended; `None` while it goes on, and after it was killed.
    pub ended_at_unix_ms: Option<u64>,
    /// Why it ended.
    pub end: Option<EndReason>,
    /// How long its trials took, and how often they were tried again.
    pub course: Option<Course>,
    /// The same, case by case, in the order of the suite.
    pub cases: Vec<CaseCourse>,
}

/// How the trials of one case went.
#[non_exhaustive]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CaseCourse {
    /// The name of the case.
    pub id: String,
    /// How many attempts were made besides the first of each trial.
    pub retries: u64,
    /// How long the agent took for each finished trial, in seconds, by index.
    pub seconds: Vec<f32>,
}

impl MachineRun {
    pub(super) fn new(run: &RunFacts, course: Option<Course>) -> Self {
        Self {
            id: run.run,
            name: run.name.clone(),
            labels: run.labels.clone(),
            suite: run.suite.clone(),
            agent: run.agent.clone(),
            agent_version: run.agent_version.clone(),
            evals: run.evals.clone(),
            seed: run.seed,
            trials: run.trials,
            shard: run.shard,
            created_at_unix_ms: run.created_at.map(unix_ms),
            ended_at_unix_ms: run.end.as_ref().map(|end| unix_ms(end.at)),
            end: run.end.as_ref().map(|end| end.reason.clone()),
            course,
            cases: run.cases.iter().map(CaseCourse::new).collect(),
        }
    }
}

impl CaseCourse {
    #[expect(clippy::cast_possible_truncation, reason = "the facts hold single precision")]
    fn new(case: &CaseFacts) -> Self {
        let seconds = case.seconds().map(|seconds| seconds as f32).collect();
        Self { id: case.id.clone(), retries: case.retries, seconds }
    }
}

/// Milliseconds since 1970; what lies before is 0.
fn unix_ms(at: SystemTime) -> u64 {
    let since = at.duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}
