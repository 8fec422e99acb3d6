//! Whether the trials that are planned can decide a gate at all.

use std::fmt;

use super::{
    bound::Bound,
    measured::{Measured, NoNumber},
    number::Shown,
    rule::{Evidence, Gate, Rule},
};

/// Knows what the planned trials can show.
pub trait Reach {
    /// Returns the best that a rule can hope for: the number and range that its metric would have if the trials
    /// went as the rule asks; for a rule about a baseline, the difference from it. `None` where the plan sets
    /// no limit, as for a cost.
    ///
    /// # Errors
    ///
    /// If the metric can have no number, as `pass^8` has none with 4 trials.
    fn best(&self, rule: &Rule) -> Result<Option<Measured>, NoNumber>;

    /// Returns how many cases and trials would be enough for the rule to be met at best; `None` where no number is.
    fn enough(&self, rule: &Rule) -> Option<Enough>;
}

/// A plan that can decide a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Enough {
    /// The number of cases.
    pub cases: u64,
    /// The number of trials of each.
    pub trials: u64,
}

impl Enough {
    /// Makes a plan.
    pub fn new(cases: u64, trials: u64) -> Self {
        Self { cases, trials }
    }
}

/// Says which rules the planned trials cannot decide: even if all went well, these rules would not be met.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Undecidable {
    /// The rules.
    pub rules: Vec<OutOfReach>,
}

/// A rule that the planned trials cannot decide.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct OutOfReach {
    /// The rule.
    pub rule: Rule,
    /// The best that it can hope for, or why its metric can have no number.
    pub best: Result<Measured, NoNumber>,
    /// What would be enough, if anything.
    pub enough: Option<Enough>,
}

impl Gate {
    /// Checks, before anything is run, that the planned trials can decide every rule.
    ///
    /// # Errors
    ///
    /// Names the rules that could not be met even if all trials went well, each with the number that would do.
    pub fn check_plan(&self, reach: &impl Reach) -> Result<(), Undecidable> {
        let rules: Vec<_> =
            self.rules().iter().filter_map(|rule| out_of_reach(rule, reach)).collect();
        if rules.is_empty() { Ok(()) } else { Err(Undecidable { rules }) }
    }
}

fn out_of_reach(rule: &Rule, reach: &impl Reach) -> Option<OutOfReach> {
    let best = match reach.best(rule) {
        Ok(None) => return None,
        Ok(Some(best)) => {
            let bound = match rule.bound {
                Bound::Fixed(amount) => amount.value(),
                // What is relative to a baseline is a quantity, of which the best is nothing.
                Bound::Baseline(change) => {
                    change.map_or(0.0, |change| change.of(rule.metric.kind(), 0.0))
                }
            };
            if rule.comparison.holds(rule.decisive(best), bound) {
                return None;
            }
            Ok(best)
        }
        Err(reason) => Err(reason),
    };
    Some(OutOfReach { rule: *rule, best, enough: reach.enough(rule) })
}

impl std::error::Error for Undecidable {}

/// Prints one line for each rule.
impl fmt::Display for Undecidable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (number, rule) in self.rules.iter().enumerate() {
            if number > 0 {
                writeln!(f)?;
            }
            rule.fmt(f)?;
        }
        Ok(())
    }
}

impl fmt::Display for OutOfReach {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { rule, best, enough } = self;
        write!(f, "the planned trials cannot decide {rule}: ")?;
        match best {
            Err(reason) => write!(f, "{reason}")?,
            Ok(best) => {
                let at_best = Shown::of(rule).value(rule.decisive(*best));
                match (rule.evidence, rule.comparison.asks_for_more()) {
                    (Evidence::Estimate, _) => write!(f, "the best it can come to is {at_best}")?,
                    (Evidence::Range, true) => {
                        write!(f, "at best its range begins at {at_best}")?;
                    }
                    (Evidence::Range, false) => write!(f, "at best its range ends at {at_best}")?,
                }
            }
        }
        match enough {
            Some(Enough { cases: 1, trials }) => write!(f, "; {trials} trials would be enough"),
            Some(Enough { cases, trials }) => {
                write!(f, "; {cases} cases with {trials} trials each would be enough")
            }
            None => f.write_str("; no number of trials would be enough"),
        }?;
        if rule.evidence == Evidence::Range && best.is_ok() {
            let estimate = Rule { evidence: Evidence::Estimate, ..*rule };
            write!(f, "; the estimate alone would be asked for by {estimate}")?;
        }
        Ok(())
    }
}
