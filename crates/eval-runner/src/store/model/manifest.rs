//! What a run set out to do.

use std::{collections::BTreeMap, time::SystemTime};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::run_id::RunId;
use crate::{suite::Fingerprint, trials::TrialLimits};

/// What a run set out to do. It is written when the run is created; when the run goes on, its trials, its evals, and
/// the groups and tags of its cases may become others.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct RunManifest {
    /// The identifier of the run.
    pub id: RunId,
    /// The name of the suite.
    pub suite: String,
    /// A name that a user gave to the run.
    #[serde(default)]
    pub name: Option<String>,
    /// What else a user said of the run: a commit, a model.
    #[serde(default)]
    pub labels: BTreeMap<String, String>,
    /// The fingerprint of the agent.
    pub agent: Fingerprint,
    /// The version of the agent, where it is known.
    #[serde(default)]
    pub agent_version: Option<String>,
    /// The fingerprint of the evals that score its trials: those of the suite when the run went on last.
    pub evals: Fingerprint,
    /// The cases, in the order of the suite. A run of one shard lists all cases of the suite too.
    #[serde(default)]
    pub cases: Vec<ManifestCase>,
    /// How often each case is to be run.
    pub trials: u32,
    /// The seed of the run.
    pub seed: u64,
    /// Which part of the trials this run does; `None` if all.
    #[serde(default)]
    pub shard: Option<Shard>,
    /// What one attempt at a trial may use, where it is known: it changes what a trial comes to.
    #[serde(default)]
    pub limits: Option<TrialLimits>,
    /// The other settings of the run, as JSON. They do not change what a trial comes to.
    #[serde(default)]
    pub settings: Value,
    /// When the run was created.
    pub created_at: SystemTime,
}

/// A case of a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ManifestCase {
    /// The name, unique in its run.
    pub id: String,
    /// The fingerprint of its input, what is expected, its metadata.
    pub fingerprint: Fingerprint,
    /// The family of related cases that it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
    /// Words to choose cases by.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
}

/// One part of the trials of a run that several machines share.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Shard {
    /// Which part, from 1.
    pub index: u32,
    /// How many parts there are.
    pub count: u32,
}

impl RunManifest {
    /// Makes the manifest of a run that begins now, under a new identifier: one trial of each case, seed 0.
    pub fn new(
        suite: impl Into<String>,
        agent: Fingerprint,
        evals: Fingerprint,
        cases: impl IntoIterator<Item = ManifestCase>,
    ) -> Self {
        Self {
            id: RunId::new(),
            suite: suite.into(),
            name: None,
            labels: BTreeMap::new(),
            agent,
            agent_version: None,
            evals,
            cases: cases.into_iter().collect(),
            trials: 1,
            seed: 0,
            shard: None,
            limits: None,
            settings: Value::Null,
            created_at: SystemTime::now(),
        }
    }

    /// Returns whether both runs run the same: suite, agent, limits, cases and seed.
    ///
    /// The evals may differ, since stored trials can be scored anew; so may the number of trials, and the groups and
    /// tags of the cases.
    #[must_use]
    pub fn runs_the_same_as(&self, other: &Self) -> bool {
        self.suite == other.suite
            && self.agent == other.agent
            && self.limits == other.limits
            && self.seed == other.seed
            && self.cases.len() == other.cases.len()
            && self.cases.iter().zip(&other.cases).all(|(mine, theirs)| {
                mine.id == theirs.id && mine.fingerprint == theirs.fingerprint
            })
    }
}

impl ManifestCase {
    /// Makes a case without a group and tags.
    pub fn new(id: impl Into<String>, fingerprint: Fingerprint) -> Self {
        Self { id: id.into(), fingerprint, group: None, tags: Vec::new() }
    }
}

impl Shard {
    /// Makes the part `index`, from 1, of `count`; `None` if there is no such part.
    #[must_use]
    pub fn new(index: u32, count: u32) -> Option<Self> {
        (1..=count).contains(&index).then_some(Self { index, count })
    }

    /// Returns whether a trial belongs to this part, by its place among all trials of the run: trial 0 of every case
    /// in the order of the suite, then trial 1 of every case, and so on.
    #[must_use]
    pub fn has(self, place: u64) -> bool {
        place % u64::from(self.count.max(1)) + 1 == u64::from(self.index)
    }

    /// Returns how many of so many trials belong to this part.
    #[must_use]
    pub fn share_of(self, trials: u64) -> u64 {
        let (index, count) = (u64::from(self.index), u64::from(self.count.max(1)));
        trials.saturating_add(count).saturating_sub(index) / count
    }
}
