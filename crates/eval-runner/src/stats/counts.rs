//! What the trials of one task came to, and the three ways to read the ones that could not be graded.

use serde::{Deserialize, Serialize};

/// How many trials of one task passed, failed, and could not be graded.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Tally {
    /// Trials that passed.
    pub passed: u64,
    /// Trials that were graded and did not pass.
    pub failed: u64,
    /// Trials that could not be graded: the infrastructure failed, not the agent.
    pub not_graded: u64,
}

impl Tally {
    /// Makes a tally.
    pub fn new(passed: u64, failed: u64, not_graded: u64) -> Self {
        Self { passed, failed, not_graded }
    }

    /// Returns the number of trials that were graded.
    pub fn graded(self) -> u64 {
        self.passed.saturating_add(self.failed)
    }

    /// Returns the number of all trials.
    pub fn trials(self) -> u64 {
        self.graded().saturating_add(self.not_graded)
    }

    /// Returns whether more than 5 % of the trials were not graded.
    pub fn is_incomplete(self) -> bool {
        u128::from(self.not_graded) * 20 > u128::from(self.trials())
    }

    /// Reads the tally as trials and passes.
    ///
    /// # Examples
    ///
    /// ```
    /// use probity_eval_runner::stats::{Counts, Reading, Tally};
    ///
    /// let tally = Tally::new(2, 1, 1);
    /// assert_eq!(tally.read(Reading::Exclude), Counts { n: 3, c: 2 });
    /// assert_eq!(tally.read(Reading::Fail), Counts { n: 4, c: 2 });
    /// assert_eq!(tally.read(Reading::Best), Counts { n: 4, c: 3 });
    /// ```
    pub fn read(self, reading: Reading) -> Counts {
        match reading {
            Reading::Exclude => Counts { n: self.graded(), c: self.passed },
            Reading::Fail => Counts { n: self.trials(), c: self.passed },
            Reading::Best => {
                Counts { n: self.trials(), c: self.passed.saturating_add(self.not_graded) }
            }
        }
    }

    /// Adds another tally, count by count.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        Self {
            passed: self.passed.saturating_add(other.passed),
            failed: self.failed.saturating_add(other.failed),
            not_graded: self.not_graded.saturating_add(other.not_graded),
        }
    }
}

/// How trials that could not be graded enter a metric.
#[non_exhaustive]
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reading {
    /// They are left out; a task then needs k graded trials, else it is skipped and counted as skipped.
    Exclude,
    /// They count as failed: a lower bound that cannot be gamed, and what a headline shows.
    #[default]
    Fail,
    /// They count as passed: the upper bound.
    Best,
}

/// Trials of one task and how many of them passed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Counts {
    /// The number of trials.
    pub n: u64,
    /// The number of them that passed.
    pub c: u64,
}
