//! What a gate said of a run, with the numbers that decided.

use serde::{Deserialize, Serialize};

use super::{
    exit,
    measured::{Against, Completeness, Measured, NoNumber},
    rule::Rule,
    stop::{StopDecision, StopWatch},
};

/// What a gate said, rule by rule.
///
/// Prints a first line with the verdict, then a line for each rule.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct GateReport {
    /// How much of the plan was carried out.
    pub completeness: Completeness,
    /// What was found of each rule, in the order of the gate.
    pub rules: Vec<RuleReport>,
}

/// What was found of one rule.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct RuleReport {
    /// The rule.
    pub rule: Rule,
    /// What was found.
    pub finding: RuleFinding,
}

/// What was found of the run, or of its cases.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum RuleFinding {
    /// Of the run as a whole.
    Run(Finding),
    /// Of each case.
    #[non_exhaustive]
    Each {
        /// The number of cases that meet the rule.
        met: u64,
        /// Those that do not, or of which it cannot be said, in the order of the suite.
        others: Vec<CaseFinding>,
    },
    /// By the rule that could end the run, which is the same: by ranges that hold at every time.
    #[non_exhaustive]
    Watched {
        /// How it stood in the end.
        decision: StopDecision,
        /// How far it came, in words.
        extent: String,
        /// The cases of which it is missed, in the order of the suite; none where it is about all together.
        missed: Vec<String>,
    },
}

/// What was found of one case.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct CaseFinding {
    /// The case's id.
    pub case: String,
    /// What was found.
    pub finding: Finding,
}

/// What came of a comparison.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Finding {
    /// The bound is met.
    Met(Compared),
    /// It is not met, or not shown to be.
    Missed(Compared),
    /// There is nothing to compare, for this reason.
    NoNumber(NoNumber),
}

/// The numbers of a comparison.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Compared {
    /// The metric.
    pub measured: Measured,
    /// How far it is from the baseline, where the rule asks for one.
    pub against: Option<Against>,
    /// The number that decided: of the metric, or of the difference from the baseline.
    pub decisive: f64,
    /// What it was compared with: the bound, or the change from the baseline that is allowed.
    pub bound: f64,
}

/// The word for a run or a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum GateVerdict {
    /// All rules are met.
    Met,
    /// A rule is missed.
    Missed,
    /// No rule is missed, and one cannot be decided.
    Undecidable,
    /// Trials are missing, or more than 5 % were not graded, so that no rule can be said to be met or missed.
    Incomplete,
}

impl GateVerdict {
    /// Returns the code to exit with; see [`exit`].
    pub fn exit_code(self) -> u8 {
        match self {
            Self::Met => exit::MET,
            Self::Missed => exit::MISSED,
            Self::Undecidable => exit::USAGE,
            Self::Incomplete => exit::INCOMPLETE,
        }
    }
}

impl GateReport {
    /// Returns the verdict: incomplete before missed, missed before undecidable, undecidable before met.
    pub fn verdict(&self) -> GateVerdict {
        if self.completeness.is_complete() {
            worst(self.rules.iter().map(RuleReport::verdict))
        } else {
            GateVerdict::Incomplete
        }
    }
}

impl GateReport {
    /// Takes what was decided while the run went on of the rule that could end it: of a run that was stopped by its
    /// results no range holds that is made afterwards. The cases are those that were watched.
    #[must_use]
    pub fn with_watched<'a>(
        mut self,
        watch: &StopWatch,
        cases: impl IntoIterator<Item = &'a str>,
    ) -> Self {
        let is_missed = |place| watch.decision_of(place) == Some(StopDecision::Missed);
        let missed = cases.into_iter().zip(0..).filter(|(_, place)| is_missed(*place));
        let missed: Vec<String> = missed.map(|(case, _)| case.to_owned()).collect();
        for report in self.rules.iter_mut().filter(|report| report.rule == *watch.rule().rule()) {
            report.finding = RuleFinding::Watched {
                decision: watch.decision(),
                extent: watch.extent(),
                missed: missed.clone(),
            };
        }
        self
    }
}

impl RuleReport {
    /// Returns the verdict on the rule alone, whatever was not graded: never incomplete.
    ///
    /// A rule for each case cannot be decided where there are no cases.
    pub fn verdict(&self) -> GateVerdict {
        match &self.finding {
            RuleFinding::Run(finding) => finding.verdict(),
            RuleFinding::Each { met: 0, others } if others.is_empty() => GateVerdict::Undecidable,
            RuleFinding::Each { others, .. } => {
                worst(others.iter().map(|other| other.finding.verdict()))
            }
            RuleFinding::Watched { decision, .. } => match decision {
                StopDecision::Met => GateVerdict::Met,
                StopDecision::Missed => GateVerdict::Missed,
                StopDecision::Open => GateVerdict::Undecidable,
            },
        }
    }
}

impl Finding {
    fn verdict(&self) -> GateVerdict {
        match self {
            Self::Met(_) => GateVerdict::Met,
            Self::Missed(_) => GateVerdict::Missed,
            Self::NoNumber(_) => GateVerdict::Undecidable,
        }
    }
}

fn worst(verdicts: impl Iterator<Item = GateVerdict>) -> GateVerdict {
    let rank = |verdict: &GateVerdict| match verdict {
        GateVerdict::Met => 0,
        GateVerdict::Undecidable => 1,
        GateVerdict::Missed => 2,
        GateVerdict::Incomplete => 3,
    };
    verdicts.max_by_key(rank).unwrap_or(GateVerdict::Met)
}
