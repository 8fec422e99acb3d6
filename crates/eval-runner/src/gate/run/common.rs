//! The cases that a run and its baseline share.

use std::collections::{HashMap, HashSet};

use crate::{
    facts::{CaseFacts, RunFacts},
    gate::measured::NoNumber,
    stats::count_of,
};

/// The cases of a baseline, by their names.
#[derive(Debug, Clone)]
pub(super) struct Known<'a> {
    cases: HashMap<&'a str, &'a CaseFacts>,
    decided: Option<&'a str>,
}

/// The cases that two runs share, each as the one and the other have it.
#[derive(Debug)]
pub(super) struct Common<'a> {
    pairs: Vec<(&'a CaseFacts, &'a CaseFacts)>,
    dropped: u64,
}

impl<'a> Known<'a> {
    pub(super) fn of(baseline: &'a RunFacts) -> Self {
        let cases = baseline.cases.iter().filter(|case| case.tally.trials() > 0);
        let cases = cases.map(|case| (&*case.id, case)).collect();
        Self { cases, decided: baseline.decided() }
    }

    /// Returns how the rule stood that stopped the baseline by its results, if one did.
    pub(super) fn decided(&self) -> Option<&'a str> {
        self.decided
    }

    /// Finds a case that has not changed.
    pub(super) fn same_as(&self, case: &CaseFacts) -> Result<&'a CaseFacts, NoNumber> {
        let same = self.cases.get(&*case.id).copied();
        let same = same.ok_or_else(|| NoNumber::unknown("the baseline does not have this case"))?;
        match (&case.fingerprint, &same.fingerprint) {
            (Some(ours), Some(theirs)) if ours != theirs => {
                Err(NoNumber::unknown("the case has changed since the baseline"))
            }
            _ => Ok(same),
        }
    }

    /// Finds the cases that have not changed, and counts all others of both.
    pub(super) fn common(&self, cases: &[&'a CaseFacts]) -> Result<Common<'a>, NoNumber> {
        let pair = |case: &&'a CaseFacts| Some((*case, self.same_as(case).ok()?));
        let pairs: Vec<_> = cases.iter().filter_map(pair).collect();
        if pairs.is_empty() {
            return Err(NoNumber::unknown("the baseline has none of these cases as they are now"));
        }
        let ours: HashSet<&str> = cases.iter().map(|case| &*case.id).collect();
        let theirs_only = self.cases.keys().filter(|id| !ours.contains(*id)).count() as u64;
        let dropped = count_of(cases) - count_of(&pairs) + theirs_only;
        Ok(Common { pairs, dropped })
    }
}

impl<'a> Common<'a> {
    pub(super) fn of_one(ours: &'a CaseFacts, theirs: &'a CaseFacts) -> Self {
        Self { pairs: vec![(ours, theirs)], dropped: 0 }
    }

    /// Returns the cases as the run has them.
    pub(super) fn ours(&self) -> Vec<&'a CaseFacts> {
        self.pairs.iter().map(|(ours, _)| *ours).collect()
    }

    /// Returns the cases as the baseline has them.
    pub(super) fn theirs(&self) -> Vec<&'a CaseFacts> {
        self.pairs.iter().map(|(_, theirs)| *theirs).collect()
    }

    /// Returns how many cases are not shared.
    pub(super) fn dropped(&self) -> u64 {
        self.dropped
    }
}
