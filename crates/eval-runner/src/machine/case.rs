//! The outcomes and the spending of a case.

use serde::{Deserialize, Serialize};

use crate::{facts::CaseFacts, report::Spent, store::OutcomeKind, suite::Fingerprint};

/// What the trials of one case came to, one by one.
#[non_exhaustive]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MachineCase {
    /// The name of the case.
    pub id: String,
    /// The fingerprint of its input, what is expected, its metadata, where it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fingerprint: Option<Fingerprint>,
    /// Words to choose cases by.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    /// One letter for each trial by index: `1` passed, `0` failed, `E` could not be graded, `-` did not end or belongs to
    /// another shard; `None` where no more than the tally is known.
    pub outcomes: Option<String>,
    /// The tokens that the agent used in each finished trial, of input and output together, by index.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tokens: Vec<u64>,
    /// What the agent cost in each finished trial, in US dollars, by index; `None` where a price is not known or no call was
    /// made.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub costs_usd: Vec<Option<f32>>,
    /// What the agent's model calls used, over all trials.
    pub agent: Spent,
    /// What the evals' model calls used, over all trials.
    pub judges: Spent,
}

impl MachineCase {
    /// Takes a case of which so many trials were planned.
    #[expect(clippy::cast_possible_truncation, reason = "the facts hold single precision")]
    pub(super) fn new(case: &CaseFacts, planned: u32) -> Self {
        Self {
            id: case.id.clone(),
            fingerprint: case.fingerprint.clone(),
            tags: case.tags.clone(),
            outcomes: case.knows_single_trials().then(|| outcomes(case, planned)),
            tokens: case.tokens().collect(),
            costs_usd: case.costs_usd().map(|cost| cost.map(|cost| cost as f32)).collect(),
            agent: case.spent.into(),
            judges: case.judging.into(),
        }
    }
}

/// The letters of the trials, by index.
fn outcomes(case: &CaseFacts, planned: u32) -> String {
    let mut letters = String::new();
    let mut next = 0;
    for (index, outcome) in case.outcomes() {
        letters.extend((next..index).map(|_| '-'));
        letters.push(letter(outcome));
        next = index.saturating_add(1);
    }
    letters.extend((next..planned).map(|_| '-'));
    letters
}

fn letter(outcome: OutcomeKind) -> char {
    match outcome {
        OutcomeKind::Passed => '1',
        OutcomeKind::Failed => '0',
        OutcomeKind::NotGraded => 'E',
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::TrialFacts;

    #[test]
    fn every_index_has_its_letter_and_a_gap_has_one_too() {
        let mut case = CaseFacts::new("case");
        let trials =
            [(1, OutcomeKind::Passed), (2, OutcomeKind::Failed), (4, OutcomeKind::NotGraded)];
        for (index, outcome) in trials {
            case.add(&TrialFacts::new(index, outcome));
        }
        assert_eq!(outcomes(&case, 6), "-10-E-");
        assert_eq!(outcomes(&case, 2), "-10-E");
        assert_eq!(outcomes(&CaseFacts::new("none"), 3), "---");
    }
}
