//! What the trials of one case came to.

use super::trial::TrialFacts;
use crate::{
    stats::{Tally, count_of},
    store::{OutcomeKind, Spending},
    suite::Fingerprint,
};

/// What the trials of one case came to.
///
/// Sums are exact; the numbers of single trials, from which percentiles are taken, are kept in single precision. Where
/// no more than sums is known, as from a baseline file, there are no single trials.
#[derive(Debug, Clone, Default, PartialEq)]
#[non_exhaustive]
pub struct CaseFacts {
    /// The name of the case.
    pub id: String,
    /// The fingerprint of its input, what is expected, its metadata; `None` where it is not known.
    pub fingerprint: Option<Fingerprint>,
    /// The family of related cases that it belongs to.
    pub group: Option<String>,
    /// Words to choose cases by.
    pub tags: Vec<String>,
    /// How many of its trials passed, failed and were not graded.
    pub tally: Tally,
    /// What the agent's model calls used, over all trials.
    pub spent: Spending,
    /// What the evals' model calls used, over all trials.
    pub judging: Spending,
    /// How many attempts were made besides the first of each trial.
    pub retries: u64,
    trials: Vec<Compact>,
}

/// A trial in a few bytes.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Compact {
    index: u32,
    outcome: OutcomeKind,
    seconds: f32,
    tokens: u32,
    /// NaN where it is unknown.
    cost_usd: f32,
}

impl CaseFacts {
    /// Makes the facts of a case without trials.
    #[must_use]
    pub fn new(id: impl Into<String>) -> Self {
        Self { id: id.into(), ..Self::default() }
    }

    /// Sets the family of related cases that it belongs to.
    #[must_use]
    pub fn with_group(mut self, group: impl Into<String>) -> Self {
        self.group = Some(group.into());
        self
    }

    /// Adds a trial. Trials are to be added in the order of their index.
    pub fn add(&mut self, trial: &TrialFacts) {
        self.tally = self.tally.plus(trial.outcome.tally());
        self.spent = self.spent.plus(trial.spent);
        self.judging = self.judging.plus(trial.judging);
        self.retries += u64::from(trial.attempts.saturating_sub(1));
        self.trials.push(Compact::of(trial));
    }

    /// Returns whether the numbers of every single trial are known, and not their sums alone.
    #[must_use]
    pub fn knows_single_trials(&self) -> bool {
        count_of(&self.trials) == self.tally.trials()
    }

    /// Returns the indices and outcomes of the trials, by index.
    pub fn outcomes(&self) -> impl ExactSizeIterator<Item = (u32, OutcomeKind)> + '_ {
        self.trials.iter().map(|trial| (trial.index, trial.outcome))
    }

    /// Returns how long the agent took for each trial, in seconds.
    pub fn seconds(&self) -> impl ExactSizeIterator<Item = f64> + '_ {
        self.trials.iter().map(|trial| f64::from(trial.seconds))
    }

    /// Returns the tokens that the agent used in each trial, of input and output together.
    pub fn tokens(&self) -> impl ExactSizeIterator<Item = u64> + '_ {
        self.trials.iter().map(|trial| u64::from(trial.tokens))
    }

    /// Returns the cost of the agent in each trial, in US dollars; `None` where a price is not known.
    pub fn costs_usd(&self) -> impl ExactSizeIterator<Item = Option<f64>> + '_ {
        let known = |cost: f32| (!cost.is_nan()).then(|| f64::from(cost));
        self.trials.iter().map(move |trial| known(trial.cost_usd))
    }
}

impl Compact {
    #[expect(clippy::cast_possible_truncation, reason = "single precision is meant")]
    fn of(trial: &TrialFacts) -> Self {
        let cost = trial.spent.known_cost_usd();
        Self {
            index: trial.index,
            outcome: trial.outcome,
            seconds: trial.duration.as_secs_f32(),
            tokens: u32::try_from(trial.spent.tokens()).unwrap_or(u32::MAX),
            cost_usd: cost.map_or(f32::NAN, |cost| cost as f32),
        }
    }
}
