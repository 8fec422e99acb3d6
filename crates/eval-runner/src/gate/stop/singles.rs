//! One case, watched by its own trials.

use std::collections::BTreeMap;

use super::{rule::StopRule, sides::Sides, watch::StopDecision};
use crate::{
    stats::{Counts, Reading, Tally, stopping::metric_sequence},
    store::OutcomeKind,
};

/// One case with its trials in the order of their index.
#[derive(Debug, Clone)]
pub(super) struct Single {
    pub(super) sides: Sides,
    m_of_k: (u64, u64),
    tally: Tally,
    next: u32,
    /// Trials that have ended before one of a smaller index.
    early: BTreeMap<u32, OutcomeKind>,
}

impl Single {
    /// Watches one of so many cases.
    pub(super) fn new(rule: &StopRule, cases: u64) -> Self {
        Self {
            sides: Sides::new(rule, cases),
            m_of_k: rule.m_of_k(),
            tally: Tally::default(),
            next: 0,
            early: BTreeMap::new(),
        }
    }

    /// Takes a trial that has ended.
    pub(super) fn observe(&mut self, index: u32, outcome: OutcomeKind) {
        self.early.insert(index, outcome);
        while let Some(outcome) = self.early.remove(&self.next) {
            self.tally = self.tally.plus(outcome.tally());
            self.next = self.next.saturating_add(1);
            self.look();
        }
    }

    fn look(&mut self) {
        if self.sides.decision() != StopDecision::Open {
            return;
        }
        let (m, k) = self.m_of_k;
        let range = |reading, level| {
            let Counts { n, c } = self.tally.read(reading);
            metric_sequence(c, n - c, (m, k), level)
        };
        let lo = range(Reading::Fail, self.sides.low_level()).lo;
        let hi = range(Reading::Best, self.sides.high_level()).hi;
        self.sides.narrow(lo, hi);
    }
}
