//! Whether the trials that are planned can decide a gate at all.

use std::fmt;

use super::{
    bound::Bound,
    measured::{Measured, NoNumber},
    number::Shown,
    rule::{Evidence, Gate, Rule, Scope},
    text,
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
    /// The number of groups in which the cases come, where that is what counts.
    pub groups: Option<u64>,
}

impl Enough {
    /// Makes a plan.
    pub fn new(cases: u64, trials: u64) -> Self {
        Self { cases, trials, groups: None }
    }

    /// Sets the number of groups in which the cases come.
    #[must_use]
    pub fn with_groups(self, groups: u64) -> Self {
        Self { groups: Some(groups), ..self }
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
        let rules = self.outlook(reach).rules.into_iter();
        let rules: Vec<_> = rules.filter_map(|rule| rule.prospect.out_of_reach()).collect();
        if rules.is_empty() { Ok(()) } else { Err(Undecidable { rules }) }
    }
}

impl std::error::Error for Undecidable {}

/// Prints one line for each rule.
impl fmt::Display for Undecidable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        text::lines(f, &self.rules)
    }
}

impl fmt::Display for OutOfReach {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the planned trials cannot decide {}: ", self.rule)?;
        self.write_reason(f)
    }
}

impl OutOfReach {
    /// Says why the rule is out of reach, and what would do.
    pub(super) fn write_reason(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { rule, best, enough } = self;
        match best {
            Err(reason) => write!(f, "{reason}")?,
            Ok(best) => f.write_str(&at_best(rule, *best))?,
        }
        match enough {
            Some(enough) => {
                let of_both = matches!(rule.bound, Bound::Baseline(_)) && rule.scope == Scope::Run;
                let whose = if of_both { " in both runs" } else { "" };
                write!(f, "; {enough}{whose} would be enough")?;
            }
            // More trials bring no price and no baseline.
            None if matches!(best, Ok(_) | Err(NoNumber::TooFewTrials { .. })) => {
                f.write_str("; no number of trials would be enough")?;
            }
            None => {}
        }
        if rule.evidence == Evidence::Range && best.is_ok() {
            let estimate = Rule { evidence: Evidence::Estimate, ..*rule };
            write!(f, "; the estimate alone would be asked for by {estimate}")?;
        }
        Ok(())
    }
}

/// Says where the number that decides lies at best.
pub(super) fn at_best(rule: &Rule, best: Measured) -> String {
    let end = Shown::of(rule).value(rule.decisive(best));
    let about = best.about.map_or_else(String::new, |about| format!(" {about}"));
    match (rule.evidence, rule.operator.asks_for_more()) {
        (Evidence::Estimate, _) => format!("the best it can come to is {end}"),
        (Evidence::Range, true) => format!("at best its range{about} begins at {end}"),
        (Evidence::Range, false) => format!("at best its range{about} ends at {end}"),
    }
}

impl fmt::Display for Enough {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { cases, trials, groups } = self;
        let each = if *trials == 1 { "trial" } else { "trials" };
        match (groups, cases) {
            (Some(groups), _) => write!(f, "{groups} groups of cases with {trials} {each} a case"),
            (None, 1) => write!(f, "{trials} {each}"),
            (None, cases) => write!(f, "{cases} cases with {trials} {each} each"),
        }
    }
}
