//! A run that is watched while its trials end.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{rounds::Rounds, rule::StopRule, singles::Single};
use crate::{gate::rule::Scope, store::OutcomeKind};

/// Watches the trials of a run until a rule is decided.
///
/// Prints how far it has come.
#[derive(Debug, Clone)]
pub struct StopWatch {
    rule: StopRule,
    watched: Watched,
}

/// What may be said of a rule so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum StopDecision {
    /// The rule is met; more trials are not needed.
    Met,
    /// The rule is missed; more trials are not needed.
    Missed,
    /// It is not decided.
    Open,
}

#[derive(Debug, Clone)]
enum Watched {
    These(Rounds),
    Each(Vec<Single>),
}

impl StopWatch {
    pub(super) fn new(rule: StopRule, cases: usize) -> Self {
        let count = cases as u64;
        let watched = match rule.scope() {
            Scope::These => Watched::These(Rounds::new(&rule, count)),
            Scope::Run | Scope::Each => Watched::Each(vec![Single::new(&rule, count); cases]),
        };
        Self { rule, watched }
    }

    /// Takes a trial that has ended, by the place of its case among the cases that are watched and its index. Trials
    /// may come in any order, and each is to come once; one of a case that is not watched counts for nothing.
    pub fn observe(&mut self, case: usize, index: u32, outcome: OutcomeKind) {
        match &mut self.watched {
            Watched::These(rounds) => rounds.observe(case, index, outcome),
            Watched::Each(cases) => {
                if let Some(case) = cases.get_mut(case) {
                    case.observe(index, outcome);
                }
            }
        }
    }

    /// Returns what may be said so far; a decision stays.
    pub fn decision(&self) -> StopDecision {
        match &self.watched {
            Watched::These(rounds) => rounds.sides.decision(),
            Watched::Each(cases) => {
                let all = || cases.iter().map(|case| case.sides.decision());
                if all().any(|decision| decision == StopDecision::Missed) {
                    StopDecision::Missed
                } else if cases.is_empty() || all().any(|decision| decision == StopDecision::Open) {
                    StopDecision::Open
                } else {
                    StopDecision::Met
                }
            }
        }
    }

    /// Returns what may be said of one case so far; `None` where the rule is about all cases together, and of a case that is
    /// not watched.
    pub fn decision_of(&self, case: usize) -> Option<StopDecision> {
        match &self.watched {
            Watched::These(_) => None,
            Watched::Each(cases) => Some(cases.get(case)?.sides.decision()),
        }
    }

    /// Says how far it has come: `after 3 rounds`, `7 of 12 cases are decided`.
    pub(in crate::gate) fn extent(&self) -> String {
        match &self.watched {
            Watched::These(rounds) => match rounds.whole() {
                1 => "after 1 round".to_owned(),
                whole => format!("after {whole} rounds"),
            },
            Watched::Each(cases) => {
                let open = |case: &&Single| case.sides.decision() == StopDecision::Open;
                let open = cases.iter().filter(open).count();
                format!("{} of {} cases are decided", cases.len() - open, cases.len())
            }
        }
    }

    /// Returns the rule that is watched.
    pub fn rule(&self) -> &StopRule {
        &self.rule
    }

    /// Returns whether more trials of a case can help: not where it is decided, nor where the rule is.
    pub fn needs(&self, case: usize) -> bool {
        let open = StopDecision::Open;
        self.decision() == open
            && match &self.watched {
                Watched::These(_) => true,
                Watched::Each(cases) => {
                    cases.get(case).is_some_and(|case| case.sides.decision() == open)
                }
            }
    }
}

impl fmt::Display for StopWatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = match self.decision() {
            StopDecision::Met => "met",
            StopDecision::Missed => "missed",
            StopDecision::Open => "open",
        };
        let comma = if matches!(self.watched, Watched::These(_)) { "" } else { "," };
        write!(f, "{}: {word}{comma} {}", self.rule, self.extent())
    }
}
