//! What one trial of each task came to under two agents.

use serde::{Deserialize, Serialize};

use super::pairing::Pair;
use crate::stats::real::real;

/// How many tasks both agents, one of them or neither passed, with one trial of each task under each agent.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct PairedOutcomes {
    /// Tasks that both passed.
    pub both: u64,
    /// Tasks that only the first passed.
    pub first_only: u64,
    /// Tasks that only the second passed.
    pub second_only: u64,
    /// Tasks that neither passed.
    pub neither: u64,
}

impl PairedOutcomes {
    /// Counts the tasks; `None` where one of them did not run exactly once under each agent.
    pub fn of_pairs(pairs: &[Pair]) -> Option<Self> {
        let mut outcomes = Self::default();
        for Pair { first, second } in pairs {
            let count = match (first.n, first.c, second.n, second.c) {
                (1, 1, 1, 1) => &mut outcomes.both,
                (1, 1, 1, 0) => &mut outcomes.first_only,
                (1, 0, 1, 1) => &mut outcomes.second_only,
                (1, 0, 1, 0) => &mut outcomes.neither,
                _ => return None,
            };
            *count += 1;
        }
        Some(outcomes)
    }

    /// Returns the number of tasks.
    pub fn tasks(&self) -> u64 {
        let Self { both, first_only, second_only, neither } = *self;
        [both, first_only, second_only, neither].into_iter().fold(0, u64::saturating_add)
    }

    /// Returns the first agent's pass rate minus the second's; `None` of no task.
    pub fn difference(&self) -> Option<f64> {
        let tasks = self.tasks();
        (tasks > 0).then(|| (real(self.first_only) - real(self.second_only)) / real(tasks))
    }

    /// Returns the same tasks with the agents exchanged.
    #[must_use]
    pub fn swapped(&self) -> Self {
        Self { first_only: self.second_only, second_only: self.first_only, ..*self }
    }

    /// The counts as numbers: both, first only, second only, neither.
    pub(super) fn real(&self) -> [f64; 4] {
        [self.both, self.first_only, self.second_only, self.neither].map(real)
    }
}
