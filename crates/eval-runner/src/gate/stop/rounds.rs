//! The mean over cases, watched after whole rounds.

use std::collections::BTreeMap;

use super::{rule::StopRule, sides::Sides, watch::StopDecision};
use crate::{
    stats::{Counts, Reading, Tally, stopping::confidence_sequence},
    store::OutcomeKind,
};

/// All cases, round by round: a round is `k` trials of every case, and one answer of each.
#[derive(Debug, Clone)]
pub(super) struct Rounds {
    pub(super) sides: Sides,
    cases: u64,
    m_of_k: (u64, u64),
    /// What whole rounds answered: at least `m` of `k` passed, or not, or it depends on what was not graded.
    answers: Tally,
    next: u32,
    begun: BTreeMap<u32, Round>,
}

#[derive(Debug, Clone, Default)]
struct Round {
    answers: Tally,
    open: BTreeMap<usize, Tally>,
}

impl Rounds {
    /// Watches so many cases.
    pub(super) fn new(rule: &StopRule, cases: u64) -> Self {
        Self {
            sides: Sides::new(rule, 1),
            cases,
            m_of_k: rule.m_of_k(),
            answers: Tally::default(),
            next: 0,
            begun: BTreeMap::new(),
        }
    }

    /// Takes a trial that has ended; none counts any more once the rule is decided.
    pub(super) fn observe(&mut self, case: usize, index: u32, outcome: OutcomeKind) {
        if self.sides.decision() != StopDecision::Open {
            return;
        }
        let (m, k) = self.m_of_k;
        let number = u64::from(index) / k;
        let (Ok(number), true) = (u32::try_from(number), (case as u64) < self.cases) else {
            return;
        };
        let round = self.begun.entry(number).or_default();
        let trials = round.open.entry(case).or_default();
        *trials = trials.plus(outcome.tally());
        if trials.trials() == k {
            round.answers = round.answers.plus(answer(*trials, m));
        }
        while let Some(round) = self.begun.get(&self.next) {
            let is_decided = self.sides.decision() != StopDecision::Open;
            if is_decided || round.answers.trials() < self.cases {
                return;
            }
            self.answers = self.answers.plus(round.answers);
            self.begun.remove(&self.next);
            self.next = self.next.saturating_add(1);
            self.look();
        }
    }

    /// Returns the number of whole rounds.
    pub(super) fn whole(&self) -> u32 {
        self.next
    }

    fn look(&mut self) {
        let range = |reading, level| {
            let Counts { n, c } = self.answers.read(reading);
            confidence_sequence(c, n - c, level)
        };
        let lo = range(Reading::Fail, self.sides.low_level()).lo;
        let hi = range(Reading::Best, self.sides.high_level()).hi;
        self.sides.narrow(lo, hi);
    }
}

/// Whether at least `m` of these trials passed.
fn answer(trials: Tally, m: u64) -> Tally {
    if trials.passed >= m {
        Tally::new(1, 0, 0)
    } else if trials.passed.saturating_add(trials.not_graded) >= m {
        Tally::new(0, 0, 1)
    } else {
        Tally::new(0, 1, 0)
    }
}
