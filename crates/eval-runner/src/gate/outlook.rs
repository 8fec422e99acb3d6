//! What a gate can decide with the trials that are planned, rule by rule.

use std::fmt;

use super::{
    bound::Bound,
    measured::Measured,
    plan::{OutOfReach, Reach, at_best},
    rule::{Gate, Rule},
    text,
};

/// What a gate can decide with the trials that are planned.
///
/// Prints one line for each rule.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Outlook {
    /// The rules, in the order of the gate.
    pub rules: Vec<RuleOutlook>,
}

/// What can come of one rule.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct RuleOutlook {
    /// The rule.
    pub rule: Rule,
    /// What can come of it.
    pub prospect: Prospect,
}

/// Whether planned trials can meet a rule.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Prospect {
    /// It is met if all goes well; with what its metric comes to then.
    InReach(Measured),
    /// The plan sets no limit: it depends on what the trials take.
    Open,
    /// It is missed even if all goes well.
    OutOfReach(OutOfReach),
}

impl Gate {
    /// Says what the gate can decide with the trials that are planned.
    pub fn outlook(&self, reach: &impl Reach) -> Outlook {
        let of = |rule: &Rule| RuleOutlook { rule: *rule, prospect: prospect(rule, reach) };
        Outlook { rules: self.rules().iter().map(of).collect() }
    }
}

fn prospect(rule: &Rule, reach: &impl Reach) -> Prospect {
    let best = match reach.best(rule) {
        Ok(None) => return Prospect::Open,
        Ok(Some(best)) if rule.is_met_by(best) => return Prospect::InReach(best),
        Ok(Some(best)) => Ok(best),
        Err(reason) => Err(reason),
    };
    Prospect::OutOfReach(OutOfReach { rule: *rule, best, enough: reach.enough(rule) })
}

impl Rule {
    /// Returns whether a number that was imagined, or its difference from the baseline, meets the rule.
    pub(super) fn is_met_by(&self, best: Measured) -> bool {
        let bound = match self.bound {
            Bound::Fixed(amount) => amount.value(),
            // What is relative to a baseline is a quantity, of which the best is nothing.
            Bound::Baseline(change) => {
                change.map_or(0.0, |change| change.of(self.metric.kind(), 0.0))
            }
        };
        self.operator.holds(self.decisive(best), bound)
    }
}

impl Prospect {
    /// Returns the rule that is out of reach, if it is.
    pub(super) fn out_of_reach(self) -> Option<OutOfReach> {
        match self {
            Self::OutOfReach(rule) => Some(rule),
            Self::InReach(_) | Self::Open => None,
        }
    }
}

impl fmt::Display for Outlook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        text::lines(f, &self.rules)
    }
}

impl fmt::Display for RuleOutlook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { rule, prospect } = self;
        match prospect {
            Prospect::InReach(best) => write!(f, "in reach      {rule}: {}", at_best(rule, *best)),
            Prospect::Open => write!(f, "open          {rule}: any plan can meet it or miss it"),
            Prospect::OutOfReach(out) => {
                write!(f, "out of reach  {rule}: ")?;
                out.write_reason(f)
            }
        }
    }
}
