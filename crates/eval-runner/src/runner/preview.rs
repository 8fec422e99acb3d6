//! What a run would do, found without running anything.

use serde::Serialize;

use super::{
    error::RunError,
    opening::{Opened, What},
    settings::Runner,
};
use crate::{
    stats::Tally,
    store::{ManifestCase, RunId},
    suite::{Fingerprints, Suite},
};

/// What a run would do.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Preview {
    /// The run that would go on; `None` if a new one would be begun.
    pub run: Option<RunId>,
    /// How many cases would be run.
    pub cases: u64,
    /// How often each case would be run, what has finished before among it.
    pub trials: u32,
    /// All trials of the run, those that have finished before among them.
    pub planned: u64,
    /// What has finished before and stays.
    pub finished: Tally,
    /// How many trials have finished before and would be run again, since they broke off and were not graded.
    pub again: u64,
    /// How many trials have finished before and would be scored anew, without running the agent.
    pub rescored: u64,
    /// Why a new run would be begun although there is an earlier one: in what they differ, in words.
    pub anew: Vec<String>,
}

impl Preview {
    /// Returns how many trials would be run.
    #[must_use]
    pub fn to_run(&self) -> u64 {
        self.planned.saturating_sub(self.finished.trials()).saturating_sub(self.rescored)
    }
}

impl Runner {
    /// Says what [`run`](Self::run) would do, and writes nothing.
    ///
    /// # Errors
    ///
    /// If the suite cannot be run, if the run that is to go on ran something else, or if the store cannot be read.
    pub async fn preview<I, E, A>(&self, suite: &Suite<I, E, A>) -> Result<Preview, RunError>
    where
        I: Serialize + Send + Sync + 'static,
        E: Serialize + Send + Sync + 'static,
        A: Send + Sync + 'static,
    {
        let (chosen, prints, cases) = self.what(suite)?;
        let (name, agent_version) = (suite.name(), suite.agent_version());
        let what = What { suite: name, agent_version, prints: &prints, cases };
        let (run, opened) = Opened::look(self, what).await?;
        let part = opened.agenda.part();
        Ok(Preview {
            run,
            cases: chosen.len() as u64,
            trials: part.trials,
            planned: part.planned(),
            finished: opened.before,
            again: opened.again.len() as u64,
            rescored: opened.rescored.len() as u64,
            anew: opened.anew,
        })
    }

    /// Checks that the suite can be run; returns the places of the cases that are selected, what the suite runs, and the cases as a store knows them.
    pub(super) fn what<I, E, A>(
        &self,
        suite: &Suite<I, E, A>,
    ) -> Result<(Vec<usize>, Fingerprints, Vec<ManifestCase>), RunError>
    where
        I: Serialize + Send + Sync + 'static,
        E: Serialize + Send + Sync + 'static,
        A: Send + Sync + 'static,
    {
        suite.check()?;
        if self.captures_raw && (self.limits.tokens.is_some() || self.limits.cost_usd.is_some()) {
            return Err(RunError::RawWithLimits);
        }
        if self.stop_rule.is_some() && self.shard.is_some() {
            return Err(RunError::StopWithShard);
        }
        let prints = suite.fingerprints()?;
        let chosen = self.selection.indices(suite.cases())?;
        let all = suite.cases().iter().zip(&prints.cases).map(|(case, print)| ManifestCase {
            group: case.group.clone(),
            tags: case.tags.clone(),
            ..ManifestCase::new(&case.id, print.clone())
        });
        let all: Vec<ManifestCase> = all.collect();
        let cases = chosen.iter().filter_map(|place| all.get(*place).cloned()).collect();
        Ok((chosen, prints, cases))
    }
}
