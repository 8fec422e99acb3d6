//! The words of a gate's report.

use std::fmt;

use super::{
    measured::Completeness,
    number::Shown,
    rule::{Evidence, Rule},
    verdict::{Compared, Finding, GateReport, GateVerdict, RuleFinding, RuleReport},
};
use crate::{
    percent::percent,
    stats::{count_of, real},
};

/// How many cases a report names that miss a rule.
const NAMED: usize = 10;

/// Prints one line for each.
pub(super) fn lines(f: &mut fmt::Formatter<'_>, items: &[impl fmt::Display]) -> fmt::Result {
    for (number, item) in items.iter().enumerate() {
        if number > 0 {
            writeln!(f)?;
        }
        item.fmt(f)?;
    }
    Ok(())
}

impl fmt::Display for GateReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let with = |verdict| self.rules.iter().filter(|rule| rule.verdict() == verdict).count();
        let rules = self.rules.len();
        match self.verdict() {
            GateVerdict::Met => f.write_str("gate met")?,
            GateVerdict::Missed => {
                write!(f, "gate missed: {} of {rules} rules", with(GateVerdict::Missed))?;
            }
            GateVerdict::Undecidable => write!(
                f,
                "gate cannot be decided: {} of {rules} rules",
                with(GateVerdict::Undecidable)
            )?,
            GateVerdict::Incomplete => {
                write!(f, "gate not met, the run is incomplete: {}", self.completeness)?;
            }
        }
        self.rules.iter().try_for_each(|rule| write!(f, "\n  {rule}"))
    }
}

/// Prints what is missing.
impl fmt::Display for Completeness {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (not_graded, finished) = (self.not_graded, self.finished());
        let mut parts = Vec::new();
        match self.missing {
            0 if finished == 0 && self.to_rescore == 0 => parts.push("no trial was run".to_owned()),
            0 => {}
            1 => parts.push("1 trial was not run".to_owned()),
            missing => parts.push(format!("{missing} trials were not run")),
        }
        match self.to_rescore {
            0 => {}
            1 => parts.push("1 trial is still to be scored anew".to_owned()),
            trials => parts.push(format!("{trials} trials are still to be scored anew")),
        }
        if !self.is_mostly_graded() {
            let share = percent(real(not_graded) / real(finished));
            parts.push(format!(
                "{not_graded} of {finished} trials were not graded ({share}%, more than 5%)"
            ));
        }
        f.write_str(if parts.is_empty() { "nothing is missing" } else { "" })?;
        f.write_str(&parts.join(", "))
    }
}

impl fmt::Display for RuleReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:<9}  {}: {}", self.word(), self.rule, self.said())
    }
}

/// What was found of a rule, without the rule: the first line, and a line for each case that is named.
#[derive(Debug)]
pub(crate) struct Said<'a>(&'a RuleReport);

impl fmt::Display for Said<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(report) = self;
        match &report.finding {
            RuleFinding::Run(finding) => report.write_finding(f, finding),
            RuleFinding::Each { met: 0, others } if others.is_empty() => {
                f.write_str("there are no cases")
            }
            RuleFinding::Each { met, others } if others.is_empty() => match met {
                1 => f.write_str("the only case meets it"),
                met => write!(f, "all {met} cases meet it"),
            },
            RuleFinding::Watched { extent, missed, .. } => {
                write!(f, "watched while the run went on, {extent}")?;
                write_some(f, missed, |f, case| write!(f, "missed by {case}"))
            }
            RuleFinding::Each { met, others } => {
                let cases = met.saturating_add(count_of(others));
                write!(f, "{met} of {cases} cases meet it")?;
                write_some(f, others, |f, other| {
                    write!(f, "{}: ", other.case)?;
                    report.write_finding(f, &other.finding)
                })
            }
        }
    }
}

impl RuleReport {
    /// Returns the word for what came of the rule.
    pub(crate) fn word(&self) -> &'static str {
        match self.verdict() {
            GateVerdict::Met => "met",
            GateVerdict::Missed => "missed",
            GateVerdict::Undecidable | GateVerdict::Incomplete => "undecided",
        }
    }

    /// Returns what was found, in words.
    pub(crate) fn said(&self) -> Said<'_> {
        Said(self)
    }

    fn write_finding(&self, f: &mut fmt::Formatter<'_>, finding: &Finding) -> fmt::Result {
        match finding {
            Finding::NoNumber(reason) => write!(f, "{reason}"),
            Finding::Met(compared) => write_numbers(f, &self.rule, compared),
            Finding::Missed(compared) => {
                write_numbers(f, &self.rule, compared)?;
                if is_only_uncertain(&self.rule, compared) {
                    f.write_str("; the estimate meets it, its range does not")?;
                }
                Ok(())
            }
        }
    }
}

/// Writes the first of some things on lines of their own, and how many others there are.
fn write_some<T>(
    f: &mut fmt::Formatter<'_>,
    all: &[T],
    mut one: impl FnMut(&mut fmt::Formatter<'_>, &T) -> fmt::Result,
) -> fmt::Result {
    for thing in all.iter().take(NAMED) {
        f.write_str("\n      ")?;
        one(f, thing)?;
    }
    match all.len().saturating_sub(NAMED) {
        0 => Ok(()),
        omitted => write!(f, "\n      and {omitted} more"),
    }
}

fn write_numbers(f: &mut fmt::Formatter<'_>, rule: &Rule, compared: &Compared) -> fmt::Result {
    let metric = Shown::metric(rule);
    match compared.against {
        None => f.write_str(&metric.measured(compared.measured)),
        Some(against) => {
            // What the compared cases came to, which need not be all cases of the run.
            let ours = against.baseline + against.difference.estimate;
            let [ours, theirs] = [ours, against.baseline].map(|value| metric.value(value));
            let difference = Shown::of(rule).measured(against.difference);
            write!(f, "{ours} against {theirs}, difference {difference}")?;
            match against.dropped {
                0 => Ok(()),
                1 => f.write_str("; 1 case is not the same in both and not compared"),
                more => write!(f, "; {more} cases are not the same in both and not compared"),
            }
        }
    }
}

/// Whether the estimate meets a rule that the range does not.
fn is_only_uncertain(rule: &Rule, compared: &Compared) -> bool {
    let measured = compared.against.map_or(compared.measured, |against| against.difference);
    rule.evidence == Evidence::Range && rule.operator.holds(measured.estimate, compared.bound)
}
