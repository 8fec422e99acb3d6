//! What a run came to.

use std::{collections::BTreeMap, time::SystemTime};

use super::case::CaseFacts;
use crate::{
    report::TaskTally,
    stats::Tally,
    store::{RunEnd, RunId, Shard, Spending},
    suite::Fingerprint,
};

/// What a run came to, without artifacts and traces.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct RunFacts {
    /// The run, where a store keeps it.
    pub run: Option<RunId>,
    /// The name of the suite.
    pub suite: String,
    /// A name that a user gave to the run.
    pub name: Option<String>,
    /// What else a user said of the run.
    pub labels: BTreeMap<String, String>,
    /// The fingerprint of the agent, where it is known.
    pub agent: Option<Fingerprint>,
    /// The version of the agent, where it is known.
    pub agent_version: Option<String>,
    /// The fingerprint of the evals, where it is known. What the cases came to is what these evals said.
    pub evals: Option<Fingerprint>,
    /// The seed of the run.
    pub seed: u64,
    /// How often each case was to be run.
    pub trials: u32,
    /// Which part of the trials this run did; `None` if all.
    pub shard: Option<Shard>,
    /// When the run was created, where it is known.
    pub created_at: Option<SystemTime>,
    /// When and why the run ended; `None` while it goes on, and after it was killed.
    pub end: Option<RunEnd>,
    /// The cases, in the order of the suite.
    pub cases: Vec<CaseFacts>,
    /// How many trials have finished and carry scores of other evals: the numbers of the cases are without them.
    pub scored_by_others: u64,
}

impl RunFacts {
    /// Makes the facts of a run of which nothing but its cases is known.
    #[must_use]
    pub fn new(suite: impl Into<String>, trials: u32, cases: Vec<CaseFacts>) -> Self {
        Self {
            run: None,
            suite: suite.into(),
            name: None,
            labels: BTreeMap::new(),
            agent: None,
            agent_version: None,
            evals: None,
            seed: 0,
            trials,
            shard: None,
            created_at: None,
            end: None,
            cases,
            scored_by_others: 0,
        }
    }

    /// Returns how many trials passed, failed and were not graded.
    #[must_use]
    pub fn tally(&self) -> Tally {
        self.cases.iter().fold(Tally::default(), |all, case| all.plus(case.tally))
    }

    /// Returns how the rule stood that ends the run, where it or cases of it were stopped by their results.
    #[must_use]
    pub fn decided(&self) -> Option<&str> {
        let end = self.end.as_ref()?;
        end.reason.decided().or(end.settled.as_deref())
    }

    /// Returns how many trials were planned and have not finished; none where no more were needed.
    #[must_use]
    pub fn missing(&self) -> u64 {
        if self.needs_no_more() {
            return 0;
        }
        let planned = self.cases.len() as u64 * u64::from(self.trials);
        let planned = match self.shard {
            None => planned,
            Some(shard) => shard.share_of(planned),
        };
        planned.saturating_sub(self.tally().trials()).saturating_sub(self.scored_by_others)
    }

    /// Returns how many trials are still to be scored anew, since they carry scores of other evals; none where the run
    /// had seen enough.
    #[must_use]
    pub fn to_rescore(&self) -> u64 {
        if self.needs_no_more() { 0 } else { self.scored_by_others }
    }

    fn needs_no_more(&self) -> bool {
        self.end.as_ref().is_some_and(|end| end.reason.decided().is_some())
    }

    /// Returns what the agent's model calls used, over all trials.
    #[must_use]
    pub fn spent(&self) -> Spending {
        self.cases.iter().fold(Spending::default(), |all, case| all.plus(case.spent))
    }

    /// Returns what the evals' model calls used, over all trials.
    #[must_use]
    pub fn judging(&self) -> Spending {
        self.cases.iter().fold(Spending::default(), |all, case| all.plus(case.judging))
    }

    /// Returns the tallies of the cases, of which a report is made.
    #[must_use]
    pub fn tasks(&self) -> Vec<TaskTally> {
        let task = |case: &CaseFacts| {
            let task = TaskTally::new(case.id.clone(), case.tally);
            TaskTally { group: case.group.clone(), ..task }
        };
        self.cases.iter().map(task).collect()
    }
}
