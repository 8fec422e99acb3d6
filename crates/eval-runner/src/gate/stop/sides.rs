//! Both ends of a range that only narrows, and whether a rule is decided by them.

use super::{rule::StopRule, watch::StopDecision};
use crate::stats::{Confidence, real};

/// What is known of a chance: from the trials with those not graded as failed, and as passed.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sides {
    rule: StopRule,
    lo: f64,
    hi: f64,
    /// How sure the end must be that misses the rule.
    missing: Confidence,
    decision: StopDecision,
}

impl Sides {
    /// Starts to watch one of so many chances, of which one below its bound misses the rule.
    pub(super) fn new(rule: &StopRule, chances: u64) -> Self {
        let level = rule.level();
        let alpha = level.alpha() / real(chances.max(1));
        let missing = Confidence::new(1.0 - alpha).unwrap_or(level);
        Self { rule: *rule, lo: 0.0, hi: 1.0, missing, decision: StopDecision::Open }
    }

    /// Returns the level of the lower end.
    pub(super) fn low_level(&self) -> Confidence {
        if self.rule.asks_for_more() { self.rule.level() } else { self.missing }
    }

    /// Returns the level of the upper end.
    pub(super) fn high_level(&self) -> Confidence {
        if self.rule.asks_for_more() { self.missing } else { self.rule.level() }
    }

    /// Takes the ends that hold now; a decision stays.
    pub(super) fn narrow(&mut self, lo: f64, hi: f64) {
        (self.lo, self.hi) = (self.lo.max(lo), self.hi.min(hi));
        // Ends that have passed each other say that the chance has changed on the way, so neither is to be believed.
        if self.decision != StopDecision::Open || self.lo > self.hi {
            return;
        }
        let (met, missed) =
            if self.rule.asks_for_more() { (self.lo, self.hi) } else { (self.hi, self.lo) };
        if self.rule.holds(met) {
            self.decision = StopDecision::Met;
        } else if !self.rule.holds(missed) {
            self.decision = StopDecision::Missed;
        }
    }

    pub(super) fn decision(&self) -> StopDecision {
        self.decision
    }
}
